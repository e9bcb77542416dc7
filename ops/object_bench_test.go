package ops

import (
	"testing"

	"flowc.dev/flowc/ir"
)

// reusing returns a function that calls a method again and again with the same
// arguments and destinations, as a machine does.
func reusing(tb testing.TB, class *Class, self Object, method string, args ...ir.Value) func() {
	m := class.Method(method)
	dst := make([]ir.Value, m.Results)
	return func() {
		if err := m.Prepare(self, dst, args); err != nil {
			tb.Fatal(err)
		}
		m.Commit(self)
	}
}

// peeking is reusing for a source that is read in blocks.
func peeking(tb testing.TB, class *Class, self Object, method string, k int) func() {
	m := class.Method(method)
	dst := make([]ir.Value, m.Results)
	return func() {
		if _, err := m.Source.Peek(self, dst, nil, k); err != nil {
			tb.Fatal(err)
		}
		m.Source.Advance(self, k)
	}
}

// steadyCalls are the calls that programs make in their inner loops.
func steadyCalls(tb testing.TB) map[string]func() {
	normal, source := newTestObject(tb, lawsEnv, "data.normal", ir.WeakInt(1<<40), ir.WeakInt(13))
	digits, images := newTestObject(tb, lawsEnv, "data.digits")
	rng, generator := newTestObject(tb, lawsEnv, "rng")
	learner, pca := newTestObject(tb, lawsEnv, "learn.pca", ir.WeakInt(4))
	_, pca32 := newTestObject(tb, lawsEnv, "learn.pca", ir.WeakInt(4))
	rows := ir.TensorValue(ir.MustTensor(correlatedRows(tb, 1000, 13), 1000, 13))
	row := ir.TensorValue(ir.MustTensor(make([]float32, 13), 13))
	f32, zero, one := ir.String("f32"), ir.WeakInt(0), ir.WeakInt(1)
	return map[string]func(){
		"data.normal.next":        reusing(tb, normal, source, "next"),
		"data.normal.next 1000":   peeking(tb, normal, source, "next", 1000),
		"data.digits.next":        reusing(tb, digits, images, "next"),
		"data.digits.next 64":     peeking(tb, digits, images, "next", 64),
		"data.digits.next_batch":  reusing(tb, digits, images, "next_batch", ir.WeakInt(64)),
		"rng.normal scalar":       reusing(tb, rng, generator, "normal", weakInts(), f32, zero, one),
		"rng.normal [64,64]":      reusing(tb, rng, generator, "normal", weakInts(64, 64), f32, zero, one),
		"rng.permutation":         reusing(tb, rng, generator, "permutation", ir.WeakInt(1000)),
		"learn.pca.analyze 1000":  reusing(tb, learner, pca, "analyze", rows),
		"learn.pca.analyze a row": reusing(tb, learner, pca32, "analyze", row),
	}
}

func TestSteadyCallsAllocateNothing(t *testing.T) {
	for name, call := range steadyCalls(t) {
		if n := testing.AllocsPerRun(100, call); n != 0 {
			t.Errorf("%s allocates %v times a call", name, n)
		}
	}
}

func BenchmarkObjects(b *testing.B) {
	for name, call := range steadyCalls(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				call()
			}
		})
	}
}
