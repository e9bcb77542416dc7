package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// The module of somebody who has a pass and an op of their own.
const (
	theirMain = `package main

import (
	"flowc.dev/flowc/cli"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"

	"example.org/their/triple"
)

func main() {
	registry := ops.Standard()
	err := registry.Add(triple.Op)
	table, tableErr := passes.Standard().With(triple.Pass, passes.After("canonicalize"), 1, 2, 3)
	if err != nil || tableErr != nil {
		panic("the op or the pass is not right")
	}
	cli.Main(cli.Options{Table: table, Registry: registry})
}
`
	theirPass = `// Package triple has an op and a pass that uses it.
package triple

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/pass"
)

func check(x ir.Type) error {
	if x.Kind != ir.Number || x.DType != ir.I64 || len(x.Shape) > 0 {
		return fmt.Errorf("triple: x is %s: want an i64 of rank 0", x)
	}
	return nil
}

// Op is three times a number.
var Op = &ops.Op{
	Signature: ir.Signature{Name: "triple", Params: []ir.Param{{Name: "x", Doc: "an i64"}}, Results: 1},
	Doc:       "Three times a whole number.",
	Infer:     func(args []ops.Arg) ([]ir.Type, error) { return []ir.Type{args[0].Type}, check(args[0].Type) },
	Eval: func(dst, args []ir.Value) error {
		if err := check(args[0].Type()); err != nil {
			return err
		}
		dst[0] = ir.Int(3 * args[0].Int64()).AsWeak(args[0].Weak())
		return nil
	},
}

// Pass makes use of it.
var Pass = &pass.Pass{
	Name: "sum-to-triple", Doc: "Makes a + a + a one call.", Exact: true,
	Rules: []pass.Rule{{Name: "a+a+a -> triple(a)", Doc: "one op instead of two", Pattern: "$a + $a + $a", Replace: "triple($a)"}},
}
`
	theirTest = `package triple_test

import (
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/ops/opstest"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/passtest"

	"example.org/their/triple"
)

func TestOp(t *testing.T) {
	opstest.Run(t, nil, triple.Op, opstest.Call(ir.Int(4)), opstest.Call(ir.WeakInt(-1)))
}

func TestGoldens(t *testing.T) {
	registry := ops.Standard()
	if err := registry.Add(triple.Op); err != nil {
		t.Fatal(err)
	}
	table, err := passes.Standard().With(triple.Pass, passes.After("canonicalize"))
	if err != nil {
		t.Fatal(err)
	}
	passtest.Run(t, passtest.Config{Registry: registry, Table: table}, "testdata/*.txtar")
}
`
	theirGolden = `The sum becomes a product.
-- cmd --
flowc --passes=sum-to-triple
-- input.flow --
n = 4
print n + n + n
-- want.flow --
n = 4
print triple(n)
-- stats --
sum-to-triple: a+a+a -> triple(a): 1
-- trace --
12
done after 2 steps
-- registers --
n = weak i64 4
`
)

// A module outside has its own flowc in a few lines.
func TestAFlowcOfOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a command")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	goMod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	// What flowc needs is what they need; nothing is fetched.
	mod := regexp.MustCompile(`(?m)^module .*$`).ReplaceAllString(string(goMod), "module example.org/their")
	mod += "\nrequire flowc.dev/flowc v0.0.0\n\nreplace flowc.dev/flowc => " + filepath.ToSlash(root) + "\n"
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod": mod, "go.sum": string(sum), "main.go": theirMain, "triple/triple.go": theirPass, "triple/triple_test.go": theirTest,
		"triple/testdata/sum.txtar": theirGolden, "prog.flow": "n = 4\nprint n + n + n\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off", "GOTOOLCHAIN=local")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	command := filepath.Join(dir, "theirs")
	if runtime.GOOS == "windows" {
		command += ".exe"
	}
	run("go", "build", "-o", command, ".")
	if out := run(command, "-O1", "-S", "prog.flow"); !strings.Contains(out, "print triple(n)") {
		t.Errorf("the optimized program is\n%s", out)
	}
	for _, level := range []string{"-O1", "-O2"} {
		if out := run(command, level, "prog.flow"); !strings.HasPrefix(out, "12\n") {
			t.Errorf("the run prints\n%s", out)
		}
	}
	if out := run(command, "passes", "sum-to-triple"); !strings.Contains(out, "sum-to-triple  -O1 -O2 -O3, exact\n") {
		t.Errorf("the pass is explained as\n%s", out)
	}
	if out := run(command, "ops", "triple"); !strings.Contains(out, "Three times a whole number.") {
		t.Errorf("the op is explained as\n%s", out)
	}
	run("go", "test", "./triple")
}
