// Package passtest runs passes over golden files.
//
// A golden file is a txtar archive. Its comment says what it shows; lines of
// the comment of the form "key: value" say how:
//
//	passes: canonicalize,collapse   optional passes; "none" for none
//	family: gorgonia                numeric family, step if not given
//
// Its files are the program input.json and what is expected: want.json, the
// program afterwards, and report, what the passes say, or error, what
// compiling it fails with.
package passtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// Config says how golden files are read and written.
type Config struct {
	// Parse reads a program and Print writes one.
	Parse func(src []byte, file string) (*ir.Program, error)
	Print func(p *ir.Program) ([]byte, error)
	// Registry has the ops that the programs call.
	Registry *ops.Registry
	// Table replaces the standard passes.
	Table *passes.Table
	// Update rewrites the expectations to what happens.
	Update bool
	// Also, if not nil, checks a program and what became of it.
	Also func(t *testing.T, before, after *ir.Program, family string)
}

// Run runs each golden file that the pattern matches as a subtest. It returns
// how often each pass changed a program.
func Run(t *testing.T, c Config, pattern string) map[string]int {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no file matches %s", pattern)
	}
	fired := map[string]int{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.ToSlash(file), ".txtar"), func(t *testing.T) { c.file(t, file, fired) })
	}
	return fired
}

func (c *Config) file(t *testing.T, file string, fired map[string]int) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	options := passes.Options{Registry: c.Registry, Table: c.Table, Passes: "none"}
	for _, line := range strings.Split(string(a.Comment), "\n") {
		switch key, value, _ := strings.Cut(line, ": "); key {
		case "passes":
			options.Passes = strings.TrimSpace(value)
		case "family":
			options.Family = strings.TrimSpace(value)
		}
	}
	p, err := c.Parse(section(a, "input.json"), filepath.Base(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(p, c.Registry.Library()); err != nil {
		t.Fatal(err)
	}
	digest := ir.Digest(p)
	q, report, err := passes.Optimize(p, options)
	if ir.Digest(p) != digest {
		t.Error("a pass has changed the program that it was given")
	}
	for _, ps := range report.Passes {
		if ps.Changed {
			fired[ps.Name]++
		}
	}
	got := map[string]string{}
	if err != nil {
		got["error"] = err.Error() + "\n"
	} else {
		text, err := c.Print(q)
		if err != nil {
			t.Fatal(err)
		}
		got["want.json"], got["report"] = string(text), reportText(&report)
		if c.Also != nil {
			c.Also(t, p, q, options.Family)
		}
	}
	if c.Update {
		update(t, file, a, got)
		return
	}
	for _, name := range []string{"want.json", "report", "error"} {
		if diff := cmp.Diff(string(section(a, name)), got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func section(a *txtar.Archive, name string) []byte {
	for i := range a.Files {
		if a.Files[i].Name == name {
			return a.Files[i].Data
		}
	}
	return nil
}

// reportText returns the report with the remarks of each pass.
func reportText(r *passes.Report) string {
	var b strings.Builder
	for i := range r.Passes {
		p := &r.Passes[i]
		if p.Changed {
			fmt.Fprintf(&b, "%s: %s\n", p.Name, p.Stats.String())
		}
		for _, n := range p.Notes {
			fmt.Fprintf(&b, "%s: %s\n", p.Name, n)
		}
	}
	return b.String()
}

func update(t *testing.T, file string, a *txtar.Archive, got map[string]string) {
	result := &txtar.Archive{Comment: a.Comment, Files: []txtar.File{{Name: "input.json", Data: section(a, "input.json")}}}
	for _, name := range []string{"want.json", "report", "error"} {
		if text := got[name]; text != "" {
			result.Files = append(result.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	if err := os.WriteFile(file, txtar.Format(result), 0o644); err != nil {
		t.Fatal(err)
	}
}
