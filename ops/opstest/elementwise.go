package opstest

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// elements is the law of elements: each of the result is what the op gives for
// the elements of the broadcast operands alone.
func (s *subject) elements(args []ir.Value) {
	results, err := s.eval(args)
	s.must(args, err)
	out := results[0]
	if !out.IsNumber() {
		return
	}
	for i := range size(out) {
		alone := make([]ir.Value, len(args))
		for k, arg := range args {
			alone[k] = arg
			if arg.IsNumber() {
				alone[k] = arg.Boxed().At(broadcastOffset(out.Shape(), arg.Shape(), i)).AsWeak(arg.Weak())
			}
		}
		want, err := s.eval(alone)
		s.must(alone, err)
		if got := out.Boxed().At(i).AsWeak(out.Weak()); !ir.SameValue(got, want[0]) {
			s.fail("%s: element %d is %s, but %s = %s", s.describe(args), i, ir.FormatShort(got), s.describe(alone), ir.FormatShort(want[0]))
			return
		}
	}
}

// broadcastOffset returns which element of an operand broadcast to shape stands at
// element i of the result.
func broadcastOffset(shape, operand []int, i int) int {
	offset, stride := 0, 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		index := i % shape[axis]
		i /= shape[axis]
		if at := axis - (len(shape) - len(operand)); at >= 0 {
			if operand[at] != 1 {
				offset += index * stride
			}
			stride *= operand[at]
		}
	}
	return offset
}

// broadcasts is how often operands that broadcast are drawn.
const broadcasts = 100

// broadcast is the law of elements for operands of random shapes and dtypes, with
// special values.
func (s *subject) broadcast() {
	for range broadcasts {
		shape := make([]int, s.random.IntN(5))
		for axis := range shape {
			shape[axis] = 1 + s.random.IntN(4)
		}
		args := slices.Clone(s.examples[s.random.IntN(len(s.examples))].Args)
		for i := range args {
			if args[i].IsNumber() && !s.scalarOnly(i) {
				args[i] = s.operand(shape)
			}
		}
		s.of(func() { s.elements(args) })
	}
}

// scalarOnly reports whether argument i is one that does not broadcast.
func (s *subject) scalarOnly(i int) bool {
	p := s.op.ParamAt(i)
	return p.Static || p.Name == "fill_value"
}

// operand draws a number that broadcasts to shape.
func (s *subject) operand(shape []int) ir.Value {
	own := slices.Clone(shape[s.random.IntN(len(shape)+1):])
	for axis := range own {
		if s.random.IntN(2) == 0 {
			own[axis] = 1
		}
	}
	specials := Specials()
	t := tensor(ir.F64, own...)
	for i := range t.Size() {
		t.SetAt(i, ir.Float(specials[s.random.IntN(len(specials))]))
	}
	return InDType(ir.TensorValue(t), ir.DTypes[s.random.IntN(len(ir.DTypes))]).AsWeak(s.random.IntN(2) == 0)
}

// records is the law of records.
func (s *subject) records(e Example) {
	names := []string{"W", "b"}
	record := func(w, b ir.Value) ir.Value { return ir.RecordOf(names, []ir.Value{w, b}) }
	plain, err := s.eval(e.Args)
	s.must(e.Args, err)
	if !plain[0].IsNumber() {
		return
	}
	want := record(plain[0], record(plain[0], plain[0]))
	for i := range s.op.Params {
		if !e.Args[i].IsNumber() || s.scalarOnly(i) {
			continue
		}
		args := slices.Clone(e.Args)
		args[i] = record(args[i], record(args[i], args[i]))
		got, err := s.eval(args)
		s.must(args, err)
		if !ir.SameValue(got[0], want) {
			s.fail("%s: the result differs from that for the fields", s.describe(args))
		}
		s.haveTypes(args, got)
	}
}
