package passtest_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
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
		"x = 1.5\nx = x + 2\nprint x\n":  "after 2 steps, the last of which is x = x + 1 (at 2:1), done 1 at a time, the optimized program differs from the plain one:\n  register x: weak f64 2.5 in the plain program, weak f64 3.5 in the optimized one",
		"x = 1.5\nx = x + 1\nprint -x\n": `after 3 steps, the last of which is print x (at 3:1), done 1 at a time, the optimized program differs from the plain one:` + "\n" + `  line 1 of the prints: "2.5" in the plain program, "-2.5" in the optimized one`,
		"x = 1.5\nx = x + 1\n":           "the run: stopped after 2 steps in the plain program, done after 2 steps in the optimized one",
		src + "print x\n":                "the run: done after 3 steps in the plain program, stopped after 3 steps in the optimized one",
		"x = 1.5\nx = cast(x + 1, \"f64\")\nprint x\n": "register x: weak f64 2.5 in the plain program, f64 2.5 in the optimized one",
		"x = 1.5\nx = x[3]\nprint x\n":                 "after 1 steps, at x = x + 1 (at 2:1), done 1 at a time, the optimized program differs from the plain one:\n  the run: stopped after 1 steps in the plain program, error: ",
		"x = 1.5\ny = x\nx = x + 1\nprint x\n":         "register y: not set in the plain program, weak f64 1.5 in the optimized one",
	} {
		var f failures
		passtest.SameRun(&f, ops.Standard(), parse(src), parse(after), "step")
		if want == "" && f.said != "" || !strings.Contains(f.said, want) {
			t.Errorf("%s\nis said to differ: %s, want %q", after, f.said, want)
		}
	}
}

// wrongDir is where the golden files of wrong passes are, for a test that is to
// fail: see TestWrongPasses.
const wrongDir = "PASSTEST_WRONG_DIR"

func wrongTable(t *testing.T) *passes.Table {
	broken := &pass.Pass{
		Name: "broken", Doc: "Makes sums differences.", Exact: true,
		Rules: []pass.Rule{{Name: "a + b -> a - b", Doc: "wrong", Pattern: "$a + $b", Replace: "$a - $b"}},
	}
	writes := &pass.Pass{
		Name: "writes", Doc: "Writes into nodes.", Exact: true, Rewrites: []pass.Rewrite{{Name: "written", Doc: "wrong"}},
		Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
			if c.Fire("written", p.Body[0]) {
				p.Body[0].Args[0] = ir.Const(ir.Int(7))
			}
			return p, pass.Stats{}, nil
		},
	}
	table, err := passes.Standard().With(broken, passes.After("canonicalize"))
	if err == nil {
		table, err = table.With(writes, passes.After("broken"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestOfAWrongPass(t *testing.T) {
	dir := os.Getenv(wrongDir)
	if dir == "" {
		t.Skip("TestWrongPasses runs it")
	}
	passtest.Run(t, passtest.Config{Table: wrongTable(t)}, filepath.Join(dir, "*.txtar"))
}

// What differs is said with the pass that did it, and a pass that writes into the
// program it was given is told.
func TestWrongPasses(t *testing.T) {
	for name, want := range map[string]string{
		"broken": "since the pass broken (a + b -> a - b: 1):\n              register x: weak i64 5 in the plain program, weak i64 1 in the optimized one\n",
		"writes": "wrong.txtar:1:5: pass writes: bug: it has modified the program that it was given: copy the nodes that change (Node.Copy, Node.WithAttr); const (id 2) has changed\n",
	} {
		dir := t.TempDir()
		golden := "-- cmd --\nflowc --passes=canonicalize," + name + "\n-- input.flow --\nx = 3\nx = x + 2\n"
		if err := os.WriteFile(filepath.Join(dir, "wrong.txtar"), []byte(golden), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestOfAWrongPass$")
		cmd.Env = append(os.Environ(), wrongDir+"="+dir)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("the test of %s says %v\n%s\nwant\n%s", name, err, out, want)
		}
	}
}
