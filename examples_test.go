package flowc_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// accuracies are the least test accuracies of the examples that have one.
var accuracies = map[string]float64{"digits_logreg": 0.92, "digits_mlp": 0.96}

// startExample starts examples/name.json.
func startExample(t *testing.T, name string, o flowc.Options) *flowc.Machine {
	t.Helper()
	p, err := flowc.Load(filepath.Join("examples", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return start(t, p, o)
}

func start(t *testing.T, p *ir.Program, o flowc.Options) *flowc.Machine {
	t.Helper()
	c, err := flowc.Compile(p, o)
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Start(nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// finish runs m to its end, waiting for what it has spawned.
func finish(t *testing.T, m *flowc.Machine) {
	t.Helper()
	t.Cleanup(m.Close)
	status, err := m.Run(context.Background(), flowc.Budget{})
	for err == nil && status == flowc.Blocked {
		if err = m.Wait(context.Background()); err == nil {
			status, err = m.Run(context.Background(), flowc.Budget{})
		}
	}
	if err != nil || status != flowc.Done {
		t.Fatalf("%s, %v", status, err)
	}
}

func register(t *testing.T, m *flowc.Machine, name string) ir.Value {
	t.Helper()
	v, err := m.Register(name)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func examples(t *testing.T) []string {
	files, err := filepath.Glob("examples/*.json")
	if err != nil || len(files) < 3 {
		t.Fatalf("found the examples %v, %v", files, err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".json")
	}
	return files
}

// seen returns everything that can be seen of a machine that is done, bit
// for bit.
func seen(m *flowc.Machine) string {
	s := fmt.Sprintf("steps %d\n", m.Steps())
	for _, out := range m.Outputs() {
		s += fmt.Sprintf("%s %s\n", out.Name, ir.ValueDigest(out.Value))
	}
	if p, err := m.Register("p"); err == nil {
		s += fmt.Sprintf("p %s\n", ir.ValueDigest(p))
	}
	return s
}

// Every level of a family gives equal bits; across families the accuracies are
// close.
func TestExamples(t *testing.T) {
	for _, name := range examples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reached := map[string]float64{}
			for _, family := range []string{flowc.Step, flowc.Gorgonia} {
				var first string
				for level := range 3 {
					m := startExample(t, name, flowc.Options{Level: level, Backend: family})
					finish(t, m)
					if got := seen(m); level == 0 {
						first = got
					} else if got != first {
						t.Errorf("%s at -O%d gives\n%sat -O0\n%s", family, level, got, first)
					}
					if accuracies[name] > 0 {
						reached[family] = register(t, m, "test_accuracy").Float64()
					}
				}
				if reached[family] < accuracies[name] {
					t.Errorf("%s: the test accuracy is %v, want at least %v", family, reached[family], accuracies[name])
				}
			}
			if math.Abs(reached[flowc.Step]-reached[flowc.Gorgonia]) > 0.005 {
				t.Errorf("the test accuracies are %v", reached)
			}
		})
	}
}

// updatedSteps returns the number of steps after which the parameters p have
// been updated n times.
func updatedSteps(t *testing.T, name string, n int64) int64 {
	m := startExample(t, name, flowc.Options{Backend: flowc.Step, Profile: true})
	for {
		for _, e := range m.Profile() {
			if e.Node.Text("call") == "subtract" && slices.Equal(e.Node.Stores(), []string{"p"}) && e.Count == n {
				return m.Steps()
			}
		}
		if status, err := m.Step(); status == flowc.Done || err != nil {
			t.Fatalf("%s, %v before %d updates", status, err, n)
		}
	}
}

func TestParametersAgreeAfterTwentyUpdates(t *testing.T) {
	const tolerance = 1e-5
	for name := range accuracies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps := updatedSteps(t, name, 20)
			var parameters [2]ir.Value
			for i, o := range []flowc.Options{{Level: 0, Backend: flowc.Step}, {Level: 2, Backend: flowc.Gorgonia}} {
				m := startExample(t, name, o)
				if _, err := m.Run(context.Background(), flowc.Budget{Steps: steps}); err != nil || m.Steps() != steps {
					t.Fatalf("%d of %d steps, %v", m.Steps(), steps, err)
				}
				parameters[i] = register(t, m, "p")
			}
			want, got := parameters[0].Record(), parameters[1].Record()
			for i, field := range want.Names {
				a, b := ir.Data[float32](want.Values[i].Tensor()), ir.Data[float32](got.Values[i].Tensor())
				largest, difference := 0.0, 0.0
				for j := range a {
					largest = max(largest, math.Abs(float64(a[j])))
					difference = max(difference, math.Abs(float64(a[j])-float64(b[j])))
				}
				if largest == 0 || difference > tolerance*largest {
					t.Errorf("%s: the largest difference is %v, the largest element %v", field, difference, largest)
				}
			}
		})
	}
}

func TestTrainPCAEqualsIndependentPCA(t *testing.T) {
	const rows, cols, components = 100_000, 13, 4
	m := startExample(t, "train_pca", flowc.Options{Level: 2})
	finish(t, m)
	got := register(t, m, "components").Tensor()

	p, err := flowc.Parse([]byte(`{"flowc": 1,
		"objects": {"dataset": {"new": "data.normal", "rows": 100000, "cols": 13, "seed": 123}},
		"body": [{"buffer": 100000, "body": [{"call": "dataset.next"}], "store": "x"}]}`), "draws")
	if err != nil {
		t.Fatal(err)
	}
	draws := start(t, p, flowc.Options{Level: 2})
	finish(t, draws)
	var pc stat.PC
	if !pc.PrincipalComponents(mat.NewDense(rows, cols, ir.Data[float64](register(t, draws, "x").Tensor())), nil) {
		t.Fatal("gonum finds no components")
	}
	var vectors mat.Dense
	pc.VectorsTo(&vectors)
	if !slices.Equal(got.Shape(), []int{components, cols}) {
		t.Fatalf("components have the shape %v", got.Shape())
	}
	for i := range components {
		sign, largest := 1.0, 0.0
		for j := range cols {
			if x := vectors.At(j, i); math.Abs(x) > largest {
				largest, sign = math.Abs(x), math.Copysign(1, x)
			}
		}
		for j := range cols {
			want := sign * vectors.At(j, i)
			if x := ir.Data[float64](got)[i*cols+j]; math.Abs(x-want) > 1e-8 {
				t.Errorf("component %d has %v at %d, gonum %v", i, x, j, want)
			}
		}
	}
}
