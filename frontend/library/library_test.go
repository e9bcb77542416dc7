package library_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/frontend/library"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
)

// run resolves and runs a program and returns its outputs.
func run(t *testing.T, src string) map[string]ir.Value {
	t.Helper()
	p, err := text.Parse([]byte(src), "t.flow")
	if err != nil {
		t.Fatal(err)
	}
	if p, err = library.Resolve(p); err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(p, ops.Standard().Library()); err != nil {
		t.Fatal(err)
	}
	m, err := backend.NewMachine(p, backend.Config{Registry: ops.Standard()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, err := m.Run(t.Context(), backend.Budget{}); err != nil || status != backend.Done {
		t.Fatalf("%s, %v", status, err)
	}
	values := map[string]ir.Value{}
	for _, out := range m.Outputs() {
		values[out.Name] = out.Value
	}
	return values
}

func numbers(t *testing.T, v ir.Value) []float64 {
	t.Helper()
	b := v.Boxed()
	all := make([]float64, b.Size())
	for i := range all {
		all[i] = b.At(i).Float64()
	}
	return all
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s has %d numbers, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if math.Abs(got[i]-want[i]) > 1e-12*math.Max(1, math.Abs(want[i])) {
			t.Errorf("%s is %v, want %v", what, got, want)
			return
		}
	}
}

// Each optimizer does a few steps on f(p) = sum(c * p^2) / 2, whose gradient is
// c * p.
func TestOptimizers(t *testing.T) {
	const steps = 5
	c := []float64{1, 0.5, -0.25}
	first := []float64{1, -2, 3}
	const head = `import "train"
register p = f64[3]{1, -2, 3}
register c = f64[3]{1, 0.5, -0.25}
output p
`
	each := func(step func(p, g, v []float64, t float64)) []float64 {
		p, v, g := slices.Clone(first), make([]float64, 6), make([]float64, 3)
		for t := 1; t <= steps; t++ {
			for i := range g {
				g[i] = c[i] * p[i]
			}
			step(p, g, v, float64(t))
		}
		return p
	}
	for _, tt := range []struct {
		name, src string
		want      []float64
	}{
		{"sgd", head + "repeat 5 { p = sgd_step(p, c * p, 0.1) }", each(func(p, g, _ []float64, _ float64) {
			for i := range p {
				p[i] -= 0.1 * g[i]
			}
		})},
		{"momentum", head + "v = zeros_like(p)\nrepeat 5 { p, v = momentum_step(p, v, c * p, 0.1, 0.9) }", each(func(p, g, v []float64, _ float64) {
			for i := range p {
				v[i] = 0.9*v[i] + g[i]
				p[i] -= 0.1 * v[i]
			}
		})},
		{"nesterov", head + "v = zeros_like(p)\nrepeat 5 { p, v = nesterov_step(p, v, c * p, 0.1, 0.9) }", each(func(p, g, v []float64, _ float64) {
			for i := range p {
				v[i] = 0.9*v[i] + g[i]
				p[i] -= 0.1 * (g[i] + 0.9*v[i])
			}
		})},
		{"adam", head + "s = adam_init(p)\nrepeat 5 { p, s = adam_step(p, s, c * p, 0.1) }", each(func(p, g, v []float64, t float64) {
			for i := range p {
				v[i] = 0.9*v[i] + 0.1*g[i]
				v[3+i] = 0.999*v[3+i] + 0.001*g[i]*g[i]
				p[i] -= 0.1 * (v[i] / (1 - math.Pow(0.9, t))) / (math.Sqrt(v[3+i]/(1-math.Pow(0.999, t))) + 1e-8)
			}
		})},
		{"decay", head + "repeat 5 { p = decay(p, 0.1) }", each(func(p, _, _ []float64, _ float64) {
			for i := range p {
				p[i] *= 0.9
			}
		})},
	} {
		t.Run(tt.name, func(t *testing.T) { near(t, "p", numbers(t, run(t, tt.src)["p"]), tt.want) })
	}
}

// Parameters keep their dtype, and records are stepped field by field.
func TestOptimizersKeepRecordsOfF32(t *testing.T) {
	for _, step := range []string{
		"p = sgd_step(p, g, 0.1)",
		"v = zeros_like(p)\nrepeat 2 { p, v = momentum_step(p, v, g, 0.1, 0.9) }",
		"v = zeros_like(p)\nrepeat 2 { p, v = nesterov_step(p, v, g, 0.1, 0.9) }",
		"s = adam_init(p)\nrepeat 2 { p, s = adam_step(p, s, g, 0.1) }",
		"p = decay(p, 0.1)",
	} {
		out := run(t, `import "train"
register p = {W: f32[2,2]{1, 2, 3, 4}, b: f32[2]{0, 1}}
output p
g = p * 0.5
`+step)["p"]
		want := "record{W: f32[2,2], b: f32[2]}"
		if got := out.Type().String(); got != want {
			t.Errorf("%s gives p the type %s, want %s", step, got, want)
		}
	}
}

func TestClassification(t *testing.T) {
	out := run(t, `import "train"
register z = f64[3,2]{2, 1, 0, 3, 1, -1}
register y = i64[3]{0, 1, 1}
output cost, share
cost = classification_cost(z, y)
share = accuracy(z, y)`)
	rowCost := func(right, wrong float64) float64 { return math.Log1p(math.Exp(wrong - right)) }
	near(t, "cost", numbers(t, out["cost"]), []float64{(rowCost(2, 1) + rowCost(3, 0) + rowCost(-1, 1)) / 3})
	if got := out["share"].Float64(); math.Abs(got-2.0/3) > 1e-7 {
		t.Errorf("the accuracy is %v, want 2/3", got)
	}
}

func TestEarlyStopping(t *testing.T) {
	out := run(t, `import "train"
register scores = f64[6]{3, 2.5, 2.49, 2.6, 2, 2.1}
output best, p, stale
e = early_init(0)
repeat 6 as i { e = early_stopping(e, i, scores[i], 0.99) }
best = e.best
p = e.p
stale = e.stale`)
	if best, p, stale := out["best"].Float64(), out["p"].Int64(), out["stale"].Int64(); best != 2 || p != 4 || stale != 1 {
		t.Errorf("the best score is %v of p = %d, %d scores ago, want 2 of 4, 1 ago", best, p, stale)
	}
}

// matrix is a small matrix for plain computations.
type matrix [][]float64

func (x matrix) times(w matrix) matrix {
	z := make(matrix, len(x))
	for i := range x {
		z[i] = make([]float64, len(w[0]))
		for j := range z[i] {
			for k := range w {
				z[i][j] += x[i][k] * w[k][j]
			}
		}
	}
	return z
}

func (x matrix) each(f func(j int, v float64) float64) matrix {
	z := make(matrix, len(x))
	for i := range x {
		z[i] = make([]float64, len(x[i]))
		for j, v := range x[i] {
			z[i][j] = f(j, v)
		}
	}
	return z
}

func (x matrix) flat() []float64 { return slices.Concat(x...) }

func (x matrix) literal() string {
	s, _ := text.Print(&ir.Program{Registers: []ir.Register{{Name: "x", Init: ir.Const(ir.TensorValue(ir.MustTensor(x.flat(), len(x), len(x[0]))))}}})
	_, literal, _ := strings.Cut(strings.TrimSpace(string(s)), " = ")
	return literal
}

func TestLayers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func(rows, cols int) matrix {
		return make(matrix, rows).fill(cols, r)
	}
	x, w1, w2, w3 := random(4, 3), random(3, 5), random(5, 2), random(2, 2)
	b1, b2, b3 := random(1, 5), random(1, 2), random(1, 2)
	affine := func(x, w, b matrix) matrix {
		return x.times(w).each(func(j int, v float64) float64 { return v + b[0][j] })
	}
	relu := func(x matrix) matrix { return x.each(func(_ int, v float64) float64 { return max(v, 0) }) }
	normal := func(x matrix) matrix {
		z := make(matrix, len(x))
		for i, row := range x {
			mean, variance := 0.0, 0.0
			for _, v := range row {
				mean += v / float64(len(row))
			}
			for _, v := range row {
				variance += (v - mean) * (v - mean) / float64(len(row))
			}
			z[i] = matrix{row}.each(func(j int, v float64) float64 {
				return (v-mean)/math.Sqrt(variance+1e-5)*b1[0][j] + b1[0][j]
			})[0]
		}
		return z
	}
	head := "import \"layers\"\noutput z\nx = " + x.literal() + "\nb1 = reshape(" + b1.literal() + ", [5])\nW1 = " + w1.literal() +
		"\np = {W: W1, b: b1, W1: W1, b1: b1, W2: " + w2.literal() + ", b2: reshape(" + b2.literal() + ", [2]), W3: " + w3.literal() +
		", b3: reshape(" + b3.literal() + ", [2]), scale: b1, shift: b1}\n"
	for _, tt := range []struct {
		call string
		want matrix
	}{
		{"linear(p, x)", affine(x, w1, b1)},
		{"linear_relu(p, x)", relu(affine(x, w1, b1))},
		{"linear_tanh(p, x)", affine(x, w1, b1).each(func(_ int, v float64) float64 { return math.Tanh(v) })},
		{"mlp(p, x)", affine(relu(affine(x, w1, b1)), w2, b2)},
		{"mlp2(p, x)", affine(relu(affine(relu(affine(x, w1, b1)), w2, b2)), w3, b3)},
		{"layer_norm(p, x @ W1)", normal(x.times(w1))},
	} {
		t.Run(tt.call, func(t *testing.T) {
			near(t, "z", numbers(t, run(t, head+"z = "+tt.call)["z"]), tt.want.flat())
		})
	}
}

func (x matrix) fill(cols int, r *rand.Rand) matrix {
	for i := range x {
		x[i] = make([]float64, cols)
		for j := range x[i] {
			x[i][j] = r.NormFloat64()
		}
	}
	return x
}

// Every function of every library is called by a test above.
func TestEveryFunctionIsTested(t *testing.T) {
	tested := "sgd_step momentum_step nesterov_step adam_init adam_step decay classification_cost accuracy early_init early_stopping " +
		"linear linear_relu linear_tanh mlp mlp2 layer_norm"
	for _, name := range library.Names() {
		functions, doc, err := library.Functions(name)
		if err != nil || doc == "" {
			t.Errorf("%s: %v, the doc is %q", name, err, doc)
		}
		for _, f := range functions {
			if !slices.Contains(strings.Fields(tested), f.Name) {
				t.Errorf("%s of %s has no test", f.Name, name)
			}
			if f.Doc == "" {
				t.Errorf("%s of %s has no doc", f.Name, name)
			}
		}
	}
}

func TestLibrariesAreInTheirCanonicalLayout(t *testing.T) {
	for _, name := range library.Names() {
		src, err := library.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := text.Parse(src, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := ir.Verify(p, ops.Standard().Library()); err != nil {
			t.Error(err)
		}
		printed, err := text.Print(p)
		if err != nil || string(printed) != string(src) {
			t.Errorf("%s, %v: run flowc fmt -w on it", name, err)
		}
	}
}

func TestResolveTakesWhatIsUsed(t *testing.T) {
	parse := func(src string) *ir.Program {
		t.Helper()
		p, err := text.Parse([]byte(src), "t.flow")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := parse("import \"train\"\nimport \"train\"\nimport \"layers\"\nfunction f(p, x) -> z { z = mlp(p, x) }\nx, v = momentum_step(1, 2, 3, 4, 5)\nprint accuracy(x, v)")
	before := ir.Digest(p)
	q, err := library.Resolve(p)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range q.Functions {
		names = append(names, f.Name)
	}
	if got, want := strings.Join(names, " "), "f momentum_step accuracy mlp"; got != want || len(q.Imports) > 0 {
		t.Errorf("the functions are %s, want %s; the imports %v", got, want, q.Imports)
	}
	if ir.Digest(p) != before {
		t.Error("resolving changes the program")
	}
	seen := map[ir.ID]bool{}
	ir.Walk(q, func(_ *ir.Path, n *ir.Node) bool {
		if n.ID == 0 || seen[n.ID] {
			t.Errorf("%s has the ID %d", n.Op, n.ID)
		}
		seen[n.ID] = true
		return true
	})
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		if !seen[n.ID] {
			t.Errorf("the node %d is lost", n.ID)
		}
		return true
	})
	again, err := library.Resolve(q)
	if err != nil || again != q {
		t.Errorf("resolving a resolved program gives another, %v", err)
	}
	first, _ := library.Resolve(parse("import \"train\"\nprint accuracy(1, 2)"))
	first.Functions[0].Body[0].Attrs[0].Name = "changed"
	second, _ := library.Resolve(parse("import \"train\"\nprint accuracy(1, 2)"))
	if second.Functions[0].Body[0].Attrs[0].Name == "changed" {
		t.Error("a change of a resolved program shows in the next one")
	}
}

func TestResolveErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"import \"trains\"", `t.flow: /import/0: there is no library "trains": did you mean "train"?`},
		{"import \"" + strings.Repeat("x", 1000) + "\"", `there are layers, train`},
		{"import \"train\"\nfunction accuracy() -> x { x = 1 }", "t.flow:2:10: /functions/accuracy: function accuracy has the name of one that comes with the import of train: choose another name"},
	} {
		p, err := text.Parse([]byte(c.src), "t.flow")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := library.Resolve(p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q gives %v, want %s", c.src, err, c.want)
		}
	}
	if _, err := library.Source("../library"); err == nil {
		t.Error("a path is a library")
	}
	if _, _, err := library.Functions("zoo"); err == nil || !strings.Contains(err.Error(), "there are layers, train") {
		t.Errorf("got %v", err)
	}
}
