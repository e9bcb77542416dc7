package json

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// A vocabulary maps the element keys that may stand in one kind of place to
// the elements.
type vocabulary struct {
	elements map[string]*ir.Schema
	keys     []string // sorted
}

var (
	statements  = vocabularyOf(ir.Statement)
	expressions = vocabularyOf(ir.Expression)
	hookClauses = vocabularyOf(ir.HookClause)
)

// aliases are further spellings of element keys.
var aliases = map[string]string{"choose": "switch"}

// constantOps are the expressions that need no evaluation: what registers may
// start with and objects may be made with.
var constantOps = []string{"const", "list", "record", "tensor"}

func vocabularyOf(class ir.Class) *vocabulary {
	v := &vocabulary{elements: map[string]*ir.Schema{}}
	for _, s := range ir.Schemas() {
		if s.Class&class != 0 {
			v.elements[s.Key().Name] = s
			v.keys = append(v.keys, s.Key().Name)
		}
	}
	slices.Sort(v.keys)
	for alias, key := range aliases {
		if s := v.elements[key]; s != nil {
			v.elements[alias] = s
		}
	}
	return v
}

func vocabularyFor(class ir.Class) *vocabulary {
	switch class {
	case ir.Statement:
		return statements
	case ir.HookClause:
		return hookClauses
	}
	return expressions
}

// wanted says in messages what belongs in a place for a class.
func wanted(class ir.Class) string {
	switch class {
	case ir.Statement:
		return "a statement, an object with an element key such as \"call\""
	case ir.HookClause:
		return "a hook, an object with \"before\" or \"after\""
	}
	return "an operand: a literal or an object such as {\"reg\": ...}"
}

// Keys that every node may have besides its element's fields.
const (
	idKey      = "id"
	originsKey = "origins"
	docKey     = "doc"
)

// fieldNames lists the keys of an element in a place for the class.
func fieldNames(s *ir.Schema, class ir.Class) []string {
	var names []string
	for i := range s.Fields {
		if allowed(&s.Fields[i], class) && !nested(s, &s.Fields[i]) {
			names = append(names, s.Fields[i].Name)
		}
	}
	return append(names, idKey, docKey)
}

// allowed reports whether a field may be given in a place for the class:
// operands have no stores and no hooks.
func allowed(f *ir.Field, class ir.Class) bool {
	return class != ir.Expression || f.Name != storeKey && f.Kind != ir.StatementField
}

const storeKey = "store"

// nested reports whether a field stands in the object under the element key
// instead of beside it.
func nested(s *ir.Schema, f *ir.Field) bool { return s.Op == tensorOp && f.Kind != ir.NoField }

// carriesSource reports whether an element has the statements it stands for as
// a region. These keep their IDs.
func carriesSource(s *ir.Schema) bool {
	f := s.Field("source")
	return f != nil && f.Kind == ir.RegionField
}
