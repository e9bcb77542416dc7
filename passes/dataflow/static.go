package dataflow

import "fmt"

// ReadsInput reports whether one of the values is a register's.
func ReadsInput(values []*Value) bool {
	for _, v := range values {
		if v.Kind == Input {
			return true
		}
	}
	return false
}

// Dynamic returns why the types of the values cannot be known from the types of
// the inputs, or "": an argument that decides a type is not a literal.
func (g *Graph) Dynamic(values []*Value) string {
	for _, v := range values {
		if v.Kind != Call {
			continue
		}
		op := g.Registry.Lookup(v.Op)
		if op.Aggregate {
			return v.Op + " gives a record"
		}
		for i, arg := range v.Args {
			if p := op.ParamAt(i); p.Static && !literal(arg) {
				return fmt.Sprintf("the argument %s of %s decides its result's type and is not a literal", p.Name, v.Op)
			}
			if arg.Kind == List && !literal(arg) && g.Registry.Spread(op) == nil {
				return fmt.Sprintf("the argument %s of %s is a list of values", op.ParamAt(i).Name, v.Op)
			}
			if arg.Kind == Slice && !literal(arg) {
				return fmt.Sprintf("a range in the index of %s decides its result's shape and is not literal", v.Op)
			}
		}
	}
	return ""
}

// literal reports whether v is made of literals only.
func literal(v *Value) bool {
	switch v.Kind {
	case Const:
		return true
	case List, Record, Slice:
		for _, arg := range v.Args {
			if !literal(arg) {
				return false
			}
		}
		return true
	}
	return false
}
