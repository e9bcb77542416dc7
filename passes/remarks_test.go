package passes_test

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	flow "flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

func TestRemarks(t *testing.T) {
	const x = "register x = f32[2,2]{fill 1}\n"
	for _, c := range []struct {
		name, src string
		want      string // lines with remarks
	}{
		{"a product and a sum", "h = x @ x\ny = h + x\nprint y", "3"},
		{"the other way", "h = x @ x\ny = x + h\nprint y", "3"},
		{"three statements", "e = exp(x)\ns = sum(e)\nl = log(s)\nprint l", "4"},
		{"in a print", "p = softmax(x)\nprint log(p)", "3"},
		{"in a loop", "repeat 2 {\n    p = softmax(x)\n    y = log(p)\n}\nprint y", "4"},
		{"in a function", "function f(x) -> y {\n    p = sigmoid(x)\n    y = log(p)\n}\nz = f(x)\nprint z", "4"},
		{"one statement", "y = x @ x + x\nprint log(softmax(y))", ""},
		{"a second use", "h = x @ x\ny = h + x\nprint y, h", ""},
		{"an output", "output h\nh = x @ x\ny = h + x\nprint y", ""},
		{"used twice at once", "h = x @ x\ny = h + h\nprint y", ""},
		{"something between", "h = x @ x\nprint 1\ny = h + x\nprint y", ""},
		{"a hook between", "h = x @ x\n    hook after { print 1 }\ny = h + x\nprint y", ""},
		{"nothing to gain", "h = x * x\ny = h + x\nprint y", ""},
		{"already so in one part", "h = log(softmax(x))\ny = h + x\nprint y", ""},
		{"a field", "h = {a: x}\ny = h.a + x\nprint y", ""},
	} {
		p, err := flow.Parse([]byte(x+c.src), "p.flow")
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		registry := ops.Standard()
		if err := ir.Verify(p, registry.Library()); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var lines []string
		for _, remark := range passes.Remarks(p, registry) {
			lines = append(lines, strings.Split(remark.Pos.String(), ":")[0])
		}
		if got := strings.Join(lines, " "); got != c.want {
			t.Errorf("%s: remarks on the lines %q, want %q", c.name, got, c.want)
		}
	}
}
