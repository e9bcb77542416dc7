package pass_test

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/pass"
)

func parse(t *testing.T, src string) *ir.Program {
	t.Helper()
	p, err := text.Parse([]byte(src), "p.flow")
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(p, ops.Standard().Library()); err != nil {
		t.Fatal(err)
	}
	return p.Numbered()
}

// apply runs a pass of the rules and returns the body of what it makes.
func apply(t *testing.T, src string, fuel int64, rules ...pass.Rule) (body string, stats pass.Stats, err error) {
	t.Helper()
	p := parse(t, src)
	ps := &pass.Pass{Name: "mine", Doc: "Mine.", Rules: rules}
	for i := range ps.Rules {
		if ps.Rules[i].Doc == "" {
			ps.Rules[i].Doc = "A rule."
		}
	}
	if err := ps.Check(); err != nil {
		return "", stats, err
	}
	c := pass.NewContext(p, ops.Standard(), pass.FamilyStep)
	c.Fuel = fuel
	q, stats, err := ps.Apply(c, p, nil)
	if err != nil {
		return "", stats, err
	}
	if err := ir.VerifyOptimized(q, ops.Standard().Library()); err != nil {
		t.Fatal(err)
	}
	// A node that stood at two places would have to be changed at both.
	seen := map[ir.ID]bool{}
	ir.Walk(q, func(_ *ir.Path, n *ir.Node) bool {
		if n.ID == 0 || seen[n.ID] {
			t.Errorf("the ID of %s is that of another", n.Headline())
		}
		seen[n.ID] = true
		return true
	})
	printed, err := text.Print(q)
	if err != nil {
		t.Fatal(err)
	}
	return string(printed), stats, nil
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}

var negative = pass.Rule{Name: "-(-x) -> x", Pattern: "-(-$x)", Replace: "$x"}

func TestRules(t *testing.T) {
	done := false
	for _, c := range []struct {
		name, src, want string
		rules           []pass.Rule
	}{
		{"an operand of a statement and of its operands",
			"x = 1.5\ny = exp(-(-x)) + log(-(-(-(-x))))\n", "x = 1.5\ny = exp(x) + log(x)\n", []pass.Rule{negative}},
		{"an operand in the place of a call is stored", "x = 1.5\ny = -(-x)\n", "x = 1.5\ny = x\n", []pass.Rule{negative}},
		{"a call in the place of a statement", "x = 1.5\ny = -(-exp(x))\n", "x = 1.5\ny = exp(x)\n", []pass.Rule{negative}},
		{"control, strands and functions; hooks stay",
			"function f(a) -> r {\n    r = -(-a)\n}\nx = 1.5\nwhile -(-x) < 3.0 {\n    x = x + 1.0\n} hook after {\n    print -(-x)\n}\nweave {\n    strand {\n        print -(-x)\n    }\n    strand {\n        print f(-(-x))\n    }\n}\n",
			"function f(a) -> r {\n    r = a\n}\n\nx = 1.5\nwhile x < 3.0 {\n    x = x + 1.0\n}\n    hook after {\n        print --x\n    }\nweave {\n    strand {\n        print x\n    }\n    strand {\n        print f(x)\n    }\n}\n",
			[]pass.Rule{negative}},
		{"a metavariable twice gives new IDs to the second", "x = 1.5\ny = square(exp(x))\n", "x = 1.5\ny = exp(x) * exp(x)\n",
			[]pass.Rule{{Name: "square(x) -> x*x", Pattern: "square($x)", Replace: "$x * $x"}}},
		{"the match in what is built", "x = 1.5\nprint exp(x)\n", "x = 1.5\nprint tanh(exp(x) + x)\n",
			[]pass.Rule{{Name: "once", Pattern: "exp($x)", Build: func(m *pass.Match) *ir.Node {
				if done {
					return nil
				}
				done = true
				return ir.Call("tanh", ir.Call("add", m.Node, m.Operand("x")))
			}}}},
		{"a part and a part of it in what is built", "x = 1.5\nprint exp(abs(x))\n", "x = 1.5\nprint abs(x) + x\n",
			[]pass.Rule{{Name: "parts", Pattern: "exp($x)", Build: func(m *pass.Match) *ir.Node {
				return ir.Call("add", m.Operand("x"), m.Operand("x").Args[0])
			}}}},
		{"a guard on a literal", "x = 1.5\ny = x ** 2\nz = x ** 3\n", "x = 1.5\ny = square(x)\nz = x ** 3\n",
			[]pass.Rule{{Name: "x**2 -> square(x)", Pattern: "$x ** $k", Replace: "square($x)", Guard: func(m *pass.Match) bool {
				k, ok := m.Literal("k")
				return ok && k.IsScalar() && k.Int64() == 2
			}}}},
		{"a statement with its register", "x = 1.5\ny = exp(x)\nz = exp(x)\n", "x = 1.5\ny = tanh(x)\nz = exp(x)\n",
			[]pass.Rule{{Name: "r", Pattern: "y = exp($x)", Replace: "y = tanh($x)"}}},
		{"a print", "x = 1.5\nprint x\n", "x = 1.5\nprint exp(x)\n",
			[]pass.Rule{{Name: "r", Pattern: "print $x", Replace: "print exp($x)", Guard: func(m *pass.Match) bool { return m.Name("x") == "x" }}}},
		{"a name in the place of what is called", "x = 1.5\ny = exp(x) + abs(x)\n", "x = 1.5\ny = tanh(x) + abs(x)\n",
			[]pass.Rule{{Name: "f", Pattern: "$f($x)", Replace: "tanh($x)", Guard: func(m *pass.Match) bool { return m.Name("f") == "exp" }}, {Name: "g", Pattern: "abs(abs($x))", Replace: "$x"}}},
		{"rules that make what others match", "x = 1.5\ny = abs(x)\n", "x = 1.5\ny = x\n",
			[]pass.Rule{negative, {Name: "r", Pattern: "abs($x)", Replace: "-(-(-(-$x)))"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, stats, err := apply(t, c.src, -1, c.rules...)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if len(stats.Counts) == 0 {
				t.Error("no rewrite was counted")
			}
		})
	}
}

func TestRulesKeepTheStatement(t *testing.T) {
	p := parse(t, "x = 1.5\n# why\ny = -(-x) hook after { print y }\n")
	ps := &pass.Pass{Name: "mine", Doc: "Mine.", Rules: []pass.Rule{{Name: "r", Doc: "R.", Pattern: "-(-$x)", Replace: "$x"}}}
	q, _, err := ps.Apply(pass.NewContext(p, ops.Standard(), pass.FamilyStep), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	old, now := p.Body[1], q.Body[1]
	if now == old || now.ID != old.ID || now.Pos != old.Pos || now.Doc != old.Doc || len(now.Body("hooks")) != 1 || now.Stores()[0] != "y" {
		t.Errorf("the statement is %#v, was %#v", now, old)
	}
}

func TestRulesNeedFuel(t *testing.T) {
	const src = "x = 1.5\ny = exp(-(-x))\nz = exp(-(-x))\n"
	for fuel, want := range []string{"x = 1.5\ny = exp(--x)\nz = exp(--x)\n", "x = 1.5\ny = exp(x)\nz = exp(--x)\n", "x = 1.5\ny = exp(x)\nz = exp(x)\n"} {
		got, _, err := apply(t, src, int64(fuel), negative)
		if err != nil || got != want {
			t.Errorf("with fuel %d: %v\n%s", fuel, err, got)
		}
	}
}

func TestRulesThatDoNotEnd(t *testing.T) {
	const src = "x = 1.5\ny = exp(x)\n"
	_, _, err := apply(t, src, -1, negative,
		pass.Rule{Name: "there", Pattern: "exp($x)", Replace: "tanh($x)"}, pass.Rule{Name: "back", Pattern: "tanh($x)", Replace: "exp($x)"})
	wantError(t, err, `the rules do not come to an end; the rules that repeat are "back", "there"`)
	_, _, err = apply(t, src, -1, pass.Rule{Name: "grow", Pattern: "exp($x)", Replace: "tanh(exp($x))"})
	wantError(t, err, `the rules make an expression that is too deep; the rule that repeats is "grow"`)
	tried := 0
	_, _, err = apply(t, src+strings.Repeat("y = exp(x)\n", 20000), -1, pass.Rule{Name: "swap", Pattern: "exp($x)", Build: func(m *pass.Match) *ir.Node { return m.Node.Copy() },
		Guard: func(*pass.Match) bool { tried++; return true }})
	wantError(t, err, `the rules do not come to an end; the rule that repeats is "swap"`)
	if tried > 10000 {
		t.Errorf("a rule that repeats in one place was tried %d times", tried)
	}
	if testing.Short() {
		return // a program of a million nodes
	}
	_, _, err = apply(t, src, -1, pass.Rule{Name: "widen", Pattern: "exp($x)", Replace: "exp($x + ($x + $x))"})
	wantError(t, err, `rule "widen": the program would get too large`)
}

func TestReplacementsCallOps(t *testing.T) {
	_, _, err := apply(t, "x = 1.5\n", -1, pass.Rule{Name: "r", Pattern: "exp($x)", Replace: "-abss($x)"})
	wantError(t, err, `rule "r": the replacement calls abss, which is no op; did you mean abs`)
}

func TestFamiliesThatThereAreNot(t *testing.T) {
	ps := &pass.Pass{Name: "mine", Doc: "Mine.", Family: "gpu", Rules: []pass.Rule{{Name: "r", Doc: "D.", Pattern: "exp($x)", Replace: "$x"}}}
	wantError(t, ps.Check(), `there is no numeric family "gpu": want step, gorgonia`)
}

func TestWrongRules(t *testing.T) {
	for _, c := range []struct {
		rule pass.Rule
		want string
	}{
		{pass.Rule{Pattern: "exp($x)", Replace: "$x"}, "a rewrite has a name and a doc"},
		{pass.Rule{Name: "r", Pattern: "exp($x)"}, "either a replacement or a build function"},
		{pass.Rule{Name: "r", Pattern: "exp($x", Replace: "$x"}, `rule "r": the pattern: `},
		{pass.Rule{Name: "r", Pattern: "$x", Replace: "$x"}, "matches everything"},
		{pass.Rule{Name: "r", Pattern: "a = $x; b = exp(a)", Replace: "b = $x"}, "the pattern has 2 statements"},
		{pass.Rule{Name: "r", Pattern: "repeat $n { $b... }", Replace: "repeat $n { $b... }"}, "the pattern is repeat: rules are about operands, calls and prints"},
		{pass.Rule{Name: "r", Pattern: "print $x", Replace: "print $x; print $x"}, "the replacement has 2 statements"},
		{pass.Rule{Name: "r", Pattern: "print $x", Replace: "exp($x)"}, "only a print takes the place of a print"},
		{pass.Rule{Name: "r", Pattern: "exp($x)", Replace: "seq { exp($x) }"}, "rule \"r\": the replacement"},
		{pass.Rule{Name: "r", Pattern: "y = exp($x)", Replace: "z = exp($x)"}, "stores to other registers than the pattern"},
		{pass.Rule{Name: "r", Pattern: "exp($x)", Replace: "exp($y)"}, "the pattern has no $y"},
		{pass.Rule{Name: "r", Pattern: "abs($x)", Replace: "abs( $x )"}, "the replacement is the pattern"},
		{pass.Rule{Name: "r", Pattern: "exp($x)", Replace: "tanh($0)"}, "the replacement has $0, the match, to which the rule would apply again"},
	} {
		ps := &pass.Pass{Name: "mine", Doc: "Mine.", Rules: []pass.Rule{c.rule}}
		ps.Rules[0].Doc = "Doc."
		wantError(t, ps.Check(), c.want)
	}
	for _, c := range []struct {
		made *ir.Node
		want string
	}{
		{&ir.Node{Op: "break"}, "it makes break in the place of call"},
		{&ir.Node{Op: "brake"}, `unknown element "brake"`},
		{ir.Call("f", ir.Reg("x")), "it makes a call of the function f"},
		{ir.Call("exp", ir.Reg("x")).StoringTo("z"), "stores to other registers"},
	} {
		_, _, err := apply(t, "function f(a) -> r {\n    r = a\n}\nx = 1.5\ny = exp(x)\n", -1,
			pass.Rule{Name: "r", Pattern: "exp($x)", Build: func(*pass.Match) *ir.Node { return c.made }})
		wantError(t, err, c.want)
		wantError(t, err, `rule "r"`)
	}
	_, _, err := apply(t, "x = 1.5\nprint exp(x)\n", -1, pass.Rule{Name: "r", Pattern: "exp($x)", Build: func(*pass.Match) *ir.Node { return &ir.Node{Op: "print"} }})
	wantError(t, err, "it makes the statement print in the place of an operand")
}

func TestUndeclaredRewrites(t *testing.T) {
	p := parse(t, "x = 1.5\n")
	ps := &pass.Pass{Name: "mine", Doc: "Mine.", Rewrites: []pass.Rewrite{{Name: "a", Doc: "A."}},
		Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
			c.Fire("a", p.Body[0])
			c.Fire("b", p.Body[0])
			return p, pass.Stats{}, nil
		}}
	_, stats, err := ps.Apply(pass.NewContext(p, ops.Standard(), pass.FamilyStep), p, nil)
	wantError(t, err, `bug: it has made the rewrite "b", which is not in its list`)
	if got := stats.String(); got != "a: 1, b: 1" {
		t.Errorf("counts %s", got)
	}
}

func TestRequiredPassesNeedNoFuel(t *testing.T) {
	p := parse(t, "x = 1.5\n")
	c := pass.NewContext(p, ops.Standard(), pass.FamilyStep)
	c.Fuel = 0
	fired := map[bool]bool{}
	for _, required := range []bool{true, false} {
		ps := &pass.Pass{Name: "mine", Doc: "Mine.", Required: required, Rewrites: []pass.Rewrite{{Name: "a", Doc: "A."}},
			Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
				fired[required] = c.Fire("a", p.Body[0])
				return p, pass.Stats{}, nil
			}}
		if _, _, err := ps.Apply(c, p, nil); err != nil {
			t.Fatal(err)
		}
	}
	if !fired[true] || fired[false] {
		t.Errorf("without fuel: fired %v", fired)
	}
}

func TestAnalyses(t *testing.T) {
	p, q := parse(t, "x = 1.5\nprint x\n"), parse(t, "print 1\nprint 2\n")
	runs := 0
	prints := &pass.Analysis[int]{Name: "prints", Run: func(c *pass.Context, p *ir.Program) int {
		runs++
		if pass.Get(c, pass.NamesOf, p).Op("exp") == nil {
			t.Error("no names")
		}
		count := 0
		for _, n := range p.Body {
			if n.Op == "print" {
				count++
			}
		}
		return count
	}}
	c := pass.NewContext(p, ops.Standard(), pass.FamilyStep)
	for i, want := range []struct {
		p            *ir.Program
		prints, runs int
	}{{p, 1, 1}, {p, 1, 1}, {q, 2, 2}, {q, 2, 2}, {p, 1, 3}} {
		if got := pass.Get(c, prints, want.p); got != want.prints || runs != want.runs {
			t.Errorf("%d: %d prints after %d runs, want %+v", i, got, runs, want)
		}
	}
}

func TestParams(t *testing.T) {
	p := parse(t, "x = 1.5\n")
	var got []any
	ps := &pass.Pass{Name: "mine", Doc: "Mine.", Params: []pass.Param{
		{Name: "max", Doc: "M.", Default: int64(3)}, {Name: "rate", Doc: "R.", Default: 0.5}, {Name: "deep", Doc: "D.", Default: false}, {Name: "what", Doc: "W.", Default: "all"}},
		Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
			got = append(got, c.Int("max"), c.Float("rate"), c.Bool("deep"), c.Text("what"))
			return p, pass.Stats{}, nil
		}}
	if err := ps.Check(); err != nil {
		t.Fatal(err)
	}
	c := pass.NewContext(p, ops.Standard(), pass.FamilyStep)
	for _, args := range []pass.Args{nil, {"max": int64(7), "deep": true}} {
		if _, _, err := ps.Apply(c, p, args); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []any{int64(3), 0.5, false, "all", int64(7), 0.5, true, "all"} {
		if got[i] != want {
			t.Errorf("value %d is %v, want %v", i, got[i], want)
		}
	}
	for _, c := range []struct {
		param pass.Param
		want  string
	}{
		{pass.Param{Name: "Max", Doc: "M.", Default: 0.5}, "lower-case words"},
		{pass.Param{Name: "max", Default: 0.5}, "has no doc"},
		{pass.Param{Name: "max", Doc: "M.", Default: 3}, "the default is of type int, want an int64"},
		{pass.Param{Name: "max", Doc: "M.", Default: int64(3), Min: 4, Max: 9}, "the default is 3, which is not from 4 to 9"},
		{pass.Param{Name: "max", Doc: "M.", Default: 3.5, Max: 9}, "the default is 3.5, which is not from 0 to 9"},
	} {
		bad := &pass.Pass{Name: "mine", Doc: "Mine.", Run: ps.Run, Params: []pass.Param{c.param}}
		wantError(t, bad.Check(), c.want)
	}
}
