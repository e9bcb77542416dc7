package passes_test

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// The control passes stop at any rewrite, and what they have made until then
// does what the program does.
func TestFuelStopsAnywhere(t *testing.T) {
	for _, pattern := range []string{"canonicalize", "collapse", "copypropagation", "fold", "merge", "dce"} {
		files, err := filepath.Glob(pattern + "/testdata/*.txtar")
		if err != nil || len(files) == 0 {
			t.Fatalf("no goldens of %s (%v)", pattern, err)
		}
		for _, file := range files {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p := parse(t, string(a.Files[0].Data))
			for fuel := int64(0); fuel < 30; fuel++ {
				made := 0
				o := passes.Options{Registry: ops.Standard(), Level: 2, Fuel: &fuel}
				o.OnFire = func(*passes.Pass, string, *ir.Node) { made++ }
				q, _, err := passes.Optimize(p, o)
				if err != nil {
					t.Fatalf("%s with fuel %d: %v", file, fuel, err)
				}
				sameRun(t, p, q, "step")
				if t.Failed() {
					t.Fatalf("%s with fuel %d", file, fuel)
				}
				if int64(made) < fuel {
					break
				}
			}
		}
	}
}
