package opstest_test

import (
	"fmt"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/ops/opstest"
)

// The op of the guide in package ops.
func check(x ir.Type) error {
	if x.Kind != ir.Number || x.DType != ir.F64 || len(x.Shape) > 0 {
		return fmt.Errorf("half: x is %s: want an f64 of rank 0", x)
	}
	return nil
}

var Half = &ops.Op{
	Signature: ir.Signature{Name: "half", Params: []ir.Param{{Name: "x", Doc: "an f64"}}, Results: 1},
	Doc:       "Half of x.",
	Infer: func(args []ops.Arg) ([]ir.Type, error) {
		return []ir.Type{args[0].Type}, check(args[0].Type) // weak if x is
	},
	Eval: func(dst, args []ir.Value) error {
		if err := check(args[0].Type()); err != nil {
			return err
		}
		dst[0] = ir.Float(args[0].Float64() / 2).AsWeak(args[0].Weak())
		return nil
	},
	Gradient: func(t ops.Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
		return []*ir.Node{t.Call("divide", dout, ir.Const(ir.WeakInt(2)))}
	},
}

func TestHalf(t *testing.T) {
	opstest.Run(t, nil, Half, opstest.Call(ir.Float(3)), opstest.Call(ir.WeakFloat(3)))
}
