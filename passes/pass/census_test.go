package pass_test

import (
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/pass"
)

func TestCensus(t *testing.T) {
	for _, c := range []struct {
		src    string
		nested bool
		calls  string
		has    string
	}{
		{"x = f(1)\n", false, "f", "call"},
		{"x = f(1) + 1\n", true, "add", "call"},
		{"repeat 2 {\n    print f(1)\n}\n", true, "f", "repeat"},
		{"x = reshape(1, shape=[f(1)])\n", true, "reshape", "list"},
		{"x = 1\nhook after { print f(x) }\n", true, "f", "hook"},
		{"l, g = grad f(1.0) wrt a\n", false, "square", "grad"},
	} {
		p := parse(t, "function f(a) -> b {\n    b = square(a)\n}\n"+c.src)
		census := pass.Get(pass.NewContext(p, ops.Standard(), pass.FamilyStep), pass.CensusOf, p)
		if census.Nested != c.nested || !census.Calls(c.calls) || !census.Has(c.has) {
			t.Errorf("%q: a function in an operand %t, call of %s %t, %s %t", c.src, census.Nested, c.calls, census.Calls(c.calls), c.has, census.Has(c.has))
		}
		if census.Calls("matmul") || census.Has("weave") {
			t.Errorf("%q has something that is not in it", c.src)
		}
	}
}

// The outermost of nested statements is edited first, and what becomes of it is
// left alone.
func TestEditOutermost(t *testing.T) {
	p := parse(t, "repeat 1 {\n    repeat 2 {\n        repeat 3 { x = 1 }\n    }\n    repeat 2 { x = 2 }\n}\n")
	var seen []string
	q, err := pass.EditOutermost(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) {
		if n.Op != "repeat" {
			return n, nil
		}
		count := ir.Format(n.Args[0].Attr("value"))
		if seen = append(seen, count); count != "2" {
			return n, nil
		}
		return ir.Call("identity", ir.Const(ir.WeakInt(5))).StoringTo("x"), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	printed, err := text.Print(q)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(printed), "repeat 1 {\n    x = 5\n    x = 5\n}\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if len(seen) != 3 { // 1 and twice 2
		t.Errorf("the counts %q were seen", seen)
	}
	if same, err := pass.EditOutermost(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) { return n, nil }); same != p || err != nil {
		t.Errorf("without an edit the program is another: %v", err)
	}
}
