// Package collapse joins consecutive tensor statements.
package collapse

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/pass"
)

// Pass joins runs of statements into graph leaves.
var Pass = &pass.Pass{
	Name: "collapse",
	Doc: "Joins each longest run of consecutive statements of pure tensor computation into one graph leaf, where that pays. " +
		"Equal computations become one, and values go from one to the next without a register. " +
		"The leaf carries the statements, which run when the program stops inside.",
	Exact: true,
	Rewrites: []pass.Rewrite{
		{Name: "graphs made", Doc: "a run of pure tensor statements -> one graph leaf"},
		{Name: "equal calls joined", Doc: "a = exp(x); b = exp(x) -> one call of exp in the leaf; comes with the leaf"},
	},
	Run: joinRuns,
}

func joinRuns(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	k := &collapser{c: c, p: p, names: c.Names(p), costs: cost.Of(c.Family), scalars: map[*ir.Function]*cost.Scalars{}, fixed: map[*ir.Function]map[string]bool{}, members: map[*ir.Node]error{}}
	result, err := pass.EditBodies(p, k.body)
	return result, k.stats, err
}

type collapser struct {
	c       *pass.Context
	p       *ir.Program
	names   *pass.Names
	costs   cost.Costs
	scalars map[*ir.Function]*cost.Scalars
	fixed   map[*ir.Function]map[string]bool
	members map[*ir.Node]error // answers of member, which runs ask for again
	stats   pass.Stats
}

func (k *collapser) member(n *ir.Node) error {
	if k.c.Family == pass.FamilyStep {
		return member(k.c, k.names, n)
	}
	err, known := k.members[n]
	if !known {
		err = member(k.c, k.names, n)
		k.members[n] = err
	}
	return err
}

func (k *collapser) body(s *pass.Scope, body []*ir.Node) ([]*ir.Node, error) {
	if s.Strand {
		return body, nil // turns of the weave come between the statements
	}
	var result []*ir.Node
	changed := false
	for i := 0; i < len(body); {
		r := k.longest(s, body, i)
		next := max(r.end, i+1)
		leaf := k.join(s, r)
		if leaf == nil {
			result = append(result, body[i:next]...)
		} else {
			changed = true
			result = append(result, body[i:r.start]...)
			result = append(result, leaf)
			next = r.end
		}
		i = next
	}
	if !changed {
		return body, nil
	}
	return result, nil
}

// join returns the leaf for the run, nil if it does not pay.
func (k *collapser) join(s *pass.Scope, r *run) *ir.Node {
	statements := r.statements()
	if len(statements) == 0 {
		return nil
	}
	if reason := k.gate(s, r); reason != "" {
		k.stats.Note(statements[0], "not collapsed: %s", reason)
		return nil
	}
	leaf := r.leaf()
	leaf.ID = k.c.NewID()
	joined := r.graph().Leaf(leaf, k.c.NewID)
	if !k.c.Fits(joined) {
		k.stats.Note(statements[0], "not collapsed: %s", pass.TooLarge)
		return nil
	}
	if !k.c.Fire("graphs made", statements[0]) {
		return nil
	}
	k.stats.Add("statements collapsed", len(statements))
	k.c.Count("equal calls joined", statements[0], r.calls-r.graph().Calls())
	return joined
}

// gate returns why the run stays as it is, or "".
func (k *collapser) gate(s *pass.Scope, r *run) string {
	statements := r.statements()
	if len(statements) == 1 {
		if r.stop == nil {
			return "it stands alone"
		}
		return fmt.Sprintf("it stands alone: the next statement cannot join it, %s", r.stop)
	}
	c := cost.Run{CallsAfter: r.graph().Calls()}
	for _, n := range statements {
		switch {
		case n.Op == "graph":
			c.Leaves++
			c.LeafCalls += countCalls(n)
			continue
		case k.scalarsOf(s.Function).Expr(n):
			c.Scalars++
		default:
			c.Tensors++
		}
		c.StatementCalls += countCalls(n)
	}
	if gain := k.costs.Gain(c); gain <= 0 {
		return fmt.Sprintf("a graph of these %d statements would cost %.0f ns more than they do", len(statements), -gain)
	}
	return ""
}

func (k *collapser) scalarsOf(f *ir.Function) *cost.Scalars {
	if k.scalars[f] == nil {
		k.scalars[f] = cost.ScalarsOf(k.names, k.p, f)
	}
	return k.scalars[f]
}

// fixedIn returns the registers of the scope's world that have a declared type.
func (k *collapser) fixedIn(s *pass.Scope) map[string]bool {
	if k.fixed[s.Function] == nil {
		fixed := map[string]bool{}
		registers := s.Program.Registers
		if s.Function != nil {
			registers = s.Function.Registers
		}
		for i := range registers {
			if registers[i].Fixed {
				fixed[registers[i].Name] = true
			}
		}
		k.fixed[s.Function] = fixed
	}
	return k.fixed[s.Function]
}
