package graphs_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/graphs"
)

var registry = ops.Standard()

// A testCase is statements on registers of given types, from a golden file.
type testCase struct {
	file, name string
	source     string
	types      map[string]ir.Type
	order      []string // of the types
	leaf       *ir.Node
}

// cases reads the goldens. In an archive name.flow is statements under a
// comment with the types of the registers that they read, name.want what
// becomes of them.
func cases(t *testing.T) []*testCase {
	t.Helper()
	files, err := filepath.Glob("testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var all []*testCase
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if name, ok := strings.CutSuffix(f.Name, ".flow"); ok {
				all = append(all, newCase(t, file, name, string(f.Data)))
			}
		}
	}
	return all
}

func newCase(t *testing.T, file, name, source string) *testCase {
	t.Helper()
	c := &testCase{file: file, name: name, source: source, types: map[string]ir.Type{}}
	head, _, _ := strings.Cut(source, "\n")
	for _, field := range strings.Split(strings.TrimPrefix(head, "# "), "; ") {
		register, typ, ok := strings.Cut(field, ": ")
		typ, weak := strings.CutPrefix(typ, "weak ")
		parsed, err := ir.ParseType(typ)
		if !ok || err != nil {
			t.Fatalf("%s: %s: types %q: %v", file, name, head, err)
		}
		parsed.Weak = weak
		c.types[register] = parsed
		c.order = append(c.order, register)
	}
	body, err := text.ParseStatements([]byte(source), name)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	p := &ir.Program{Inputs: c.order, Body: body}
	for _, register := range c.order {
		p.Registers = append(p.Registers, ir.Register{Name: register})
	}
	q, _, err := passes.Optimize(p.Numbered(), passes.Options{Registry: registry, Family: "gorgonia", Passes: "collapse"})
	if err != nil {
		t.Fatalf("%s: %s: %v", file, name, err)
	}
	if len(q.Body) != 1 || q.Body[0].Op != "graph" {
		t.Fatalf("%s: %s: the statements are no graph leaf", file, name)
	}
	c.leaf = q.Body[0]
	return c
}

// graph returns the typed graph for registers of the given types.
func (c *testCase) graph(types map[string]ir.Type) (*ir.Graph, error) {
	return passes.Specialize(c.leaf, func(register string) (ir.Type, error) {
		t, ok := types[register]
		if !ok {
			return t, fmt.Errorf("no type for %s", register)
		}
		return t, nil
	}, registry)
}

// rewrite returns the graph after the rules of the level and how often each was
// applied.
func rewrite(g *ir.Graph, level int) (*ir.Graph, []graphs.Count) {
	report := new(graphs.Report)
	h := graphs.Rewrite(g, graphs.Options{Level: level, Registry: registry, Report: report})
	return h, report.Counts()
}
