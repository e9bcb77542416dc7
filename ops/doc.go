// Package ops holds flowc's operations: pure functions of values, and objects
// with methods.
//
// An [Op] declares everything that the rest of flowc knows of it: parameters,
// effects, type rule, reference evaluation, gradient. The compiler, the
// backends and the laws that every op is tested by work from that declaration,
// so adding an op is adding one value to a [Registry].
//
// # Writing an op
//
// An op has a signature, a doc, and two functions that must agree: Infer, the type
// rule, for types alone, and Eval for values. The step family calls Eval without
// asking Infer before, so Eval checks its arguments as Infer does and gives the same
// error. One function of types does for both:
//
//	func check(x ir.Type) error {
//		if x.Kind != ir.Number || x.DType != ir.F64 || len(x.Shape) > 0 {
//			return fmt.Errorf("half: x is %s: want an f64 of rank 0", x)
//		}
//		return nil
//	}
//
//	var Half = &ops.Op{
//		Signature: ir.Signature{Name: "half", Params: []ir.Param{{Name: "x", Doc: "an f64"}}, Results: 1},
//		Doc:       "Half of x.",
//		Infer: func(args []ops.Arg) ([]ir.Type, error) {
//			return []ir.Type{args[0].Type}, check(args[0].Type) // weak if x is
//		},
//		Eval: func(dst, args []ir.Value) error {
//			if err := check(args[0].Type()); err != nil {
//				return err
//			}
//			dst[0] = ir.Float(args[0].Float64() / 2).AsWeak(args[0].Weak())
//			return nil
//		},
//		Gradient: func(t ops.Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
//			return []*ir.Node{t.Call("divide", dout, ir.Const(ir.WeakInt(2)))}
//		},
//	}
//
// Arguments of other ranks are tensors: [ir.Value.Tensor], [ir.Data] and
// [ir.NewTensor]. A gradient calls ops of the registry for the adjoints of the
// arguments, nil for one that has none. Elementwise, Batch, CanFail and the other
// fields of [Op] say what more is known of it.
//
// Package opstest checks all of this, with examples of arguments:
//
//	func TestHalf(t *testing.T) {
//		opstest.Run(t, nil, Half, opstest.Call(ir.Float(3)), opstest.Call(ir.WeakFloat(3)))
//	}
//
// [Registry.Add] adds it to those of [Standard], and a program calls it as
// half(x) where flowc.Options, or cli.Options of a command of one's own, has that
// registry.
//
// # Names
//
// Array and op names follow the Python array API standard and NumPy,
// broadcasting is NumPy's, dtype promotion is JAX's with weakly typed literals.
package ops
