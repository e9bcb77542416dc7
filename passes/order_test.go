package passes_test

import (
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
)

func nothing(_ *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	return p, pass.Stats{}, nil
}

func TestStandardTableIsInOrder(t *testing.T) {
	if err := passes.Standard().Check(); err != nil {
		t.Fatal(err)
	}
	for level, names := range passes.Levels() {
		for _, family := range []string{"step", "gorgonia"} {
			if _, err := passes.Standard().Pipeline(family, names); err != nil {
				t.Errorf("level %d, family %s: %v", level, family, err)
			}
		}
	}
}

func TestTableCheck(t *testing.T) {
	a := &passes.Pass{Name: "a", Doc: "A.", Run: nothing}
	b := &passes.Pass{Name: "b", Doc: "B.", Run: nothing}
	for _, c := range []struct {
		name  string
		table passes.Table
		want  string
	}{
		{"good", passes.Table{Passes: []*passes.Pass{a, b}, Order: []passes.Constraint{{Before: "a", After: "b", Reason: "r"}}}, ""},
		{"against a constraint", passes.Table{Passes: []*passes.Pass{b, a}, Order: []passes.Constraint{{Before: "a", After: "b", Reason: "so it is"}}},
			`pass "a" must run before "b": so it is`},
		{"cycle", passes.Table{Passes: []*passes.Pass{a, b},
			Order: []passes.Constraint{{Before: "a", After: "b", Reason: "r"}, {Before: "b", After: "a", Reason: "s"}}}, `pass "b" must run before "a": s`},
		{"unknown name", passes.Table{Passes: []*passes.Pass{a}, Order: []passes.Constraint{{Before: "a", After: "c", Reason: "r"}}}, `there is no pass "c"`},
		{"wrong level", passes.Table{Passes: []*passes.Pass{a}, Levels: []string{"", "a,b"}}, `the pipeline of level 1: column 3: unknown pass "b"`},
		{"a word of pipelines", passes.Table{Passes: []*passes.Pass{{Name: "fixpoint", Doc: "X.", Run: nothing}}}, "means something else in pipelines"},
		{"rules and a function", passes.Table{Passes: []*passes.Pass{{Name: "x", Doc: "X.", Run: nothing, Rules: []pass.Rule{{Name: "r", Doc: "R."}}}}}, "has a run function and rules"},
		{"rewrites twice", passes.Table{Passes: []*passes.Pass{{Name: "x", Doc: "X.", Run: nothing, Rewrites: []pass.Rewrite{{Name: "r", Doc: "R."}, {Name: "r", Doc: "R."}}}}}, `two rewrites are named "r"`},
		{"no reason", passes.Table{Passes: []*passes.Pass{a, b}, Order: []passes.Constraint{{Before: "a", After: "b"}}}, "has no reason"},
		{"twice", passes.Table{Passes: []*passes.Pass{a, a}}, `two passes are named "a"`},
		{"bad name", passes.Table{Passes: []*passes.Pass{{Name: "A b", Doc: "X.", Run: nothing}}}, "lower-case words joined by hyphens"},
		{"no doc", passes.Table{Passes: []*passes.Pass{{Name: "x", Run: nothing}}}, "has a doc and a run function or rules"},
		{"required after optional", passes.Table{Passes: []*passes.Pass{a, {Name: "r", Doc: "R.", Required: true, Run: nothing}}},
			`required pass "r" comes after "a", which is optional`},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, c.table.Check(), c.want) })
	}
}

func TestPipeline(t *testing.T) {
	for _, c := range []struct{ family, names, want, wantErr string }{
		{"step", "", "lower-functions,lower-grad,stabilize,contract", ""},
		{"step", "none", "lower-functions,lower-grad,stabilize,contract", ""},
		{"gorgonia", "none", "lower-functions,lower-grad,stabilize,contract,outline", ""},
		{"step", "collapse", "lower-functions,lower-grad,stabilize,contract,collapse", ""},
		{"step", " inline , contract", "lower-functions,lower-grad,stabilize,contract,inline", ""},
		{"step", "colapse", "", `column 1: unknown pass "colapse"; did you mean collapse?`},
		{"step", "zzzzzzzzzzzz", "", "the passes are lower-functions, "},
		{"step", "collapse,collapse", "", `column 10: pass "collapse" is named twice in a row`},
		{"step", "collapse,fuse-buffer", "", `column 10: pass "fuse-buffer" must run before "collapse": the body of a buffer`},
	} {
		got, err := passes.Standard().Pipeline(c.family, c.names)
		wantError(t, err, c.wantErr)
		if joined := strings.Join(got.Names(), ","); joined != c.want {
			t.Errorf("Pipeline(%q, %q) = %s, want %s", c.family, c.names, joined, c.want)
		}
	}
}

func TestWith(t *testing.T) {
	extra := &passes.Pass{Name: "extra", Doc: "E.", Run: nothing}
	table, err := passes.Standard().With(extra, passes.After("inline"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = passes.Standard().With(nil, passes.After("inline"))
	wantError(t, err, "the pass is nil")
	if _, err := table.Pipeline("step", "inline,extra,collapse"); err != nil {
		t.Error(err)
	}
	if len(passes.Standard().Passes) == len(table.Passes) {
		t.Error("With has changed the standard table")
	}
	for _, c := range []struct {
		at         passes.Position
		levels     []string
		wantLevels []string
	}{
		{passes.After("inline"), []string{"", "canonicalize,inline", "canonicalize,fixpoint(inline,fuse-buffer),collapse", "collapse"},
			[]string{"extra", "canonicalize,inline,extra", "canonicalize,fixpoint(inline,extra,fuse-buffer),collapse", "collapse,extra"}},
		{passes.Before("inline"), []string{"none", "canonicalize,inline", "inline", "collapse"},
			[]string{"extra", "canonicalize,extra,inline", "extra,inline", "collapse,extra"}},
	} {
		table := passes.Standard()
		table.Levels = c.levels
		got, err := table.With(extra, c.at, 0, 1, 2, 3)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Levels, c.wantLevels) {
			t.Errorf("levels %q, want %q", got.Levels, c.wantLevels)
		}
	}
	_, err = passes.Standard().With(extra, passes.After("inline"), 4)
	wantError(t, err, "no optimization level 4")
	_, err = passes.Standard().With(&passes.Pass{Name: "extra", Doc: "E.", Required: true, Run: nothing}, passes.After("outline"), 1)
	wantError(t, err, `required pass "extra" runs at every level`)
	_, err = passes.Standard().With(extra, passes.After("inlin"))
	wantError(t, err, "did you mean inline")
	_, err = passes.Standard().With(extra, passes.After("lower-grad"))
	wantError(t, err, "required pass")
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case err == nil && want != "":
		t.Errorf("no error, want %q", want)
	case err != nil && (want == "" || !strings.Contains(err.Error(), want)):
		t.Errorf("error %q, want %q", err, want)
	}
}
