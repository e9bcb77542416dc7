package ops

import "flowc.dev/flowc/ir"

// Examples of linear algebra, shape, reduction, neural and index ops.

func items(values ...ir.Value) ir.Value { return ir.ListOf(values...) }

// counts returns whole numbers from 0 to 3 in the shape of v.
func counts(v ir.Value) ir.Value {
	t := must(ir.NewTensor(ir.F64, v.Shape()...))
	for i, data := 0, ir.Data[float64](t); i < len(data); i++ {
		data[i] = float64(i % 4)
	}
	return ir.TensorValue(t)
}

func init() {
	linalgExamples()
	shapeExamples()
	reductionExamples()
	neuralExamples()
	indexExamples()
}

func linalgExamples() {
	type shapes struct{ a, b, product []int }
	products := []shapes{
		{[]int{2, 3}, []int{3, 4}, []int{2, 4}},
		{[]int{3}, []int{3}, []int{}},
		{[]int{3}, []int{3, 4}, []int{4}},
		{[]int{2, 3}, []int{3}, []int{2}},
		{[]int{2, 2, 3}, []int{3, 2}, []int{2, 2, 2}},
		{[]int{2, 3}, []int{4, 3, 2}, []int{4, 2, 2}},
		{[]int{2, 1, 2, 3}, []int{3, 3, 1}, []int{2, 3, 2, 1}},
		{[]int{2, 2, 3}, []int{2, 3}, nil},
		{[]int{3}, []int{2, 3, 2}, []int{2, 2}},
		{[]int{2, 2, 3}, []int{3}, []int{2, 2}},
		{[]int{0, 3}, []int{3, 2}, []int{0, 2}},
		{[]int{2, 0}, []int{0, 3}, []int{2, 3}},
		{[]int{5, 7}, []int{7, 26}, []int{5, 26}},
	}
	for i, s := range products {
		if s.product == nil {
			continue
		}
		seed := uint64(100 + 10*i)
		a, b, c := uniform(seed, -1, 1, s.a...), uniform(seed+1, -1, 1, s.b...), uniform(seed+2, -1, 1, s.product...)
		addExamples("matmul", call(a, b))
		addExamples("matmul_adjoint_x1", call(a, b, c))
		addExamples("matmul_adjoint_x2", call(a, b, c))
		addExamples("gemm", call(c, a, b), call(ir.Float(0.5), a, b))
	}
	a, b, c := uniform(90, -1, 1, 2, 3), uniform(91, -1, 1, 3, 4), uniform(92, -1, 1, 2, 4)
	for _, op := range []string{"matmul_adjoint_x1", "matmul_adjoint_x2"} {
		addExamples(op, call(a, b, uniform(93, -1, 1, 3, 2, 4)), call(inDType(a, ir.F32), b, c), call(a, inDType(b, ir.F32), c),
			call(a, b, inDType(c, ir.F32)), call(inDType(a, ir.I64), b, c), call(inDType(a, ir.I64), inDType(b, ir.I32), inDType(c, ir.I64)),
			call(uniform(94, -1, 1, 1, 3), b, c))
	}
	addExamples("gemm", call(uniform(95, -1, 1, 3, 2, 4), a, b), call(uniform(96, -1, 1, 4), a, b), call(uniform(97, -1, 1, 2, 1), a, b),
		call(c, uniform(94, -1, 1, 1, 3), b), call(inDType(c, ir.F32), a, b), call(inDType(c, ir.F32), inDType(a, ir.F32), inDType(b, ir.F32)),
		call(inDType(c, ir.I64), inDType(a, ir.I64), inDType(b, ir.I64)), call(c.AsWeak(true), a, b), call(c.AsWeak(true), a.AsWeak(true), b.AsWeak(true)))
	x, y, s := uniform(80, -1, 1, 3), uniform(81, -1, 1, 4), uniform(82, -1, 1, 3, 4)
	addExamples("outer", call(x, y), call(uniform(83, -1, 1, 0), y))
	addExamples("ger", call(s, x, y), call(y, x, y), call(ir.Float(2), x, y), call(uniform(84, -1, 1, 2, 3, 4), x, y),
		call(s, uniform(85, -1, 1, 1), y), call(s, x, uniform(85, -1, 1, 1)), call(s, inDType(x, ir.F32), y), call(inDType(s, ir.I64), x, y),
		call(inDType(s, ir.F32), inDType(x, ir.F32), inDType(y, ir.F32)))
	for i, dtype := range ir.DTypes {
		for _, other := range ir.DTypes[i:] {
			addExamples("matmul", call(inDType(counts(a), dtype), inDType(counts(b), other)))
			addExamples("outer", call(inDType(counts(x), other), inDType(counts(y), dtype)))
		}
	}
	addExamples("eigh", call(f64t([]int{2, 2}, 2, 1, 1, 2)), call(f32t([]int{2, 2}, 2, 1, 1, 2)), call(i64t([]int{1, 1}, 5)),
		call(f64t([]int{0, 0})), call(f64t([]int{3, 3}, 4, 1, 0, 1, 3, 1, 0, 1, 2)))
}

func shapeExamples() {
	x := uniform(200, -1, 1, 2, 3, 4)
	one := uniform(201, -1, 1, 1, 3, 1)
	null, list := ir.Value{}, ints
	addExamples("reshape", call(x, list(6, 4)), call(x, list(-1)), call(x, list(2, -1, 2)), call(x, ir.WeakInt(24)), call(x, i64t([]int{2}, 4, 6)),
		call(ir.Float(2), list(1, 1)), call(uniform(1, 0, 1, 1), list()), call(uniform(1, 0, 1, 0, 3), list(3, 0)))
	addExamples("expand_dims", call(x, ir.WeakInt(0)), call(x, ir.WeakInt(-1)), call(x, list(0, 2)), call(ir.Float(1), ir.WeakInt(0)))
	addExamples("squeeze", call(one, null), call(one, ir.WeakInt(0)), call(one, list(0, -1)), call(uniform(1, 0, 1, 1, 1), null), call(ir.Float(1), null))
	for _, op := range []string{"transpose", "transpose_adjoint"} {
		addExamples(op, call(x, null), call(x, list(2, 0, 1)), call(x, list(0, -1, 1)), call(uniform(202, -1, 1, 20, 35), null),
			call(ir.Float(1), null), call(one, list(1, 2, 0)), call(uniform(203, -1, 1, 2, 0), null), call(uniform(204, 0, 1, 5), list(0)))
	}
	addExamples("broadcast_to", call(one, list(1, 3, 1)), call(one, list(2, 3, 4)), call(uniform(205, 0, 1, 3), list(2, 3)), call(ir.Float(1), list(2, 2)),
		call(ir.Float(1), list()), call(one, list(0, 3, 2)))
	addExamples("concat", call(items(x, uniform(206, -1, 1, 1, 3, 4)), ir.WeakInt(0)), call(items(x, uniform(207, -1, 1, 2, 0, 4), x), ir.WeakInt(1)),
		call(items(x), ir.WeakInt(-1)), call(items(uniform(208, 0, 1, 2), inDType(uniform(209, 0, 9, 3), ir.I64)), ir.WeakInt(0)))
	addExamples("stack", call(items(x, x), ir.WeakInt(0)), call(items(x, x, x), ir.WeakInt(-1)), call(items(ir.WeakFloat(1), ir.WeakInt(2)), ir.WeakInt(0)),
		call(items(ir.Float(1), ir.Float(2)), ir.WeakInt(0)), call(items(one, one), ir.WeakInt(1)))
	addExamples("concat_adjoint", call(items(x, x), uniform(210, -1, 1, 2, 6, 4), ir.WeakInt(1), ir.WeakInt(1)),
		call(items(x, uniform(206, -1, 1, 1, 3, 4)), uniform(211, -1, 1, 3, 3, 4), null, ir.WeakInt(0)))
	addExamples("stack_adjoint", call(items(x, x), uniform(212, -1, 1, 2, 3, 2, 4), ir.WeakInt(0), ir.WeakInt(2)),
		call(items(ir.Float(1), ir.WeakInt(2)), uniform(213, -1, 1, 2), ir.WeakInt(1), ir.WeakInt(0)),
		call(items(x, inDType(x, ir.F32)), uniform(212, -1, 1, 2, 2, 3, 4), null, ir.WeakInt(0)))
	addExamples("sum_to_like", call(x, uniform(214, -1, 1, 3, 1)), call(x, ir.Float(0)), call(x, x), call(x, inDType(one, ir.F32)),
		call(inDType(x, ir.F32), uniform(215, 0, 1, 4)), call(x, inDType(x, ir.I64)), call(inDType(x, ir.I64), ir.Int(1)), call(ir.Float(2), ir.WeakFloat(1)))
	addExamples("broadcast_like", call(one, x), call(ir.Float(1), x), call(ir.Float(1), ir.Float(2)), call(x, x))
	addExamples("reshape_like", call(x, uniform(216, 0, 1, 24)), call(uniform(1, 0, 1, 1), ir.Float(0)), call(ir.Float(1), uniform(1, 0, 1, 1, 1)))
	for _, dtype := range ir.DTypes {
		v, small := inDType(x, dtype), inDType(uniform(217, 0, 1, 2, 3), dtype)
		addExamples("reshape", call(v, list(4, 6)), call(inDType(ir.Float(1), dtype), list(1)))
		addExamples("transpose", call(v, list(1, 0, 2)), call(v, list(2, 1, 0)))
		addExamples("broadcast_to", call(small, list(2, 2, 3)), call(inDType(uniform(218, 0, 1, 2, 1), dtype), list(2, 3)))
		addExamples("concat", call(items(small, small), ir.WeakInt(1)), call(items(small, uniform(219, 0, 1, 2, 1)), ir.WeakInt(1)))
		addExamples("stack", call(items(small, small), ir.WeakInt(1)))
		addExamples("shape", call(v), call(inDType(ir.Float(1), dtype)))
		addExamples("size", call(v), call(inDType(ir.Float(1), dtype)))
		addExamples("broadcast_like", call(small, v), call(inDType(ir.Float(1), dtype), x))
	}
	for _, op := range []string{"broadcast_like"} {
		examples[op] = examples[op][:4] // the others' shapes do not go together
	}
}

func reductionExamples() {
	null, no, yes := ir.Value{}, ir.BoolValue(false), ir.BoolValue(true)
	x, wide := uniform(300, 0.5, 2, 2, 3, 4), uniform(301, 0.5, 2, 20, 3)
	for _, op := range []string{"sum", "prod", "mean", "var", "max", "min", "any", "all", "argmax", "argmin"} {
		addExamples(op, call(x, null, no), call(x, ir.WeakInt(0), no), call(x, ir.WeakInt(1), yes), call(x, ir.WeakInt(-1), no), call(x, null, yes),
			call(wide, ir.WeakInt(0), no), call(wide, ir.WeakInt(1), yes), call(ir.Float(1.5), null, no), call(uniform(302, 0, 1, 1, 3, 1), ir.WeakInt(1), no),
			call(uniform(303, 0, 1, 0, 3), ir.WeakInt(1), no), call(uniform(304, 0, 1, 200, 3, 150), ir.WeakInt(1), no))
		if op != "argmax" && op != "argmin" {
			addExamples(op, call(x, ints(0, 2), no), call(x, ints(-1, 0), yes), call(x, ints(), no), call(x, ints(0, 1), no))
		}
		for _, dtype := range ir.DTypes {
			addExamples(op, call(inDType(x, dtype), null, no), call(inDType(x, dtype), ir.WeakInt(1), no), call(inDType(ir.Float(2), dtype), null, no))
		}
	}
	for _, op := range []string{"sum", "prod", "mean", "var", "any", "all"} {
		addExamples(op, kinked(uniform(305, 0, 1, 3, 0), ir.WeakInt(1), no), kinked(uniform(305, 0, 1, 0), null, no))
	}
	addExamples("prod", call(f64t([]int{2, 3}, 0, 2, 3, 0, 0, 5), ir.WeakInt(1), no))
	for _, op := range []string{"max", "min"} {
		addExamples(op, kinked(f64t([]int{4}, 1, 3, 3, 1), null, no))
	}
	for _, op := range []string{"sum", "prod", "mean", "var"} {
		addExamples(op+"_adjoint", call(x, ir.Float(2), null, no), call(x, uniform(306, 0, 1, 2, 4), ir.WeakInt(1), no),
			call(x, uniform(307, 0, 1, 2, 3, 1), ir.WeakInt(2), yes), call(inDType(x, ir.F32), ir.Float(1), null, no),
			call(inDType(x, ir.I64), uniform(306, 0, 1, 2, 4), ir.WeakInt(1), no), call(ir.Float(1), ir.Float(2), null, no))
	}
	out := f64t([]int{2}, 3, 5)
	addExamples("max_adjoint", call(f64t([]int{2, 3}, 1, 3, 3, 5, 4, 5), out, f64t([]int{2}, 1, 1), ir.WeakInt(1), no),
		call(f32t([]int{2}, 1, 3), ir.Float32(3), ir.Float(1), null, no), call(i64t([]int{2}, 1, 3), ir.Int(3), ir.Float(1), null, no))
}

func neuralExamples() {
	no, yes := ir.BoolValue(false), ir.BoolValue(true)
	x := uniform(400, -3, 3, 2, 3, 4)
	for _, axis := range []int64{-1, 0, 1} {
		at := ir.WeakInt(axis)
		for _, op := range []string{"softmax", "log_softmax"} {
			addExamples(op, call(x, at), call(uniform(401, -1, 1, 40, 1, 3), at))
		}
		addExamples("logsumexp", call(x, at, no), call(x, at, yes))
	}
	for _, op := range []string{"softmax", "log_softmax"} {
		addExamples(op, call(uniform(402, 0, 1, 0), ir.WeakInt(0)), call(uniform(403, 0, 1, 2, 0), ir.WeakInt(0)))
	}
	addExamples("logsumexp", call(uniform(404, -3, 3, 5), ir.WeakInt(0), no), kinked(uniform(403, 0, 1, 2, 0), ir.WeakInt(1), no))
	logits := uniform(405, -3, 3, 4, 3)
	labels := i64t([]int{4}, 0, 2, 1, 1)
	addExamples("cross_entropy", call(logits, labels), call(uniform(406, -1, 1, 3), ir.Int(2)), call(uniform(407, -1, 1, 2, 2, 3), u8t([]int{2, 2}, 0, 1, 2, 2)),
		kinked(f64t([]int{0, 3}), i64t([]int{0})))
	addExamples("cross_entropy_adjoint", call(logits, labels, ir.Float(1)), call(logits, inDType(labels, ir.I32), ir.WeakFloat(2)))
	for _, dtype := range ir.DTypes {
		v := inDType(logits, dtype)
		addExamples("softmax", call(v, ir.WeakInt(-1)))
		addExamples("log_softmax", call(v, ir.WeakInt(-1)))
		addExamples("logsumexp", call(v, ir.WeakInt(-1), no))
		addExamples("cross_entropy", call(v, labels))
		addExamples("cross_entropy_adjoint", call(v, labels, inDType(ir.Float(1), dtype)))
	}
}

func indexExamples() {
	null := ir.Value{}
	x := uniform(500, -1, 1, 3, 4, 5)
	slice := func(parts ...ir.Value) ir.Value { return ir.ListOf(parts...) }
	i := ir.WeakInt
	selections := [][]ir.Value{
		{i(1)}, {i(-1), i(2)}, {i(0), i(1), i(-5)}, {ir.Scalar(ir.U8, 2)},
		{slice(i(1), i(3), null)}, {slice(i(2))}, {slice(i(1), null)}, {i(1), slice(null, null, i(2)), i(0)},
		{slice(null, null, i(-1)), slice(i(3), i(0), i(-2))}, {slice(null, null, null), i(2)}, {slice(i(5), i(9), null)},
		{slice(null, null, i(-1<<63))}, {slice(null, null, i(1<<62))}, {slice(i(-2), null, null), slice(i(-100), i(100), i(3)), slice(i(4), i(4), null)},
	}
	for _, indices := range selections {
		addExamples("getitem", call(append([]ir.Value{x}, indices...)...))
		var s selection
		if err := s.selectFrom("getitem", []int{3, 4, 5}, len(indices), func(i int) (*ir.Value, error) { return &indices[i], nil }); err != nil {
			panic(err)
		}
		dout := uniform(501, -1, 1, s.shape...)
		addExamples("getitem_adjoint", call(append([]ir.Value{x, dout}, indices...)...))
	}
	list := items(x, x)
	record := ir.RecordOf([]string{"W", "b"}, []ir.Value{x, uniform(502, 0, 1, 3)})
	addExamples("getitem", call(list, i(1)), call(list, i(-2)), call(record, ir.String("W")), call(items(ir.Float(1), ir.Float(2)), i(0)))
	addExamples("getitem_adjoint", call(record, x, ir.String("W")), call(inDType(x, ir.F32), uniform(501, -1, 1, 4, 5), i(0)),
		call(inDType(x, ir.I64), uniform(501, -1, 1, 4, 5), i(0)))
	indices := i64t([]int{2, 2}, 0, 2, -1, 0)
	addExamples("take", call(x, indices, i(0)), call(x, indices, i(1)), call(x, i64t([]int{2}, 4, -5), i(-1)), call(x, ir.Int(1), i(1)),
		call(uniform(503, 0, 1, 4), i(2), i(0)), call(x, i64t([]int{0}), i(0)), call(x, u8t([]int{1}, 2), i(0)))
	addExamples("take_adjoint", call(x, indices, uniform(504, -1, 1, 2, 2, 4, 5), i(0)), call(x, ir.Int(1), uniform(505, -1, 1, 3, 5), i(1)),
		call(inDType(x, ir.F32), ir.Int(1), uniform(505, -1, 1, 3, 5), i(1)))
	for _, dtype := range ir.DTypes {
		name := ir.String(dtype.String())
		addExamples("one_hot", call(i64t([]int{2, 2}, 0, 2, -1, 7), i(3), name), call(i(1), i(3), name), call(u8t([]int{2}, 0, 1), i(0), name))
		v := inDType(x, dtype)
		addExamples("getitem", call(v, i(1)), call(v, slice(null, null, i(-1))))
		addExamples("take", call(v, indices, i(0)))
	}
}
