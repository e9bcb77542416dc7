package passes

import (
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/leaves"
	"flowc.dev/flowc/passes/pass"
)

// A checker verifies what passes make of a program, one after the other.
type checker struct {
	registry *ops.Registry
	verified *ir.Verified
	set      leaves.Locals // of the leaf that is looked at
}

// check verifies what a pass has made of a program: everything that
// [ir.Verified.Changed] asks, the form of optimized nodes, and that the statements are
// the same, in the same order.
func (k *checker) check(ps *Pass, before, after *ir.Program) error {
	if err := k.verified.Changed(before, after, k.registry.Library()); err != nil {
		return fmt.Errorf("bug: the program it made is not valid:\n%w", err)
	}
	var problem error
	names := pass.NewNames(after, k.registry)
	parts := map[*ir.Node]bool{} // checked with the nodes that they belong to
	look := func(n *ir.Node) bool {
		if !pass.Optimized(n) {
			return problem == nil && len(n.Args)+len(n.Kwargs)+len(n.Regions) > 0
		}
		if k.verified.Had(n) {
			return false
		}
		var err error
		for _, field := range []string{"hoisted", "block"} {
			for _, part := range n.Body(field) {
				parts[part] = true
			}
		}
		switch {
		case parts[n]:
		case n.Op == "graph":
			err = k.leaf(names, n)
		case n.Op == "next_n":
			err = checkNext(n)
		case n.Op == "block":
			err = k.block(names, n)
		}
		if problem == nil && err != nil {
			problem = &pass.NodeError{Node: n, Err: fmt.Errorf("bug: %w", err)}
		}
		return problem == nil
	}
	rest := after.Copy()
	rest.Body = nil
	ir.Visit(rest, look)
	var kept []bool
	if slices.Equal(before.Functions, after.Functions) {
		kept = ir.Kept(before.Body, after.Body)
	}
	for i, n := range after.Body {
		if kept == nil || !kept[i] {
			ir.VisitNode(n, look)
		}
	}
	if problem != nil {
		return problem
	}
	return checkStatements(ps, before, after)
}

// leaf verifies a graph leaf: calls of ops in A-normal form, locals set
// once and before use, a store for every yield, and the source that it stands
// for.
func (k *checker) leaf(names *pass.Names, n *ir.Node) error {
	var hidden map[string]bool
	for _, part := range n.Body("hoisted") {
		if err := k.graph(names, part, hidden); err != nil {
			return fmt.Errorf("what is hoisted: %w", err)
		}
		for _, name := range part.Stores() {
			if hidden[name] {
				return fmt.Errorf("hoisted graphs set %s twice", name)
			}
			if hidden == nil {
				hidden = map[string]bool{}
			}
			hidden[name] = true
		}
	}
	if err := k.graph(names, n, hidden); err != nil {
		return err
	}
	return checkSource(names, n)
}

// graph verifies the body and the results of a graph that reads the hidden
// registers given.
func (k *checker) graph(names *pass.Names, n *ir.Node, hidden map[string]bool) error {
	set := &k.set
	set.Clear()
	for name := range hidden {
		set.Add(name)
	}
	for _, c := range n.Body("graph") {
		if c.Op != "call" || names.Op(c.Text("call")) == nil {
			return fmt.Errorf("a graph has the statement %s %s, which is no call of an op", c.Op, c.Text("call"))
		}
		for _, arg := range c.Args {
			if err := checkOperand(arg, set); err != nil {
				return fmt.Errorf("%s: %w", c.Text("call"), err)
			}
		}
		if len(c.Kwargs) > 0 {
			return fmt.Errorf("%s in a graph has named operands", c.Text("call"))
		}
		for _, name := range c.EachStore() {
			switch {
			case name == ir.Discard:
			case !ir.IsLocal(name):
				return fmt.Errorf("%s in a graph stores to register %s", c.Text("call"), name)
			case set.Has(name):
				return fmt.Errorf("a graph sets %s twice", name)
			default:
				set.Add(name)
			}
		}
	}
	yields, stores := n.Names("yield"), n.Stores()
	if len(yields) != len(stores) || len(yields) == 0 {
		return fmt.Errorf("a graph has %d yields and %d stores", len(yields), len(stores))
	}
	for _, name := range yields {
		if ir.IsLocal(name) && !set.Has(name) {
			return fmt.Errorf("a graph yields %s, which it does not set", name)
		}
	}
	values := 1
	if v := n.Attr("values"); !v.IsNull() {
		values = int(v.Int64())
	}
	if values < 1 || values > len(yields) {
		return fmt.Errorf("the value of a graph is %d of its %d yields", values, len(yields))
	}
	return nil
}

// checkOperand verifies an operand of a call in a graph: a literal, a name that
// is set, or a list, record or slice of such.
func checkOperand(n *ir.Node, set *leaves.Locals) error {
	switch n.Op {
	case "const", "tensor":
		return nil
	case "reg":
		name, _, field := strings.Cut(n.Text("reg"), ".")
		if ir.IsLocal(name) && (!set.Has(name) || field && !ir.IsHidden(name)) {
			return fmt.Errorf("it reads %s, which is not set before", n.Text("reg"))
		}
		return nil
	case "list", "record", "slice":
		for _, arg := range n.Args {
			if err := checkOperand(arg, set); err != nil {
				return err
			}
		}
		for _, k := range n.Kwargs {
			if err := checkOperand(k.Node, set); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("it has the operand %s, which is not in A-normal form", n.Op)
}

// checkSource verifies that a graph leaf carries its source and counts its
// steps, where they can be counted.
func checkSource(names *pass.Names, n *ir.Node) error {
	steps := n.Attr("steps").Int64()
	source := n.Body("source")
	if len(source) == 0 || steps < 1 {
		return fmt.Errorf("a graph of %d steps carries %d source statements", steps, len(source))
	}
	for i, s := range source {
		if i > 0 && len(pass.HooksBefore(s)) > 0 || i < len(source)-1 && len(pass.HooksAfter(s)) > 0 {
			return fmt.Errorf("hooks run between the statements of a graph, beside the one at %s", s.Pos)
		}
	}
	var sum int64
	for _, s := range source {
		switch {
		case s.Op == "graph":
			sum += s.Attr("steps").Int64()
		case s.Op == "call" && names.Function(s.Text("call")) == nil || s.Op == "grad":
			sum++
		default:
			return nil
		}
	}
	if sum != steps {
		return fmt.Errorf("a graph counts %d steps, its source takes %d", steps, sum)
	}
	return nil
}

// block verifies a block: locals set once and before use, a yield for every
// store, and the iteration that it stands for.
func (k *checker) block(names *pass.Names, n *ir.Node) error {
	set := &k.set
	set.Clear()
	for _, region := range []string{"block", "each"} {
		for _, name := range n.Names("carry") {
			if region == "each" {
				set.Add(ir.Carried(name))
			}
		}
		if counter := n.Text("counter"); counter != "" {
			set.Add(ir.Carried(counter))
		}
		for _, c := range n.Body(region) {
			name := c.Text("call") + c.Text("next_n")
			if names.Op(name) == nil && (names.Method(name) == nil || region == "each") {
				return fmt.Errorf("a block has the statement %s %s", c.Op, name)
			}
			for _, arg := range c.Args {
				if err := checkOperand(arg, set); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
			for _, local := range c.Stores() {
				if local != ir.Discard && set.Has(local) {
					return fmt.Errorf("a block sets %s twice", local)
				}
				set.Add(local)
			}
		}
	}
	for _, name := range n.Names("value") {
		if ir.IsLocal(name) && !set.Has(name) {
			return fmt.Errorf("a block has the value %s, which it does not set", name)
		}
	}
	yields, stores := n.Names("yield"), n.Stores()
	if len(yields) != len(stores) {
		return fmt.Errorf("a block has %d yields and %d stores", len(yields), len(stores))
	}
	for _, name := range yields {
		if ir.IsLocal(name) && !set.Has(name) {
			return fmt.Errorf("a block yields %s, which it does not set", name)
		}
	}
	for _, name := range n.Names("carry") {
		if !slices.Contains(stores, name) {
			return fmt.Errorf("a block carries %s, which it does not store to", name)
		}
	}
	return checkSource(names, n)
}

func checkNext(n *ir.Node) error {
	source := n.Body("source")
	if len(source) != 1 || source[0].Op != "buffer" {
		return fmt.Errorf("a next_n carries %d statements: want its buffer", len(source))
	}
	return nil
}
