//go:build unix

package passes_test

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/backend/step"
	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// BenchmarkStatements measures runs of k statements, one by one and joined, from
// which the costs of package cost are read.
func BenchmarkStatements(b *testing.B) {
	for kind, init := range map[string]string{"tensor": `{"tensor": {"dtype": "f64", "data": [1.0, 2.0, 3.0, 4.0]}}`, "scalar": "1.0"} {
		for _, k := range []int{1, 2, 4, 8} {
			for _, pipeline := range []string{"none", "collapse"} {
				b.Run(fmt.Sprintf("%s/%d/%s", kind, k, pipeline), func(b *testing.B) { runStatements(b, init, k, pipeline) })
			}
		}
	}
}

func runStatements(b *testing.B, init string, k int, pipeline string) {
	statement := `{"call": "negative", "args": [{"reg": "x"}], "store": "x"}, `
	p, err := json.Parse([]byte(fmt.Sprintf(`{"flowc": 1, "registers": {"x": %s}, "body": [{"loop": [%s {"print": []}]}]}`,
		init, strings.Repeat(statement, k))), "bench.json")
	if err != nil {
		b.Fatal(err)
	}
	p, _, err = passes.Optimize(p, passes.Options{Registry: ops.Standard(), Passes: pipeline})
	if err != nil {
		b.Fatal(err)
	}
	config := backend.Config{Registry: ops.Standard()}
	if pipeline != "none" {
		config.Graphs = step.New(step.Options{Registry: config.Registry,
			Specialize: func(leaf *ir.Node, inputType func(string) (ir.Type, error)) (*ir.Graph, error) {
				return passes.Specialize(leaf, inputType, config.Registry)
			}})
	}
	m, err := backend.NewMachine(p, config, nil)
	if err != nil {
		b.Fatal(err)
	}
	before := cpuTime(b)
	b.ResetTimer()
	if _, err := m.Run(context.Background(), backend.Budget{Steps: int64(b.N) * int64(k+1)}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op")
}

// controls are bodies of a loop for which each of the control passes does
// something, and the steps of an iteration.
var controls = []struct {
	name, body string
	steps      int64
}{
	{"fold", `{"call": "identity", "args": [2.0], "store": "a"}, {"call": "multiply", "args": [{"reg": "a"}, {"call": "exp", "args": [0.5]}], "store": "b"},
		{"call": "multiply", "args": [{"reg": "x"}, {"call": "divide", "args": [1.0, {"reg": "b"}]}], "store": "y"}, {"print": []}`, 4},
	{"merge", `{"call": "multiply", "args": [{"call": "sigmoid", "args": [{"reg": "x"}]}, {"call": "subtract", "args": [1.0, {"call": "sigmoid", "args": [{"reg": "x"}]}]}], "store": "y"}, {"print": []}`, 2},
	{"copies", `{"call": "identity", "args": [{"reg": "x"}], "store": "a"}, {"call": "identity", "args": [{"reg": "a"}], "store": "b"}, {"call": "add", "args": [{"reg": "b"}, 1], "store": "y"}, {"print": []}`, 4},
	{"dce", `{"call": "exp", "args": [{"reg": "f"}], "store": "y"}, {"call": "negative", "args": [{"reg": "x"}], "store": "y"}, {"print": []}`, 3},
	{"switch", `{"call": "add", "args": [{"reg": "x"}, 1], "store": "y"}, {"switch": {"call": "less", "args": [{"reg": "i"}, 3]}, "cases": [{"when": true, "body": [{"call": "identity", "args": [0.1], "store": "lr"}]}],
		"default": [{"call": "identity", "args": [0.01], "store": "lr"}]}, {"call": "multiply", "args": [{"reg": "y"}, {"reg": "lr"}], "store": "y"}`, 3},
	{"functions", `{"call": "h", "args": [{"reg": "x"}], "store": "y"}, {"call": "h", "args": [{"reg": "y"}], "store": "y"}, {"print": []}`, 5},
	{"strands", `{"weave": [[{"seq": [{"call": "add", "args": [{"reg": "x"}, 1], "store": "y"}, {"call": "square", "args": [{"reg": "y"}], "store": "y"}, {"call": "tanh", "args": [{"reg": "y"}], "store": "y"}]}],
		[{"seq": [{"call": "add", "args": [{"reg": "x"}, 1], "store": "z"}, {"call": "square", "args": [{"reg": "z"}], "store": "z"}, {"call": "tanh", "args": [{"reg": "z"}], "store": "z"}]}]], "turn": "statement"}`, 6},
}

// BenchmarkControl compares runs at -O0 and -O2 in the step family, in turns in
// one process: the metric is CPU time at -O0 by that at -O2.
func BenchmarkControl(b *testing.B) {
	for _, c := range controls {
		b.Run(c.name, func(b *testing.B) {
			text := fmt.Sprintf(`{"flowc": 1, "registers": {"x": {"tensor": {"dtype": "f64", "data": [1.0, 2.0, 3.0, 4.0]}}, "f": {"type": "f64[4]"}},
				"functions": {"h": {"params": ["a"], "returns": ["r"], "body": [{"call": "square", "args": [{"reg": "a"}], "store": "t"}, {"call": "tanh", "args": [{"reg": "t"}], "store": "r"}]}},
				"body": [{"call": "identity", "args": [{"reg": "x"}], "store": "f"}, {"repeat": 1000000000, "as": "i", "body": [%s]}]}`, c.body)
			p, err := json.Parse([]byte(text), "bench.json")
			if err != nil {
				b.Fatal(err)
			}
			var machines [2]*backend.Machine
			for level, pipeline := range []string{"none", passes.Levels()[2]} {
				q, _, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Passes: pipeline})
				if err != nil {
					b.Fatal(err)
				}
				if machines[level], err = backend.NewMachine(q, backend.Config{Registry: ops.Standard()}, nil); err != nil {
					b.Fatal(err)
				}
			}
			const iterations = 1000
			var spent [2]int64
			b.ResetTimer()
			for range max(1, b.N/iterations) {
				for level, m := range machines {
					before := cpuTime(b)
					if _, err := m.Run(context.Background(), backend.Budget{Steps: c.steps * iterations}); err != nil {
						b.Fatal(err)
					}
					spent[level] += cpuTime(b) - before
				}
			}
			b.ReportMetric(float64(spent[0])/float64(spent[1]), "O0/O2")
		})
	}
}

// cpuTime returns the nanoseconds that the process has computed.
func cpuTime(b *testing.B) int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Skip("no CPU times: ", err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}
