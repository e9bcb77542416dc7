package ops

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// unportable lists the ops whose bits may differ between architectures.
var unportable = map[string]string{
	"eigh": "gonum's LAPACK calculates by assembly where there is some",
}

// TestLawBits: the results of every op's examples have the bits that the golden
// file says, on every architecture. After a change that is meant to change
// bits, run the test with -update. GOAMD64=v3 shows on amd64 what fuses elsewhere.
func TestLawBits(t *testing.T) {
	const file = "testdata/bits.txt"
	var got strings.Builder
	for _, op := range Standard().Ops() {
		if unportable[op.Name] != "" {
			continue
		}
		var results []ir.Value
		for _, ex := range examples[op.Name] {
			values, err := eval(op, ex.args)
			if err != nil {
				t.Fatalf("%s: %v", op.Name, err)
			}
			results = append(results, values...)
		}
		fmt.Fprintf(&got, "%s %s\n", op.Name, ir.ValueDigest(ir.ListOf(results...))[:16])
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wanted := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got.String(), "\n") {
		if i >= len(wanted) || line != wanted[i] {
			t.Fatalf("%s: line %d is %q now; with -update the file is rewritten", file, i+1, line)
		}
	}
}
