package ir

import (
	"fmt"
	"slices"
)

// Class says where a node may stand.
type Class uint8

// The classes. A call is both a statement and an expression.
const (
	Statement Class = 1 << iota
	Expression
	// HookClause nodes stand in the hooks field of statements only.
	HookClause
)

// FieldKind says what a [Field] holds and how the forms write it.
type FieldKind uint8

// The kinds of field.
const (
	NoField        FieldKind = iota // nothing: the key alone, as in break
	AttrField                       // an attribute of the field's AttrType
	OperandField                    // the one positional operand
	OperandsField                   // all positional operands
	NamedField                      // one named operand
	KeywordsField                   // named operands of any name
	RegionField                     // one region
	RegionsField                    // any number of regions
	CasesField                      // labelled regions
	StatementField                  // a region of nodes of the class HookClause
)

// AttrType says what values an attribute has.
type AttrType uint8

// The attribute types.
const (
	NameAttr     AttrType = iota // a string: an identifier, dotted where a path is meant
	NamesAttr                    // a list of names; forms may write a single one alone
	TextAttr                     // any string
	IntAttr                      // an i64
	IntsAttr                     // a list of i64
	BoolAttr                     // a bool
	EnumAttr                     // a string among Field.Enum
	DurationAttr                 // a Go duration string such as "10s"
	EveryAttr                    // a positive i64 or a duration string
	LiteralAttr                  // any value
)

// A Field is one part of a node, named as the JSON form names it.
type Field struct {
	Name     string
	Kind     FieldKind
	Attr     AttrType
	Enum     []string
	Optional bool
	// Min is the least number of operands or regions of a repeated field.
	Min int
	Doc string
}

// A Schema describes one element of the language. Its first field is the
// element key: the one that tells elements apart in JSON.
type Schema struct {
	Op     string
	Class  Class
	Fields []Field
	// Valued says that the element has a value and so may have "store".
	Valued bool
	// Loop says that break and continue may refer to the element.
	Loop bool
	Doc  string
}

var schemas = map[string]*Schema{}

// hooksField and storeField are common to statements.
var (
	storeField = Field{Name: "store", Kind: AttrField, Attr: NamesAttr, Optional: true, Doc: "registers that receive the results"}
	hooksField = Field{Name: "hooks", Kind: StatementField, Optional: true, Doc: "regions that run before or after the statement"}
)

// register adds an element to the language. Elements that are statements get
// the common fields.
func register(s Schema) {
	if s.Valued {
		s.Fields = append(s.Fields, storeField)
	}
	if s.Class&Statement != 0 {
		s.Fields = append(s.Fields, hooksField)
	}
	schemas[s.Op] = &s
	switch s.Op {
	case "reg":
		regSchema = &s
	case "const":
		constSchema = &s
	case "call":
		callSchema = &s
	}
}

// The schemas of almost all nodes.
var regSchema, constSchema, callSchema *Schema

// SchemaOf returns the schema of the element named op, or nil.
func SchemaOf(op string) *Schema {
	switch op {
	case "reg":
		return regSchema
	case "const":
		return constSchema
	case "call":
		return callSchema
	}
	return schemas[op]
}

// Schemas returns all schemas sorted by name.
func Schemas() []*Schema {
	all := make([]*Schema, 0, len(schemas))
	for _, s := range schemas {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *Schema) int {
		if a.Op < b.Op {
			return -1
		}
		return 1
	})
	return all
}

// Field returns the named field, or nil.
func (s *Schema) Field(name string) *Field {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return &s.Fields[i]
		}
	}
	return nil
}

// HoldsOperands reports whether the nodes in f are operands of the node rather
// than statements.
func (f *Field) HoldsOperands() bool {
	switch f.Kind {
	case OperandField, OperandsField, NamedField, KeywordsField:
		return true
	}
	return false
}

// Key returns the element key: the first field.
func (s *Schema) Key() *Field { return &s.Fields[0] }

// Check reports the ways in which n, taken alone, does not have the form that
// its schema asks for.
func (s *Schema) Check(n *Node) []string {
	var problems []string
	report := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	positional, keywords := false, false
	for i := range s.Fields {
		f := &s.Fields[i]
		switch f.Kind {
		case AttrField:
			v := n.Attr(f.Name)
			if v.IsNull() && f.Attr != LiteralAttr {
				if !f.Optional {
					report("%s lacks %q", s.Op, f.Name)
				}
				continue
			}
			if msg := f.checkAttr(v); msg != "" {
				report("%s: %q is %s: want %s", s.Op, f.Name, v.Type(), msg)
			}
		case OperandField:
			positional = true
			if len(n.Args) != 1 {
				report("%s has %d operands: want 1", s.Op, len(n.Args))
			}
		case OperandsField:
			positional = true
			if len(n.Args) < f.Min {
				report("%s has %d operands: want at least %d", s.Op, len(n.Args), f.Min)
			}
		case NamedField:
			if !f.Optional && n.Kwarg(f.Name) == nil {
				report("%s lacks the operand %q", s.Op, f.Name)
			}
		case KeywordsField:
			keywords = true
		case RegionField:
			if count := n.countRegions(f.Name); count > 1 || count == 0 && !f.Optional {
				report("%s has %d regions %q: want 1", s.Op, count, f.Name)
			}
		case RegionsField, CasesField:
			if count := n.countRegions(f.Name); count < f.Min {
				report("%s has %d regions %q: want at least %d", s.Op, count, f.Name, f.Min)
			}
		}
	}
	if !positional && len(n.Args) > 0 {
		report("%s takes no operands", s.Op)
	}
	for _, k := range n.Kwargs {
		if f := s.Field(k.Name); !keywords && (f == nil || f.Kind != NamedField) {
			report("%s has no operand %q", s.Op, k.Name)
		}
	}
	for _, a := range n.Attrs {
		if f := s.Field(a.Name); f == nil || f.Kind != AttrField {
			report("%s has no attribute %q", s.Op, a.Name)
		}
	}
	for _, r := range n.Regions {
		f := s.Field(r.Field)
		if f == nil || f.Kind != RegionField && f.Kind != RegionsField && f.Kind != CasesField && f.Kind != StatementField {
			report("%s has no region %q", s.Op, r.Field)
		}
	}
	return problems
}

func (n *Node) countRegions(field string) int {
	count := 0
	for i := range n.Regions {
		if n.Regions[i].Field == field {
			count++
		}
	}
	return count
}

// checkAttr returns what the attribute should be, or "" if v is that.
func (f *Field) checkAttr(v Value) string {
	isInt := func(v Value) bool { return v.IsScalar() && v.DType() == I64 && !v.Weak() }
	all := func(ok func(Value) bool) bool {
		return v.Kind() == ListKind && !slices.ContainsFunc(v.List().Items, func(item Value) bool { return !ok(item) })
	}
	switch f.Attr {
	case NameAttr, TextAttr, DurationAttr:
		if v.Kind() != Str {
			return "a string"
		}
	case NamesAttr:
		if !all(func(v Value) bool { return v.Kind() == Str }) {
			return "a list of names"
		}
	case IntAttr:
		if !isInt(v) {
			return "a whole number that is not weak"
		}
	case IntsAttr:
		if !all(isInt) {
			return "a list of whole numbers that are not weak"
		}
	case BoolAttr:
		if !v.IsScalar() || v.DType() != Bool {
			return "true or false"
		}
	case EveryAttr:
		if v.Kind() != Str && !(isInt(v) && v.Int64() > 0) {
			return "a positive whole number or a duration"
		}
	case EnumAttr:
		if v.Kind() != Str || !slices.Contains(f.Enum, v.Text()) {
			return fmt.Sprintf("one of %q", f.Enum)
		}
	}
	return ""
}
