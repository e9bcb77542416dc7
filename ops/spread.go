package ops

import (
	"sync"

	"flowc.dev/flowc/ir"
)

// spreadSuffix ends the names of ops that take one by one the items of the list
// that another op takes.
const spreadSuffix = "_items"

// Spread returns the form of op for typed dataflow, in which every argument is
// a number: instead of its first argument, a list, it takes the items, as
// variadic ones after the other arguments. It returns nil if op has no such
// form.
func (r *Registry) Spread(op *Op) *Op { return r.ops[op.Name+spreadSuffix] }

// spreadOps returns the spread forms of joins.
func spreadOps() []*Op {
	var spread []*Op
	for _, op := range joinOps() {
		spread = append(spread, spreadForm(op))
	}
	return spread
}

func spreadForm(op *Op) *Op {
	list, others := op.Params[0], op.Params[1:]
	fixed := len(others)
	s := &Op{
		Signature: ir.Signature{Name: op.Name + spreadSuffix, Results: op.Results},
		Doc:       op.Name + " of items that are no list: the form that compiled graphs have. " + op.Doc,
		CanFail:   op.CanFail,
		Tolerance: op.Tolerance,
	}
	for _, p := range others {
		p.Default = nil // the items follow
		s.Params = append(s.Params, p)
	}
	s.Params = append(s.Params, ir.Param{Name: "items", Doc: "the items of " + list.Name, Variadic: true})
	s.Infer = func(args []Arg) ([]ir.Type, error) {
		items := ir.Type{Kind: ir.ListKind}
		for _, item := range args[fixed:] {
			items.Parts = append(items.Parts, item.Type)
		}
		return op.Infer(append([]Arg{{Type: items}}, args[:fixed]...))
	}
	s.Eval = func(dst, args []ir.Value) error {
		call := gatherings.Get().(*gathering)
		err := op.Eval(dst, call.gather(args[fixed:], args[:fixed]))
		call.clear()
		gatherings.Put(call)
		return err
	}
	return s
}

// A gathering is the storage of a call with a list of items.
type gathering struct {
	items ir.Value // the list
	args  []ir.Value
}

var gatherings = sync.Pool{New: func() any { return &gathering{items: ir.ListOf()} }}

// gather returns the arguments of the op that takes a list.
func (c *gathering) gather(items, others []ir.Value) []ir.Value {
	list := c.items.List()
	list.Items = append(list.Items[:0], items...)
	c.args = append(append(c.args[:0], c.items), others...)
	return c.args
}

// clear lets go of the arguments.
func (c *gathering) clear() {
	clear(c.items.List().Items)
	clear(c.args)
}
