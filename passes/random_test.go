package passes_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// TestRandomPrograms runs random programs, errors included, at the highest
// level in each family against their required lowerings.
func TestRandomPrograms(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := &generator{t: rt}
		text := g.program()
		p, err := json.Parse([]byte(text), "random.json")
		if err != nil {
			rt.Fatalf("%s\n%v", text, err)
		}
		if err := ir.Verify(p, ops.Standard().Library()); err != nil {
			rt.Fatalf("%s\n%v", text, err)
		}
		for _, family := range []string{"step", "gorgonia"} {
			q, _, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Level: 3, Family: family})
			if err != nil {
				rt.Fatalf("%s\n%v", text, err)
			}
			sameRunOf(rt, p, q, family)
			if rt.Failed() {
				rt.Log(text)
			}
		}
	})
}

// A generator makes programs in which passes find something to do.
type generator struct {
	t     *rapid.T
	depth int
	loops int
	// hooked says that the statement is one in a hook, or has hooks.
	hooked bool
	// printing says that hooks print registers on one line and do nothing else.
	printing bool
}

func (g *generator) pick(choices ...string) string {
	return choices[rapid.IntRange(0, len(choices)-1).Draw(g.t, "choice")]
}

func (g *generator) program() string {
	return fmt.Sprintf(`{"flowc": 1,
 "objects": {"r": {"new": "rng", "seed": 3}, "d": {"new": "data.normal", "rows": 7, "cols": 3, "seed": 1}},
 "registers": {
   "x": {"tensor": {"dtype": "f64", "data": [[0.5, -1.5, 2.0], [1.0, 0.25, -0.5]]}},
   "y": {"tensor": {"dtype": "f32", "data": [1.0, 2.0, -3.0]}},
   "p": {"record": {"W": {"tensor": {"dtype": "f64", "data": [[0.5], [1.0], [-1.0]]}}, "b": {"tensor": {"dtype": "f64", "data": [0.5]}}}},
   "s": 0.5, "n": 2, "i": 0, "m": {"tensor": {"dtype": "f64", "data": [0.0]}}, "f": {"type": "f64"}, "h": {"type": "f64[3]"}},
 "functions": {
   "straight": {"params": ["a"], "returns": ["r"], "body": [
     {"call": "tanh", "args": [{"reg": "a"}], "store": "h"},
     {"repeat": 2, "as": "k", "body": [{"call": "multiply", "args": [{"reg": "h"}, {"call": "add", "args": [{"reg": "h"}, {"reg": "k"}]}], "store": "h"}]},
     {"call": "add", "args": [{"reg": "a"}, {"reg": "h"}], "store": "r"}]},
   "choosing": {"params": ["a"], "returns": ["r"], "body": [
     {"switch": {"call": "less", "args": [{"call": "sum", "args": [{"reg": "a"}]}, 1.0]}, "cases": [{"when": true, "body": [{"call": "negative", "args": [{"reg": "a"}], "store": "r"}]}],
      "default": [{"call": "straight", "args": [{"reg": "a"}], "store": "r"}]}]},
   "loss": {"params": ["p", "x"], "returns": ["l"], "body": [
     {"call": "add", "args": [{"call": "matmul", "args": [{"reg": "x"}, {"reg": "p.W"}]}, {"reg": "p.b"}], "store": "h"},
     {"call": "mean", "args": [{"call": "log", "args": [{"call": "softmax", "args": [{"call": "straight", "args": [{"reg": "h"}]}, 0]}]}], "store": "l"}]}},
 "outputs": ["x"], "body": [{"call": "identity", "args": [0.25], "store": "f"}, {"call": "identity", "args": [{"tensor": {"dtype": "f64", "data": [1.0, -2.0, 0.5]}}], "store": "h"}%s]}`, g.rest(6))
}

// rest returns statements that follow others.
func (g *generator) rest(most int) string {
	if text := g.body(most); text != "" {
		return ", " + text
	}
	return ""
}

func (g *generator) body(most int) string {
	text := ""
	for i := range rapid.IntRange(0, most).Draw(g.t, "length") {
		if i > 0 {
			text += ", "
		}
		text += g.statement()
	}
	return text
}

// statement returns a statement, some of them with hooks.
func (g *generator) statement() string {
	text := g.plain()
	if g.hooked || rapid.IntRange(0, 4).Draw(g.t, "hooked") > 0 {
		return text
	}
	g.hooked = true
	defer func() { g.hooked = false }()
	hooks := ""
	for i := range rapid.IntRange(1, 2).Draw(g.t, "hooks") {
		if i > 0 {
			hooks += ", "
		}
		side := g.pick("before", "after")
		if strings.HasPrefix(text, `{"break"`) || strings.HasPrefix(text, `{"continue"`) {
			side = "before"
		}
		hooks += fmt.Sprintf(`{"%s": [%s]%s}`, side, g.hookBody(),
			g.pick("", "", `, "every": 2`, `, "when": {"call": "less", "args": [{"call": "sum", "args": [{"reg": "x"}]}, 1]}`))
	}
	return text[:len(text)-1] + `, "hooks": [` + hooks + "]}"
}

// hookBody returns statements that print and, now and then, compute something.
func (g *generator) hookBody() string {
	if g.printing {
		return fmt.Sprintf(`{"print": ["hook", {"call": "sum", "args": [{"reg": "%s"}]}]}`, g.pick("x", "y", "s", "n"))
	}
	text := fmt.Sprintf(`{"print": ["hook", %s]}`, g.expr(1))
	switch rapid.IntRange(0, 5).Draw(g.t, "in hook") {
	case 0:
		text += fmt.Sprintf(`, {"call": "multiply", "args": [%s, 0.5], "store": "%s"}`, g.expr(2), g.register())
	case 1:
		text += `, {"grad": "loss", "args": [{"reg": "p"}, {"reg": "x"}], "wrt": ["p"], "store": ["t", "q"]}`
	case 2:
		text = fmt.Sprintf(`{"switch": {"reg": "n"}, "cases": [{"when": 2, "body": [%s]}], "default": []}`, text)
	}
	return text
}

func (g *generator) plain() string {
	if !g.hooked && g.depth < 3 && rapid.IntRange(0, 3).Draw(g.t, "control") == 0 {
		g.depth++
		defer func() { g.depth-- }()
		return g.control()
	}
	switch rapid.IntRange(0, 14).Draw(g.t, "statement") {
	case 0:
		return fmt.Sprintf(`{"print": [%s]}`, g.expr(1))
	case 1:
		return `{"grad": "loss", "args": [{"reg": "p"}, {"reg": "x"}], "wrt": ["p"], "store": ["s", "q"]}`
	case 2:
		return `{"call": "subtract", "args": [{"reg": "p"}, {"call": "multiply", "args": [0.1, {"reg": "p"}]}], "store": "p"}`
	case 3:
		return `{"call": "r.normal", "kwargs": {"shape": {"list": [2, 3]}, "dtype": "f64"}, "store": "x"}`
	case 4:
		return fmt.Sprintf(`{"call": "%s", "args": [%s], "store": "%s"}`, g.pick("straight", "choosing"), g.expr(1), g.register())
	case 5:
		return fmt.Sprintf(`{"call": "add", "args": [{"reg": "%s"}, 1], "store": "%s"}`, g.pick("n", "s", "f", "m"), g.pick("n", "s", "f"))
	case 14: // what the first stores is overwritten
		return fmt.Sprintf(`{"call": "%s", "args": [{"reg": "h"}], "store": "u"}, {"call": "add", "args": [{"reg": "h"}, %s], "store": "u"}`, g.pick("negative", "square"), g.pick("1", `{"reg": "x"}`))
	case 12, 13:
		return fmt.Sprintf(`{"call": "identity", "args": [{"reg": "%s"}], "store": "%s"}`, g.pick("x", "y", "s"), g.pick("x", "y", "t", "u"))
	case 6:
		return fmt.Sprintf(`{"call": "sum", "args": [%s], "store": "%s"}`, g.expr(2), g.pick("s", "f"))
	}
	return fmt.Sprintf(`{"call": "%s", "args": [%s, %s], "store": "%s"}`, g.pick("add", "multiply", "subtract", "maximum"), g.expr(2), g.expr(1), g.register())
}

func (g *generator) control() string {
	store := g.pick("", `, "store": "v"`)
	switch rapid.IntRange(0, 7).Draw(g.t, "element") {
	case 0:
		return fmt.Sprintf(`{"seq": [%s]%s}`, g.body(3), store)
	case 1:
		g.loops++
		defer func() { g.loops-- }()
		return fmt.Sprintf(`{"repeat": %s, "body": [%s]%s}`, g.pick("0", "1", "2", `{"reg": "n"}`), g.body(4), store)
	case 2:
		return fmt.Sprintf(`{"switch": %s, "cases": [{"when": 1, "body": [%s]}], "default": [%s]}`, g.pick("1", "2", `{"reg": "n"}`), g.body(3), g.body(2))
	case 3:
		return fmt.Sprintf(`{"weave": [[%s], [%s]], "turn": "%s"}`, g.strand(), g.strand(), g.pick("step", "statement"))
	case 4:
		return fmt.Sprintf(`{"buffer": %s, "body": [%s], "store": "w"}`, g.pick("1", "2", "3"), g.pick(`{"call": "d.next"}`, `{"call": "sum", "args": [{"reg": "x"}]}`))
	case 6: // a loop that can be unrolled, in a loop
		return fmt.Sprintf(`{"repeat": 2, "body": [{"repeat": %s, "body": [{"call": "tanh", "args": [%s], "store": "y"}]%s}]}`, g.pick("2", "3"), g.pick(`{"reg": "y"}`, g.expr(2)), store)
	case 7: // a loop over rows
		return fmt.Sprintf(`{"repeat": %s, "body": [{"call": "d.next", "store": "%s"}, {"call": "add", "args": [{"reg": "s"}, %s], "store": "%s"}]%s}`,
			g.pick("2", "3", "9"), g.pick("x", "v"), g.expr(2), g.pick("s", "t", "f"), store)
	case 5:
		if g.loops > 0 {
			return g.pick(`{"break": null}`, `{"continue": null}`)
		}
	}
	return `{"seq": []}`
}

// strand returns the statements of a strand, from which no break leaves.
func (g *generator) strand() string {
	loops := g.loops
	g.loops = 0
	defer func() { g.loops = loops }()
	return g.body(3)
}

func (g *generator) register() string { return g.pick("x", "x", "y", "s", "t") }

func (g *generator) expr(depth int) string {
	if depth == 0 || rapid.IntRange(0, 2).Draw(g.t, "leaf") == 0 {
		return g.pick(`{"reg": "x"}`, `{"reg": "y"}`, `{"reg": "s"}`, `{"reg": "n"}`, `{"reg": "p.W"}`, "1", "0.5", `{"tensor": {"dtype": "f64", "shape": [3], "fill": 2.0}}`)
	}
	a := g.expr(depth - 1)
	switch rapid.IntRange(0, 7).Draw(g.t, "operator") {
	case 0:
		return fmt.Sprintf(`{"call": "log", "args": [{"call": "%s", "args": [%s]}]}`, g.pick("softmax", "sigmoid", "square"), a)
	case 1:
		return fmt.Sprintf(`{"call": "add", "args": [{"call": "matmul", "args": [%s, {"reg": "p.W"}]}, %s]}`, a, g.expr(depth-1))
	case 2:
		return fmt.Sprintf(`{"index": [%s, %s]}`, a, g.pick("0", "1", "5", `{"slice": [1]}`, `{"slice": [0, 1, 1]}`, `{"reg": "i"}`))
	case 3:
		return fmt.Sprintf(`{"call": "%s", "args": [%s]}`, g.pick("straight", "choosing"), a)
	case 4:
		return fmt.Sprintf(`{"call": "concat", "args": [{"list": [%s, %s]}]}`, a, g.expr(depth-1))
	}
	return fmt.Sprintf(`{"call": "%s", "args": [%s]}`, g.pick("tanh", "negative", "square", "mean", "exp"), a)
}
