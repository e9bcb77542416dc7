package ir_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
)

func drawProgram(t *rapid.T) *ir.Program {
	return irtest.Program(rapid.Uint64().Draw(t, "seed"), irtest.Options{})
}

// drawPattern draws one of the program's statements or operands, some parts of
// which have become metavariables.
func drawPattern(t *rapid.T, p *ir.Program) []*ir.Node {
	var nodes []*ir.Node
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		if n.Op != "hook" && n.Op != "slice" {
			nodes = append(nodes, n)
		}
		return true
	})
	if len(nodes) == 0 {
		return []*ir.Node{ir.Metavariable("s", false)}
	}
	n := nodes[rapid.IntRange(0, len(nodes)-1).Draw(t, "node")]
	count := 0
	var open func(n *ir.Node, root bool) *ir.Node
	open = func(n *ir.Node, root bool) *ir.Node {
		if !root && rapid.IntRange(0, 3).Draw(t, "open") == 0 {
			count++
			return ir.Metavariable(string(rune('a'+count%20)), false)
		}
		n = n.Copy()
		for i, arg := range n.Args {
			n.Args[i] = open(arg, false)
		}
		for i := range n.Kwargs {
			n.Kwargs[i].Node = open(n.Kwargs[i].Node, false)
		}
		n.Regions = slices.DeleteFunc(n.Regions, func(r ir.Region) bool { return r.Field == "hooks" })
		for i := range n.Regions {
			var body []*ir.Node
			for _, statement := range n.Regions[i].Body {
				body = append(body, open(statement, false))
			}
			n.Regions[i].Body = body
		}
		return n
	}
	return []*ir.Node{open(n, true)}
}

// Replacing matches by themselves changes nothing, and every pattern made from a
// part of a program matches it unless one metavariable stands for two things.
func TestReplacingByTheMatchIsTheIdentity(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		pattern := drawPattern(t, p)
		matches, err := ir.Find(p, pattern)
		if err != nil {
			t.Fatal(err)
		}
		found += len(matches)
		got, m, err := ir.Replace(p, pattern, []*ir.Node{ir.Metavariable(ir.WholeName, false)}, ir.Expect(len(matches)))
		if err != nil {
			t.Fatal(err)
		}
		if got != p {
			t.Fatalf("the program is another: added %v, removed %v, edited %v", m.Added, m.Removed, m.Edited)
		}
	})
	if found < 50 {
		t.Errorf("only %d matches", found)
	}
}

// A hook after each statement leaves what there was as it was, and the program
// well-formed; deleting what the hooks run gives the first program.
func TestHooksLeaveTheRestAlone(t *testing.T) {
	lib := ops.Standard().Library()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		all := []*ir.Node{ir.Metavariable("s", false)}
		mark := &ir.Node{Op: "print", Args: []*ir.Node{ir.Const(ir.String("a mark"))}}
		pattern := drawPattern(t, p)
		if rapid.Bool().Draw(t, "everywhere") {
			pattern = all
		}
		hooked, m, err := ir.Before(p, pattern, []*ir.Node{mark})
		if err != nil {
			t.Fatal(err)
		}
		// A function that is called in an expression is refused hooks.
		if err := ir.Verify(hooked, lib); err != nil && len(p.Functions) == 0 {
			t.Fatal(err)
		}
		if len(m.Removed) > 0 || len(m.Matches) > 0 && (len(m.Added) == 0 || m.Added[0] <= p.MaxID()) {
			t.Fatalf("removed %v, added %v above %d", m.Removed, m.Added, p.MaxID())
		}
		again, _, err := ir.Delete(hooked, []*ir.Node{mark})
		if err != nil {
			t.Fatal(err)
		}
		if ir.Digest(again) != ir.Digest(p) {
			a, _ := text.Print(p)
			b, _ := text.Print(again)
			t.Fatalf("with hooks put in and deleted\n%s\nis\n%s", a, b)
		}
	})
}

// No edit, whatever its pattern and replacement, gives two nodes one ID or
// fails otherwise than by an error.
func FuzzPattern(f *testing.F) {
	for _, src := range []string{"$s", "$a + $b", "$y = $x", "f($x, $r...)", "repeat $n { $b... }", "$x = $a\n$m...\nprint $x", "print 1; $0; print $0",
		"if $c { $b... }", "$o.next($a...)", "{ $0; $0 }", "weave { strand { $a... }\n strand { $b... } }"} {
		f.Add(uint64(1), src, "{ print 1; $0 }")
		f.Add(uint64(2), "$s", src)
		f.Add(uint64(3), src, src)
	}
	f.Fuzz(func(t *testing.T, seed uint64, pattern, replacement string) {
		p := irtest.Program(seed%100, irtest.Options{})
		find, err := text.ParsePattern([]byte(pattern), "")
		if err != nil {
			return
		}
		with, err := text.ParsePattern([]byte(replacement), "")
		if err != nil {
			return
		}
		for _, edit := range []func(*ir.Program, []*ir.Node, []*ir.Node, ...ir.EditOption) (*ir.Program, *ir.EditMap, error){ir.Replace, ir.Before, ir.After, ir.Around} {
			edited, m, err := edit(p, find, with)
			if err != nil {
				continue
			}
			if len(m.Matches) == 0 && edited != p {
				t.Fatal("a program without matches has changed")
			}
			if edited == p {
				continue // the generator's programs have operands at several places
			}
			seen := map[ir.ID]bool{}
			ir.Walk(edited, func(at *ir.Path, n *ir.Node) bool {
				if n.ID == 0 || seen[n.ID] {
					t.Fatalf("%s: id %d twice", at.Pointer(), n.ID)
				}
				seen[n.ID] = true
				if n.Op == ir.Meta {
					t.Fatalf("%s: a metavariable is left", at.Pointer())
				}
				return true
			})
		}
	})
}
