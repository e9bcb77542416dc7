package gorgonia

import (
	"fmt"
	"runtime"
	"testing"

	"go.uber.org/goleak"

	gg "gorgonia.org/gorgonia"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// step builds a small training step: products, sums that broadcast, chains of
// elementwise ops, a reduction.
func step(b *builder, batch, in, hidden int) {
	x, w, bias := b.input("x", matrix[float32](1, batch, in)), b.input("w", matrix[float32](2, in, hidden)), b.input("b", vector[float32](3, hidden))
	lr := b.constant(ir.Float32(0.125))
	h := b.call("gemm", []int{bias, x, w})
	r := b.call("relu", []int{h})
	loss := b.call("sum", []int{b.call("multiply", []int{r, r})})
	dw := b.call("matmul", []int{b.call("transpose", []int{x}), r})
	change := b.call("negative", []int{b.call("multiply", []int{dw, lr})})
	b.yield(loss, b.call("add", []int{w, change}), r, x)
}

func TestThreeRunsAreEqual(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	step(b, 70, 66, 130)
	c := b.code()
	want := b.reference()
	var dst []ir.Value
	for i := range 3 {
		if dst == nil {
			dst = make([]ir.Value, len(want))
		}
		dst[3] = ir.Value{} // a passed-through input is not storage to reuse
		if err := c.Exec(dst, b.inputs()); err != nil {
			t.Fatal(err)
		}
		sameBits(t, fmt.Sprintf("run %d", i), dst, want)
	}
}

func TestStorageOfDestinationsIsReused(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", matrix[float32](1, 8, 8))
	p := b.call("matmul", []int{x, x})
	n := b.call("negative", []int{x})
	b.yield(p, n, b.call("add", []int{n, x}))
	c := b.code()
	free, owned := matrix[float32](2, 8, 8), matrix[float32](3, 8, 8)
	owned.Retain()
	before := ir.ValueDigest(owned)
	dst := []ir.Value{free, owned, ir.Int(3)}
	if err := c.Exec(dst, b.inputs()); err != nil {
		t.Fatal(err)
	}
	sameBits(t, "results", dst, b.reference())
	if dst[0].Tensor() != free.Tensor() {
		t.Error("free storage is not used again")
	}
	if dst[1].Tensor() == owned.Tensor() || ir.ValueDigest(owned) != before {
		t.Error("owned storage is written to")
	}
}

// Storage that is an input, or offered twice, is no place for results.
func TestStorageInUseIsNotReused(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	v, free := matrix[float32](1, 8, 8), matrix[float32](2, 8, 8)
	x := b.input("x", v)
	b.yield(b.call("relu", []int{x}), b.call("negative", []int{x}), b.call("add", []int{x, x}))
	want := b.reference()
	dst := []ir.Value{v, free, free}
	if err := b.code().Exec(dst, b.inputs()); err != nil {
		t.Fatal(err)
	}
	sameBits(t, "results", dst, want)
}

// A literal that is yielded stays as it is when a later run reuses storage.
func TestYieldedConstantIsNotReused(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x, literal := b.input("x", matrix[float32](1, 8, 8)), b.constant(matrix[float32](2, 8, 8))
	b.yield(literal, b.call("add", []int{x, literal}))
	want := b.reference()
	c, dst := b.code(), make([]ir.Value, 2)
	for range 3 {
		if err := c.Exec(dst, b.inputs()); err != nil {
			t.Fatal(err)
		}
		sameBits(t, "results", dst, want)
		dst[1] = dst[0]
	}
}

func TestRecordsAndLists(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	p := ir.RecordOf([]string{"W", "b"}, []ir.Value{matrix[float32](1, 3, 3), vector[float32](2, 3)})
	w := b.addInput(ir.GraphInput{Register: "p", Fields: []string{"W"}}, p.Record().Values[0])
	bias := b.addInput(ir.GraphInput{Register: "p", Fields: []string{"b"}}, p.Record().Values[1])
	b.order, b.values["p"] = []string{"p"}, p
	h := b.call("gemm", []int{bias, w, w})
	s := b.call("matmul", []int{h, w})
	b.graph.Outputs = []ir.GraphOutput{{Value: -1, Kind: ir.RecordKind, Names: []string{"h", "l"}, Parts: []ir.GraphOutput{
		{Value: h}, {Value: -1, Kind: ir.ListKind, Parts: []ir.GraphOutput{{Value: s}, {Value: bias}}}}}}
	c := b.code()
	var last ir.Value
	for range 2 {
		dst := make([]ir.Value, 1)
		if err := c.Exec(dst, []ir.Value{p}); err != nil {
			t.Fatal(err)
		}
		last = dst[0]
	}
	b.values["W"], b.values["b"] = p.Record().Values[0], p.Record().Values[1]
	b.graph.Inputs = []ir.GraphInput{{Register: "W"}, {Register: "b"}}
	b.graph.Outputs = []ir.GraphOutput{{Value: h}, {Value: s}, {Value: bias}}
	want := b.reference()
	sameBits(t, "a record of results", []ir.Value{last}, []ir.Value{ir.RecordOf([]string{"h", "l"},
		[]ir.Value{want[0], ir.ListOf(want[1], want[2])})})
}

// Weak tensors are weak to the ops of a chain and weak as results.
func TestWeakTensors(t *testing.T) {
	b := newBuilder(t, ops.Standard())
	x := b.input("x", matrix[float64](1, 80, 60).AsWeak(true))
	y := b.input("y", matrix[float32](2, 80, 60))
	two := b.call("add", []int{x, x})
	b.yield(b.call("multiply", []int{two, y}), b.call("multiply", []int{two, x}))
	if got := b.graph.Types[b.graph.Outputs[0].Value]; got.DType != ir.F32 {
		t.Fatalf("the product has the type %s", got)
	}
	sameBits(t, "weak tensors", b.exec(), b.reference())
}

func TestScalarsOnly(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", ir.Float(3))
	b.yield(b.call("multiply", []int{x, b.call("add", []int{x, x})}))
	c := b.code()
	dst := make([]ir.Value, 1)
	if err := c.Exec(dst, b.inputs()); err != nil || dst[0].Float64() != 18 {
		t.Fatalf("result = %v, %v", dst[0], err)
	}
}

func TestMemoryIsFlat(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	step(b, 16, 8, 24)
	c := b.code()
	dst := make([]ir.Value, 4)
	run := func(n int) {
		for range n {
			dst[3] = ir.Value{}
			if err := c.Exec(dst, b.inputs()); err != nil {
				t.Fatal(err)
			}
		}
	}
	heap := func() uint64 {
		var s runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	run(20)
	before := heap()
	run(1000)
	if after := heap(); after > before+64<<10 {
		t.Errorf("1000 runs let the heap grow from %d to %d bytes", before, after)
	}
}

func TestTapeRunsOnTheCallersGoroutine(t *testing.T) {
	g := gg.NewGraph()
	gg.NewTensor(g, denseTypes[ir.F32], 1, gg.WithShape(1), gg.WithName("x"), gg.WithValue(newToken()))
	m := gg.NewTapeMachine(g)
	if fragmentRunner(m, m.Prog()) == nil {
		t.Error("the instructions of a program are not where they were in gorgonia 0.9.18: every run pays for RunAll")
	}
	if fragmentRunner(m, new(struct{ instructions int })) != nil {
		t.Error("a program of another type is accepted")
	}
}

func TestMachinesThatAreDroppedAreFreed(t *testing.T) {
	heap := func() uint64 {
		var s runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	run := func(n int) {
		for range n {
			b := newBuilder(t, toyRegistry(t))
			step(b, 16, 8, 24)
			if err := b.code().Exec(make([]ir.Value, 4), b.inputs()); err != nil {
				t.Fatal(err)
			}
		}
	}
	run(20)
	before := heap()
	run(200)
	if after := heap(); after > before+1<<20 {
		t.Errorf("200 machines let the heap grow from %d to %d bytes", before, after)
	}
}
