package flowc_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ops"
)

// familyPrograms is how many random programs run in both numeric families.
const familyPrograms = 1000

// TestFamiliesAgree runs random programs unoptimized in the step family and
// optimized in the gorgonia family. The ops whose bits may differ declare
// tolerances; where control does not depend on what they give, steps and effects
// are the same, and registers are within the tolerance times the number of steps
// that rounding may have gone through. Other programs may do anything once a bit
// differs, which is rare.
func TestFamiliesAgree(t *testing.T) {
	steadily, strayed, differing := 0, 0, 0
	for seed := range uint64(familyPrograms) {
		o := irtest.Options{Size: 8 + int(seed%3)*8, Digits: true}
		if seed%4 == 3 {
			o = irtest.Options{Size: 8, Patterns: exactPatterns()}
		}
		p, err := reread(irtest.Program(seed, o))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		plain, optimized := runIn(t, p, 0, flowc.Step), runIn(t, p, 2, flowc.Gorgonia)
		isSteady := steady(p)
		if isSteady {
			steadily++
		}
		if same(plain, optimized) || difference(plain, optimized) == "" {
			continue
		}
		if !isSteady {
			strayed++
			continue
		}
		products := int64(1)
		if plain.machine != nil {
			products += plain.machine.Steps()
		}
		if problem := apart(plain, optimized, products, &differing); problem != "" {
			t.Errorf("seed %d: the step family at -O0 and the gorgonia family at -O2 differ: %s", seed, problem)
		}
	}
	t.Logf("of %d programs %d have control that does not depend on products, where %d registers differ by rounding; of the others %d differ",
		familyPrograms, steadily, differing, strayed)
	if steadily < familyPrograms/10 || strayed > familyPrograms/100 {
		t.Errorf("of %d programs %d have steady control, and %d of the others differ", familyPrograms, steadily, strayed)
	}
}

// A register that is read unset is told at the operand that reads it, whatever
// computes the statement.
func TestUnsetRegisterIsToldAlikeInFamilies(t *testing.T) {
	p, err := flowc.Parse([]byte(`{"flowc": 1, "registers": {"k": 0, "x": null}, "body": [
	  {"switch": {"reg": "k"}, "cases": [{"when": 1, "body": [{"call": "zeros", "args": [{"list": [2]}], "store": "x"}]}], "default": []},
	  {"call": "identity", "args": [{"tensor": {"dtype": "f32", "data": [1.0, 2.0]}}], "store": "z"},
	  {"call": "add", "args": [{"call": "exp", "args": [{"reg": "z"}]}, {"call": "exp", "args": [{"reg": "x"}]}], "store": "y"}]}`), "unset.json")
	if err != nil {
		t.Fatal(err)
	}
	plain := runIn(t, p, 0, flowc.Step)
	for level := range levels {
		if diff := difference(plain, runIn(t, p, level, flowc.Gorgonia)); diff != "" || plain.err == nil {
			t.Errorf("the step family at -O0 and the gorgonia family at -O%d differ in %s", level, diff)
		}
	}
}

func runIn(t *testing.T, p *ir.Program, level int, family string) *trial {
	t.Helper()
	run, _ := (&subject{p: p, family: family}).alone(t, level)
	return run
}

// alone runs the program at one level.
func (s *subject) alone(t *testing.T, level int) (*trial, *flowc.Compiled) {
	t.Helper()
	c, err := s.compile(s.p, level)
	if err != nil {
		t.Fatal(err)
	}
	run := s.trial()
	run.machine, run.err = c.Start(nil)
	return run.to(propertySteps), c
}

// steady reports whether no control of p, and nothing that turns small
// differences into large ones, depends on a product of matrices, whose bits are
// the family's own, as far as the text shows.
func steady(p *ir.Program) bool {
	w := rounding{p: p, rounded: map[string]bool{}}
	for w.grown = true; w.grown; {
		w.grown = false
		ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool { w.statement(n); return true })
	}
	ok := true
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		if s := ir.SchemaOf(n.Op); s.Class&ir.Statement != 0 && n.Op != "call" && n.Op != "grad" && n.Op != "print" || n.Op == "call" && jumps(n.Text("call")) || n.Op == "index" {
			for _, arg := range n.Args {
				ok = ok && !w.depends(arg)
			}
		}
		return ok
	})
	return ok
}

// rounding finds the registers, of all scopes by name, and the objects that
// depend on products.
type rounding struct {
	p       *ir.Program
	rounded map[string]bool
	grown   bool
}

func (w *rounding) mark(name string) {
	if !w.rounded[name] {
		w.rounded[name], w.grown = true, true
	}
}

func (w *rounding) statement(n *ir.Node) {
	function := w.function(n.Text("call"))
	object, _, method := strings.Cut(n.Text("call"), ".")
	for i, arg := range n.Args {
		if w.depends(arg) && function != nil {
			w.mark(function.Params[i])
		} else if w.depends(arg) && method {
			w.mark(object)
		}
	}
	found := w.depends(n)
	for i := range n.Regions {
		for _, inner := range n.Regions[i].Body {
			found = found || w.depends(inner)
		}
	}
	if found {
		for _, name := range n.Stores() {
			w.mark(name)
		}
	}
}

func (w *rounding) function(name string) *ir.Function {
	for _, f := range w.p.Functions {
		if f.Name == name {
			return f
		}
	}
	return nil
}

func (w *rounding) depends(n *ir.Node) bool {
	name := n.Text("call")
	found := n.Op == "grad" || name == "matmul" || name == "gemm" || name == "outer" || name == "eigh"
	if n.Op == "reg" {
		name, _, _ = strings.Cut(n.Text("reg"), ".")
		found = w.rounded[name]
	}
	if object, _, method := strings.Cut(name, "."); method {
		found = found || w.rounded[object]
	}
	if f := w.function(name); f != nil {
		for _, result := range f.Returns {
			found = found || w.rounded[result]
		}
	}
	for _, arg := range n.Args {
		found = w.depends(arg) || found
	}
	for _, k := range n.Kwargs {
		found = w.depends(k.Node) || found
	}
	return found
}

// jumps reports whether the results of an op may jump where its operands move a
// little.
func jumps(op string) bool {
	switch op {
	case "cast", "floor", "ceil", "round", "sign", "argmax", "argmin", "where", "take", "getitem", "one_hot", "floor_divide", "remainder",
		"isnan", "isfinite", "isinf", "reciprocal", "divide", "log", "eigh", "pow", "exp":
		return true
	}
	return strings.HasPrefix(op, "less") || strings.HasPrefix(op, "greater") || strings.HasSuffix(op, "equal") || strings.HasPrefix(op, "logical")
}

// apart describes how two runs differ by more than the tolerance of so many
// products, "" if they do not, and counts the registers that differ at all.
func apart(a, b *trial, products int64, differing *int) string {
	if fmt.Sprint(a.err) != fmt.Sprint(b.err) {
		return fmt.Sprintf("errors %v and %v", a.err, b.err)
	}
	if a.machine == nil {
		return ""
	}
	if a.machine.Steps() != b.machine.Steps() || len(a.prints) != len(b.prints) {
		return fmt.Sprintf("%d steps and %d, %d lines and %d", a.machine.Steps(), b.machine.Steps(), len(a.prints), len(b.prints))
	}
	x, errX := a.machine.Snapshot()
	y, errY := b.machine.Snapshot()
	if errX != nil || errY != nil {
		return fmt.Sprintf("snapshots: %v, %v", errX, errY)
	}
	for name, v := range x.Run.Registers {
		w := y.Run.Registers[name]
		if sameBits(v, w) {
			continue
		}
		*differing++
		if d := distance(v, w); d > float64(products) {
			return fmt.Sprintf("register %s: %s and %s", name, ir.FormatShort(v), ir.FormatShort(w))
		}
	}
	return ""
}

// distance is the largest difference of two values' elements, in tolerances of
// products relative to the larger values; infinite where the types differ.
func distance(v, w ir.Value) float64 {
	if !v.Type().Equal(w.Type()) {
		return math.Inf(1)
	}
	worst := 0.0
	switch v.Kind() {
	case ir.ListKind:
		for i, item := range v.List().Items {
			worst = max(worst, distance(item, w.List().Items[i]))
		}
	case ir.RecordKind:
		for i, field := range v.Record().Values {
			worst = max(worst, distance(field, w.Record().Values[i]))
		}
	case ir.Number:
		tolerance := productTolerance.F64
		if v.DType() == ir.F32 {
			tolerance = productTolerance.F32
		}
		x, y := v.Boxed(), w.Boxed()
		for i := range x.Size() {
			a, b := x.At(i).Float64(), y.At(i).Float64()
			if a != b && !(math.IsNaN(a) && math.IsNaN(b)) {
				worst = max(worst, math.Abs(a-b)/(tolerance*max(1, math.Abs(a), math.Abs(b))))
			}
		}
	default:
		return math.Inf(1)
	}
	return worst
}

// productTolerance is what products of matrices declare.
var productTolerance = ops.Standard().Lookup("matmul").Tolerance
