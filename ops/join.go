package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// A joining describes concat or stack: how shapes join along an axis.
type joining struct {
	name string
	// axisOf reads the axis for items of the given rank.
	axisOf func(op string, axis ir.Value, rank int) (int, error)
	// matches reports whether two items' shapes go together.
	matches func(a, b []int, axis int) bool
	want    string
	// join returns the shape of the result, a slice of buf; total is the sum
	// of the items' extents along axis where they have it.
	join func(buf *extents, item []int, axis, items, total int) []int
}

func joinOps() []*Op {
	concat := &joining{
		name: "concat",
		axisOf: func(op string, axis ir.Value, rank int) (int, error) {
			if rank == 0 {
				return 0, fmt.Errorf("%s: arrays of rank 0 have no axis to join; use stack", op)
			}
			return axisParam(op, "axis", axis, rank)
		},
		matches: func(a, b []int, axis int) bool {
			return len(a) == len(b) && slices.Equal(a[:axis], b[:axis]) && slices.Equal(a[axis+1:], b[axis+1:])
		},
		want: "shapes that differ in that axis only",
		join: func(buf *extents, item []int, axis, _, total int) []int {
			shape := append(buf[:0], item...)
			shape[axis] = total
			return shape
		},
	}
	stack := &joining{
		name: "stack",
		axisOf: func(op string, axis ir.Value, rank int) (int, error) {
			if rank == ir.MaxRank {
				return 0, fmt.Errorf("%s: arrays of rank %d leave no room for a new axis", op, rank)
			}
			return axisParam(op, "axis", axis, rank+1)
		},
		matches: func(a, b []int, _ int) bool { return slices.Equal(a, b) },
		want:    "equal shapes",
		join: func(buf *extents, item []int, axis, items, _ int) []int {
			shape := append(buf[:0], item[:axis]...)
			return append(append(shape, items), item[axis:]...)
		},
	}
	return []*Op{
		concat.op("The arrays joined along an axis. They meet in one element type."),
		concat.adjointOp(),
		stack.op("The arrays, of one shape, joined along a new axis. They meet in one element type."),
		stack.adjointOp(),
	}
}

func (j *joining) op(doc string) *Op {
	return &Op{
		Signature: ir.Signature{Name: j.name, Results: 1, Params: []ir.Param{
			required("arrays", "list of numbers, at least one"),
			optional("axis", ir.WeakInt(0), "the axis; a negative one counts from the end")}},
		Doc: doc, Infer: j.infer, Eval: j.eval, Gradient: j.gradient,
	}
}

// A joined is the geometry of a joined tensor: outer blocks, each of one run
// of every item.
type joined struct {
	axis, outer, rest int
	shape             []int
}

// check reads the shapes of n items. The result's shape is a slice of buf.
func (j *joining) check(op string, buf *extents, n int, shape func(i int) []int, axis ir.Value) (joined, error) {
	first := shape(0)
	at, err := j.axisOf(op, axis, len(first))
	if err != nil {
		return joined{}, err
	}
	total := 0
	for i := range n {
		if s := shape(i); !j.matches(first, s, at) {
			return joined{}, fmt.Errorf("%s: array 0 of shape %s and array %d of shape %s do not join along axis %d: want %s",
				op, ir.FormatShape(first), i, ir.FormatShape(s), at, j.want)
		} else if at < len(s) {
			total += s[at]
		}
	}
	result := joined{axis: at, outer: elementCount(first[:at]), shape: j.join(buf, first, at, n, total)}
	result.rest = elementCount(result.shape[at:])
	return result, nil
}

// run returns the number of elements of one run of an item of the given shape.
func (r *joined) run(item []int) int { return elementCount(item[r.axis:]) }

func (j *joining) infer(args []Arg) ([]ir.Type, error) {
	parts, err := listParts(j.name, args[0].Type)
	if err != nil {
		return nil, err
	}
	axis, err := literal(j.name, "axis", args[1])
	if err != nil {
		return nil, err
	}
	var buf extents
	r, err := j.check(j.name, &buf, len(parts), func(i int) []int { return parts[i].Shape }, axis)
	if err != nil {
		return nil, err
	}
	element := elementOfType(parts[0])
	for _, part := range parts[1:] {
		element = Promote(element, elementOfType(part))
	}
	return inferred(j.name, element, slices.Clone(r.shape), nil)
}

// listParts returns the types of the numbers in a list that is not empty.
func listParts(op string, list ir.Type) ([]ir.Type, error) {
	if list.Kind != ir.ListKind || len(list.Parts) == 0 {
		return nil, fmt.Errorf("%s: arrays is %s: want a list of at least one number", op, list)
	}
	for i, part := range list.Parts {
		if part.Kind != ir.Number {
			return nil, fmt.Errorf("%s: array %d is %s: want a number", op, i, part)
		}
	}
	return list.Parts, nil
}

// listItems returns the numbers in a list that is not empty.
func listItems(op string, v ir.Value) ([]ir.Value, error) {
	list := v.List()
	if list == nil || len(list.Items) == 0 {
		return nil, wantError(op, "arrays", v, "a list of at least one number")
	}
	for i, item := range list.Items {
		if !item.IsNumber() {
			return nil, fmt.Errorf("%s: array %d is %s: want a number", op, i, item.Type())
		}
	}
	return list.Items, nil
}

// shapes keeps storage for shapes that escape analysis would have allocated.
var shapes pool[extents]

func (j *joining) eval(dst, args []ir.Value) error {
	items, err := listItems(j.name, args[0])
	if err != nil {
		return err
	}
	buf := shapes.get()
	defer shapes.put(buf)
	r, err := j.check(j.name, buf, len(items), func(i int) []int { return items[i].Shape() }, args[1])
	if err != nil {
		return err
	}
	element := elementOf(items[0])
	for _, item := range items[1:] {
		element = Promote(element, elementOf(item))
	}
	out, err := output(&dst[0], element.DType, r.shape)
	if err != nil {
		return fmt.Errorf("%s: %w", j.name, err)
	}
	at := 0
	for _, item := range items {
		t, err := operandAs(item, element.DType)
		if err != nil {
			return err
		}
		run := r.run(t.Shape())
		for block := range r.outer {
			copyRun(out, block*r.rest+at, t, block*run, run)
		}
		at += run
		freeOperand(t, item)
	}
	finish(&dst[0], out, element.Weak)
	return nil
}

// gradient gives a list of adjoints, item by item where the call lists them.
func (j *joining) gradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	adjoint := func(index ir.Value) *ir.Node {
		return t.Call(j.name+"_adjoint", args[0], dout, ir.Const(index), args[1])
	}
	if args[0].Op != "list" {
		return []*ir.Node{adjoint(ir.Value{}), nil}
	}
	list := &ir.Node{Op: "list"}
	for i := range args[0].Args {
		list.Args = append(list.Args, adjoint(ir.WeakInt(int64(i))))
	}
	return []*ir.Node{list, nil}
}
