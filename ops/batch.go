package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// A Batch turns the arguments of one evaluation for each row into those of one
// evaluation for all rows. It fails where that cannot be done.
type Batch func(r *Rows) error

// Rows are the arguments of k evaluations of an op.
type Rows struct {
	Count int // k, at least 1
	// Args are the arguments. A stacked one has those of the k evaluations,
	// which are numbers of one type, along its leading axis; another is the same
	// for all. At least one is stacked.
	Args    []ir.Value
	Stacked []bool
	// drop is the number of axes of extent 1, at dropAt, that the result has
	// too many.
	drop   int
	dropAt int
	// given are the arguments as they were, row and result what an evaluation
	// of one row needs.
	given, row, result []ir.Value
}

// Batched returns how the op is evaluated on several rows at once, nil if it
// cannot be.
func (op *Op) Batched() Batch {
	switch {
	case op.Results != 1:
		return nil
	case op.Batch != nil:
		return op.Batch
	case op.Elementwise:
		return batchElementwise
	}
	return nil
}

// EvalRows evaluates the op for each of the rows and stacks the results into
// dst along a new leading axis. They have the bits, dtype and weakness that
// evaluations one by one have. It changes r.Args. On an error some of the
// evaluations may fail, or all succeed: one by one they tell.
func (op *Op) EvalRows(dst []ir.Value, r *Rows) error {
	r.drop = 0
	r.given = append(r.given[:0], r.Args...)
	if err := op.Batched()(r); err != nil {
		return op.evalEach(dst, r)
	}
	if err := op.Eval(dst, r.Args); err != nil {
		return err
	}
	t := dst[0].Tensor()
	if t == nil || t.Shape()[0] != r.Count {
		return fmt.Errorf("%s of %d rows gives %s", op.Name, r.Count, dst[0].Type())
	}
	if r.drop == 0 {
		return nil
	}
	// The storage, which nobody else has, takes the new shape in place.
	u, err := t.Resize(t.DType(), slices.Delete(slices.Clone(t.Shape()), r.dropAt, r.dropAt+r.drop))
	if err != nil {
		return err
	}
	dst[0] = ir.TensorValue(u).AsWeak(dst[0].Weak())
	return nil
}

// evalEach evaluates the op row after row, for arguments that cannot be batched.
func (op *Op) evalEach(dst []ir.Value, r *Rows) error {
	if len(r.row) < len(r.given) {
		r.row, r.result = make([]ir.Value, len(r.given)), make([]ir.Value, 1)
	}
	var stack *ir.Tensor
	weak := false
	for i := range r.Count {
		args := r.row[:len(r.given)]
		for a, v := range r.given {
			if !r.Stacked[a] {
				args[a] = v
				continue
			}
			args[a] = v.Tensor().CopyOut(i, args[a]).AsWeak(v.Weak())
		}
		if err := op.Eval(r.result, args); err != nil {
			return err
		}
		result := r.result[0]
		if !result.IsNumber() {
			return fmt.Errorf("%s gives %s", op.Name, result.Type())
		}
		if i == 0 {
			var err error
			if stack, err = output(&dst[0], result.DType(), append([]int{r.Count}, result.Shape()...)); err != nil {
				return err
			}
			weak = result.Weak()
		} else if result.DType() != stack.DType() || result.Weak() != weak || !slices.Equal(result.Shape(), stack.Shape()[1:]) {
			return fmt.Errorf("%s gives results of different types", op.Name)
		}
		stack.CopyBlock(i, result)
	}
	finish(&dst[0], stack, weak)
	return nil
}

// rank returns the rank of the rows of argument i.
func (r *Rows) rank(i int) int {
	rank := len(r.Args[i].Shape())
	if r.Stacked[i] {
		rank--
	}
	return rank
}

// insert gives the stacked argument i n axes of extent 1 before its axis at.
func (r *Rows) insert(i, at, n int) error {
	if n == 0 {
		return nil
	}
	t := r.Args[i].Tensor()
	shape := slices.Insert(slices.Clone(t.Shape()), at, slices.Repeat([]int{1}, n)...)
	view, err := t.View(shape)
	if err != nil {
		return err
	}
	r.Args[i] = ir.TensorValue(view).AsWeak(r.Args[i].Weak())
	return nil
}

// batchElementwise lets the rows of all arguments have one rank, so that axes
// stay aligned at the last one.
func batchElementwise(r *Rows) error {
	rank := 0
	for i, arg := range r.Args {
		if arg.Kind() == ir.RecordKind || arg.Kind() == ir.ListKind {
			return fmt.Errorf("rows with %s", arg.Type())
		}
		rank = max(rank, r.rank(i))
	}
	for i := range r.Args {
		if r.Stacked[i] {
			if err := r.insert(i, 1, rank-r.rank(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// onlyFirst says that a stacked argument other than the first is none that can
// be batched.
func (r *Rows) onlyFirst(op string) error {
	if !r.Stacked[0] || slices.Contains(r.Stacked[1:], true) {
		return fmt.Errorf("%s has parameters that differ from row to row", op)
	}
	return nil
}

// batchAxes moves the axes that the second argument names behind the rows; null
// is all of them.
func batchAxes(r *Rows) error {
	if err := r.onlyFirst("a reduction"); err != nil {
		return err
	}
	rank := r.rank(0)
	var buf extents
	axes, err := axesParam("", "axis", &buf, r.Args[1], rank)
	if err != nil {
		return err
	}
	moved := make([]ir.Value, len(axes))
	for i, axis := range axes {
		moved[i] = ir.WeakInt(int64(axis + 1))
	}
	r.Args[1] = ir.ListOf(moved...)
	return nil
}

// batchAxis is batchAxes for ops that take one axis.
func batchAxis(r *Rows) error {
	if err := batchAxes(r); err != nil {
		return err
	}
	axes := r.Args[1].List().Items
	if len(axes) != 1 {
		return fmt.Errorf("%d axes: want one", len(axes))
	}
	r.Args[1] = axes[0]
	return nil
}

// batchMatmul makes the rows a batch of products.
func batchMatmul(r *Rows) error {
	a, b := r.rank(0), r.rank(1)
	if a < 1 || b < 1 {
		return fmt.Errorf("a product of numbers of rank 0")
	}
	if !r.Stacked[1] {
		// Rows, or matrices, times one operand.
		if b > 2 {
			return fmt.Errorf("a batch of products for each row")
		}
		return nil
	}
	if a == 1 && b == 1 {
		if !r.Stacked[0] {
			// The products of two vectors do not depend on their order, but the
			// bits of NaNs might.
			return r.columns()
		}
		if err := r.insert(0, 1, 1); err != nil {
			return err
		}
		r.drop, r.dropAt = 2, 1
		return r.insert(1, 2, 1)
	}
	if a > 2 || b > 2 {
		return fmt.Errorf("batches of products for each row")
	}
	switch {
	case b == 1:
		return r.columns()
	case a == 1 && r.Stacked[0]:
		r.drop, r.dropAt = 1, 1
		return r.insert(0, 1, 1)
	}
	return nil // a row or matrix times a stack of matrices
}

// columns makes stacked vectors, the second operand, columns.
func (r *Rows) columns() error {
	r.drop, r.dropAt = 1, r.rank(0)
	if r.Stacked[0] {
		r.dropAt = 1 + r.rank(0) - 1
	}
	return r.insert(1, 2, 1)
}

// batchGetitem leaves the leading axis whole.
func batchGetitem(r *Rows) error {
	if err := r.onlyFirst("getitem"); err != nil {
		return err
	}
	args := append(make([]ir.Value, 0, len(r.Args)+1), r.Args[0], ir.ListOf(ir.Value{}, ir.Value{}, ir.Value{}))
	r.Args = append(args, r.Args[1:]...)
	return nil
}

// batchFirst is for ops of one number that work on its last axes.
func batchFirst(r *Rows) error { return r.onlyFirst("the op") }

// batchReshape puts the number of rows before the shape, which has no unknown
// extent.
func batchReshape(r *Rows) error {
	if err := r.onlyFirst("reshape"); err != nil {
		return err
	}
	shape := r.Args[1].List()
	if shape == nil {
		return fmt.Errorf("reshape to %s", r.Args[1].Type())
	}
	r.Args[1] = ir.ListOf(append([]ir.Value{ir.WeakInt(int64(r.Count))}, shape.Items...)...)
	return nil
}

// batchGemm is for rows times one operand, with an addend that broadcasts to
// the product of a row.
func batchGemm(r *Rows) error {
	x2 := r.rank(2)
	if !r.Stacked[1] || r.Stacked[2] || r.rank(1) != 1 || x2 < 1 || x2 > 2 || r.rank(0) > x2-1 {
		return fmt.Errorf("a sum of products other than of rows")
	}
	if r.Stacked[0] {
		return r.insert(0, 1, x2-1-r.rank(0))
	}
	return nil
}
