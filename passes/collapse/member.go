package collapse

import (
	"errors"
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// member returns why the statement may not be part of a larger leaf, or nil.
// It looks at the statement alone, without its hooks.
func member(c *pass.Context, names *pass.Names, n *ir.Node) error {
	switch {
	case n.Op == "graph":
	case n.Op != "call":
		return fmt.Errorf("it is %s %s", article(n.Op), n.Op)
	case names.Op(n.Text("call")) == nil:
		return fmt.Errorf("it calls %s", n.Text("call"))
	case c.Family != pass.FamilyStep && !cost.Neutral(names, n):
		return errors.New("by itself it runs on the kernels of another numeric family")
	}
	return nil
}

func article(word string) string {
	switch word[0] {
	case 'a', 'e', 'i', 'o', 'u':
		return "an"
	}
	return "a"
}

// dynamic returns why the statement, a leaf or a call of an op, cannot be
// compiled for the family. It is evaluated by reference, and what it is joined
// with would be too.
func dynamic(c *pass.Context, names *pass.Names, n *ir.Node) error {
	if c.Family == pass.FamilyStep || plain(names, n) {
		return nil
	}
	g := dataflow.NewGraph(c.Registry, true)
	b := &dataflow.Builder{Graph: g, Names: names, Keep: true, Kept: refuse}
	values, _, err := b.Statement(dataflow.NewFrame(), n)
	if err != nil {
		return err
	}
	if reason := g.Dynamic(dataflow.Reachable(append(g.Dead(values...), values...)...)); reason != "" {
		return errors.New(reason)
	}
	return nil
}

// plain reports whether n is seen to be static without reading it as values: it
// calls ops, on registers and literals only, and what decides a type is a literal.
func plain(names *pass.Names, n *ir.Node) bool {
	if n.Op == "graph" {
		for _, c := range n.Body("graph") {
			if !plain(names, c) {
				return false
			}
		}
		return len(n.Body("hoisted")) == 0
	}
	op := names.Op(n.Text("call"))
	if n.Op != "call" || op == nil || op.Aggregate || len(n.Kwargs) > 0 {
		return false
	}
	for i, arg := range n.Args {
		switch {
		case arg.Op == "const":
		case op.ParamAt(i).Static:
			return false
		case arg.Op != "reg" && arg.Op != "tensor" && !plain(names, arg):
			return false
		}
	}
	return true
}

// neutralArgs reports whether the driver computes the arguments of a call with
// the bits that a leaf would give.
func neutralArgs(names *pass.Names, n *ir.Node) bool {
	for _, arg := range n.Args {
		if !cost.Neutral(names, arg) {
			return false
		}
	}
	for _, k := range n.Kwargs {
		if !cost.Neutral(names, k.Node) {
			return false
		}
	}
	return true
}

// Whole says of statements that call functions whether they may be one leaf with
// the function's statements.
type Whole struct {
	c     *pass.Context
	names *pass.Names
	known map[*ir.Function]error
}

// NewWhole returns a Whole for calls in the program that names are of.
func NewWhole(c *pass.Context, names *pass.Names) *Whole {
	return &Whole{c, names, map[*ir.Function]error{}}
}

// Call returns why the call of a function n may not be one leaf, or nil.
func (w *Whole) Call(n *ir.Node) error {
	if w.c.Family != pass.FamilyStep && !neutralArgs(w.names, n) {
		return errors.New("its arguments are computed by the kernels of another numeric family")
	}
	f := w.names.Function(n.Text("call"))
	err, known := w.known[f]
	if !known {
		w.known[f] = nil
		err = w.body(f.Body)
		w.known[f] = err
	}
	return err
}

// Body returns why the statements, which may contain repeats of known counts, may
// not be one leaf, or nil.
func (w *Whole) Body(body []*ir.Node) error { return w.body(body) }

func (w *Whole) body(body []*ir.Node) error {
	for _, n := range body {
		var err error
		switch {
		case pass.Hooked(n):
			err = errors.New("hooks are attached to it")
		case n.Op == "seq" || n.Op == "repeat":
			for i := range n.Regions {
				if err := w.body(n.Regions[i].Body); err != nil {
					return err
				}
			}
		case n.Op == "call" && w.names.Function(n.Text("call")) != nil:
			if err := w.Call(n); err != nil {
				return err
			}
		default:
			if err = member(w.c, w.names, n); err == nil {
				err = dynamic(w.c, w.names, n)
			}
		}
		if err != nil {
			return fmt.Errorf("the statement at %s stays apart, since %w", n.Pos, err)
		}
	}
	return nil
}
