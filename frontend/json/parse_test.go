package json

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"github.com/google/go-cmp/cmp"
)

func mustParse(t *testing.T, src string) *ir.Program {
	t.Helper()
	p, err := Parse([]byte(src), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestDesignExample holds what the example of all forms means.
func TestDesignExample(t *testing.T) {
	src, err := os.ReadFile("testdata/design.json")
	if err != nil {
		t.Fatal(err)
	}
	p := mustParse(t, string(src))
	text := func(v any) string { return fmt.Sprint(v) }
	add := p.Body[len(p.Body)-1]
	sum := p.Body[2]
	for _, c := range []struct{ what, got, want string }{
		{"name", p.Name, "train_pca"},
		{"imports", text(p.Imports), "[train]"},
		{"inputs", text(p.Inputs), "[lr]"},
		{"outputs", text(p.Outputs), "[components]"},
		{"class", p.Object("dataset").Class, "data.normal"},
		{"argument", p.Object("dataset").Args[1].Name, "rows"},
		{"unset register", text(p.Register("x").Init == nil), "true"},
		{"type of lr", p.Register("lr").Init.Attr("value").Type().String(), "weak f64"},
		{"filled tensor", p.Register("W").Init.Op, "tensor"},
		{"tensor with data", ir.Format(p.Register("v").Init.Attr("value")), "[1.0 2.5 nan inf -inf]"},
		{"fixed type", p.Register("y").Type.String(), "f32[64,10]"},
		{"function", text(p.Function("f").Params) + text(p.Function("f").Returns), "[a b][c]"},
		{"count", p.Body[0].Args[0].Attr("value").Type().String(), "weak i64"},
		{"counter", p.Body[0].Text("as"), "i"},
		{"stores", text(p.Body[3].Stores()), "[loss gW]"},
		{"kwarg", sum.Kwargs[0].Name, "axis"},
		{"hook", sum.Body("hooks")[0].Op + text(sum.Body("hooks")[0].Attr("every").Int64()), "hook100"},
		{"strands", text(len(p.Body[10].Regions)), "2"},
		{"copies", ir.Format(p.Body[12].Kwarg("n").Attr("value")), "4"},
		{"id", text(add.ID), "17"},
		{"operand", add.Args[0].Text("call"), "matmul"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, c.got, c.want)
		}
	}
}

func TestLiteralsAreWeakAndTensorsStrong(t *testing.T) {
	p := mustParse(t, `{"flowc": 1, "body": [{"print": [1, 1.0, 1e2, true, "s", null,
		{"tensor": {"dtype": "f64", "data": 1}}, {"tensor": {"dtype": "i64", "data": [1, 2]}}, {"tensor": {"dtype": "i64", "data": [1, 2], "weak": true}}]}]}`)
	want := []string{"weak i64", "weak f64", "weak f64", "bool", "string", "null", "f64", "i64[2]", "weak i64[2]"}
	for i, arg := range p.Body[0].Args {
		if got := arg.Attr("value").Type().String(); arg.Op != "const" || got != want[i] {
			t.Errorf("operand %d is %s %s, want const %s", i, arg.Op, got, want[i])
		}
	}
	if len(p.Body[0].Args[5].Attrs) != 0 {
		t.Error("null has an attribute")
	}
}

func TestPositions(t *testing.T) {
	p := mustParse(t, "\uFEFF{\"flowc\": 1,\n \"objects\": {\"o\":\n  {\"new\": \"rng\", \"seed\": 3}},\r\n \"registers\": {\"ä\": null, \"r\": 1},\n"+
		" \"functions\": {\n\t\"f\": {\"body\": [ {\"seq\": []}]}},\n \"body\": [{\"print\": [\n  {\"reg\": \"r\"},\n  7, {\"index\": [1, \"2:\"]}]}]}")
	index := p.Body[0].Args[2]
	for _, c := range []struct {
		what string
		got  ir.Pos
		want string
	}{
		{"object", p.Objects[0].Pos, "2:14"},
		{"argument", p.Objects[0].Args[0].Node.Pos, "3:26"},
		{"register", p.Registers[1].Pos, "4:28"},
		{"first value", p.Registers[1].Init.Pos, "4:33"},
		{"function", p.Functions[0].Pos, "6:2"},
		{"statement of a function", p.Functions[0].Body[0].Pos, "6:18"},
		{"statement", p.Body[0].Pos, "7:11"},
		{"operand", p.Body[0].Args[0].Pos, "8:3"},
		{"literal", p.Body[0].Args[1].Pos, "9:3"},
		{"slice", index.Args[1].Pos, "9:20"},
		{"start of the slice", index.Args[1].Args[0].Pos, "9:20"},
	} {
		if c.got.String() != c.want {
			t.Errorf("%s: got %s, want %s", c.what, c.got, c.want)
		}
	}
}

func TestPositionsInLongLines(t *testing.T) {
	for _, size := range []int{0, 1, lineBlock - 1, lineBlock, lineBlock + 1, 3 * lineBlock} {
		src := []byte(strings.Repeat(" ", size) + "\n" + strings.Repeat("\n", size) + strings.Repeat("x", size) + "y")
		l := newLines(src)
		line, column := 1, 1
		for i, c := range src {
			if got, want := l.pos(i), (ir.Pos{Line: int32(line), Column: int32(column)}); got != want {
				t.Fatalf("size %d, offset %d: got %s, want %s", size, i, got, want)
			}
			if column++; c == '\n' {
				line, column = line+1, 1
			}
		}
		if got := l.pos(len(src)); got.Column != int32(column) {
			t.Errorf("end of size %d: got %s, want column %d", size, got, column)
		}
	}
}

func TestIDs(t *testing.T) {
	ids := func(p *ir.Program) map[string]ir.ID {
		all := map[string]ir.ID{}
		ir.Walk(p, func(at *ir.Path, n *ir.Node) bool {
			all[at.Pointer()] = n.ID
			return true
		})
		return all
	}
	for _, c := range []struct {
		name, src string
		want      map[string]ir.ID
	}{
		{"none given", `{"print": [1, {"reg": "x"}]}`, map[string]ir.ID{"/body/0": 1, "/body/0/print/0": 2, "/body/0/print/1": 3}},
		{"above the given ones", `{"print": [1, {"reg": "x", "id": 9}]}`, map[string]ir.ID{"/body/0": 10, "/body/0/print/0": 11, "/body/0/print/1": 9}},
		{"in the gaps", `{"print": [1, {"reg": "x", "id": 4294967295}], "id": 1}`,
			map[string]ir.ID{"/body/0": 1, "/body/0/print/0": 2, "/body/0/print/1": math.MaxUint32}},
	} {
		p := mustParse(t, `{"flowc": 1, "body": [`+c.src+`]}`)
		if diff := cmp.Diff(c.want, ids(p)); diff != "" {
			t.Errorf("%s: IDs differ (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestDigestIgnoresForm(t *testing.T) {
	a := mustParse(t, `{"flowc": 1, "registers": {"a": 1, "b": null}, "body": [{"call": "f", "args": [1], "store": "x"}]}`)
	b := mustParse(t, `{"body": [{"doc": "d", "store": ["x"], "id": 7, "args": [{"value": 1}], "call": "f"}], "registers": {"b": {"init": null}, "a": {"init": 1, "doc": "d"}}, "doc": "d", "flowc": 1}`)
	c := mustParse(t, `{"flowc": 1, "registers": {"a": 1, "b": null}, "body": [{"call": "f", "args": [1.0], "store": "x"}]}`)
	if ir.Digest(a) != ir.Digest(b) {
		t.Error("docs, IDs or the order of keys change the digest")
	}
	if ir.Digest(a) == ir.Digest(c) {
		t.Error("1 and 1.0 have one digest")
	}
}

func FuzzScannerAgreesWithStandardLibrary(f *testing.F) {
	for _, c := range mistakes {
		f.Add([]byte(c.src))
	}
	f.Fuzz(func(t *testing.T, src []byte) { agrees(t, src) })
}
