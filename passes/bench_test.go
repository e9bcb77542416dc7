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

// cpuTime returns the nanoseconds that the process has computed.
func cpuTime(b *testing.B) int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Skip("no CPU times: ", err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}
