package ops

import "flowc.dev/flowc/ir"

// An objectExample is a constructor's arguments and calls, one after the other,
// of which the laws of objects are tested.
type objectExample struct {
	args  []ir.Value
	calls []objectCall
}

type objectCall struct {
	method string
	args   []ir.Value
	fails  bool
}

func calling(method string, args ...ir.Value) objectCall {
	return objectCall{method: method, args: args}
}

func failing(method string, args ...ir.Value) objectCall {
	return objectCall{method: method, args: args, fails: true}
}

func weakInts(ns ...int64) ir.Value {
	items := make([]ir.Value, len(ns))
	for i, n := range ns {
		items[i] = ir.WeakInt(n)
	}
	return ir.ListOf(items...)
}

// objectExamples has examples for every class, by name. Every method is called
// with success at least once.
func objectExamples() map[string][]objectExample {
	f32, f64 := ir.String("f32"), ir.String("f64")
	zero, one := ir.WeakInt(0), ir.WeakInt(1)
	scalar := weakInts()
	next := calling("next")
	matrix := ir.TensorValue(ir.MustTensor([]float64{1, 2, 3, 4, 5, 7, -1, 0, 2, 8, 8, 1}, 4, 3))
	row := ir.TensorValue(ir.MustTensor([]float32{3, 1, -2}, 3))
	wide := ir.TensorValue(ir.MustTensor([]int64{3, 1, -2, 5}, 4))
	empty := ir.TensorValue(ir.MustTensor([]float64{}, 0, 3))
	return map[string][]objectExample{
		"rng": {{
			args: []ir.Value{ir.WeakInt(7)},
			calls: []objectCall{
				calling("normal", weakInts(3, 5), f32, zero, one),
				calling("normal", scalar, f64, ir.WeakFloat(-1.5), ir.WeakFloat(0.1)),
				calling("uniform", weakInts(0, 4), f32, zero, one),
				calling("uniform", ir.WeakInt(9), f64, ir.WeakInt(-1), ir.WeakFloat(2.5)),
				failing("uniform", scalar, f64, one, zero),
				calling("uniform", scalar, f32, zero, one),
				calling("bernoulli", ir.WeakFloat(0.3), weakInts(17)),
				failing("bernoulli", ir.WeakFloat(1.5), weakInts(17)),
				calling("integers", ir.WeakInt(-3), ir.WeakInt(4), weakInts(2, 3, 4)),
				calling("integers", ir.WeakInt(5), ir.WeakInt(6), scalar),
				failing("integers", ir.WeakInt(5), ir.WeakInt(5), scalar),
				calling("permutation", ir.WeakInt(10)),
				calling("permutation", zero),
				failing("permutation", ir.WeakInt(-1)),
				calling("normal", weakInts(2), f64, zero, one),
				calling("split", ir.WeakInt(-3)),
				calling("normal", weakInts(3), f64, zero, one),
				calling("split", one),
				failing("split", ir.WeakFloat(0.5)),
				calling("integers", zero, ir.WeakInt(1000), weakInts(4)),
			},
		}},
		"data.normal": {{
			args: []ir.Value{ir.WeakInt(6), ir.WeakInt(3), ir.WeakInt(123), f64, ir.BoolValue(false)},
			calls: []objectCall{next, calling("position"), next, next, calling("rewind"), next, next, next, next,
				next, next, failing("next"), failing("next"), calling("position"), calling("rewind"), next},
		}, {
			args:  []ir.Value{ir.WeakInt(4), ir.WeakInt(1), zero, f32, ir.BoolValue(true)},
			calls: []objectCall{next, next, next, next, calling("position"), next, calling("rewind"), next},
		}},
		"data.digits": {{
			args: []ir.Value{zero, ir.WeakFloat(0.2), ir.WeakFloat(0), f32},
			calls: []objectCall{next, calling("next_batch", ir.WeakInt(64)), calling("epoch"), calling("next_batch", ir.WeakInt(1300)),
				calling("next_batch", ir.WeakInt(100)), next, failing("next_batch", zero), failing("next_batch", ir.WeakInt(1500)),
				calling("batches_per_epoch", ir.WeakInt(64)), calling("test"), next},
		}, {
			args: []ir.Value{ir.WeakInt(3), ir.WeakFloat(0.5), ir.WeakFloat(0.45), f64},
			calls: []objectCall{calling("train"), calling("validation"), calling("next_batch", ir.WeakInt(30)), next,
				calling("next_batch", ir.WeakInt(30)), calling("next_batch", ir.WeakInt(50)), calling("epoch"), calling("test"), next},
		}},
		"metric.jsonl": {{
			args: []ir.Value{ir.String("runs/a.jsonl")},
			calls: []objectCall{calling("lines"), calling("log", ir.RecordOf([]string{"loss", "w"}, []ir.Value{ir.Float(0.5), matrix})),
				failing("log", ir.Float(1)), failing("log", ir.RecordOf([]string{"step"}, []ir.Value{ir.Int(1)})), calling("lines"),
				calling("log", ir.RecordOf(nil, nil)), calling("lines")},
		}},
		"timer": {{
			calls: []objectCall{failing("stop"), calling("elapsed"), calling("lap"), calling("lap"), calling("stop"), failing("stop"), calling("statistics"),
				calling("start"), calling("elapsed"), calling("stop"), calling("statistics")},
		}},
		"learn.pca": {{
			args: []ir.Value{ir.WeakInt(2)},
			calls: []objectCall{failing("components"), failing("mean"), calling("count"), calling("analyze", empty), calling("analyze", row),
				calling("mean"), failing("components"), failing("covariance"), failing("transform", row), calling("analyze", matrix),
				failing("analyze", wide), calling("components"), calling("variances"), calling("covariance"), calling("mean"),
				calling("count"), calling("analyze", empty), calling("transform", row), calling("transform", matrix),
				failing("transform", wide), calling("analyze", row), calling("components"), calling("transform", matrix)},
		}, {
			args: []ir.Value{{}},
			calls: []objectCall{failing("transform", row), calling("analyze", matrix), calling("components"), calling("variances"),
				calling("transform", matrix), calling("transform", row), calling("analyze", row), calling("components")},
		}},
		"data.array": {{
			args: []ir.Value{matrix, ir.BoolValue(false)},
			calls: []objectCall{next, calling("position"), next, calling("rows"), next, calling("rewind"), next, next, next, next,
				failing("next"), failing("next"), calling("position"), calling("rewind"), next},
		}, {
			args:  []ir.Value{wide, ir.BoolValue(true)},
			calls: []objectCall{next, next, next, next, calling("position"), next, calling("rewind"), next},
		}, {
			args:  []ir.Value{ir.TensorValue(ir.MustTensor([]bool{true, false, true, true, false, false}, 3, 1, 2)), ir.BoolValue(true)},
			calls: []objectCall{next, next, calling("position"), next, next, next, calling("rows")},
		}},
	}
}
