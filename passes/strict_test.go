package passes_test

import (
	"errors"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
)

// A pass that writes into what it was given is found, and the caller's program
// stays as it was.
func TestStrictFindsWhatIsModified(t *testing.T) {
	for name, write := range map[string]func(p *ir.Program){
		"an operand":        func(p *ir.Program) { p.Body[1].Args[0] = ir.Const(ir.Int(7)) },
		"a loop of nodes":   func(p *ir.Program) { p.Body[1].Args[0] = p.Body[1] },
		"a nil node":        func(p *ir.Program) { p.Body[1].Args[0] = nil },
		"an ID":             func(p *ir.Program) { p.Body[1].ID = 99 },
		"an attribute":      func(p *ir.Program) { p.Body[0].Attrs[0].Value = ir.String("subtract") },
		"a statement":       func(p *ir.Program) { p.Body[1] = p.Body[0] },
		"a statement lost":  func(p *ir.Program) { p.Body = p.Body[:1] },
		"what is in a loop": func(p *ir.Program) { p.Body[2].Regions[0].Body = nil },
		"an output":         func(p *ir.Program) { p.Outputs = nil },
	} {
		ps := &passes.Pass{Name: "mine", Doc: "Mine.", Exact: true, Rewrites: []pass.Rewrite{{Name: "edits", Doc: "x -> y"}},
			Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
				if c.Fire("edits", p.Body[0]) {
					write(p)
				}
				return p, pass.Stats{}, nil
			}}
		table, err := passes.Standard().With(ps, passes.After("collapse"))
		if err != nil {
			t.Fatal(err)
		}
		for _, strict := range []bool{true, false} { // which is the same for a pass that is not our own
			p := parse(t, printing)
			before := ir.Digest(p)
			_, _, err = passes.Optimize(p, passes.Options{Registry: ops.Standard(), Table: table, Passes: "mine", Strict: strict})
			var failed *passes.Error
			if !errors.Is(err, passes.ErrModified) || !errors.As(err, &failed) || !failed.Bug || failed.Pass != "mine" {
				t.Errorf("%s: the error is %v", name, err)
			}
			if ir.Digest(p) != before {
				t.Errorf("%s: the program has changed", name)
			}
		}
	}
}

func TestStrictPassesWhatIsRight(t *testing.T) {
	p := parse(t, printing)
	for level := range 4 {
		want, _, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Level: level, Family: pass.FamilyGorgonia})
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Level: level, Family: pass.FamilyGorgonia, Strict: true})
		if err != nil || ir.Digest(got) != ir.Digest(want) {
			t.Errorf("-O%d: %v", level, err)
		}
	}
}

// The failure of a pass has what it made, and the stack of a panic.
func TestFailureTells(t *testing.T) {
	p := parse(t, printing)
	var failed *passes.Error
	err := withPass(t, p, func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
		q := p.Copy()
		q.Body = p.Body[1:]
		return q, pass.Stats{}, nil
	})
	if !errors.As(err, &failed) || failed.Before == nil || failed.After == nil || len(failed.After.Body) != len(failed.Before.Body)-1 {
		t.Errorf("the failure %v does not have the program", err)
	}
	err = withPass(t, p, func(*pass.Context, *ir.Program) (*ir.Program, pass.Stats, error) { panic("oh") })
	if !errors.As(err, &failed) || !strings.Contains(failed.Stack, "strict_test.go") || failed.After != nil {
		t.Errorf("the failure %v does not have the stack", err)
	}
	r := passes.Reproducer{Program: p, Passes: "none", Family: "step", Error: failed.Message(), Stack: failed.Stack}
	file, err := r.Format()
	if err != nil {
		t.Fatal(err)
	}
	again, err := passes.ParseReproducer(file, "r.txtar")
	if err != nil || again.Error != r.Error || again.Stack != strings.TrimSuffix(r.Stack, "\n") {
		t.Errorf("the reproducer reads as %v, %+v", err, again)
	}
	err = withPass(t, p, func(*pass.Context, *ir.Program) (*ir.Program, pass.Stats, error) { return nil, pass.Stats{}, nil })
	if err == nil || !strings.Contains(err.Error(), "bug: it has returned no program") {
		t.Errorf("a pass that returns nothing: %v", err)
	}
}

// Rules that find nothing in any program are told where that is looked for.
func TestStrictRefusesRulesThatFindNothing(t *testing.T) {
	for _, c := range []struct{ pattern, replace, want string }{
		{"abs($x)", "exp($x)", ""},
		{"maximum($x...)", "abs($x...)", ""},
		{"sum($x)", "sum($x, 0)", ""},
		{"sum($x, axis=$a)", "mean($x, axis=$a)", ""},
		{"$f($x)", "abs($x)", ""},
		{"their_function($x)", "$x", ""},
		{"maximum($x)", "$x", `rule "a rule": the pattern cannot be: maximum`},
		{"abs(foo=$x)", "$x", `rule "a rule": the pattern cannot be: abs`},
		{"exp(abss($x))", "$x", `rule "a rule": the pattern calls abss, which is no op; did you mean abs`},
		{"abs($x)", "maximum($x)", `rule "a rule": the replacement cannot be: maximum`},
	} {
		ps := &passes.Pass{Name: "mine", Doc: "Mine.", Exact: true, Rules: []pass.Rule{{Name: "a rule", Doc: "d", Pattern: c.pattern, Replace: c.replace}}}
		table, err := passes.Standard().With(ps, passes.After("collapse"))
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = passes.Optimize(parse(t, printing), passes.Options{Registry: ops.Standard(), Table: table, Passes: "mine", Strict: true})
		if got := ""; err != nil {
			if got = err.Error(); c.want == "" || !strings.Contains(got, c.want) {
				t.Errorf("%s -> %s: %s, want %q", c.pattern, c.replace, got, c.want)
			}
		} else if c.want != "" {
			t.Errorf("%s -> %s is accepted, want %q", c.pattern, c.replace, c.want)
		}
	}
}
