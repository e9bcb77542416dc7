package passtest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
	"flowc.dev/flowc/passes/passtest"
)

var _ = flag.Bool("update", false, "rewrite the expectations of golden files")

func TestGoldens(t *testing.T) {
	changed := passtest.Run(t, passtest.Config{}, "testdata/*.txtar")
	if changed["canonicalize"] != 2 {
		t.Errorf("canonicalize changes %d programs", changed["canonicalize"])
	}
}

// The pass of the guide in package passes.
func TestGoldensOfAPass(t *testing.T) {
	simplify := &pass.Pass{
		Name: "simplify", Doc: "Takes away calls that change nothing.", Exact: true,
		Rules: []pass.Rule{{Name: "abs(abs(x)) -> abs(x)", Doc: "it is positive already", Pattern: "abs(abs($x))", Replace: "abs($x)"}},
	}
	table, err := passes.Standard().With(simplify, passes.After("canonicalize"), 1, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	passtest.Run(t, passtest.Config{Table: table}, "testdata/own/*.txtar")
}

// Update writes what is expected and leaves what is not an expectation as it is.
func TestUpdate(t *testing.T) {
	want, err := os.ReadFile("testdata/flow.txtar")
	if err != nil {
		t.Fatal(err)
	}
	begin, _, _ := strings.Cut(string(want), "-- want.flow --")
	file := filepath.Join(t.TempDir(), "flow.txtar")
	if err := os.WriteFile(file, []byte(begin+"-- trace --\n-- registers --\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	passtest.Run(t, passtest.Config{Update: true}, file)
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("the file is\n%s\nwant\n%s", got, want)
	}
}

// failures keeps what a test would say.
type failures struct{ said string }

func (f *failures) Helper()                           {}
func (f *failures) Errorf(format string, args ...any) { f.said += fmt.Sprintf(format, args...) }

func TestSameRun(t *testing.T) {
	parse := func(src string) *ir.Program {
		p, err := text.Parse([]byte(src), "")
		if err != nil {
			t.Fatal(err)
		}
		return p.Numbered()
	}
	const src = "x = 1.5\nx = x + 1\nprint x\n"
	for after, want := range map[string]string{
		src:                              "",
		"x = 1.5\nx = 1 + x\nprint x\n":  "",
		"x = 1.5\nx = x + 2\nprint x\n":  "after 2 steps the plain program has",
		"x = 1.5\nx = x + 1\nprint -x\n": "after 3 steps the plain program has",
		"x = 1.5\nx = x + 1\n":           "after 2 steps the plain program has",
		src + "print x\n":                "after 3 steps the plain program has",
		"x = 1.5\nx = cast(x + 1, \"f64\")\nprint x\n": "after 2 steps the plain program has",
		"x = 1.5\nx = x[3]\nprint x\n":                 "error: ",
		"x = 1.5\ny = x\nx = x + 1\nprint x\n":         "after 2 steps the plain program has",
	} {
		var f failures
		passtest.SameRun(&f, ops.Standard(), parse(src), parse(after), "step")
		if want == "" && f.said != "" || !strings.Contains(f.said, want) {
			t.Errorf("%s\nis said to differ: %s, want %q", after, f.said, want)
		}
	}
}
