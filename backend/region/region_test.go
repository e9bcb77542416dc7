package region

import (
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

func TestMachinesAreBounded(t *testing.T) {
	b := newBuilder(t, ops.Standard())
	registry, made := b.registry, 0
	c := &Code{inputs: []string{"x"}, compiler: New(Options{Registry: registry,
		Specialize: func(_ *ir.Node, inputType func(string) (ir.Type, error)) (*ir.Graph, error) {
			made++
			typ, err := inputType("x")
			if err != nil {
				return nil, err
			}
			g := newBuilder(t, registry)
			x := g.input("x", matrix[float32](1, typ.Shape[0], typ.Shape[1]))
			g.yield(g.call("negative", []int{x}))
			return &g.graph, nil
		}})}
	exec := func(rows int) {
		t.Helper()
		dst := make([]ir.Value, 1)
		if err := c.Exec(dst, []ir.Value{matrix[float32](rows, rows, 2)}); err != nil {
			t.Fatal(err)
		}
		if dst[0].Shape()[0] != rows {
			t.Fatalf("%d rows became %v", rows, dst[0].Shape())
		}
	}
	for rows := 1; rows <= maxMachinesPerLeaf+6; rows++ {
		exec(rows)
		exec(1)
	}
	if len(c.machines) != maxMachinesPerLeaf || c.compiler.cache.recent.Len() != maxMachinesPerLeaf {
		t.Errorf("%d machines are kept, want %d", len(c.machines), maxMachinesPerLeaf)
	}
	if made != maxMachinesPerLeaf+6 {
		t.Errorf("%d machines were made, want %d: the recently used one was dropped", made, maxMachinesPerLeaf+6)
	}
	if err := c.Exec(make([]ir.Value, 1), make([]ir.Value, 1)); err == nil || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("an unset register gives %v", err)
	}
}

// The specializer's error comes out as it is, and it is not asked again.
func TestRefusalsAreKept(t *testing.T) {
	asked := 0
	refusal := &ir.DynamicError{Reason: "a reason"}
	c := &Code{inputs: []string{"x"}, compiler: New(Options{Registry: ops.Standard(),
		Specialize: func(*ir.Node, func(string) (ir.Type, error)) (*ir.Graph, error) {
			asked++
			return nil, refusal
		}})}
	for i := range 4 {
		x := []ir.Value{ir.Float(1), ir.Int(1)}[i%2]
		if err := c.Exec(make([]ir.Value, 1), []ir.Value{x}); err != error(refusal) {
			t.Fatalf("error = %v, want %v", err, refusal)
		}
	}
	if asked != 2 {
		t.Errorf("the specializer was asked %d times about 2 types", asked)
	}
}

func TestMachinesOfAllLeavesAreBounded(t *testing.T) {
	var k cache
	var all []*Code
	for range maxMachines + 5 {
		c := new(Code)
		all = append(all, c)
		k.add(c, new(Machine))
	}
	if k.recent.Len() != maxMachines || len(all[0].machines) != 0 || len(all[5].machines) != 1 {
		t.Errorf("%d machines are kept", k.recent.Len())
	}
}

func TestTypesAreComparedWithoutAllocation(t *testing.T) {
	b := newBuilder(t, ops.Standard())
	x := b.input("x", matrix[float32](1, 4, 4))
	b.yield(b.call("negative", []int{x}))
	c := b.code()
	if err := c.Exec(make([]ir.Value, 1), b.inputs()); err != nil {
		t.Fatal(err)
	}
	inputs := b.inputs()
	if n := testing.AllocsPerRun(100, func() { c.last.accepts(inputs) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// A chain is one kernel, whatever is broadcast, and leaves other chains alone.
func TestFuse(t *testing.T) {
	b := newBuilder(t, ops.Standard())
	x, v := b.input("x", matrix[float32](1, 90, 70)), b.input("v", vector[float32](2, 70))
	c := b.input("c", matrix[float32](3, 90, 1))
	one := b.call("add", []int{x, v})
	two := b.call("multiply", []int{one, c})
	sum := b.call("sum", []int{two})
	three := b.call("multiply", []int{two, sum}) // needs the sum of what it would be fused with
	four := b.call("relu", []int{one})
	b.yield(b.call("add", []int{three, four}), b.call("negative", []int{v}))
	l, err := NewLayout(&b.graph, b.registry, &Family{})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]int{{0, 1, 4}, {2}, {3, 5}, {6}}
	if got := fuse(l, l.regionSteps(0)); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("groups = %v, want %v", got, want)
	}
	sameBits(t, "fused", b.exec(), b.reference())
}

// Of two ops that fail, the first one reports: an op that can fail does not
// share its pass over the data.
func TestOpsThatCanFailAreNotFused(t *testing.T) {
	b := newBuilder(t, ops.Standard())
	x := b.input("x", ir.TensorValue(ir.MustTensor([]int64{3, -4, 5, 6}, 2, 2)))
	q := b.call("floor_divide", []int{b.call("add", []int{x, x}), b.call("negative", []int{x})})
	b.yield(b.call("negative", []int{q}))
	l, err := NewLayout(&b.graph, b.registry, &Family{})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]int{{0, 1}, {2}, {3}}
	if got := fuse(l, l.regionSteps(0)); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("groups = %v, want %v", got, want)
	}
}
