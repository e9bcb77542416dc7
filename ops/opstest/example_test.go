package opstest_test

import (
	"errors"
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/ops/opstest"
)

// wrong is the square root of an f64. Its gradient lacks a factor.
var wrong = &ops.Op{
	Signature: ir.Signature{Name: "root", Params: []ir.Param{{Name: "x"}}, Results: 1},
	Doc:       "The square root of an f64.",
	Infer: func(args []ops.Arg) ([]ir.Type, error) {
		if !args[0].Type.Equal(ir.NumberType(ir.F64)) {
			return nil, errors.New("root: want an f64")
		}
		return []ir.Type{ir.NumberType(ir.F64)}, nil
	},
	Eval: func(dst, args []ir.Value) error {
		if !args[0].HasType(ir.NumberType(ir.F64)) { // no type rule has looked at it
			return errors.New("root: want an f64")
		}
		root := make([]ir.Value, 1)
		err := ops.Standard().Lookup("sqrt").Eval(root, args)
		dst[0] = root[0]
		return err
	},
	Gradient: func(t ops.Tape, args []*ir.Node, out, dout *ir.Node) []*ir.Node {
		return []*ir.Node{t.Call("divide", dout, out)}
	},
}

func ExampleCheck() {
	for _, problem := range opstest.Check(nil, wrong, opstest.Call(ir.Float(0.25)), opstest.Call(ir.Float(1))) {
		fmt.Println(problem)
		break
	}
	// Output:
	// law gradient: root(f64 0.25): adjoint of x at element 0 is 2.35291131933565, finite differences give 1.176455659906983
}
