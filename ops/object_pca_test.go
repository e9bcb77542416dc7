package ops

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"

	"flowc.dev/flowc/ir"
)

// correlatedRows draws rows with different variances, correlations and an
// offset that is large against them.
func correlatedRows(t testing.TB, rows, cols int) []float64 {
	t.Helper()
	class, self := newTestObject(t, lawsEnv, "rng", ir.WeakInt(1))
	draws := callObject(t, class, self, "normal", weakInts(int64(rows), int64(cols)), ir.String("f64"))[0]
	data := ir.Data[float64](draws.Tensor())
	for r := range rows {
		row := data[r*cols : (r+1)*cols]
		for j := range row {
			row[j] *= 1 + float64(j*j)/4
			if j > 0 {
				row[j] += row[j-1] / 3
			}
		}
		for j := range row {
			row[j] += 1000 * float64(j)
		}
	}
	return data
}

func f64Data(v ir.Value) []float64 { return ir.Data[float64](v.Tensor()) }

func closeTo(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*max(1, math.Abs(want))
}

func TestPCAEqualsGonum(t *testing.T) {
	const rows, cols, components = 2000, 7, 4
	data := correlatedRows(t, rows, cols)
	class, self := newTestObject(t, lawsEnv, "learn.pca", ir.WeakInt(components))
	callObject(t, class, self, "analyze", ir.TensorValue(ir.MustTensor(data, rows, cols)))

	x := mat.NewDense(rows, cols, slices.Clone(data))
	var want stat.PC
	if !want.PrincipalComponents(x, nil) {
		t.Fatal("gonum finds no components")
	}
	var vectors mat.Dense
	want.VectorsTo(&vectors)
	variances := want.VarsTo(nil)
	got, gotVariances := f64Data(callObject(t, class, self, "components")[0]), f64Data(callObject(t, class, self, "variances")[0])
	for k := range components {
		if !closeTo(gotVariances[k], variances[k], 1e-10) {
			t.Errorf("variance %d is %v, want %v", k, gotVariances[k], variances[k])
		}
		axis := mat.Col(nil, k, &vectors)
		largest := slices.MaxFunc(axis, func(a, b float64) int { return int(math.Copysign(1, math.Abs(a)-math.Abs(b))) })
		for j, w := range axis {
			if w *= math.Copysign(1, largest); math.Abs(got[k*cols+j]-w) > 1e-10 {
				t.Errorf("component %d has %v at %d, want %v", k, got[k*cols+j], j, w)
			}
		}
	}

	var covariance mat.SymDense
	stat.CovarianceMatrix(&covariance, x, nil)
	mean, got2 := f64Data(callObject(t, class, self, "mean")[0]), f64Data(callObject(t, class, self, "covariance")[0])
	for i := range cols {
		if m := stat.Mean(mat.Col(nil, i, x), nil); !closeTo(mean[i], m, 1e-13) {
			t.Errorf("mean %d is %v, want %v", i, mean[i], m)
		}
		for j := range cols {
			if c := covariance.At(i, j); !closeTo(got2[i*cols+j], c, 1e-10) {
				t.Errorf("covariance [%d, %d] is %v, want %v", i, j, got2[i*cols+j], c)
			}
		}
	}

	transformed := f64Data(callObject(t, class, self, "transform", ir.TensorValue(ir.MustTensor(data, rows, cols)))[0])
	for k := range components {
		var column []float64
		for r := range rows {
			column = append(column, transformed[r*components+k])
		}
		m, v := stat.MeanVariance(column, nil)
		if math.Abs(m) > 1e-8 || !closeTo(v, variances[k], 1e-9) {
			t.Errorf("coordinate %d has mean %v and variance %v, want 0 and %v", k, m, v, variances[k])
		}
	}
}

// Rows and blocks of any size give equal bits.
func TestPCABlocksGiveEqualBits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows, cols := rapid.IntRange(1, 30).Draw(rt, "rows"), rapid.IntRange(1, 9).Draw(rt, "cols")
		data := correlatedRows(t, rows, cols)
		class, single := newTestObject(t, lawsEnv, "learn.pca", ir.WeakInt(1))
		_, blocks := newTestObject(t, lawsEnv, "learn.pca", ir.WeakInt(1))
		for r := range rows {
			callObject(t, class, single, "analyze", ir.TensorValue(ir.MustTensor(data[r*cols:(r+1)*cols], cols)))
		}
		for from := 0; from < rows; {
			n := rapid.IntRange(0, rows-from).Draw(rt, "block")
			callObject(t, class, blocks, "analyze", ir.TensorValue(ir.MustTensor(data[from*cols:(from+n)*cols], n, cols)))
			from += n
		}
		if !ir.SameValue(single.State(), blocks.State()) {
			rt.Fatal("blocks give other sums than rows")
		}
	})
}

func TestPCATakesAnyNumbers(t *testing.T) {
	class := Standard().Class("learn.pca")
	var digests []string
	for _, x := range []*ir.Tensor{
		ir.MustTensor([]uint8{1, 2, 3, 7, 7, 1}, 3, 2), ir.MustTensor([]int32{1, 2, 3, 7, 7, 1}, 3, 2), ir.MustTensor([]int64{1, 2, 3, 7, 7, 1}, 3, 2),
		ir.MustTensor([]float32{1, 2, 3, 7, 7, 1}, 3, 2), ir.MustTensor([]float64{1, 2, 3, 7, 7, 1}, 3, 2),
	} {
		_, self := newTestObject(t, lawsEnv, "learn.pca", ir.WeakInt(2))
		callObject(t, class, self, "analyze", ir.TensorValue(x))
		digests = append(digests, ir.ValueDigest(callObject(t, class, self, "components")[0])+
			ir.ValueDigest(callObject(t, class, self, "transform", ir.TensorValue(x))[0]))
	}
	if len(slices.Compact(digests)) != 1 {
		t.Error("the same numbers of other dtypes have other components")
	}
}

func TestPCAErrors(t *testing.T) {
	class := Standard().Class("learn.pca")
	block := func(rows, cols int, data ...float64) ir.Value { return ir.TensorValue(ir.MustTensor(data, rows, cols)) }
	fresh := func() Object {
		_, self := newTestObject(t, lawsEnv, "learn.pca", ir.WeakInt(2))
		return self
	}
	with := func(x ir.Value) Object {
		self := fresh()
		callObject(t, class, self, "analyze", x)
		return self
	}
	two := block(2, 2, 1, 2, 3, 5)
	for _, tt := range []struct {
		self Object
		call objectCall
		want string
	}{
		{fresh(), calling("components"), "learn.pca.components: 0 rows have been analyzed: call analyze with at least 2 rows before"},
		{fresh(), calling("mean"), "learn.pca.mean: 0 rows have been analyzed: call analyze with at least 1 rows before"},
		{with(block(1, 2, 1, 2)), calling("variances"), "learn.pca.variances: 1 rows"},
		{with(block(1, 2, 1, 2)), calling("covariance"), "learn.pca.covariance: 1 rows"},
		{with(two), calling("analyze", block(1, 3, 1, 2, 3)), "learn.pca.analyze: x has 3 columns, but the rows before it had 2"},
		{fresh(), calling("analyze", block(2, 1, 1, 2)), "learn.pca.analyze: components is 2, but x has only 1 columns"},
		{fresh(), calling("analyze", ir.WeakInt(1)), "learn.pca.analyze: x is weak i64: want a row [cols] or a block [rows,cols]"},
		{fresh(), calling("analyze", ir.TensorValue(ir.MustTensor([]float64{1, 2}, 1, 1, 2))), "learn.pca.analyze: x is f64[1,1,2]"},
		{fresh(), calling("analyze", ir.TensorValue(ir.MustTensor([]bool{true, false}, 2))), "learn.pca.analyze: x is bool[2]"},
		{fresh(), calling("analyze", ir.TensorValue(ir.MustTensor([]float64{}, 0))), "learn.pca.analyze: x has no columns"},
		{fresh(), calling("analyze", ir.TensorValue(ir.MustTensor([]float64{}, 0, 1<<20))), "learn.pca.analyze: the covariance of 1048576 columns is too large"},
		{with(two), calling("analyze", block(2, 2, 1, 2, 3, math.NaN())), "learn.pca.analyze: x[1, 1] is NaN: want finite numbers"},
		{fresh(), calling("analyze", block(1, 2, math.Inf(1), 2)), "learn.pca.analyze: x[0, 0] is +Inf: want finite numbers"},
		{with(block(1, 2, 1e308, 0)), calling("analyze", block(1, 2, -1e308, 2)), "learn.pca.analyze: x[0, 0] is -1e+308, too far from the first row"},
		{with(block(2, 2, 0, 0, 1e200, 1)), calling("components"), "learn.pca.components: the covariance overflows"},
		{with(two), calling("transform", block(1, 3, 1, 2, 3)), "learn.pca.transform: x is f64[1,3]: want a row [2] or a block [rows,2]"},
	} {
		before := ir.ValueDigest(tt.self.State())
		if o := tt.call.call(class, tt.self); o.err == nil || !strings.Contains(o.err.Error(), tt.want) {
			t.Errorf("%s gives %v, want an error with %q", tt.call.method, o.err, tt.want)
		}
		if ir.ValueDigest(tt.self.State()) != before {
			t.Errorf("%s changes the state although it fails: %s", tt.call.method, tt.want)
		}
	}
	if _, err := class.New(lawsEnv, []ir.Value{ir.WeakInt(0)}); err == nil || err.Error() != "learn.pca: components is 0: want at least 1" {
		t.Errorf("New(0) gives %v", err)
	}
}
