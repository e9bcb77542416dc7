package dataflow

import (
	"fmt"
	"strconv"

	"flowc.dev/flowc/ir"
)

// firstLocals are the names of the locals that every leaf has, and the
// attributes that name them.
var firstLocals = func() (first [64]struct {
	name          string
	value, stored ir.Value
	read          []ir.Attr // of an operand that reads it
}) {
	for i := range first {
		f, name := &first[i], fmt.Sprintf("%%%d", i)
		f.name, f.value, f.stored = name, ir.String(name), ir.Strings(name)
		f.read = []ir.Attr{{Name: "reg", Value: f.value}}
	}
	return first
}()

func localName(i int) string {
	if i < len(firstLocals) {
		return firstLocals[i].name
	}
	return "%" + strconv.Itoa(i)
}

// firstLocal returns the index of the name in firstLocals, or 0.
func firstLocal(name string) int {
	if len(name) < 2 || len(name) > 3 || name[0] != '%' {
		return 0
	}
	if i, err := strconv.Atoi(name[1:]); err == nil && i < len(firstLocals) && firstLocals[i].name == name {
		return i
	}
	return 0
}

// nameValue returns the name as an attribute.
func nameValue(name string) ir.Value {
	if i := firstLocal(name); i > 0 {
		return firstLocals[i].value
	}
	return ir.String(name)
}

// readAttrs returns the attributes of an operand that reads the name.
func readAttrs(name string) []ir.Attr {
	if i := firstLocal(name); i > 0 {
		return firstLocals[i].read
	}
	return []ir.Attr{{Name: "reg", Value: ir.String(name)}}
}

// namesValue returns the list of the names as an attribute.
func namesValue(names []string) ir.Value {
	items := make([]ir.Value, len(names))
	for i, name := range names {
		items[i] = nameValue(name)
	}
	return ir.ListOf(items...)
}

// callAttrs returns the attributes of a call of the op that stores to a local.
func (e *emitter) callAttrs(op, local string) []ir.Attr {
	i := firstLocal(local)
	if i == 0 {
		return callAttrs(op, ir.Strings(local))
	}
	stored := e.stored[op]
	if len(stored) <= i {
		if e.stored == nil {
			e.stored = map[string][][]ir.Attr{}
		}
		stored = append(stored, make([][]ir.Attr, i+1-len(stored))...)
		e.stored[op] = stored
	}
	if stored[i] == nil {
		stored[i] = callAttrs(op, firstLocals[i].stored)
	}
	return stored[i]
}

func callAttrs(op string, stores ir.Value) []ir.Attr {
	return []ir.Attr{{Name: "call", Value: ir.String(op)}, {Name: "store", Value: stores}}
}

// leafAttrs returns the attributes of a leaf. Those of one statement with one
// result are alike in many leaves.
func (e *emitter) leafAttrs(l Leaf, stores, yields []string) []ir.Attr {
	key := leafKey{steps: l.Steps}
	single := len(stores) == 1 && len(yields) == 1 && l.Values == 1
	if single {
		key.store, key.yield = stores[0], yields[0]
		if attrs := e.leaves[key]; attrs != nil {
			return attrs
		}
	}
	attrs := make([]ir.Attr, 0, 4)
	attrs = append(attrs, ir.Attr{Name: "steps", Value: ir.Int(l.Steps)}, ir.Attr{Name: "store", Value: ir.Strings(stores...)})
	if l.Values != 1 {
		attrs = append(attrs, ir.Attr{Name: "values", Value: ir.Int(int64(l.Values))})
	}
	attrs = append(attrs, ir.Attr{Name: "yield", Value: namesValue(yields)})
	if single {
		if e.leaves == nil {
			e.leaves = map[leafKey][]ir.Attr{}
		}
		e.leaves[key] = attrs
	}
	return attrs
}

// leafKey tells the attributes of leaves with one yield.
type leafKey struct {
	store, yield string
	steps        int64
}
