package gorgonia

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	gg "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"flowc.dev/flowc/backend/region"
	"flowc.dev/flowc/ir"
)

// Each of these tests is about one way in which Gorgonia 0.9.18 gives wrong
// numbers, changes what is not its own, or ends the process.

// Inputs of equal type, shape and name are one node.
func TestTrapEqualShapedInputs(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x, y := b.input("x", matrix[float32](1, 3, 3)), b.input("y", matrix[float32](2, 3, 3))
	xy := b.call("matmul", []int{x, y})
	yx := b.call("matmul", []int{y, x})
	b.yield(xy, yx, b.call("add", []int{xy, yx}))
	sameBits(t, "products of equal shapes", b.exec(), b.reference())
}

// Tensor constants that print alike, the middle left out, are one node.
func TestTrapConstantsThatPrintAlike(t *testing.T) {
	data := numbers[float64](1, 40*40)
	other := slices.Clone(data)
	other[800] += 7
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", matrix[float64](2, 40, 40))
	p := b.constant(ir.TensorValue(ir.MustTensor(data, 40, 40)))
	q := b.constant(ir.TensorValue(ir.MustTensor(other, 40, 40)))
	b.yield(b.call("matmul", []int{x, p}), b.call("matmul", []int{x, q}))
	got := b.exec()
	sameBits(t, "products with constants", got, b.reference())
	if ir.SameValue(got[0], got[1]) {
		t.Error("two constants became one")
	}
}

// Scalar constants of different dtypes that print alike are one node.
func TestTrapScalarsOfTwoDTypes(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x, y := b.input("x", matrix[float32](1, 2, 3)), b.input("y", matrix[float64](2, 2, 3))
	one32, one64 := b.constant(ir.Float32(1)), b.constant(ir.Float(1))
	b.yield(b.call("add", []int{x, one32}), b.call("add", []int{y, one64}))
	sameBits(t, "sums", b.exec(), b.reference())
}

// The reshape of an input shares its storage, and an op after it works in place.
func TestTrapReshapeOfInput(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	v := matrix[float32](1, 4, 3)
	before := ir.ValueDigest(v)
	x := b.input("x", v)
	r := b.call("reshape2", []int{x})
	b.yield(b.call("negative", []int{r}), b.call("matmul", []int{r, b.call("transpose", []int{r})}))
	sameBits(t, "negative of a reshape", b.exec(), b.reference())
	if ir.ValueDigest(v) != before {
		t.Error("the input has changed")
	}
}

// A second RunAll without Reset does nothing and leaves the old outputs.
func TestTrapStaleOutputs(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", matrix[float32](1, 4, 4))
	moving := b.call("reshape2", []int{x}) // in new storage each time
	b.yield(b.call("negative", []int{b.call("matmul", []int{x, x})}), b.call("matmul", []int{moving, b.call("transpose", []int{moving})}))
	c := b.code()
	for seed := range 3 {
		b.values["x"] = matrix[float32](seed, 4, 4)
		dst := make([]ir.Value, 2)
		if err := c.Exec(dst, b.inputs()); err != nil {
			t.Fatal(err)
		}
		sameBits(t, fmt.Sprintf("run %d", seed), dst, b.reference())
	}
}

// The same holds where Gorgonia's own RunAll has to be used.
func TestTrapStaleOutputsOfRunAll(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", matrix[float32](1, 3, 3))
	b.yield(b.call("negative", []int{b.call("matmul", []int{x, x})}))
	c := b.code()
	m, err := engineOf(c, b)
	if err != nil {
		t.Fatal(err)
	}
	g, err := lower(m)
	if err != nil {
		t.Fatal(err)
	}
	m.tape = allRunner(gg.NewTapeMachine(g, gg.WithEngine(engine{})))
	for seed := range 3 {
		b.values["x"] = matrix[float32](seed, 3, 3)
		dst := make([]ir.Value, 1)
		if err := c.Exec(dst, b.inputs()); err != nil {
			t.Fatal(err)
		}
		sameBits(t, fmt.Sprintf("run %d", seed), dst, b.reference())
	}
}

// Nodes without a path between them run in any order.
func TestTrapRegionsRunInOrder(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", matrix[float32](1, 3, 3))
	n := b.call("negative", []int{x})
	b.yield(b.call("add", []int{n, b.call("matmul", []int{x, x})})) // the product does not need the region before it
	m, err := engineOf(b.code(), b)
	if err != nil {
		t.Fatal(err)
	}
	g, err := lower(m)
	if err != nil {
		t.Fatal(err)
	}
	regions := 0
	for _, node := range g.AllNodes() {
		op, ok := node.Op().(*regionOp)
		if !ok {
			continue
		}
		regions++
		after := false
		for it := g.From(node.ID()); it.Next(); {
			before, ok := it.Node().(*gg.Node).Op().(*regionOp)
			after = after || ok && before.region.Stage < op.region.Stage
		}
		if op.region.Stage > 0 && !after {
			t.Errorf("the region of stage %d does not wait for the one before it", op.region.Stage)
		}
	}
	if regions != 2 {
		t.Errorf("%d regions, want 2", regions)
	}
}

// A panic inside an op under RunAll cannot be recovered from by the caller.
func TestTrapPanicInsideOp(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", matrix[float32](1, 3, 3))
	b.yield(b.call("panic", []int{b.call("matmul", []int{x, x})}))
	c := b.code()
	for range 2 {
		err := c.Exec(make([]ir.Value, 1), b.inputs())
		if err == nil || !strings.Contains(err.Error(), "toy panic") {
			t.Fatalf("error = %v, want the panic", err)
		}
		if c.Machines() != 0 {
			t.Error("a machine that panicked is kept")
		}
	}
	m, err := engineOf(c, b)
	if err != nil {
		t.Fatal(err)
	}
	g, err := lower(m)
	if err != nil {
		t.Fatal(err)
	}
	m.tape = allRunner(gg.NewTapeMachine(g, gg.WithEngine(engine{})))
	if err := c.Exec(make([]ir.Value, 1), b.inputs()); err == nil || !strings.Contains(err.Error(), "toy panic") {
		t.Errorf("under RunAll, error = %v, want the panic", err)
	}
}

// NewTapeMachine panics on a graph that has no inputs.
func TestTrapGraphWithoutInputs(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.constant(matrix[float64](1, 3, 3))
	b.yield(b.call("matmul", []int{x, x}), x, b.call("negative", []int{x}))
	sameBits(t, "constants only", b.exec(), b.reference())
}

// An op may overwrite an intermediate value that is an output as well.
func TestTrapIntermediateThatIsYielded(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", matrix[float32](1, 4, 4))
	p := b.call("matmul", []int{x, x})
	n := b.call("negative", []int{p})
	r := b.call("relu", []int{n})
	q := b.call("matmul", []int{r, n})
	b.yield(p, n, r, q, p)
	sameBits(t, "intermediates", b.exec(), b.reference())
}

// Results stay as they are when the graph runs again.
func TestTrapResultsAreNotOverwritten(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", matrix[float32](1, 4, 4))
	p := b.call("matmul", []int{x, x})
	b.yield(p, b.call("negative", []int{p}), b.call("relu", []int{x}))
	c := b.code()
	first := make([]ir.Value, 3)
	if err := c.Exec(first, b.inputs()); err != nil {
		t.Fatal(err)
	}
	want := b.reference()
	b.values["x"] = matrix[float32](2, 4, 4)
	if err := c.Exec(make([]ir.Value, 3), b.inputs()); err != nil {
		t.Fatal(err)
	}
	sameBits(t, "results of the first run", first, want)
}

// Graphs share constant nodes while they are built; products of a transposed
// operand transpose the operand itself for a while. The race detector sees both.
func TestTrapParallelMachines(t *testing.T) {
	registry := toyRegistry(t)
	w := matrix[float32](7, 65, 130)
	w.Freeze()
	before := ir.ValueDigest(w)
	var group sync.WaitGroup
	for seed := range 4 {
		b := newBuilder(t, registry)
		x, wt := b.input("x", matrix[float32](seed, 130, 65)), b.input("w", w)
		h := b.call("matmul", []int{x, wt})
		b.yield(h, b.call("matmul", []int{b.call("transpose", []int{wt}), b.call("transpose", []int{x})}))
		want := b.reference()
		group.Go(func() {
			for range 3 {
				c := b.code()
				for range 2 {
					dst := make([]ir.Value, 2)
					if err := c.Exec(dst, b.inputs()); err != nil {
						t.Error(err)
						return
					}
					sameBits(t, "a parallel run", dst, want)
				}
			}
		})
	}
	group.Wait()
	if ir.ValueDigest(w) != before {
		t.Error("the shared weight has changed")
	}
}

// Gorgonia's compiler merges nodes whose 32-bit hashes are equal.
func TestTrapHashCollision(t *testing.T) {
	probe := gg.NewVector(gg.NewGraph(), tensor.Float64, gg.WithShape(2), gg.WithName(""))
	prefix := fmt.Sprintf("%v%v", probe.Type(), probe.Shape())
	seen := map[uint32]string{}
	var names []string
	for i := 0; names == nil; i++ {
		name := "n" + strconv.Itoa(i)
		h := fnv.New32a()
		h.Write([]byte(prefix + name))
		if other, ok := seen[h.Sum32()]; ok {
			names = []string{other, name}
		}
		seen[h.Sum32()] = name
	}
	g := gg.NewGraph()
	for _, name := range names {
		gg.NewVector(g, tensor.Float64, gg.WithShape(2), gg.WithName(name))
	}
	if len(g.AllNodes()) != 2 {
		t.Fatalf("the graph has %d nodes, want 2", len(g.AllNodes()))
	}
	if !collide(g) {
		t.Errorf("the names %v are not seen to collide", names)
	}
}

// A graph with a collision is built again, its inputs by other names.
func TestTrapHashCollisionBuildsAgain(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", matrix[float32](1, 3, 3))
	b.yield(b.call("matmul", []int{x, x}))
	m, err := engineOf(b.code(), b)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	if _, err := lowerUnless(m, func(g *gg.ExprGraph) bool {
		names = append(names, g.Inputs()[0].Name())
		return len(names) == 1
	}); err != nil {
		t.Fatal(err)
	}
	if len(names) != 2 || names[0] == names[1] {
		t.Errorf("inputs were named %q", names)
	}
	if len(m.inputBorders) != 1 {
		t.Errorf("%d borders are left of two builds", len(m.inputBorders))
	}
	if _, err := lowerUnless(m, func(*gg.ExprGraph) bool { return true }); err == nil {
		t.Error("collisions without end are no error")
	}
}

// gonum skips the zeros of the first matrix and so loses the NaN of 0*Inf.
func TestTrapZeroTimesInfinity(t *testing.T) {
	for _, special := range []float64{math.Inf(1), math.NaN()} {
		b := newBuilder(t, toyRegistry(t))
		x := b.input("x", ir.TensorValue(ir.MustTensor([]float64{0, 1, 0, 0}, 2, 2)))
		y := b.input("y", ir.TensorValue(ir.MustTensor([]float64{special, 1, 1, 1}, 2, 2)))
		b.yield(b.call("matmul", []int{x, y}), b.call("gemm", []int{x, x, y}))
		sameBits(t, fmt.Sprintf("0 * %v", special), b.exec(), b.reference())
	}
}

// Matrices of one row or column are vectors to Gorgonia, and it refuses or
// mistakes tensors without elements.
func TestTrapVectorsAndEmptyTensors(t *testing.T) {
	for _, shape := range [][3]int{{1, 3, 1}, {1, 3, 4}, {4, 3, 1}, {4, 1, 4}, {0, 3, 2}, {2, 0, 3}, {2, 3, 0}} {
		b := newBuilder(t, toyRegistry(t))
		x := b.input("x", matrix[float32](1, shape[0], shape[1]))
		y := b.input("y", matrix[float32](2, shape[1], shape[2]))
		p := b.call("matmul", []int{x, y})
		b.yield(p, b.call("negative", []int{p}), b.call("gemm", []int{p, x, y}))
		sameBits(t, fmt.Sprint(shape), b.exec(), b.reference())
	}
}

// What belongs to the caller is not kept between runs.
func TestTrapInputsAreNotKept(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	x := b.input("x", matrix[float32](1, 3, 3))
	y := b.call("relu", []int{x})
	b.yield(b.call("matmul", []int{x, y}), y)
	c := b.code()
	if err := c.Exec(make([]ir.Value, 2), b.inputs()); err != nil {
		t.Fatal(err)
	}
	m, err := engineOf(c, b)
	if err != nil {
		t.Fatal(err)
	}
	for _, border := range slices.Concat(m.inputBorders, m.borders) {
		if border.base != nil {
			t.Errorf("value %d stays visible to Gorgonia", border.value)
		}
	}
	for v := range m.Slots {
		if tensor := m.Slots[v].Tensor(); tensor != nil && m.aliases[v] != tensor {
			t.Errorf("value %d is kept", v)
		}
	}
}

// A failure inside a region comes out as it is, and nothing has changed.
func TestTrapFailureInsideOp(t *testing.T) {
	b := newBuilder(t, toyRegistry(t))
	v := matrix[float32](1, 3, 3)
	before := ir.ValueDigest(v)
	x := b.input("x", v)
	p := b.call("matmul", []int{x, x})
	b.yield(b.call("fail", []int{p}), b.call("relu", []int{x}))
	c := b.code()
	dst := []ir.Value{matrix[float32](3, 3, 3), ir.Float(1)}
	if err := c.Exec(dst, b.inputs()); !errors.Is(err, errToy) || err.Error() != errToy.Error() {
		t.Errorf("error = %v, want %v alone", err, errToy)
	}
	if !dst[0].IsNull() || !dst[1].IsNull() {
		t.Error("a failed run has results")
	}
	if ir.ValueDigest(v) != before {
		t.Error("the input has changed")
	}
	if c.Machines() != 1 {
		t.Error("a machine is dropped because an op failed")
	}
}

// engineOf returns what runs c on the inputs of b.
func engineOf(c *region.Code, b *builder) (*machine, error) {
	m, err := c.Machine(b.inputs())
	if err != nil {
		return nil, err
	}
	return m.Engine.(*machine), nil
}
