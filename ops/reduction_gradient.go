package ops

import "flowc.dev/flowc/ir"

// The arguments of a reduction are x, axis and keepdims.

func sumGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("sum_adjoint", args[0], dout, args[1], args[2]), nil, nil}
}

func meanGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("mean_adjoint", args[0], dout, args[1], args[2]), nil, nil}
}

func varGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("var_adjoint", args[0], dout, args[1], args[2]), nil, nil}
}

func prodGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("prod_adjoint", args[0], dout, args[1], args[2]), nil, nil}
}

// extremumGradient is that of max and min.
func extremumGradient(t Tape, args []*ir.Node, out, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("max_adjoint", args[0], out, dout, args[1], args[2]), nil, nil}
}
