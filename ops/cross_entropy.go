package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

var crossEntropyNames = []string{"logits", "labels", "dout"}

// checkCrossEntropy returns an error unless labels has an integer for each row
// of logits.
func checkCrossEntropy(op string, logits, labels []int, dtype ir.DType) error {
	if len(logits) == 0 || !slices.Equal(labels, logits[:len(logits)-1]) {
		return fmt.Errorf("%s: logits of shape %s and labels of shape %s: want a label for each row of logits, whose last axis is the classes",
			op, ir.FormatShape(logits), ir.FormatShape(labels))
	}
	if !dtype.IsInteger() {
		return fmt.Errorf("%s: labels are %s: want integers", op, dtype)
	}
	return nil
}

// rowLabels returns the labels as i64, each of which is a class. Give them back
// with freeOperand.
func rowLabels(op string, labels ir.Value, classes int) (*ir.Tensor, error) {
	t, err := operandAs(labels, ir.I64)
	if err != nil {
		return nil, err
	}
	for i, label := range ir.Data[int64](t) {
		if label < 0 || label >= int64(classes) {
			freeOperand(t, labels)
			return nil, fmt.Errorf("%s: label %d of row %d is not a class: the logits have classes 0 to %d", op, label, i, classes-1)
		}
	}
	return t, nil
}

func crossEntropyOp() *Op {
	const name = "cross_entropy"
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("logits", "number whose last axis is the classes"), required("labels", "the class of each row, integers")}},
		Doc: "The mean over all rows of -log_softmax(logits) at the row's label. No rows give NaN.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumberArgs(name, crossEntropyNames[:2], args); err != nil {
				return nil, err
			}
			logits, labels := args[0].Type, args[1].Type
			if err := checkCrossEntropy(name, logits.Shape, labels.Shape, labels.DType); err != nil {
				return nil, err
			}
			return []ir.Type{elementOfType(logits).toInexact().typeOf(nil)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if err := checkNumbers(name, crossEntropyNames[:2], args); err != nil {
				return err
			}
			logits, labels := args[0], args[1]
			shape := logits.Shape()
			if err := checkCrossEntropy(name, shape, labels.Shape(), labels.DType()); err != nil {
				return err
			}
			classes := shape[len(shape)-1]
			rows, err := rowLabels(name, labels, classes)
			if err != nil {
				return err
			}
			defer freeOperand(rows, labels)
			element := elementOf(logits).toInexact()
			x, err := operandAs(logits, element.DType)
			if err != nil {
				return err
			}
			defer freeOperand(x, logits)
			if element.DType == ir.F32 {
				dst[0] = scalarOf(crossEntropy(ir.Data[float32](x), ir.Data[int64](rows), classes, &functionsF32))
			} else {
				dst[0] = scalarOf(crossEntropy(ir.Data[float64](x), ir.Data[int64](rows), classes, &functionsF64)).AsWeak(element.Weak)
			}
			return nil
		},
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			return []*ir.Node{t.Call("cross_entropy_adjoint", args[0], args[1], dout), nil}
		},
		CanFail:   true,
		Tolerance: exponential,
	}
}

// crossEntropy adds the rows' terms in the order of mean.
func crossEntropy[T float](logits []T, labels []int64, classes int, f *transcendentals[T]) T {
	var acc [lanes]T
	for i, label := range labels {
		row := logits[i*classes : (i+1)*classes]
		x := lane[T]{row, classes, 1}
		largest := x.largest()
		acc[i%lanes] -= row[label] - largest - f.log(x.expSum(largest, nil))
	}
	return mergeLanes(&acc) / T(len(labels))
}

func crossEntropyAdjointOp() *Op {
	const name = "cross_entropy_adjoint"
	check := func(logits, labels, dout []int, dtype ir.DType) error {
		if err := checkCrossEntropy(name, logits, labels, dtype); err != nil {
			return err
		}
		if len(dout) != 0 {
			return fmt.Errorf("%s: dout has the shape %s: want rank 0", name, ir.FormatShape(dout))
		}
		return nil
	}
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("logits", "cross_entropy's operand"), required("labels", "cross_entropy's labels"),
			required("dout", "adjoint of the mean")}},
		Doc: "Adjoint of cross_entropy: softmax(logits), less 1 at each row's label, times dout divided by the number of rows.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumberArgs(name, crossEntropyNames, args); err != nil {
				return nil, err
			}
			logits, labels, dout := args[0].Type, args[1].Type, args[2].Type
			if err := check(logits.Shape, labels.Shape, dout.Shape, labels.DType); err != nil {
				return nil, err
			}
			return []ir.Type{adjointElement(elementOfType(logits), elementOfType(dout)).typeOf(logits.Shape)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if err := checkNumbers(name, crossEntropyNames, args); err != nil {
				return err
			}
			logits, labels, dout := args[0], args[1], args[2]
			shape := logits.Shape()
			if err := check(shape, labels.Shape(), dout.Shape(), labels.DType()); err != nil {
				return err
			}
			classes := shape[len(shape)-1]
			rows, err := rowLabels(name, labels, classes)
			if err != nil {
				return err
			}
			defer freeOperand(rows, labels)
			element := adjointElement(elementOf(logits), elementOf(dout))
			x, err := operandAs(logits, element.DType)
			if err != nil {
				return err
			}
			defer freeOperand(x, logits)
			out, err := output(&dst[0], element.DType, shape)
			if err != nil {
				return err
			}
			if element.DType == ir.F32 {
				crossEntropyAdjoint(ir.Data[float32](out), ir.Data[float32](x), ir.Data[int64](rows), classes,
					scalarAs[float32](dout), &functionsF32)
			} else {
				crossEntropyAdjoint(ir.Data[float64](out), ir.Data[float64](x), ir.Data[int64](rows), classes,
					scalarAs[float64](dout), &functionsF64)
			}
			finish(&dst[0], out, element.Weak)
			return nil
		},
		CanFail:   true,
		Tolerance: exponential,
	}
}

func crossEntropyAdjoint[T float](dst, logits []T, labels []int64, classes int, dout T, f *transcendentals[T]) {
	scale := dout / T(len(labels))
	for i, label := range labels {
		row := dst[i*classes : (i+1)*classes]
		softmaxLane(row, lane[T]{logits[i*classes:], classes, 1}, f)
		row[label]--
		for j := range row {
			row[j] *= scale
		}
	}
}
