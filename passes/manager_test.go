package passes_test

import (
	"errors"
	"slices"
	"testing"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
)

const printing = `{"flowc": 1, "registers": {"x": 1}, "outputs": ["x"], "body": [
  {"call": "add", "args": [{"reg": "x"}, 1], "store": "x"},
  {"print": ["a"]},
  {"repeat": 2, "body": [{"print": ["b"]}]}]}`

func parse(t *testing.T, text string) *ir.Program {
	t.Helper()
	p, err := json.Parse([]byte(text), "prog.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(p, ops.Standard().Library()); err != nil {
		t.Fatal(err)
	}
	return p
}

// withPass optimizes a program by one pass of the test's own.
func withPass(t *testing.T, p *ir.Program, run func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error)) error {
	t.Helper()
	table, err := passes.Standard().With(&passes.Pass{Name: "mine", Doc: "Mine.", Rewrites: []pass.Rewrite{{Name: "edits", Doc: "x -> y"}}, Run: run}, passes.After("collapse"))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = passes.Optimize(p, passes.Options{Registry: ops.Standard(), Table: table, Passes: "mine"})
	return err
}

func TestWrongPassesAreFound(t *testing.T) {
	graph := func(edit func(n *ir.Node)) func(p *ir.Program, c *pass.Context) *ir.Program {
		return func(p *ir.Program, c *pass.Context) *ir.Program {
			source := p.Body[0]
			call := ir.Call("add", ir.Reg("x"), ir.Const(ir.WeakInt(1))).StoringTo("%1")
			n := &ir.Node{Op: "graph", ID: source.ID, Attrs: []ir.Attr{
				{Name: "steps", Value: ir.Int(1)}, {Name: "store", Value: ir.Strings("x")}, {Name: "yield", Value: ir.Strings("%1")}},
				Regions: []ir.Region{{Field: "graph", Body: []*ir.Node{call}}, {Field: "source", Body: []*ir.Node{source}}}}
			edit(n)
			q := p.Copy()
			q.Body = append([]*ir.Node{n}, p.Body[1:]...)
			return q
		}
	}
	changed := func(edit func(n *ir.Node)) func(p *ir.Program, c *pass.Context) *ir.Program {
		return func(p *ir.Program, _ *pass.Context) *ir.Program {
			n := p.Body[0].Copy()
			edit(n)
			q := p.Copy()
			q.Body = append([]*ir.Node{n}, p.Body[1:]...)
			return q
		}
	}
	for _, c := range []struct {
		name string
		edit func(p *ir.Program, c *pass.Context) *ir.Program
		want string
	}{
		{"a good graph", graph(func(*ir.Node) {}), ""},
		{"an effect lost", func(p *ir.Program, _ *pass.Context) *ir.Program {
			q := p.Copy()
			q.Body = p.Body[:2]
			return q
		}, "pass mine: bug: repeat (id 7) is lost"},
		{"effects out of order", func(p *ir.Program, _ *pass.Context) *ir.Program {
			q := p.Copy()
			q.Body = []*ir.Node{p.Body[0], p.Body[2], p.Body[1]}
			return q
		}, "is out of order"},
		{"a step lost", func(p *ir.Program, _ *pass.Context) *ir.Program {
			q := p.Copy()
			q.Body = p.Body[1:]
			return q
		}, "prog.json:2:3: pass mine: bug: add (id 2) is lost"},
		{"a store to another register", changed(func(n *ir.Node) { n.Attrs[1].Value = ir.Strings("y") }), "bug: x = add (id 2) has become y = add (id 2)"},
		{"another ID", changed(func(n *ir.Node) { n.ID = 99 }), "bug: add (id 2) is lost"},
		{"another element", changed(func(n *ir.Node) { *n = ir.Node{Op: "print", ID: 2, Args: []*ir.Node{ir.Reg("x")}} }), "bug: x = add (id 2) has become print (id 2)"},
		{"a source of another ID", graph(func(n *ir.Node) {
			source := n.Regions[1].Body[0].Copy()
			source.ID = 99
			n.Regions[1].Body = []*ir.Node{source}
		}), "bug: add (id 2) is lost"},
		{"a step too many", func(p *ir.Program, c *pass.Context) *ir.Program {
			n := ir.Call("add", ir.Reg("x"), ir.Const(ir.WeakInt(1))).StoringTo("x")
			n.ID = 98
			q := p.Copy()
			q.Body = append(slices.Clone(p.Body), n)
			return q
		}, "bug: add (id 98) is none of the program's statements"},
		{"a statement taken out of a loop", func(p *ir.Program, _ *pass.Context) *ir.Program {
			loop := p.Body[2].Copy()
			inner := loop.Regions[0].Body
			loop.Regions[0].Body = nil
			q := p.Copy()
			q.Body = append(slices.Clone(p.Body[:2]), loop, inner[0])
			return q
		}, "bug: print (id 9) is out of order"},
		{"a node that is nil", func(p *ir.Program, _ *pass.Context) *ir.Program {
			q := p.Copy()
			q.Body = append(slices.Clone(p.Body), nil)
			return q
		}, "/body/3: the node is nil"},
		{"an operand that is nil", changed(func(n *ir.Node) { n.Args = []*ir.Node{nil} }), "/body/0/args/0: the node is nil"},
		{"a register that the program lacks", changed(func(n *ir.Node) { n.Args = []*ir.Node{ir.Reg("z")} }), "/body/0/args/0: the program has no register \"z\""},
		{"a function that is nil", func(p *ir.Program, _ *pass.Context) *ir.Program {
			q := p.Copy()
			q.Functions = []*ir.Function{nil}
			return q
		}, "the program it made is not valid"},
		{"an unknown op", func(p *ir.Program, c *pass.Context) *ir.Program {
			n := ir.Call("ad", ir.Reg("x"))
			n.ID = c.NewID()
			q := p.Copy()
			q.Body = append([]*ir.Node{n}, p.Body...)
			return q
		}, "the program it made is not valid"},
		{"a yield that nothing sets", graph(func(n *ir.Node) { n.Attrs[2].Value = ir.Strings("%2") }), "yields %2, which it does not set"},
		{"a store too many", graph(func(n *ir.Node) { n.Attrs[1].Value = ir.Strings("x", "_") }), "1 yields and 2 stores"},
		{"no source", graph(func(n *ir.Node) { n.Regions = n.Regions[:1] }), "carries 0 source statements"},
		{"wrong steps", graph(func(n *ir.Node) { n.Attrs[0].Value = ir.Int(2) }), "counts 2 steps, its source takes 1"},
		{"a register stored inside", graph(func(n *ir.Node) {
			n.Regions[0].Body = append(n.Regions[0].Body, ir.Call("negative", ir.Reg("x")).StoringTo("y"))
		}), "stores to"},
		{"an operand that is a call", graph(func(n *ir.Node) {
			n.Regions[0].Body = append(n.Regions[0].Body, ir.Call("negative", ir.Call("negative", ir.Reg("x"))).StoringTo("%2"))
		}), "not in A-normal form"},
		{"a local read before it is set", graph(func(n *ir.Node) {
			n.Regions[0].Body = append([]*ir.Node{ir.Call("negative", ir.Reg("%1")).StoringTo("%2")}, n.Regions[0].Body...)
		}), "reads %1, which is not set before"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := withPass(t, parse(t, printing), func(ctx *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
				ctx.Fire("edits", p.Body[0])
				return c.edit(p, ctx), pass.Stats{}, nil
			})
			wantError(t, err, c.want)
		})
	}
}

func TestChangesAreAskedFor(t *testing.T) {
	run := func(_ *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
		n := p.Body[0].Copy()
		n.Args = []*ir.Node{ir.Reg("x"), ir.Const(ir.WeakInt(2))}
		q := p.Copy()
		q.Body = append([]*ir.Node{n}, p.Body[1:]...)
		return q, pass.Stats{}, nil
	}
	wantError(t, withPass(t, parse(t, printing), run), "prog.json: pass mine: bug: it has changed the program without asking Fire")
	copied := func(_ *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
		return p.Copy(), pass.Stats{}, nil
	}
	wantError(t, withPass(t, parse(t, printing), copied), "")
	required, err := passes.Standard().With(&passes.Pass{Name: "mine", Doc: "Mine.", Required: true, Run: run}, passes.After("outline"))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = passes.Optimize(parse(t, printing), passes.Options{Registry: ops.Standard(), Table: required})
	wantError(t, err, "pass mine: bug: it has changed the program without asking Fire")
}

func TestFailingPassStopsTheCompile(t *testing.T) {
	cause := errors.New("cause")
	err := withPass(t, parse(t, printing), func(_ *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
		return nil, pass.Stats{}, &pass.NodeError{Node: p.Body[1], Err: cause}
	})
	var e *passes.Error
	if !errors.As(err, &e) || !errors.Is(err, cause) || e.Pass != "mine" || e.Pos.Line != 3 || e.ID == 0 {
		t.Errorf("error %#v", err)
	}
	wantError(t, err, "prog.json:3:3: pass mine: cause")
	err = withPass(t, parse(t, printing), func(*pass.Context, *ir.Program) (*ir.Program, pass.Stats, error) { panic("oh") })
	wantError(t, err, "pass mine: bug: oh\n  in passes_test.TestFailingPassStopsTheCompile.func2 (passes/manager_test.go:")
	err = withPass(t, parse(t, printing), func(*pass.Context, *ir.Program) (*ir.Program, pass.Stats, error) {
		panic((*ir.Node)(nil).Op)
	})
	wantError(t, err, "nil pointer dereference\n  in passes_test.TestFailingPassStopsTheCompile.func3 (passes/manager_test.go:")
}

func TestPanicInRuleNamesIt(t *testing.T) {
	table, err := passes.Standard().With(&passes.Pass{Name: "mine", Doc: "Mine.", Rules: []pass.Rule{
		{Name: "x + 1 -> oh", Doc: "It panics.", Pattern: "$x + 1", Replace: "$x", Guard: func(m *pass.Match) bool { panic("oh") }}}}, passes.After("collapse"))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = passes.Optimize(parse(t, printing), passes.Options{Registry: ops.Standard(), Table: table, Passes: "mine"})
	wantError(t, err, `pass mine: bug: rule "x + 1 -> oh": oh`+"\n  in passes_test.TestPanicInRuleNamesIt.func1 (passes/manager_test.go:")
}

func TestOptions(t *testing.T) {
	p := parse(t, printing)
	for _, c := range []struct {
		options passes.Options
		want    string
	}{
		{passes.Options{Level: 3}, ""},
		{passes.Options{Level: 4}, "no optimization level 4"},
		{passes.Options{Family: "native"}, `no numeric family "native"`},
		{passes.Options{Passes: "colapse"}, "did you mean collapse"},
	} {
		c.options.Registry = ops.Standard()
		_, _, err := passes.Optimize(p, c.options)
		wantError(t, err, c.want)
	}
	_, _, err := passes.Optimize(p, passes.Options{})
	wantError(t, err, "registry")
	own := &passes.Table{Passes: passes.Standard().Passes}
	_, _, err = passes.Optimize(p, passes.Options{Registry: ops.Standard(), Table: own})
	wantError(t, err, "no pipeline for level 0")
	_, _, err = passes.Optimize(p, passes.Options{Registry: ops.Standard(), Table: own, Passes: "collapse"})
	wantError(t, err, "")
}

func TestTraceAndReport(t *testing.T) {
	var traced []string
	_, report, err := passes.Optimize(parse(t, `{"flowc": 1, "body": [{"seq": [{"seq": [{"print": [1]}]}]}, {"print": [2]}]}`), passes.Options{
		Registry: ops.Standard(), Level: 1,
		Trace: func(p *passes.Pass, before, after *ir.Program) {
			traced = append(traced, p.Name)
			if changed := before != after; changed != (p.Name == "canonicalize") {
				t.Errorf("%s changed the program: %t", p.Name, changed)
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := report.String(), "canonicalize: seqs flattened: 2\n"; got != want {
		t.Errorf("report %q, want %q", got, want)
	}
	if got, want := report.Pipeline(), "lower-functions,lower-grad,stabilize,contract,canonicalize,inline,copy-propagation,fold,merge,dce"; got != want || len(traced) != 10 {
		t.Errorf("pipeline %s, traced %v, want %s", got, traced, want)
	}
}
