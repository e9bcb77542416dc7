package passes

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// checkEffects verifies that the statements with effects stand in the same
// order before and after a pass, optimized nodes counting as what they stand
// for. A pass that drops dead code may leave some out.
func (k *checker) checkEffects(ps *Pass, before, after *ir.Program) error {
	old := k.effects
	if k.p != before {
		old = effectsOf(before)
	}
	now := effectsOf(after)
	k.p, k.effects = after, now
	i := 0
	for _, e := range now {
		for i < len(old) && old[i] != e && ps.DropsDead {
			i++
		}
		if i == len(old) || old[i] != e {
			return fmt.Errorf("bug: the effect %q is out of order", e)
		}
		i++
	}
	if i < len(old) && !ps.DropsDead {
		return fmt.Errorf("bug: the effect %q is lost", old[i])
	}
	return nil
}

// An effect is what a statement does to the world outside its registers, and
// the statement.
type effect struct {
	what string
	id   ir.ID
}

func (e effect) String() string {
	if e.id == 0 {
		return e.what
	}
	return fmt.Sprintf("%s (id %d)", e.what, e.id)
}

// effectsOf returns the effects of p in the order of the text: prints, calls of
// methods, hooks with what is in them, and control that is not decided here.
func effectsOf(p *ir.Program) []effect {
	var effects []effect
	var walk func(body []*ir.Node)
	walk = func(body []*ir.Node) {
		for _, n := range body {
			if pass.Optimized(n) {
				walk(n.Body("source"))
				continue
			}
			for _, h := range n.Body("hooks") {
				effects = append(effects, effect{"hook", h.ID})
				walk(h.Body("before"))
			}
			switch n.Op {
			case "print", "popen", "spawn", "join":
				effects = append(effects, effect{n.Op, n.ID})
			case "call":
				if name := n.Text("call"); strings.Contains(name, ".") {
					effects = append(effects, effect{name, n.ID})
				}
			}
			for i := range n.Regions {
				if n.Regions[i].Field != "hooks" {
					walk(n.Regions[i].Body)
				}
			}
			for _, h := range n.Body("hooks") {
				walk(h.Body("after"))
			}
		}
	}
	walk(p.Body)
	for _, f := range p.Functions {
		effects = append(effects, effect{"function " + f.Name, 0})
		walk(f.Body)
	}
	return effects
}
