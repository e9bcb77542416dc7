// Package passtest tests passes by golden files. A test of a pass is
//
//	var _ = flag.Bool("update", false, "rewrite the expectations of golden files")
//
//	func TestGoldens(t *testing.T) {
//		passtest.Run(t, passtest.Config{Table: table}, "testdata/*.txtar")
//	}
//
// with a table that has the pass, and files of which go test -update writes what
// is expected:
//
//	What the file shows.
//	-- cmd --
//	flowc -O0 --passes=canonicalize,mine{max=3} --backend=gorgonia
//	-- input.flow --
//	y = exp(log(x))
//	-- want.flow --
//	...
//
// A golden file is a txtar archive. cmd says how the program input.flow, or
// input.json, is compiled: the flags -O, --passes, --backend (step or gorgonia,
// which mean the numeric family), --fuel and --max-steps mean what they mean to
// flowc. Without it nothing but the required passes run, in the family step. The
// flags may also stand in the comment, as lines such as "passes: mine" and
// "family: gorgonia".
//
// The other sections are what is expected, and -update writes them:
//
//   - want.flow or want.json, the program afterwards, in the form of the input;
//   - stats (report beside input.json): what each pass that changed the program
//     counted, and its remarks;
//   - error instead, if the compile fails;
//   - trace, if the file has it: the lines that the optimized program prints, and
//     how the run ends;
//   - registers, if the file has it: their values when the run ends.
//
// Unless a pass that is not exact has changed the program, it is also run as it
// was and as it is now, and compared at every step: see [SameRun].
package passtest

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/rogpeppe/go-internal/txtar"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// Config says how golden files are run. The zero value does so with what flowc
// comes with.
type Config struct {
	// Registry has the ops that the programs call; nil is [ops.Standard].
	Registry *ops.Registry
	// Table replaces the standard passes.
	Table *passes.Table
	// Update rewrites the expectations to what happens. The flag -update, if the
	// test has one, sets it too.
	Update bool
	// Also, if not nil, checks a program and what became of it.
	Also func(t *testing.T, before, after *ir.Program, family string)
}

// Run runs each golden file that the pattern matches as a subtest. It returns
// how often each pass changed a program.
func Run(t *testing.T, c Config, pattern string) map[string]int {
	t.Helper()
	if c.Registry == nil {
		c.Registry = ops.Standard()
	}
	c.Update = c.Update || updating()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no file matches %s", pattern)
	}
	changed := map[string]int{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.ToSlash(file), ".txtar"), func(t *testing.T) { c.file(t, file, changed) })
	}
	return changed
}

// updating reports whether the test has a flag -update that is set.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// A golden is one file.
type golden struct {
	archive  *txtar.Archive
	file     string
	form     string // of the program
	options  passes.Options
	maxSteps int64
}

func (g *golden) has(name string) bool {
	return slices.ContainsFunc(g.archive.Files, func(f txtar.File) bool { return f.Name == name })
}

func (g *golden) section(name string) []byte {
	for i := range g.archive.Files {
		if g.archive.Files[i].Name == name {
			return g.archive.Files[i].Data
		}
	}
	return nil
}

// read reads a file and what it says of how to compile.
func (c *Config) read(file string) (*golden, error) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		return nil, err
	}
	g := &golden{archive: a, file: file, form: "json", maxSteps: maxSteps}
	if g.has("input.flow") {
		g.form = "flow"
	}
	g.options = passes.Options{Registry: c.Registry, Table: c.Table, Passes: "none"}
	for _, line := range strings.Split(string(a.Comment), "\n") {
		switch key, value, _ := strings.Cut(line, ": "); key {
		case "passes":
			g.options.Passes = strings.TrimSpace(value)
		case "family":
			g.options.Family = strings.TrimSpace(value)
		case "fuel":
			if err := g.flag("--fuel=" + strings.TrimSpace(value)); err != nil {
				return nil, err
			}
		}
	}
	fields := strings.Fields(string(g.section("cmd")))
	if len(fields) > 0 && fields[0] == "flowc" {
		fields = fields[1:]
	}
	for _, field := range fields {
		if err := g.flag(field); err != nil {
			return nil, fmt.Errorf("cmd: %w", err)
		}
	}
	return g, nil
}

// flag takes a flag of the command line.
func (g *golden) flag(field string) (err error) {
	name, value, _ := strings.Cut(field, "=")
	switch {
	case name == "--passes" && value != "":
		g.options.Passes = value
	case name == "--backend":
		g.options.Family = value
	case name == "--fuel":
		g.options.Fuel = new(int64)
		*g.options.Fuel, err = strconv.ParseInt(value, 10, 64)
	case name == "--max-steps":
		g.maxSteps, err = strconv.ParseInt(value, 10, 64)
	case len(field) == 3 && strings.HasPrefix(field, "-O"):
		g.options.Passes = "" // the level's
		g.options.Level, err = strconv.Atoi(field[2:])
	default:
		return fmt.Errorf("%q: want flags among -O, --passes, --backend, --fuel and --max-steps, with their values", field)
	}
	if err != nil {
		return fmt.Errorf("%q: want a whole number", field)
	}
	return nil
}

func (g *golden) parse() (*ir.Program, error) {
	name := filepath.Base(g.file)
	if g.form == "flow" {
		return text.Parse(g.section("input.flow"), name)
	}
	return json.Parse(g.section("input.json"), name)
}

func (g *golden) print(p *ir.Program) ([]byte, error) {
	if g.form == "flow" {
		return text.Print(p)
	}
	return json.Print(p)
}

// expected returns the names of the sections that are compared, in the order in
// which they are written.
func (g *golden) expected() []string {
	stats := "report"
	if g.form == "flow" {
		stats = "stats"
	}
	names := []string{"want." + g.form, stats, "error"}
	for _, name := range []string{"trace", "registers"} {
		if g.has(name) {
			names = append(names, name)
		}
	}
	return names
}

func (c *Config) file(t *testing.T, file string, changed map[string]int) {
	g, err := c.read(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := g.parse()
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(p, c.Registry.Library()); err != nil {
		t.Fatal(err)
	}
	g.options.Strict = true
	var made []*ir.Program
	g.options.Trace = func(_ *passes.Pass, _, after *ir.Program) { made = append(made, after) }
	q, report, err := passes.Optimize(p, g.options)
	if errors.Is(err, passes.ErrModified) {
		t.Error(err) // whatever is expected
		return
	}
	table := c.Table
	if table == nil {
		table = passes.Standard()
	}
	exact := true
	var stages []stage
	for i := range report.Passes {
		if ps := &report.Passes[i]; ps.Changed {
			changed[ps.Name]++
			if p, err := table.Pass(ps.Name); err != nil || !p.Exact {
				exact = false
			}
			if !ps.Required && i < len(made) {
				stages = append(stages, stage{fmt.Sprintf("%s (%s)", ps.Name, ps.Stats.String()), made[i]})
			}
		}
	}
	got := map[string]string{}
	if err != nil {
		got["error"] = err.Error() + "\n"
	} else {
		c.compiled(t, g, p, q, &report, exact, stages, got)
	}
	if c.Update {
		g.update(t, got)
		return
	}
	for _, name := range g.expected() {
		switch want := string(g.section(name)); {
		case want == got[name]:
		case !g.has(name):
			t.Errorf("the file has no section %s; go test -update writes what there is, to be read:\n%s", name, got[name])
		default:
			changes := diff.Diff("want", []byte(want), "got", []byte(got[name]))
			_, changes, _ = bytes.Cut(changes, []byte("\n")) // a line that repeats the next two
			t.Errorf("section %s:\n%s", name, changes)
		}
	}
}

// compiled collects what there is to say of a program p that became q.
func (c *Config) compiled(t *testing.T, g *golden, p, q *ir.Program, report *passes.Report, exact bool, stages []stage, got map[string]string) {
	text, err := g.print(q)
	if err != nil {
		t.Fatal(err)
	}
	got["want."+g.form] = string(text)
	got["report"] = reportText(report)
	got["stats"] = got["report"]
	if g.has("trace") || g.has("registers") {
		r := &runner{registry: c.Registry, program: q}
		if err := r.start(); err == nil {
			r.run(g.maxSteps)
		}
		got["trace"], got["registers"] = r.trace(), r.registers()
	}
	if exact {
		sameRun(t, c.Registry, p, q, report.Family, stages)
	}
	if c.Also != nil {
		c.Also(t, p, q, g.options.Family)
	}
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

// update rewrites the file: what is not an expectation stays as it is.
func (g *golden) update(t *testing.T, got map[string]string) {
	expected := g.expected()
	result := &txtar.Archive{Comment: g.archive.Comment}
	for _, f := range g.archive.Files {
		if !slices.Contains(expected, f.Name) {
			result.Files = append(result.Files, f)
		}
	}
	for _, name := range expected {
		if text := got[name]; text != "" || name == "trace" || name == "registers" {
			result.Files = append(result.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	if err := os.WriteFile(g.file, txtar.Format(result), 0o644); err != nil {
		t.Fatal(err)
	}
}
