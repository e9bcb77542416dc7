package ops

import (
	"math"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

func init() {
	null := ir.Value{}
	x := uniform(50, -3, 3, 4, 5)
	record := ir.RecordOf([]string{"W", "b"}, []ir.Value{x, f32t([]int{2}, 1, 2)})
	for _, dtype := range ir.DTypes {
		addExamples("assert_finite", call(inDType(x, dtype)), call(inDType(ir.Float(2), dtype)))
		addExamples("summary", call(inDType(x, dtype)), call(inDType(ir.Float(2), dtype)))
		addExamples("histogram", call(inDType(x, dtype), ir.WeakInt(4), null), call(inDType(ir.Float(2), dtype), ir.WeakInt(1), null))
	}
	addExamples("assert_finite", call(record), call(ir.WeakFloat(0.5)), call(f64t([]int{0})))
	addExamples("summary", call(record), call(ir.WeakInt(3)), call(f64t([]int{0})), call(special))
	addExamples("histogram", call(x, ir.WeakInt(10), ir.ListOf(ir.WeakInt(-1), ir.WeakFloat(1.5))), call(f64t([]int{0}), ir.WeakInt(3), null),
		call(special, ir.WeakInt(3), null), call(f64t([]int{2}, 7, 7), ir.WeakInt(3), ir.ListOf(ir.WeakInt(7), ir.WeakInt(7))))
}

var special = f64t([]int{2, 3}, 1, math.NaN(), 3, math.Inf(1), math.Inf(-1), 2)

func TestAssertFiniteTellsTheFirst(t *testing.T) {
	op := Standard().Lookup("assert_finite")
	for want, v := range map[string]ir.Value{
		"3 of 6 elements are nan or infinite, the first is nan at [0,1]": special,
		"x is -inf: want a finite number":                                ir.Float32(float32(math.Inf(-1))),
		`field "b": assert_finite: 1 of 2 elements`:                      ir.RecordOf([]string{"a", "b"}, []ir.Value{ir.Int(1), f32t([]int{2}, 1, float32(math.NaN()))}),
	} {
		if _, err := eval(op, []ir.Value{v}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", ir.Format(v), err, want)
		}
	}
}

// The wanted counts and edges are those of numpy.histogram 2.4.
func TestHistogramIsNumPys(t *testing.T) {
	tenths := make([]float64, 101)
	for i := range tenths {
		tenths[i] = float64(i) / 10
	}
	null := ir.Value{}
	for _, c := range []struct {
		x, bins, limits ir.Value
		counts, edges   string
	}{
		{f64t([]int{101}, tenths...), ir.WeakInt(10), null, "[10 10 10 10 10 10 10 10 10 11]", "[0.0 1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0 9.0 10.0]"},
		{f64t([]int{101}, tenths...), ir.WeakInt(7), null, "[15 14 14 15 14 14 15]",
			"[0.0 1.4285714285714286 2.857142857142857 4.285714285714286 5.714285714285714 7.142857142857143 8.571428571428571 10.0]"},
		{f64t([]int{101}, tenths...), ir.WeakInt(3), ir.ListOf(ir.WeakFloat(0.3), ir.WeakFloat(0.9)), "[2 3 2]", "[0.3 0.5 0.7000000000000001 0.9]"},
		{i64t([]int{5}, 1, 1, 2, 5, 9), ir.WeakInt(4), null, "[3 0 1 1]", "[1.0 3.0 5.0 7.0 9.0]"},
		{f64t([]int{3}, 2, 2, 2), ir.WeakInt(2), null, "[0 3]", "[1.5 2.0 2.5]"},
		{f64t([]int{0}), ir.WeakInt(2), null, "[0 0]", "[0.0 0.5 1.0]"},
		{special, ir.WeakInt(2), null, "[1 2]", "[1.0 2.0 3.0]"},
	} {
		got, err := eval(Standard().Lookup("histogram"), []ir.Value{c.x, c.bins, c.limits})
		if err != nil {
			t.Fatal(err)
		}
		if counts, edges := ir.Format(got[0]), ir.Format(got[1]); counts != c.counts || edges != c.edges {
			t.Errorf("%s in %s bins: %s, %s: want %s, %s", c.x.Type(), ir.Format(c.bins), counts, edges, c.counts, c.edges)
		}
	}
}

func TestHistogramOfTheLargestNumbers(t *testing.T) {
	got, err := eval(Standard().Lookup("histogram"), []ir.Value{f64t([]int{3}, -math.MaxFloat64, 0, math.MaxFloat64), ir.WeakInt(3), {}})
	if err != nil || strings.Contains(ir.Format(got[1]), "nan") {
		t.Errorf("%v, %v", got, err)
	}
}

// Where bins cannot be told apart, the last one has what is there.
func TestHistogramOfARangeTooSmall(t *testing.T) {
	for _, x := range []ir.Value{f64t([]int{2}, math.MaxFloat32, math.MaxFloat32), f64t([]int{2}, 0, math.SmallestNonzeroFloat64)} {
		for _, bins := range []int64{1, 3} {
			got, err := eval(Standard().Lookup("histogram"), []ir.Value{x, ir.WeakInt(bins), {}})
			if err != nil {
				t.Fatal(err)
			}
			sum := int64(0)
			for _, n := range ir.Data[int64](got[0].Tensor()) {
				sum += n
			}
			if sum != 2 {
				t.Errorf("%s in %d bins: %s, %s", ir.Format(x), bins, ir.Format(got[0]), ir.Format(got[1]))
			}
		}
	}
}

func TestSummary(t *testing.T) {
	got, err := eval(Standard().Lookup("summary"), []ir.Value{special})
	if want := "{size: 6, nan: 1, inf: 2, min: 1.0, max: 3.0, mean: 2.0, std: 0.816496580927726}"; err != nil || ir.Format(got[0]) != want {
		t.Errorf("%s, %v: want %s", ir.Format(got[0]), err, want)
	}
}

func TestTimer(t *testing.T) {
	now := int64(0)
	class := Standard().Class("timer")
	env := Env{Now: func() int64 { return now }}
	self, err := class.New(env, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	run := func(method string, passed int64) {
		now += passed
		o := calling(method).call(class, self)
		if o.err != nil {
			t.Fatal(o.err)
		}
		for _, v := range o.results {
			got = append(got, ir.Format(v))
		}
	}
	const second = 1e9
	run("lap", 0)
	run("lap", 2*second)
	run("elapsed", second)
	state := self.State()
	now += 100 * second // between a snapshot and its resumption
	if self, err = class.Restore(env, nil, state); err != nil {
		t.Fatal(err)
	}
	run("stop", 3*second)
	run("elapsed", second)
	run("statistics", 0)
	want := "0.0 2.0 1.0 4.0 0.0 {count: 2, total: 6.0, mean: 3.0, min: 2.0, max: 4.0, last: 4.0}"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

func TestMetricLines(t *testing.T) {
	class := Standard().Class("metric.jsonl")
	memory := &memoryLog{}
	env := Env{Logs: memory, Step: func() int64 { return 7 }}
	self, err := class.New(env, []ir.Value{ir.String("a.jsonl")})
	if err != nil {
		t.Fatal(err)
	}
	values := ir.RecordOf([]string{"a", "b", "c", "d", "e"}, []ir.Value{f32t([]int{2, 2}, 1, 0.1, float32(math.NaN()), -2),
		ir.String("x\"\n<"), ir.ListOf(ir.BoolValue(true), ir.Value{}), ir.RecordOf([]string{"n"}, []ir.Value{ir.WeakInt(3)}), i64t([]int{0, 3})})
	if o := calling("log", values).call(class, self); o.err != nil {
		t.Fatal(o.err)
	}
	want := `{"step":7,"a":[[1.0,0.1],["nan",-2.0]],"b":"x\"\n\u003c","c":[true,null],"d":{"n":3},"e":[]}` + "\n"
	if memory.text != want {
		t.Errorf("got %s, want %s", memory.text, want)
	}
	huge := ir.RecordOf([]string{"a"}, []ir.Value{uniform(1, 0, 1, 1<<18)})
	if o := calling("log", huge).call(class, self); o.err == nil || !strings.Contains(o.err.Error(), "1 MiB") || memory.text != want {
		t.Errorf("a huge line: %v", o.err)
	}
}

type memoryLog struct{ text string }

func (l *memoryLog) Begin(string) error                      { l.text = ""; return nil }
func (l *memoryLog) Cut(_ string, size int64) (int64, error) { return size, nil }
func (l *memoryLog) Write(_ string, offset int64, line []byte) error {
	l.text = l.text[:offset] + string(line)
	return nil
}
