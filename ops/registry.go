package ops

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// A Registry holds the ops and classes that programs may name. It implements
// [ir.Library]. Fill it before use; after that it may be read concurrently.
type Registry struct {
	ops     map[string]*Op
	classes map[string]*Class
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry {
	return &Registry{ops: map[string]*Op{}, classes: map[string]*Class{}}
}

// Standard returns a new registry with everything that flowc comes with.
func Standard() *Registry {
	r := NewRegistry()
	if err := r.Add(standardOps()...); err != nil {
		panic("bug: " + err.Error())
	}
	if err := r.AddClass(standardClasses()...); err != nil {
		panic("bug: " + err.Error())
	}
	return r
}

// Add adds ops, or returns an error that names the first unusable one.
func (r *Registry) Add(ops ...*Op) error {
	for _, op := range ops {
		switch {
		case op == nil:
			return errors.New("the op is nil")
		case !ir.IsName(op.Name):
			return fmt.Errorf("op %q: want a name of letters, digits and _ that begins with no digit", op.Name)
		case ir.SchemaOf(op.Name) != nil && ir.SchemaOf(op.Name).Class&ir.Statement != 0:
			return fmt.Errorf("op %q: a statement of the language has this name", op.Name)
		case r.ops[op.Name] != nil:
			return fmt.Errorf("op %q is there already", op.Name)
		case op.Doc == "" || op.Infer == nil || op.Eval == nil || op.Results < 1:
			return fmt.Errorf("op %q: an op has a doc, a type rule, an evaluation and results", op.Name)
		case !op.Effects.Pure():
			return fmt.Errorf("op %q: an op is pure; make it a method of an object", op.Name)
		}
		r.ops[op.Name] = op
	}
	return nil
}

// AddClass adds classes, or returns an error that names the first unusable one.
func (r *Registry) AddClass(classes ...*Class) error {
	for _, c := range classes {
		switch {
		case c == nil:
			return errors.New("the class is nil")
		case !isPath(c.Name):
			return fmt.Errorf("class %q: want names of letters, digits and _, joined by dots", c.Name)
		case r.classes[c.Name] != nil:
			return fmt.Errorf("class %q is there already", c.Name)
		case c.Doc == "" || c.New == nil || c.Restore == nil:
			return fmt.Errorf("class %q: a class has a doc, New and Restore", c.Name)
		}
		for _, m := range c.Methods {
			switch {
			case m == nil:
				return fmt.Errorf("class %q: a method is nil", c.Name)
			case !ir.IsName(m.Name):
				return fmt.Errorf("class %q: method %q: want a name of letters, digits and _ that begins with no digit", c.Name, m.Name)
			case m.Doc == "" || m.Prepare == nil:
				return fmt.Errorf("class %q: method %q: a method has a doc and Prepare", c.Name, m.Name)
			}
		}
		r.classes[c.Name] = c
	}
	return nil
}

func isPath(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if !ir.IsName(part) {
			return false
		}
	}
	return true
}

// Lookup returns the named op, or nil.
func (r *Registry) Lookup(name string) *Op { return r.ops[name] }

// Class returns the named class, or nil.
func (r *Registry) Class(name string) *Class { return r.classes[name] }

// Method returns the named method of c, or nil.
func (c *Class) Method(name string) *Method {
	for _, m := range c.Methods {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Ops returns all ops sorted by name.
func (r *Registry) Ops() []*Op {
	return sorted(r.ops, func(a, b *Op) int { return strings.Compare(a.Name, b.Name) })
}

// Classes returns all classes sorted by name.
func (r *Registry) Classes() []*Class {
	return sorted(r.classes, func(a, b *Class) int { return strings.Compare(a.Name, b.Name) })
}

func sorted[T any](m map[string]T, order func(a, b T) int) []T {
	all := make([]T, 0, len(m))
	for _, item := range m {
		all = append(all, item)
	}
	slices.SortFunc(all, order)
	return all
}

// Library returns r as the compiler's [ir.Library].
func (r *Registry) Library() ir.Library { return library{r} }

type library struct{ r *Registry }

func (l library) Op(name string) *ir.Signature {
	if op := l.r.ops[name]; op != nil {
		return &op.Signature
	}
	return nil
}

func (l library) Constructor(class string) *ir.Signature {
	if c := l.r.classes[class]; c != nil {
		return &c.Signature
	}
	return nil
}

func (l library) Method(class, method string) *ir.Signature {
	if c := l.r.classes[class]; c != nil {
		if m := c.Method(method); m != nil {
			return &m.Signature
		}
	}
	return nil
}

// Suggest returns up to three names within a small edit distance, or that
// contain the unknown one.
func (l library) Suggest(name string) []string {
	var names []string
	add := func(candidate string) {
		if len(names) < 3 && (editDistance(name, candidate) <= 2 || len(name) > 2 && strings.Contains(candidate, name)) {
			names = append(names, candidate)
		}
	}
	for _, op := range l.r.Ops() {
		add(op.Name)
	}
	for _, c := range l.r.Classes() {
		add(c.Name)
	}
	return names
}

// editDistance is Levenshtein's; names longer than 64 bytes are far from all.
func editDistance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
