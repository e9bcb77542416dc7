package json

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"flowc.dev/flowc/ir"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// sameProgram compares everything that the text of a program says; ids tells
// whether that includes IDs and origins.
func sameProgram(ids bool) cmp.Options {
	options := cmp.Options{
		cmp.Comparer(ir.SameValue),
		cmpopts.EquateEmpty(),
		cmpopts.IgnoreTypes(ir.Pos{}),
		cmpopts.IgnoreFields(ir.Program{}, "File"),
	}
	if !ids {
		options = append(options, cmpopts.IgnoreFields(ir.Node{}, "ID", "Origins"))
	}
	return options
}

func TestParsePrintedProgramGivesIt(t *testing.T) {
	schema := compiledSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		p := genProgram(t)
		p.AssignIDs()
		for _, o := range []PrintOptions{{}, {IDs: true}} {
			text, err := o.Print(p)
			if err != nil {
				t.Fatal(err)
			}
			q, err := Parse(text, "printed.json")
			if err != nil {
				t.Fatalf("%v\nin\n%s", err, text)
			}
			if diff := cmp.Diff(p, q, sameProgram(o.IDs)); diff != "" {
				t.Fatalf("%+v: parsed program differs (-want +got):\n%s\ntext:\n%s", o, diff, text)
			}
			if ir.Digest(p) != ir.Digest(q) {
				t.Fatalf("digests differ for\n%s", text)
			}
			again, err := o.Print(q)
			if err != nil || !bytes.Equal(text, again) {
				t.Fatalf("printing again gives %v\n%s\nafter\n%s", err, again, text)
			}
			if err := validate(schema, text); err != nil {
				t.Fatalf("the schema refuses a program: %v\n%s", err, text)
			}
		}
	})
}

func TestPrintIDsKeepsNodesOfSourceRegions(t *testing.T) {
	source := ir.Call("add", ir.Const(ir.WeakInt(1)), ir.Const(ir.WeakInt(2))).StoringTo("x")
	source.ID = 7
	graph := &ir.Node{Op: "graph", ID: 7, Attrs: []ir.Attr{{Name: "steps", Value: ir.Int(1)}, {Name: "yield", Value: ir.Strings("%1")}},
		Regions: []ir.Region{{Field: "graph", Body: []*ir.Node{source.StoringTo("%1")}}, {Field: "source", Body: []*ir.Node{source}}}}
	p := &ir.Program{Body: []*ir.Node{graph}}
	text, err := PrintOptions{IDs: true}.Print(p)
	if err != nil {
		t.Fatal(err)
	}
	q, err := Parse(text, "")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if got := q.Body[0].Body("source")[0].ID; got != 7 {
		t.Errorf("the source statement has ID %d, want 7", got)
	}
}

// programFiles returns the programs that the repository comes with.
func programFiles(t *testing.T) []string {
	files, err := filepath.Glob("../../examples/*.json")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	return append(files, more...)
}

func TestFilesRoundTrip(t *testing.T) {
	for _, file := range programFiles(t) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Parse(src, file)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		text, err := PrintOptions{IDs: true}.Print(p)
		if err != nil {
			t.Error(err)
			continue
		}
		q, err := Parse(text, file)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if diff := cmp.Diff(p, q, sameProgram(true)); diff != "" {
			t.Errorf("%s: printed and parsed, it differs (-want +got):\n%s", file, diff)
		}
	}
}

var update = flag.Bool("update", false, "rewrite the golden files")

// TestLayout holds the canonical text, line breaks included.
func TestLayout(t *testing.T) {
	for _, name := range []string{"design", "elements"} {
		for suffix, o := range map[string]PrintOptions{".golden": {}, ".ids.golden": {IDs: true}} {
			src, err := os.ReadFile("testdata/" + name + ".json")
			if err != nil {
				t.Fatal(err)
			}
			got, err := o.Print(mustParse(t, string(src)))
			if err != nil {
				t.Fatal(err)
			}
			golden := "testdata/" + name + suffix
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		}
	}
}

func TestPrintNode(t *testing.T) {
	for _, c := range []struct {
		node *ir.Node
		want string
	}{
		{ir.Call("add", ir.Reg("x"), ir.Const(ir.WeakFloat(2))).StoringTo("y"), `{"call": "add", "args": [{"reg": "x"}, 2.0], "store": "y"}`},
		{ir.Reg("p.W"), `{"reg": "p.W"}`},
		{ir.Const(ir.String("a\"b")), `"a\"b"`},
	} {
		got, err := PrintOptions{}.PrintNode(c.node)
		if err != nil || string(got) != c.want+"\n" {
			t.Errorf("got %s, %v; want %s", got, err, c.want)
		}
	}
}

func TestPrintRefusesWhatTheFormCannotSay(t *testing.T) {
	loose := ir.Register{Name: "r", Fixed: true, Type: ir.Type{Kind: ir.Str}}
	for _, c := range []struct {
		program *ir.Program
		want    string
	}{
		{&ir.Program{Name: "\xff"}, `printing JSON: "\xff" is not valid UTF-8`},
		{&ir.Program{Registers: []ir.Register{loose}}, `printing JSON: register "r" has the fixed type string, which the form cannot say`},
		{&ir.Program{Objects: []ir.Object{{Name: "o", Args: []ir.Kwarg{{Name: "new", Node: ir.Const(ir.WeakInt(1))}}}}},
			`printing JSON: object "o" has an argument "new", which the form cannot say`},
		{&ir.Program{Body: []*ir.Node{ir.Reg("x")}}, `printing JSON: found "reg": want a statement, an object with an element key such as "call"`},
		{&ir.Program{Body: []*ir.Node{nil}}, `printing JSON: a node is missing`},
		{&ir.Program{Body: []*ir.Node{{Op: "repeat"}}}, `printing JSON: the node with ID 0 at -: repeat has 0 operands: want 1`},
		{&ir.Program{Body: []*ir.Node{ir.Call("f", ir.Call("g").StoringTo("x"))}}, `printing JSON: the call with ID 0 at - has "store" and stands as an operand`},
		{&ir.Program{Registers: []ir.Register{{Name: "r", Init: ir.Const(ir.Unset())}}}, `printing JSON: a value of the kind unset has no literal`},
	} {
		if _, err := Print(c.program); err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}
