package irtest

import "flowc.dev/flowc/ir"

// simplerStatements returns what may stand in the place of statement n. Each is
// smaller than n, so that shrinking ends.
func simplerStatements(n *ir.Node) [][]*ir.Node {
	var simpler [][]*ir.Node
	one := func(n *ir.Node) { simpler = append(simpler, []*ir.Node{n}) }
	for i := range n.Regions {
		if f := n.Regions[i].Field; f != "hooks" {
			simpler = append(simpler, n.Regions[i].Body)
		} else {
			c := n.Copy()
			c.Regions = without(n.Regions, i, i+1)
			one(c)
		}
	}
	for i := range n.Regions {
		if f := n.Regions[i].Field; f == "cases" || f == "default" || f == "weave" || n.Op == "hook" {
			c := n.Copy()
			c.Regions = without(n.Regions, i, i+1)
			if f == "weave" {
				c = c.WithAttr("weights", ir.Value{}).WithAttr("require", ir.Value{})
			}
			one(c)
		}
	}
	for _, name := range []string{"weights", "require", "turn", "as", "every"} {
		if !n.Attr(name).IsNull() {
			one(n.WithAttr(name, ir.Value{}))
		}
	}
	if stores := n.Stores(); len(stores) > 0 {
		one(n.WithAttr("store", ir.Value{}))
		if len(stores) > 1 {
			one(n.StoringTo(stores[0]))
		}
	}
	if n.Op == "call" && n.Text("call") != "identity" {
		for _, arg := range n.Args {
			one(ir.Call("identity", arg).WithAttr("store", n.Attr("store")))
		}
	}
	if n.Op == "print" && len(n.Args) > 0 {
		for i := range n.Args {
			c := n.Copy()
			c.Args = without(n.Args, i, i+1)
			one(c)
		}
	}
	if n.Op == "hook" && len(n.Kwargs) > 0 {
		c := n.Copy()
		c.Kwargs = nil
		one(c)
	}
	return simpler
}

// simplerOperands returns what may stand in the place of operand n.
func simplerOperands(n *ir.Node) []*ir.Node {
	switch n.Op {
	case "reg":
		return nil
	case "const":
		v := n.Attr("value")
		if v.IsScalar() && v.Weak() && v.DType() == ir.I64 && v.Int64() > 0 {
			return []*ir.Node{ir.Const(ir.WeakInt(0)), ir.Const(ir.WeakInt(v.Int64() - 1))}
		}
		return nil
	case "tensor", "slice":
		return nil
	}
	simpler := append([]*ir.Node(nil), n.Args...)
	for _, k := range n.Kwargs {
		simpler = append(simpler, k.Node)
	}
	if n.Op == "call" && len(n.Kwargs) > 0 {
		c := n.Copy()
		c.Kwargs = nil
		simpler = append(simpler, c)
	}
	return simpler
}
