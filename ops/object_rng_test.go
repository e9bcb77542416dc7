package ops

import (
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/philox"
)

func newTestObject(t testing.TB, env Env, class string, args ...ir.Value) (*Class, Object) {
	t.Helper()
	c := Standard().Class(class)
	for _, p := range c.Params[len(args):] {
		args = append(args, *p.Default)
	}
	self, err := c.New(env, args)
	if err != nil {
		t.Fatal(err)
	}
	return c, self
}

// callObject calls a method, with defaults for the arguments that are left out.
func callObject(t testing.TB, class *Class, self Object, method string, args ...ir.Value) []ir.Value {
	t.Helper()
	for _, p := range class.Method(method).Params[len(args):] {
		args = append(args, *p.Default)
	}
	o := calling(method, args...).call(class, self)
	if o.err != nil {
		t.Fatal(o.err)
	}
	return o.results
}

func TestDrawsFollowEachOther(t *testing.T) {
	class, one := newTestObject(t, lawsEnv, "rng")
	_, two := newTestObject(t, lawsEnv, "rng")
	whole := callObject(t, class, one, "normal", weakInts(3, 4), ir.String("f64"))[0]
	var parts []float64
	for _, n := range []int64{5, 1, 0, 6} {
		v := callObject(t, class, two, "normal", weakInts(n), ir.String("f64"))[0]
		parts = append(parts, ir.Data[float64](v.Tensor())...)
	}
	if got := ir.Data[float64](whole.Tensor()); !slices.Equal(got, parts) {
		t.Errorf("12 draws at a time are %v, in parts %v", got, parts)
	}
	integers := func(self Object, n int64) []int64 {
		v := callObject(t, class, self, "integers", ir.WeakInt(0), ir.WeakInt(1<<40), weakInts(n))[0]
		return ir.Data[int64](v.Tensor())
	}
	if got, want := append(integers(one, 5), integers(one, 3)...), integers(two, 8); !slices.Equal(got, want) {
		t.Errorf("8 integers are %v, in parts %v", want, got)
	}
	scalar := callObject(t, class, one, "uniform", weakInts())[0]
	same := callObject(t, class, two, "uniform", weakInts(1))[0]
	if !scalar.IsScalar() || scalar.DType() != ir.F32 || !ir.SameValue(scalar, same.Tensor().At(0)) {
		t.Errorf("a scalar draw is %s, want the f32 %s", ir.FormatShort(scalar), ir.Format(same))
	}
}

// What an object draws depends on the run's seed, its own seed and its class.
func TestSeedsKeepApart(t *testing.T) {
	seen := map[string]string{}
	note := func(what string, v ir.Value) {
		t.Helper()
		digest := ir.ValueDigest(v)
		if other, ok := seen[digest]; ok {
			t.Errorf("%s draws what %s draws", what, other)
		}
		seen[digest] = what
	}
	for _, env := range []Env{{Seed: 0}, {Seed: 1}} {
		for _, seed := range []int64{0, 1, -1} {
			what := ir.FormatShort(ir.Int(int64(env.Seed))) + "/" + ir.FormatShort(ir.Int(seed))
			class, self := newTestObject(t, env, "rng", ir.WeakInt(seed))
			note("rng "+what, callObject(t, class, self, "normal", weakInts(8), ir.String("f64"))[0])
			class, self = newTestObject(t, env, "data.normal", ir.WeakInt(5), ir.WeakInt(8), ir.WeakInt(seed))
			note("data.normal "+what, callObject(t, class, self, "next")[0])
			class, self = newTestObject(t, env, "data.digits", ir.WeakInt(seed))
			note("data.digits "+what, callObject(t, class, self, "test")[1])
		}
	}
}

func TestPermutationHasEachNumberOnce(t *testing.T) {
	class, self := newTestObject(t, lawsEnv, "rng")
	first := callObject(t, class, self, "permutation", ir.WeakInt(1000))[0]
	second := callObject(t, class, self, "permutation", ir.WeakInt(1000))[0]
	if ir.SameValue(first, second) {
		t.Error("two permutations are the same")
	}
	order := slices.Sorted(slices.Values(ir.Data[int64](first.Tensor())))
	for i, n := range order {
		if n != int64(i) {
			t.Fatalf("sorted, the permutation has %d at %d", n, i)
		}
	}
}

func TestRNGErrors(t *testing.T) {
	f32, zero, one := ir.String("f32"), ir.WeakInt(0), ir.WeakInt(1)
	class, self := newTestObject(t, lawsEnv, "rng")
	for _, tt := range []struct {
		call objectCall
		want string
	}{
		{calling("normal", ir.String("x"), f32, zero, one), "rng.normal: shape is string"},
		{calling("normal", weakInts(-1), f32, zero, one), "rng.normal: shape is [-1]"},
		{calling("normal", weakInts(1<<20, 1<<20), f32, zero, one), "rng.normal: a f32 tensor of shape [1048576,1048576] exceeds the limit"},
		{calling("normal", one, ir.String("i64"), zero, one), "rng.normal: dtype is i64: want f32 or f64"},
		{calling("normal", one, f32, zero, ir.WeakFloat(-1)), "rng.normal: scale is -1: want at least 0"},
		{calling("normal", one, f32, weakInts(1), one), "rng.normal: loc is list of 1: want a number of rank 0"},
		{calling("uniform", one, f32, one, zero), "rng.uniform: low is 1 and high is 0"},
		{calling("uniform", one, f32, ir.WeakFloat(-1e308), ir.WeakFloat(1e308)), "their difference finite"},
		{calling("bernoulli", ir.WeakFloat(1.5), one), "rng.bernoulli: p is 1.5: want a probability, 0 to 1"},
		{calling("bernoulli", ir.BoolValue(true), one), "rng.bernoulli: p is bool"},
		{calling("integers", one, one, one), "rng.integers: low is 1 and high is 1"},
		{calling("integers", ir.WeakFloat(0.5), one, one), "rng.integers: low is 0.5: want a whole number"},
		{calling("permutation", ir.WeakInt(-1)), "rng.permutation: n is -1: want at least 0"},
		{calling("permutation", ir.WeakInt(1<<40)), "rng.permutation: a i64 tensor of shape [1099511627776] exceeds the limit"},
	} {
		if o := tt.call.call(class, self); o.err == nil || !strings.Contains(o.err.Error(), tt.want) {
			t.Errorf("%s gives %v, want an error with %q", tt.call.method, o.err, tt.want)
		}
	}
}

func TestRNGStreamEnds(t *testing.T) {
	class := Standard().Class("rng")
	self, err := class.Restore(lawsEnv, []ir.Value{ir.WeakInt(0)}, countState(rngState, philox.MaxPosition-3))
	if err != nil {
		t.Fatal(err)
	}
	callObject(t, class, self, "uniform", ir.WeakInt(3))
	f32, zero, one := ir.String("f32"), ir.WeakInt(0), ir.WeakInt(1)
	if o := calling("uniform", one, f32, zero, one).call(class, self); o.err == nil || !strings.Contains(o.err.Error(), "used up") {
		t.Errorf("a draw beyond the last gives %v", o.err)
	}
}

// Splits by different numbers, at different positions and of different
// generators give different streams; equal ones give the same.
func TestSplitsKeepApart(t *testing.T) {
	draw := func(seed, skip int64, splits ...int64) string {
		class, self := newTestObject(t, lawsEnv, "rng", ir.WeakInt(seed))
		callObject(t, class, self, "uniform", weakInts(skip))
		for _, n := range splits {
			callObject(t, class, self, "split", ir.WeakInt(n))
		}
		return ir.ValueDigest(callObject(t, class, self, "uniform", weakInts(8), ir.String("f64"))[0])
	}
	seen := map[string]bool{}
	for _, digest := range []string{
		draw(0, 0), draw(0, 0, 0), draw(0, 0, 1), draw(0, 0, -1), draw(0, 0, 0, 0), draw(0, 0, 0, 1), draw(0, 0, 1, 0), draw(0, 2, 0), draw(0, 3, 0), draw(1, 0, 0),
	} {
		if seen[digest] {
			t.Error("two splits give the same draws")
		}
		seen[digest] = true
	}
	if first, again := draw(0, 2, 5, 6), draw(0, 2, 5, 6); first != again {
		t.Error("equal splits give different draws")
	}
}

// Numbers are drawn into the storage of those that they replace.
func TestDrawsInPlace(t *testing.T) {
	class, self := newTestObject(t, lawsEnv, "rng")
	for _, c := range []struct {
		method string
		args   []ir.Value
	}{
		{"normal", []ir.Value{weakInts(3, 4), ir.String("f32"), ir.WeakInt(0), ir.WeakInt(1)}},
		{"uniform", []ir.Value{weakInts(3, 4), ir.String("f64"), ir.WeakInt(0), ir.WeakInt(1)}},
		{"integers", []ir.Value{ir.WeakInt(0), ir.WeakInt(9), weakInts(3, 4), ir.String("i64")}},
	} {
		results := make([]ir.Value, 1)
		method := class.Method(c.method)
		for run := range 2 {
			before := results[0].Tensor()
			if err := method.Prepare(self, results, c.args[:len(method.Params)]); err != nil {
				t.Fatal(c.method, err)
			}
			method.Commit(self)
			if after := results[0].Tensor(); run > 0 && after != before {
				t.Errorf("%s draws into other storage than that of its old result", c.method)
			}
		}
	}
}
