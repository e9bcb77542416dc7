package backend_test

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// large matches numbers that could make a fuzzed program big or slow; the limits
// have tests of their own.
var large = regexp.MustCompile(`[0-9]{3}|[0-9][eE]`)

// FuzzRun compiles and runs mutated programs: nothing panics, and the optimized
// program does what the unoptimized one does, bit for bit.
func FuzzRun(f *testing.F) {
	files, err := filepath.Glob("../testdata/language/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds in testdata/language: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for i := 0; i < len(archive.Files); i += 2 {
			f.Add(archive.Files[i].Data)
		}
	}
	r := ops.Standard()
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<14 || large.Match(src) {
			t.Skip()
		}
		p, err := json.Parse(src, "fuzz.json")
		if err != nil || ir.Verify(p, r.Library()) != nil {
			return
		}
		if plain, optimized := trace(p, r, 0), trace(p, r, 2); plain != optimized {
			t.Errorf("-O0 gives\n%s-O2 gives\n%s", plain, optimized)
		}
	})
}

// trace returns all that can be seen of a run of p at the level.
func trace(p *ir.Program, r *ops.Registry, level int) string {
	for _, n := range []string{"spawn", "join", "popen"} {
		if uses(p, n) {
			return ""
		}
	}
	var b strings.Builder
	optimized, _, err := passes.Optimize(p, passes.Options{Level: level, Family: "step", Registry: r})
	if err != nil {
		return err.Error()
	}
	m, err := backend.NewMachine(optimized, backend.Config{Registry: r, Print: func(line string) { fmt.Fprintln(&b, line) }}, nil)
	if m == nil {
		return err.Error()
	}
	if err == nil {
		_, err = m.Run(context.Background(), backend.Budget{Steps: 100})
	}
	fmt.Fprintf(&b, "%d steps, error %v\n", m.Steps(), err)
	for _, out := range m.Outputs() {
		fmt.Fprintf(&b, "%s = %s\n", out.Name, ir.ValueDigest(out.Value))
	}
	return b.String()
}

func uses(p *ir.Program, op string) bool {
	found := false
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		found = found || n.Op == op
		return !found
	})
	return found
}
