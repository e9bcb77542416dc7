package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

func argReductionOps() []*Op {
	return []*Op{
		argReductionOp("argmax", "Index of the largest element along an axis, or in row-major order of all elements when axis is null. "+
			"The first of equal ones; the first NaN if there is one.", false),
		argReductionOp("argmin", "Index of the smallest element along an axis, or in row-major order of all elements when axis is null. "+
			"The first of equal ones; the first NaN if there is one.", true),
	}
}

func argReductionOp(name, doc string, smallest bool) *Op {
	op := &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x", "number"),
			optional("axis", ir.Value{}, "axis, or null for all elements; a negative one counts from the end"),
			optional("keepdims", ir.BoolValue(false), "whether the reduced axis stays, with extent 1"),
		}},
		Doc:   doc,
		Batch: batchAxis,
	}
	r := &reducer{
		name:     name,
		element:  func(ElementType) ElementType { return ElementType{DType: ir.I64} },
		nonempty: true,
		compute: func(out, x *ir.Tensor, p *reducePlan) error {
			argExtremum(ir.Data[int64](out), x, p, smallest)
			return nil
		},
	}
	oneAxis := func(axis ir.Value) error {
		if list := axis.List(); list != nil || axis.Tensor() != nil {
			return fmt.Errorf("%s: axis is %s: want one axis, or null for all elements", name, axis.Type())
		}
		return nil
	}
	op.Infer = func(args []Arg) ([]ir.Type, error) {
		if args[1].Value != nil {
			if err := oneAxis(*args[1].Value); err != nil {
				return nil, err
			}
		}
		return r.infer(args)
	}
	op.Eval = func(dst, args []ir.Value) error {
		if err := oneAxis(args[1]); err != nil {
			return err
		}
		return r.eval(dst, args)
	}
	return op
}

func argExtremum(out []int64, x *ir.Tensor, p *reducePlan, smallest bool) {
	switch x.DType() {
	case ir.F32:
		argSearch(out, ir.Data[float32](x), p, smallest)
	case ir.F64:
		argSearch(out, ir.Data[float64](x), p, smallest)
	case ir.I64:
		argSearch(out, ir.Data[int64](x), p, smallest)
	case ir.I32:
		argSearch(out, ir.Data[int32](x), p, smallest)
	default:
		argSearch(out, bytesOf(x), p, smallest)
	}
}

// argSearch fills out; with one axis or all of them reduced, the elements of a
// result have one stride.
func argSearch[T number](out []int64, x []T, p *reducePlan, smallest bool) {
	if p.results == 0 {
		return
	}
	run, stride := p.inner, 1
	neighbours := 1
	if p.innerKept {
		neighbours = p.inner
		run, stride = p.count, p.reduce.stride[0]
	}
	for at := 0; ; at += neighbours {
		for j := range neighbours {
			lane := x[p.keep.offset+j:]
			best := 0
			for i := 1; i < run; i++ {
				v, b := lane[i*stride], lane[best*stride]
				if b != b {
					break
				}
				if v > b && !smallest || v < b && smallest || v != v {
					best = i
				}
			}
			out[at+j] = int64(best)
		}
		if !p.keep.next() {
			return
		}
	}
}

// eachResult calls visit for each of the size elements of the tensor that p
// reduces, with the number of the result that the element belongs to and the
// place of the element: result by result in no particular order, and the
// elements of one result in row-major order.
func eachResult(p *reducePlan, size int, visit func(result, at int)) {
	if size == 0 {
		return
	}
	neighbours, run := 1, p.inner
	if p.innerKept {
		neighbours, run = p.inner, 1
	}
	for result := 0; ; result += neighbours {
		for {
			at := p.keep.offset + p.reduce.offset
			for j := range neighbours {
				for i := range run {
					visit(result+j, at+j+i)
				}
			}
			if !p.reduce.next() {
				break
			}
		}
		if !p.keep.next() {
			return
		}
	}
}
