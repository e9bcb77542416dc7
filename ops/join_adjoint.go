package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

func (j *joining) adjointOp() *Op {
	name := j.name + "_adjoint"
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("arrays", j.name+"'s operands"),
			required("dout", "adjoint of the joined array"),
			static("index", "which operand's adjoint, or null for the list of all"),
			optional("axis", ir.WeakInt(0), j.name+"'s axis")}},
		Doc:   "Adjoint of " + j.name + ": the part of dout that an operand went to.",
		Infer: func(args []Arg) ([]ir.Type, error) { return j.inferAdjoint(name, args) },
		Eval:  func(dst, args []ir.Value) error { return j.evalAdjoint(name, dst, args) },
	}
}

// checkAdjoint reads the geometry and the index, -1 for all.
func (j *joining) checkAdjoint(op string, buf *extents, n int, shape func(i int) []int, dout []int, index, axis ir.Value) (joined, int, error) {
	r, err := j.check(op, buf, n, shape, axis)
	if err != nil {
		return r, 0, err
	}
	if !slices.Equal(dout, r.shape) {
		return r, 0, fmt.Errorf("%s: dout has the shape %s: want %s, that of the joined arrays", op, ir.FormatShape(dout), ir.FormatShape(r.shape))
	}
	if index.IsNull() {
		return r, -1, nil
	}
	i, err := intParam(op, "index", index)
	if err == nil && (i < 0 || i >= n) {
		err = fmt.Errorf("%s: index is %d, but there are %d arrays", op, i, n)
	}
	return r, i, err
}

func (j *joining) inferAdjoint(op string, args []Arg) ([]ir.Type, error) {
	parts, err := listParts(op, args[0].Type)
	if err != nil {
		return nil, err
	}
	if err := checkNumber(op, "dout", args[1].Type); err != nil {
		return nil, err
	}
	index, err := literal(op, "index", args[2])
	if err != nil {
		return nil, err
	}
	axis, err := literal(op, "axis", args[3])
	if err != nil {
		return nil, err
	}
	dout := args[1].Type
	var buf extents
	_, at, err := j.checkAdjoint(op, &buf, len(parts), func(i int) []int { return parts[i].Shape }, dout.Shape, index, axis)
	if err != nil {
		return nil, err
	}
	types := make([]ir.Type, len(parts))
	for i, part := range parts {
		types[i] = adjointElement(elementOfType(part), elementOfType(dout)).typeOf(part.Shape)
	}
	if at >= 0 {
		return types[at : at+1], nil
	}
	return []ir.Type{{Kind: ir.ListKind, Parts: types}}, nil
}

func (j *joining) evalAdjoint(op string, dst, args []ir.Value) error {
	items, err := listItems(op, args[0])
	if err != nil {
		return err
	}
	dout := args[1]
	if !dout.IsNumber() {
		return wantError(op, "dout", dout, "a number")
	}
	buf := shapes.get()
	defer shapes.put(buf)
	r, index, err := j.checkAdjoint(op, buf, len(items), func(i int) []int { return items[i].Shape() }, dout.Shape(), args[2], args[3])
	if err != nil {
		return err
	}
	if index >= 0 {
		return r.part(&dst[0], items, index, dout)
	}
	parts := make([]ir.Value, len(items))
	for i := range items {
		if err := r.part(&parts[i], items, i, dout); err != nil {
			return err
		}
	}
	dst[0] = ir.ListOf(parts...)
	return nil
}

// part makes *dst the part of dout that items[index] went to.
func (r *joined) part(dst *ir.Value, items []ir.Value, index int, dout ir.Value) error {
	at := 0
	for _, item := range items[:index] {
		at += r.run(item.Shape())
	}
	shape := items[index].Shape()
	run := r.run(shape)
	element := adjointElement(elementOf(items[index]), elementOf(dout))
	t, err := operandAs(dout, element.DType)
	if err != nil {
		return err
	}
	defer freeOperand(t, dout)
	out, err := newResult(dst, element.DType, shape)
	if err != nil {
		return err
	}
	for block := range r.outer {
		copyRun(out, block*run, t, block*r.rest+at, run)
	}
	setResult(dst, out, element.Weak)
	return nil
}
