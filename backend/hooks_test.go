package backend_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
)

// hook returns a hook clause; nil leaves a side out.
func hook(before, after []*ir.Node) *ir.Node {
	h := &ir.Node{Op: "hook"}
	if before != nil {
		h.Regions = append(h.Regions, ir.Region{Field: "before", Body: before})
	}
	if after != nil {
		h.Regions = append(h.Regions, ir.Region{Field: "after", Body: after})
	}
	return h
}

func every(h *ir.Node, k int64) *ir.Node { return h.WithAttr("every", ir.Int(k)) }

func hooked(n *ir.Node, hooks ...*ir.Node) *ir.Node {
	c := n.Copy()
	c.Regions = append(c.Regions, ir.Region{Field: "hooks", Body: hooks})
	return c
}

func say(text string) *ir.Node {
	return &ir.Node{Op: "print", Args: []*ir.Node{ir.Const(ir.String(text))}}
}

func seq(body ...*ir.Node) *ir.Node {
	return &ir.Node{Op: "seq", Regions: []ir.Region{{Field: "seq", Body: body}}}
}

func TestHooksAllocateNothingPerStep(t *testing.T) {
	nops := []*ir.Node{ir.Call("nop"), seq(ir.Call("nop"))}
	when := hook(nil, nops)
	when.Kwargs = []ir.Kwarg{{Name: "when", Node: ir.Call("less", ir.Reg("i"), ir.Const(ir.WeakInt(2)))}}
	step := hooked(ir.Call("nop"), hook(nops, nops), every(hook(nops, nops), 3), when)
	element := hooked(seq(step), every(hook(nops, nops), 2))
	function := &ir.Function{Name: "f", Params: []string{"a"}, Returns: []string{"b"},
		Body: []*ir.Node{hooked(ir.Call("add", ir.Reg("a"), ir.Const(ir.WeakInt(1))).StoringTo("b"), every(hook(nil, nops), 2))}}
	call := hooked(ir.Call("f", ir.Reg("i")).StoringTo("y"), hook(nil, []*ir.Node{ir.Call("f", ir.Reg("i")).StoringTo("y")}))
	inner := repeat(10, step, element, call).WithAttr("as", ir.String("i"))
	weave := &ir.Node{Op: "weave", Regions: []ir.Region{{Field: "weave", Body: []*ir.Node{loop(hooked(inner, hook(nops, nops)))}}, {Field: "weave", Body: []*ir.Node{loop(step)}}}}
	for name, body := range map[string]*ir.Node{"loop": loop(hooked(inner, hook(nops, nops))), "weave": weave} {
		t.Run(name, func(t *testing.T) {
			p := &ir.Program{Functions: []*ir.Function{function}, Registers: []ir.Register{{Name: "i", Init: ir.Const(ir.WeakInt(0))}}, Body: []*ir.Node{body}}
			m := machine(t, unshared(p), nil)
			run(t, m, 1000)
			few := testing.AllocsPerRun(20, func() { run(t, m, 1) })
			many := testing.AllocsPerRun(20, func() { run(t, m, 2000) })
			if many > few {
				t.Errorf("2000 steps allocate %v times, one step %v times", many, few)
			}
		})
	}
}

// unshared copies the nodes of p, which the tests share between places.
func unshared(p *ir.Program) *ir.Program {
	var copied func(n *ir.Node) *ir.Node
	copied = func(n *ir.Node) *ir.Node {
		c := n.Copy()
		for i := range c.Args {
			c.Args[i] = copied(c.Args[i])
		}
		for i := range c.Kwargs {
			c.Kwargs[i].Node = copied(c.Kwargs[i].Node)
		}
		for i := range c.Regions {
			c.Regions[i].Body = slices.Clone(c.Regions[i].Body)
			for j := range c.Regions[i].Body {
				c.Regions[i].Body[j] = copied(c.Regions[i].Body[j])
			}
		}
		return c
	}
	c := p.Copy()
	c.Body = slices.Clone(p.Body)
	for i := range c.Body {
		c.Body[i] = copied(c.Body[i])
	}
	c.Functions = slices.Clone(p.Functions)
	for i, f := range c.Functions {
		g := *f
		g.Body = slices.Clone(f.Body)
		for j := range g.Body {
			g.Body[j] = copied(g.Body[j])
		}
		c.Functions[i] = &g
	}
	return c
}

// flakyHooks has a call that can be made to fail in hooks of all kinds.
func flakyHooks() *ir.Program {
	flaky := func(text string) []*ir.Node {
		return []*ir.Node{say(text + " begins"), seq(ir.Call("f.next").StoringTo("n")), say(text + " ends")}
	}
	when := hook(nil, flaky("when"))
	when.Kwargs = []ir.Kwarg{{Name: "when", Node: ir.Call("equal", ir.Reg("i"), ir.Const(ir.WeakInt(1)))}}
	body := []*ir.Node{
		hooked(say("leaf"), hook(flaky("before"), flaky("after")), every(hook(flaky("before 2"), flaky("after 2")), 2), when),
		hooked(seq(hooked(ir.Call("add", ir.Reg("i"), ir.Const(ir.WeakInt(1))), hook(nil, flaky("value")))).StoringTo("v"), hook(flaky("entry"), flaky("exit"))),
		hooked(ir.Call("g").StoringTo("w"), hook(flaky("call"), []*ir.Node{ir.Call("g")})),
		hooked(ir.Call("f.next").StoringTo("n"), hook([]*ir.Node{say("before a leaf that fails")}, nil)),
	}
	g := &ir.Function{Name: "g", Returns: []string{"r"}, Body: []*ir.Node{
		hooked(ir.Call("add", ir.Const(ir.WeakInt(2)), ir.Const(ir.WeakInt(3))).StoringTo("r"), hook([]*ir.Node{say("g before")}, flakyLocal()))}}
	weave := &ir.Node{Op: "weave", Regions: []ir.Region{{Field: "weave", Body: body}, {Field: "weave", Body: []*ir.Node{repeat(4, say("other")),
		hooked(ir.Call("add", ir.Reg("i"), ir.Const(ir.WeakInt(7))), hook(nil, flaky("strand")))}}}}
	last := hooked(say("last"), hook(nil, flaky("end")))
	return unshared(&ir.Program{Objects: []ir.Object{{Name: "f", Class: "flaky"}}, Functions: []*ir.Function{g},
		Registers: []ir.Register{{Name: "i", Init: ir.Const(ir.WeakInt(0))}}, Outputs: []string{"n", "v", "w", "u"},
		Body: []*ir.Node{repeat(2, append(body, weave.StoringTo("u"))...).WithAttr("as", ir.String("i")), last}})
}

func flakyLocal() []*ir.Node { return []*ir.Node{ir.Call("f.next").StoringTo("q"), say("g after")} }

// observedRun runs a machine to its end, trying again after each error, and
// tells what it printed, with the steps before each line, and its outputs. With
// clone, a clone goes on after each step and error.
func observedRun(t *testing.T, p *ir.Program, failAt int64, clone bool) (text string, failures []*backend.RunError) {
	var b strings.Builder
	var m *backend.Machine
	m = machine(t, p, func(line string) {
		steps := int64(0)
		if m != nil {
			steps = m.Steps()
		}
		fmt.Fprintf(&b, "%d %s\n", steps, line)
	})
	if failAt >= 0 {
		current.after, current.failures = failAt, 2
	}
	for range 10_000 {
		status, err := m.Run(context.Background(), backend.Budget{Steps: 1})
		var failed *backend.RunError
		switch {
		case errors.As(err, &failed):
			failures = append(failures, failed)
		case err != nil:
			t.Fatal(err)
		case status == backend.Done:
			for _, out := range m.Outputs() {
				fmt.Fprintf(&b, "%s = %s\n", out.Name, ir.Format(out.Value))
			}
			fmt.Fprintf(&b, "%d calls, %d steps\n", current.calls, m.Steps())
			return b.String(), failures
		}
		if clone {
			if m, err = m.Clone(); err != nil {
				t.Fatal(err)
			}
			if failAt >= 0 && len(failures) == 0 {
				current.after, current.failures = failAt, 1
			}
		}
	}
	t.Fatal("the run does not end")
	return "", nil
}

func TestAHookThatFailedGoesOnWhereItStopped(t *testing.T) {
	p := flakyHooks()
	want, failures := observedRun(t, p, -1, false)
	if len(failures) > 0 {
		t.Fatal(failures[0])
	}
	calls := current.calls
	if calls < 20 {
		t.Fatalf("only %d calls in:\n%s", calls, want)
	}
	seen := map[string]bool{}
	for failAt := range calls {
		if got, failures := observedRun(t, p, failAt, true); got != want || len(failures) != 1 {
			t.Fatalf("with call %d failing, %d times, and clones that go on:\n%s\nwithout a failure:\n%s", failAt, len(failures), got, want)
		}
		got, failures := observedRun(t, p, failAt, false)
		if got != want {
			t.Errorf("with call %d failing twice:\n%s\nwithout a failure:\n%s", failAt, got, want)
		}
		if len(failures) != 2 {
			t.Fatalf("call %d failed %d times", failAt, len(failures))
		}
		for _, failed := range failures {
			inside := ""
			for _, c := range failed.Counters {
				if strings.HasPrefix(c.Element, "hook ") {
					inside = c.Element
				}
			}
			if failed.Node.Text("call") != "f.next" {
				t.Errorf("call %d: the error is %v", failAt, failed)
			}
			seen[inside] = true
		}
	}
	if len(seen) < 8 {
		t.Errorf("failures in %d kinds of hooks: %v", len(seen), seen)
	}
}

func TestAHookByTheClock(t *testing.T) {
	for period, want := range map[string]bool{"1ns": true, "10000h": false} {
		lines := 0
		h := hook([]*ir.Node{say("hook")}, []*ir.Node{say("hook")}).WithAttr("every", ir.String(period))
		m := machine(t, &ir.Program{Body: []*ir.Node{repeat(5, hooked(ir.Call("nop"), h))}}, func(string) { lines++ })
		run(t, m, 5)
		if (lines > 0) != want || lines%2 != 0 {
			t.Errorf("every %s printed %d lines", period, lines)
		}
	}
}

func BenchmarkHookedStep(b *testing.B) {
	nops := []*ir.Node{ir.Call("nop")}
	m := machine(b, unshared(&ir.Program{Body: []*ir.Node{loop(hooked(ir.Call("nop"), every(hook(nil, nops), 2)))}}), nil)
	b.ReportAllocs()
	b.ResetTimer()
	run(b, m, int64(b.N))
}
