package ops

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/portable"
)

// TestLanesFollowTheirDefinition: softmax, log_softmax and logsumexp have the
// bits of their definitions by the reduction's order, along any axis.
func TestLanesFollowTheirDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := []int{rapid.IntRange(1, 3).Draw(t, "a"), rapid.IntRange(1, 40).Draw(t, "b"), rapid.IntRange(1, 3).Draw(t, "c")}
		axis := rapid.IntRange(0, 2).Draw(t, "axis")
		x := make([]float64, elementCount(shape))
		for i := range x {
			x[i] = rapid.Float64Range(-800, 800).Draw(t, "x")
		}
		reduced := make([]bool, 3)
		reduced[axis] = true
		at, v := ir.WeakInt(int64(axis)), f64t(shape, x...)
		softmax := lanesOf(ir.Data[float64](evalOp(t, "softmax", v, at).Tensor()), shape, reduced)
		logSoftmax := lanesOf(ir.Data[float64](evalOp(t, "log_softmax", v, at).Tensor()), shape, reduced)
		logSumExp := ir.Data[float64](evalOp(t, "logsumexp", v, at, ir.BoolValue(false)).Boxed())
		for i, lane := range lanesOf(x, shape, reduced) {
			largest := orderOfReduction(lane, math.Inf(-1), func(a, b float64) float64 { return max(a, b) })
			exps := make([]float64, len(lane))
			for j := range lane {
				exps[j] = portable.Exp(lane[j] - largest)
			}
			sum := orderOfReduction(exps, 0, func(a, b float64) float64 { return a + b })
			logSum := portable.Log(sum)
			wantSoftmax, wantLog := make([]float64, len(lane)), make([]float64, len(lane))
			for j := range lane {
				wantSoftmax[j] = exps[j] / sum
				wantLog[j] = lane[j] - largest - logSum
			}
			checkSameBits(t, "softmax", softmax[i], wantSoftmax)
			checkSameBits(t, "log_softmax", logSoftmax[i], wantLog)
			checkSameBits(t, "logsumexp", logSumExp[i:i+1], []float64{logSum + largest})
		}
	})
}

// TestCrossEntropyIsItsComposition: the fused ops have the bits of the mean of
// what they stand for.
func TestCrossEntropyIsItsComposition(t *testing.T) {
	for _, rows := range []int{1, 5, 16, 40} {
		logits := inDType(uniform(uint64(rows), -5, 5, rows, 7), ir.F32)
		labels := must(ir.NewTensor(ir.I64, rows))
		for i := range rows {
			ir.Data[int64](labels)[i] = int64(i * 5 % 7)
		}
		logProbabilities := evalOp(t, "log_softmax", logits, ir.WeakInt(-1))
		mask := evalOp(t, "one_hot", ir.TensorValue(labels), ir.WeakInt(7), ir.String("f32"))
		null, no := ir.Value{}, ir.BoolValue(false)
		picked := evalOp(t, "sum", evalOp(t, "multiply", logProbabilities, mask), ir.WeakInt(1), no)
		want := evalOp(t, "negative", evalOp(t, "mean", picked, null, no))
		if got := evalOp(t, "cross_entropy", logits, ir.TensorValue(labels)); !ir.SameValue(got, want) {
			t.Errorf("%d rows: cross_entropy is %s, its composition %s", rows, ir.Format(got), ir.Format(want))
		}
		scale := evalOp(t, "divide", ir.Float32(2), ir.Float32(float32(rows)))
		want = evalOp(t, "multiply", evalOp(t, "subtract", evalOp(t, "softmax", logits, ir.WeakInt(-1)), mask), scale)
		if got := evalOp(t, "cross_entropy_adjoint", logits, ir.TensorValue(labels), ir.Float32(2)); !ir.SameValue(got, want) {
			t.Errorf("%d rows: cross_entropy_adjoint is not its composition", rows)
		}
	}
}

func TestLanesWithInfinities(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	tests := []struct {
		op      string
		x, want []float64
	}{
		{"softmax", []float64{1000, 1000}, []float64{0.5, 0.5}},
		{"softmax", []float64{-inf, 0}, []float64{0, 1}},
		{"softmax", []float64{-inf, -inf}, []float64{nan, nan}},
		{"softmax", []float64{nan, 0}, []float64{nan, nan}},
		{"log_softmax", []float64{-inf, 0}, []float64{-inf, 0}},
		{"logsumexp", []float64{-inf, -inf}, []float64{-inf}},
		{"logsumexp", []float64{inf, 0}, []float64{inf}},
		{"logsumexp", []float64{-inf, 3}, []float64{3}},
		{"logsumexp", []float64{nan, 3}, []float64{nan}},
		{"logsumexp", nil, []float64{-inf}},
	}
	for _, test := range tests {
		args := []ir.Value{f64t([]int{len(test.x)}, test.x...), ir.WeakInt(0), ir.BoolValue(false)}
		got := evalOp(t, test.op, args[:len(Standard().Lookup(test.op).Params)]...)
		checkSameBits(t, test.op, ir.Data[float64](got.Boxed()), test.want)
	}
}

func TestNeuralErrors(t *testing.T) {
	logits := uniform(1, -1, 1, 2, 3)
	checkError(t, "cross_entropy", []ir.Value{logits, i64t([]int{2}, 0, 3)},
		"cross_entropy: label 3 of row 1 is not a class: the logits have classes 0 to 2")
	checkError(t, "cross_entropy", []ir.Value{logits, i64t([]int{3}, 0, 1, 2)},
		"cross_entropy: logits of shape [2,3] and labels of shape [3]: want a label for each row of logits, whose last axis is the classes")
	checkError(t, "cross_entropy", []ir.Value{logits, f32t([]int{2}, 0, 1)}, "cross_entropy: labels are f32: want integers")
	checkError(t, "softmax", []ir.Value{ir.Float(1), ir.WeakInt(-1)}, "softmax: x has rank 0: want at least one axis")
}
