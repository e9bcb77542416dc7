package star

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

func mustParse(t *testing.T, src string) *ir.Program {
	t.Helper()
	p, err := Parse([]byte(src), "t.star")
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, src)
	}
	return p
}

// flow returns the body of a program in the .flow form.
func flow(t *testing.T, p *ir.Program) string {
	t.Helper()
	out, err := text.Print(p)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func TestConstructors(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"bodies", `SEQ([[PRINT(1), None], SEQ(PRINT(2), PRINT(3))])`, "seq {\n    print 1\n    seq {\n        print 2\n        print 3\n    }\n}"},
		{"repeat of the draft", `REPEAT(3, PRINT(reg('i')), counter=reg('i'))`, "repeat 3 as i {\n    print i\n}"},
		{"repeat, third argument", `repeat(reg("n"), [], "i")`, "repeat n as i {}"},
		{"loops", `[LOOP(BREAK), loop([CONTINUE(), BREAK()]), WHILE(reg("x") < 3, []), UNTIL(True, PRINT())]`,
			"loop {\n    break\n}\nloop {\n    continue\n    break\n}\nwhile x < 3 {}\nuntil true {\n    print\n}"},
		{"buffers", `[BUFFER_REPEAT(3, CALL(d.next), store_to=reg("x")), BUFFER(2, src=d.next(), storage=reg("y"))]`,
			"x = buffer 3 {\n    d.next()\n}\ny = buffer 2 {\n    d.next()\n}"},
		{"if", `IF(reg("a") == 1, PRINT(1), [PRINT(2)], doc="why")`, "# why\nif a == 1 {\n    print 1\n} else {\n    print 2\n}"},
		{"if alone", `IF(condition=reg("a"), then=[])`, "if a {}"},
		{"choose by position", `CHOOSE(reg("k"), [PRINT(0), [], BREAK], default=[])`,
			"switch k {\n    case 0 {\n        print 0\n    }\n    case 1 {}\n    case 2 {\n        break\n    }\n    default {}\n}"},
		{"switch by label", `SWITCH(reg("k"), {"a": [], True: PRINT(1), 7: None}, otherwise=PRINT(2))`,
			"switch k {\n    case \"a\" {}\n    case true {\n        print 1\n    }\n    case 7 {}\n    default {\n        print 2\n    }\n}"},
		{"weave of the draft", `[WEAVE(-1, [PRINT(1), [PRINT(2)]]), WEAVE(1, [LOOP([]), []]), weave([[], []], require=2, weights=[1, 3], turn="statement")]`,
			"weave {\n    strand {\n        print 1\n    }\n    strand {\n        print 2\n    }\n}\n" +
				"weave require 1 {\n    strand {\n        loop {}\n    }\n    strand {}\n}\nweave require 2 weights [1, 3] turn statement {\n    strand {}\n    strand {}\n}"},
		{"calls", `[CALL(add, 1, 2, store_to="x"), CALL("f", 1, name=2), CALL(sum, reg("x"), axis=0, _set=reg("y")), d.next(), CALL(d.next(), store_to=["a", "_"])]`,
			"x = 1 + 2\nf(1, name=2)\ny = sum(x, axis=0)\nd.next()\na, _ = d.next()"},
		{"arguments in a list", `CALL("f", args=[1], kwargs={"a b": 2, "doc": 3}, z=4)`, "f(1, `a b`=2, doc=3, z=4)"},
		{"assignment", `[ASSIGN("x", 3), ASSIGN(["a", "b"], d.next()), assign(reg("x"), reg("x") + 1), ASSIGN("y", [1, reg("x")])]`,
			"x = 3\na, b = d.next()\nx = x + 1\ny = [1, x]"},
		{"operators", `PRINT(-x + y * 2, x - (y - 1), 1 / x // 2 % y, ~(x < y) & (x >= 1) | (x != y), 2 > x, +x)`,
			"print -x + y * 2, x - (y - 1), 1 / x // 2 % y, not x < y and x >= 1 or x != y, 2 > x, x"},
		{"fields and indices", `PRINT(x.W, x.layer.b, (x + 1).W, x[0], x[1:2], x[:], x[::2], x[0, slice(1, 3)], x["k"], x[y], x[slice(3)])`, ""},
		{"ops and Starlark's functions", `PRINT(max(1, 2), max(x), max([x, 1]), abs(-1), abs(x), sum(x), range(3)[1], any([0, 1]), all(x))`,
			"print 2, max(x), max([x, 1]), 1, abs(x), sum(x), 1, true, all(x)"},
		{"literals", `PRINT(None, True, 1, 1.5, "s", [1, "a"], {"b": 1, "a": 2}, const([1, {"z": 1, "a": None}]), float("inf"), tensor("i64", 3), tensor("f32", [[1, 2]]), tensor("u8", shape=[2], fill=7))`,
			`print null, true, 1, 1.5, "s", [1, "a"], {a: 2, b: 1}, const [1, {z: 1, a: null}], inf, i64{3}, f32[1,2]{1, 2}, u8[2]{fill 7}`},
		{"grad", `GRAD("f", x, y, wrt="a", store_to=["l", "g"])`, "l, g = grad f(x, y) wrt a"},
		{"processes", `[POPEN(["tar", "c"], timeout="10s", on_restore="fail", store_to=["s", "o"]), POPEN("ls"), SPAWN(PRINT(1), in_=["x"], out="r", n=4, as_="i", store_to="h"), JOIN(reg("h"))]`, ""},
		{"hooks", `CALL(f, 1, store_to="y", hooks=[HOOK(after=PRINT(x), every=100, when=x < 3), HOOK(before=[PRINT(2)])])`, ""},
		{"shared statement", `[s, s, REPEAT(2, s)]`, "print 1\nprint 1\nrepeat 2 {\n    print 1\n}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := mustParse(t, "x, y = reg('x'), reg('y')\nd = data.normal(rows=3, cols=2)\nf = FUNCTION('f', ['a'], ['b'], [])\ns = PRINT(1)\nprogram(body="+c.src+")")
			want := c.want
			if want == "" {
				golden := "testdata/constructors/" + strings.ReplaceAll(c.name, " ", "_") + ".flow"
				if *update {
					if err := os.WriteFile(golden, []byte(flow(t, &ir.Program{Body: p.Body})+"\n"), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				src, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				want = strings.TrimSpace(string(src))
			}
			if got := flow(t, &ir.Program{Body: p.Body}); words(got) != words(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			roundTrip(t, p)
		})
	}
}

func TestDeclarations(t *testing.T) {
	p := mustParse(t, `
"""A file."""
lr = INPUT("lr", 0.1, doc="rate")
W = REGISTER("W", tensor("f32", shape=[2], fill=0), type="f32[2]")
train = IMPORT("train")
sets = [data.normal(rows=3, cols=1, seed=i, doc="set %d" % i) for i in range(2)]
first = sets[0]
noise = rng(7, name="other")
OUTPUT(W, "v")
def half(a):
    "Half of it."
    return a / 2
half = FUNCTION(half)
def both(a, b):
    c = a * b
    d = c + c
    return {"s": d, "p": c}
pair = FUNCTION(both, name="pair")
first_of_many = FUNCTION(lambda a: (a, a + 1), name="many")
program(name="n", doc="d", imports=["layers", "train"], functions=[half], registers={"x": None, "y": register(const(None)), "z": register(type="i64")}, inputs="x",
  body=[ASSIGN(W, train.sgd_step(W, half(W), lr)), ASSIGN("v", noise.normal([2])), first.next(), sets[1].next()])
`)
	const want = `# d
program n
import "train"
import "layers"
# set 0
object first   = data.normal(cols=1, rows=3, seed=0)
# set 1
object normal1 = data.normal(cols=1, rows=3, seed=1)
object other   = rng(seed=7)
# rate
register lr     = 0.1
register W: f32[2] = f32[2]{fill 0}
register x
register y      = null
register z: i64
input lr, x
output W, v

# Half of it.
function half(a) -> result {
    result = a / 2
}

function pair(a, b) -> s, p {
    shared1 = a * b
    s = shared1 + shared1
    p = shared1
}

function many(a) -> result1, result2 {
    result1 = a
    result2 = a + 1
}

W = sgd_step(W, half(W), lr)
v = other.normal([2])
first.next()
normal1.next()`
	got := flow(t, p)
	if words(got) != words(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	roundTrip(t, p)
}

// words leaves out how a text is broken into lines and aligned.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestTheDraftsProgram(t *testing.T) {
	src, err := os.ReadFile("../../examples/draft_pca.star")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse(src, "draft_pca.star")
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Parse([]byte(`{"flowc": 1, "name": "train_pca",
 "objects": {"dataset": {"new": "data.normal", "rows": 13, "cols": 1, "seed": 123, "wrap": true}, "pca": {"new": "learn.pca"}},
 "outputs": ["x"],
 "body": [{"repeat": 1000, "body": [{"call": "dataset.next", "store": "x"}]}, {"call": "pca.analyze", "args": [{"reg": "x"}]}]}`), "want.json")
	if err != nil {
		t.Fatal(err)
	}
	if ir.Digest(p) != ir.Digest(want) {
		t.Errorf("got\n%s", jsonOf(t, p))
	}
	if n := p.Body[0]; n.Pos != (ir.Pos{Line: 9, Column: 5}) || n.Body("body")[0].Pos != (ir.Pos{Line: 9, Column: 27}) {
		t.Errorf("the repeat is at %s, the call at %s", n.Pos, n.Body("body")[0].Pos)
	}
}

func TestRunsFollowEachOther(t *testing.T) {
	p := mustParse(t, "a = SEQ([PRINT(1), ASSIGN('x', 1)])\nb = PRINT(2)\na.run()\nb.run()\na.run()")
	if got, want := flow(t, p), "output x\n\nprint 1\nx = 1\nprint 2\nprint 1\nx = 1"; got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestDataset(t *testing.T) {
	p := mustParse(t, "d = Dataset([[1, 2], [3, 4.5]])\nreg = Registers()\nREPEAT(3, CALL(d.next, store_to=reg('x'))).run()")
	if got, want := flow(t, p), "object d = data.array(values=f64[2,2]{1, 2, 3, 4.5}, wrap=true)\noutput x\n\nrepeat 3 { x = d.next() }"; words(got) != words(want) {
		t.Errorf("got\n%s", got)
	}
}

func TestPositions(t *testing.T) {
	p := mustParse(t, "def f(k):\n    return PRINT(\n        reg('x') + k)\nprogram(body=[f(1),\n  f(2), REPEAT(2,\n    ASSIGN('x', reg('x')[0].W))])")
	var got []string
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		got = append(got, n.Op+" "+n.Pos.String())
		return true
	})
	want := "print 2:12, call 3:18, reg 3:9, const 3:18, print 2:12, call 3:18, reg 3:9, const 3:18, repeat 5:9, const 5:9, call 6:5, index 6:29, index 6:25, reg 6:17"
	if s := strings.Join(got, ", "); !strings.HasPrefix(s, want) {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestRemarks(t *testing.T) {
	const src = "d = data.normal(rows=1, cols=1)\nPRINT(1)\nx = d.next()\ny = reg('x') + 1\ns = PRINT(2)\nprogram(body=[REPEAT(3, s)])"
	var got []string
	for _, p := range Remarks([]byte(src), "t.star") {
		got = append(got, p.Error())
	}
	want := []string{"t.star:2:1: the PRINT is made here but is in no body: it will not run",
		"t.star:3:5: the call of next is made here but is in no body: it will not run"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if Remarks([]byte("x ="), "t.star") != nil {
		t.Error("remarks on a file with an error")
	}
}

// problems returns what is wrong with a file.
func problems(t *testing.T, src string) []string {
	t.Helper()
	p, err := Parse([]byte(src), "t.star")
	var found ir.Problems
	if !errors.As(err, &found) || p != nil {
		t.Errorf("%.200s: the error is %v", src, err)
		return nil
	}
	var lines []string
	for _, problem := range found {
		lines = append(lines, problem.Error())
	}
	return lines
}
