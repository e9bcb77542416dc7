package cli

import (
	"errors"
	"flag"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
)

var update = flag.Bool("update", false, "rewrite the wanted outputs in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"flowc": func() { Main(Options{}) }, "flowc-wrong": wrong})
}

// wrong is a flowc with passes that are not right.
func wrong() {
	table := passes.Standard()
	for _, p := range []*passes.Pass{
		{Name: "no-log", Doc: "Takes exp for tanh.", Exact: true, Rules: []pass.Rule{
			{Name: "exp(x) -> tanh(x)", Doc: "which is wrong", Pattern: "exp($x)", Replace: "tanh($x)"},
			{Name: "-(-x) -> x", Doc: "which is right", Pattern: "-(-$x)", Replace: "$x"}}},
		{Name: "arity", Doc: "Calls with too many arguments.", Exact: true, Rules: []pass.Rule{
			{Name: "tanh(x) -> maximum(x, x, x)", Doc: "which does not exist", Pattern: "tanh($x)", Replace: "maximum($x, $x, $x)"}}},
		{Name: "silent", Doc: "Does not ask.", Exact: true,
			Run: func(_ *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
				q, err := pass.EditStatements(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) {
					n = n.Copy()
					n.Args = []*ir.Node{ir.Const(ir.WeakInt(7))}
					return n, nil
				})
				return q, pass.Stats{}, err
			}},
		{Name: "loses", Doc: "Loses prints.", Exact: true, Rewrites: []pass.Rewrite{{Name: "prints lost", Doc: "print 1 -> nothing"}},
			Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
				q, err := pass.EditBodies(p, func(_ *pass.Scope, body []*ir.Node) ([]*ir.Node, error) {
					return slices.DeleteFunc(slices.Clone(body), func(n *ir.Node) bool { return n.Op == "print" && c.Fire("prints lost", n) }), nil
				})
				return q, pass.Stats{}, err
			}},
		{Name: "writes", Doc: "Writes into nodes.", Exact: true, Rewrites: []pass.Rewrite{{Name: "prints changed", Doc: "print 1 -> print 7"}},
			Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
				q, err := pass.EditStatements(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) {
					if n.Op == "print" && c.Fire("prints changed", n) {
						n.Args[0] = ir.Const(ir.WeakInt(7))
					}
					return n, nil
				})
				return q, pass.Stats{}, err
			}},
		{Name: "panics", Doc: "Panics.", Exact: true, Run: func(*pass.Context, *ir.Program) (*ir.Program, pass.Stats, error) { panic("oh") }},
	} {
		var err error
		if table, err = table.With(p, passes.After("canonicalize")); err != nil {
			panic(err)
		}
	}
	table.Levels[1] += ",no-log"
	Main(Options{Table: table})
}

func TestScripts(t *testing.T) { runScripts(t, "testdata/script") }

func TestExampleScripts(t *testing.T) { runScripts(t, "../examples") }

func runScripts(t *testing.T, dir string) {
	examples, err := filepath.Abs("../examples")
	if err != nil {
		t.Fatal(err)
	}
	npy, err := filepath.Abs("testdata/npy")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           dir,
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXAMPLES", examples)
			env.Setenv("NPY", npy)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"exits": exits},
	})
}

// exits runs a command that must end with an exit code: exits 2 flowc -x.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code command [argument...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%s", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("the exit code is %d, want %s", code, args[0])
	}
}
