package region

import "flowc.dev/flowc/ir"

// A Kernel computes values of a graph from others. slots holds the machine's
// values by number; a slot that a kernel fills holds, on entry, an old value
// whose storage may be reused.
type Kernel interface {
	Run(slots []ir.Value) error
	Name() string
}

// A referenceKernel evaluates an op as it is defined.
type referenceKernel struct {
	op             string
	eval           func(dst, args []ir.Value) error
	args           []ir.Value
	from           []int // slots of args, -1 for those that stay
	first, results int
}

func newReferenceKernel(l *Layout, i int) *referenceKernel {
	step := &l.Graph.Steps[i]
	k := &referenceKernel{
		op:      step.Op,
		eval:    l.Ops[i].Eval,
		args:    make([]ir.Value, len(step.Args)),
		from:    step.Args,
		first:   step.First,
		results: step.Results,
	}
	for j, v := range step.Args {
		if v < 0 && j < len(step.Static) {
			k.args[j] = step.Static[j]
		}
	}
	return k
}

func (k *referenceKernel) Name() string { return k.op }

func (k *referenceKernel) Run(slots []ir.Value) error {
	for j, v := range k.from {
		if v >= 0 {
			k.args[j] = slots[v]
		}
	}
	err := k.eval(slots[k.first:k.first+k.results], k.args)
	for j, v := range k.from {
		if v >= 0 {
			k.args[j] = ir.Value{} // inputs are the caller's; keep nothing of them
		}
	}
	return err
}

// A copyKernel copies a tensor, so that a result does not share storage with
// what is kept.
type copyKernel struct{ from, to int }

func (k copyKernel) Name() string { return "copy" }

func (k copyKernel) Run(slots []ir.Value) error {
	from := slots[k.from].Tensor()
	to, err := slots[k.to].Tensor().Resize(from.DType(), from.Shape())
	if err != nil {
		return err
	}
	copyElements(to, from)
	slots[k.to] = ir.TensorValue(to).AsWeak(slots[k.from].Weak())
	return nil
}

// copyElements copies the elements of from to to, which has the same dtype and
// size.
func copyElements(to, from *ir.Tensor) {
	switch from.DType() {
	case ir.Bool:
		copy(ir.Data[bool](to), ir.Data[bool](from))
	case ir.U8:
		copy(ir.Data[uint8](to), ir.Data[uint8](from))
	case ir.I32:
		copy(ir.Data[int32](to), ir.Data[int32](from))
	case ir.I64:
		copy(ir.Data[int64](to), ir.Data[int64](from))
	case ir.F32:
		copy(ir.Data[float32](to), ir.Data[float32](from))
	default:
		copy(ir.Data[float64](to), ir.Data[float64](from))
	}
}
