package star

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// jsonOf returns all that a program says, docs included.
func jsonOf(t reporter, p *ir.Program) string {
	t.Helper()
	text, err := json.Print(p)
	if err != nil {
		t.Errorf("%v", err)
	}
	return string(text)
}

// roundTrip prints p and reads the text, which must give p again with its docs.
func roundTrip(t reporter, p *ir.Program) string {
	t.Helper()
	text, err := Print(p)
	if err != nil {
		t.Errorf("%v", err)
		return ""
	}
	q, err := Parse(text, "printed.star")
	if err != nil {
		t.Errorf("%v\nin\n%s", err, text)
		return ""
	}
	if want, got := jsonOf(t, p), jsonOf(t, q); want != got || ir.Digest(p) != ir.Digest(q) {
		t.Errorf("the program differs (-want +got):\n%s\nin\n%s", cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")), text)
	}
	again, err := Print(q)
	if err != nil || string(again) != string(text) {
		t.Errorf("printing again gives %v\n%s", err, cmp.Diff(strings.Split(string(text), "\n"), strings.Split(string(again), "\n")))
	}
	return string(text)
}

// programs returns the programs that the repository comes with.
func programs(t *testing.T) map[string]*ir.Program {
	t.Helper()
	all := map[string]*ir.Program{}
	add := func(name string, src []byte) {
		p, err := json.Parse(src, name)
		if err != nil {
			t.Errorf("%v", err)
			return
		}
		all[name] = p
	}
	for _, pattern := range []string{"../../examples/*.json", "../json/testdata/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			add(filepath.Base(file), src)
		}
	}
	archives, err := filepath.Glob("../../testdata/language/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal(err)
	}
	for _, archive := range archives {
		a, err := txtar.ParseFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if p, err := json.Parse(f.Data, f.Name); err == nil && strings.HasSuffix(f.Name, ".json") {
				all[f.Name] = p
			}
		}
	}
	return all
}

func TestProgramsRoundTrip(t *testing.T) {
	all := programs(t)
	if len(all) < 50 {
		t.Errorf("found %d programs only", len(all))
	}
	for name, p := range all {
		t.Run(name, func(t *testing.T) { roundTrip(t, p) })
	}
}

func TestRandomProgramsRoundTrip(t *testing.T) {
	for _, o := range []irtest.Options{{}, {Size: 60, Hooks: true, Spawn: true, Failures: 0.3}, {Size: 10, Hooks: true, Digits: true}} {
		for seed := range uint64(100) {
			if roundTrip(t, irtest.Program(seed, o)); t.Failed() {
				t.Fatalf("the program of seed %d, %+v", seed, o)
			}
		}
	}
}

// What is nested more deeply than a file of Starlark can be is in variables.
func TestDeepProgramsRoundTrip(t *testing.T) {
	n := ir.Call("print_me", ir.Reg("x"))
	expression, list := ir.Reg("x"), ir.Value{}
	for i := range 400 {
		n = &ir.Node{Op: "seq", Regions: []ir.Region{{Field: "seq", Body: []*ir.Node{n}}}}
		if i%2 == 0 {
			n = &ir.Node{Op: "switch", Args: []*ir.Node{ir.Reg("k")}, Regions: []ir.Region{{Field: "cases", When: ir.WeakInt(1), Body: []*ir.Node{n}}}}
		}
		switch i % 4 {
		case 0:
			expression = ir.Call("subtract", ir.Const(ir.WeakInt(1)), expression)
		case 1:
			expression = &ir.Node{Op: "list", Args: []*ir.Node{expression}}
		case 2:
			expression = &ir.Node{Op: "record", Kwargs: []ir.Kwarg{{Name: "a", Node: expression}}}
		default:
			expression = ir.Call("other", expression)
		}
		if i < 150 {
			list = ir.ListOf(list, ir.RecordOf([]string{"z", "a"}, []ir.Value{list, ir.WeakInt(1)}))
			if i > 8 {
				list = ir.ListOf(list.List().Items[0])
			}
		}
	}
	p := &ir.Program{Registers: []ir.Register{{Name: "deep", Init: ir.Const(list)}},
		Body: []*ir.Node{n, ir.Call("identity", expression).StoringTo("y")}}
	p.AssignIDs()
	roundTrip(t, p)
}

func TestLongCallsRoundTrip(t *testing.T) {
	many := make([]*ir.Node, 300)
	var named []ir.Kwarg
	for i := range many {
		many[i] = ir.Const(ir.WeakInt(int64(i)))
		named = append(named, ir.Kwarg{Name: fmt.Sprintf("k%03d", i), Node: ir.Const(ir.WeakInt(1))})
	}
	call := ir.Call("concat", many...)
	call.Kwargs = named
	p := &ir.Program{Body: []*ir.Node{call, ir.Call("identity", call.Copy()).StoringTo("x"),
		{Op: "print", Args: many}, {Op: "popen", Args: many}, {Op: "print", Args: []*ir.Node{{Op: "list", Args: many}}}}}
	p = p.Copy()
	roundTrip(t, p)
}

func TestPrintRefusesWhatTheFormCannotSay(t *testing.T) {
	for _, c := range []struct {
		p    *ir.Program
		want string
	}{
		{&ir.Program{Name: "\xff"}, "printing Starlark: \"\\xff\" is not valid UTF-8"},
		{&ir.Program{Body: []*ir.Node{nil}}, "printing Starlark: a node is missing"},
		{&ir.Program{Body: []*ir.Node{ir.Reg("x")}}, `printing Starlark: found "reg": want a statement`},
		{&ir.Program{Body: []*ir.Node{{Op: "repeat"}}}, "printing Starlark: the node with ID 0 at -: repeat has 0 operands: want 1"},
		{&ir.Program{Body: []*ir.Node{ir.Call("f", ir.Call("g").StoringTo("x"))}}, `printing Starlark: the call with ID 0 at - has "store" and stands as an operand`},
		{&ir.Program{Registers: []ir.Register{{Name: "r", Fixed: true, Type: ir.Type{Kind: ir.Str}}}}, `printing Starlark: register "r" has the fixed type string`},
	} {
		if _, err := Print(c.p); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}

// TestLayout holds the text, line breaks included.
func TestLayout(t *testing.T) {
	all := programs(t)
	for _, name := range []string{"design", "elements", "train_pca"} {
		got := roundTrip(t, all[name+".json"])
		golden := "testdata/" + name + ".star"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", golden, diff)
		}
	}
}

func TestPrintRefusesAFileLargerThanTheReaderTakes(t *testing.T) {
	p, err := Parse([]byte("x = reg('x')\nfor i in range(17): x = x + x\nprogram(body=PRINT(x))"), "t.star")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Print(p); err == nil || !strings.HasSuffix(err.Error(), "write the program in the JSON form") {
		t.Errorf("got %v", err)
	}
}
