package ops

import "flowc.dev/flowc/ir"

// This file has the small constructors that declarations of ops are made of.

func required(name, doc string) ir.Param { return ir.Param{Name: name, Doc: doc} }

func static(name, doc string) ir.Param { return ir.Param{Name: name, Doc: doc, Static: true} }

func optional(name string, value ir.Value, doc string) ir.Param {
	return ir.Param{Name: name, Default: &value, Doc: doc, Static: true}
}

// accumulated is the tolerance of ops that add up many rounded terms.
var accumulated = Tolerance{F32: 1e-4, F64: 1e-11}

// newResult returns an unset tensor for the result *dst; hand it over with
// setResult. Results of rank 0 are made in scratch storage, so that they cost
// no allocation either.
func newResult(dst *ir.Value, dtype ir.DType, shape []int) (*ir.Tensor, error) {
	if len(shape) == 0 {
		return newScratch(dtype, nil)
	}
	return output(dst, dtype, shape)
}

// setResult makes t, from newResult, the result *dst.
func setResult(dst *ir.Value, t *ir.Tensor, weak bool) {
	finish(dst, t, weak)
	if t.Rank() == 0 {
		freeScratch(t)
	}
}

// sameOperand returns the number v as a tensor of its own dtype. Give it back
// with freeOperand.
func sameOperand(v ir.Value) (*ir.Tensor, error) { return operandAs(v, v.DType()) }

// checkNumbers returns an error unless each of the values, which are the
// arguments for the first params of the op, is a number.
func checkNumbers(op string, names []string, args []ir.Value) error {
	for i, name := range names {
		if !args[i].IsNumber() {
			return wantError(op, name, args[i], "a number")
		}
	}
	return nil
}

// checkNumberArgs is checkNumbers for a type rule.
func checkNumberArgs(op string, names []string, args []Arg) error {
	for i, name := range names {
		if err := checkNumber(op, name, args[i].Type); err != nil {
			return err
		}
	}
	return nil
}
