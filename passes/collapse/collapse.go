// Package collapse joins consecutive tensor statements.
package collapse

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/leaves"
	"flowc.dev/flowc/passes/pass"
)

// Pass joins runs of statements into graph leaves.
var Pass = &pass.Pass{
	Name: "collapse",
	Doc: "Joins each longest run of consecutive statements of pure tensor computation into one graph leaf, where that pays. " +
		"Values go from one to the next without a register, and what is overwritten is not stored. " +
		"The leaf carries the statements, which run when the program stops inside. In a weave statements are joined within one " +
		"statement of a strand, if that is a turn. A switch on a bool joins the run if both branches are cheap, take equal steps and " +
		"store equal types.",
	Exact: true,
	Rewrites: []pass.Rewrite{
		{Name: "graphs made", Doc: "a run of pure tensor statements -> one graph leaf"},
		{Name: "dead stores", Doc: "x = a; x = b -> the leaf stores b; comes with the leaf"},
		{Name: "switches computed", Doc: "switch c { case true { x = a } default { x = b } } -> x = where(c, a, b), within a leaf"},
	},
	Run: joinRuns,
}

func joinRuns(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	k := &collapser{c: c, p: p, names: c.Names(p), scalars: pass.Get(c, cost.ScalarsIn, p), fixed: map[*ir.Function]map[string]bool{},
		used: pass.UsedValues(p), dynamics: map[*ir.Node]error{}, graph: dataflow.NewGraph(c.Registry, false), frame: dataflow.NewFrame()}
	k.builder = &dataflow.Builder{Graph: k.graph, Names: k.names, Keep: true, Kept: refuse}
	result, err := pass.EditBodies(p, k.body)
	return result, k.stats, err
}

type collapser struct {
	c       *pass.Context
	p       *ir.Program
	names   *pass.Names
	scalars func(*ir.Function) *cost.Scalars
	fixed   map[*ir.Function]map[string]bool
	used    map[*ir.Node]bool
	// dynamics are the answers of dynamic, which runs ask for again.
	dynamics map[*ir.Node]error
	stats    pass.Stats

	// The graph and the frame of the run that is being read, and what reads it.
	graph   *dataflow.Graph
	frame   *dataflow.Frame
	builder *dataflow.Builder
}

// dynamic is the function of that name, asked once for each statement.
func (k *collapser) dynamic(n *ir.Node) error {
	if k.c.Family == pass.FamilyStep || plain(k.names, n) {
		return nil
	}
	err, known := k.dynamics[n]
	if !known {
		err = dynamic(k.c, k.names, n)
		k.dynamics[n] = err
	}
	return err
}

// multiplies reports whether the statement multiplies matrices by kernels that
// only graph leaves have.
func (k *collapser) multiplies(n *ir.Node) bool {
	return k.c.Family != pass.FamilyStep && n.Op == "graph" && !cost.Neutral(k.names, n)
}

func (k *collapser) body(s *pass.Scope, body []*ir.Node) ([]*ir.Node, error) {
	if s.Divided() {
		return body, nil
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
	if len(statements) == 1 && !k.mayMerge(statements[0]) {
		reason := "it stands alone"
		if r.stop != nil {
			reason = fmt.Sprintf("it stands alone: the next statement cannot join it, %s", r.stop)
		}
		k.stats.Note(statements[0], "not collapsed: %s", reason)
		return nil
	}
	leaf := r.leaf()
	leaf.ID = k.c.NewID()
	joined := r.graph().Leaf(leaf, k.c.NewID)
	if reason := k.gate(s, r, joined); reason != "" {
		k.stats.Note(statements[0], "not collapsed: %s", reason)
		return nil
	}
	if !k.c.Fits(joined) {
		k.stats.Note(statements[0], "not collapsed: %s", pass.TooLarge)
		return nil
	}
	for _, n := range statements {
		if n.Op == "switch" && !k.c.Fire("switches computed", n) {
			return nil
		}
	}
	if !k.c.Fire("graphs made", statements[0]) {
		return nil
	}
	k.stats.Add("statements collapsed", len(statements))
	k.c.Count("dead stores", statements[0], r.stores-len(r.stored))
	return joined
}

// mayMerge reports whether a single statement may become a leaf, for the sake of
// equal calls in it.
func (k *collapser) mayMerge(n *ir.Node) bool { return n.Op == "call" && countCalls(n) > 2 }

// gate returns why the statements stay as they are rather than become the leaf,
// or "". Copies in the leaf and calls that equal others cost nothing: other
// passes take them away.
func (k *collapser) gate(s *pass.Scope, r *run, leaf *ir.Node) string {
	statements := r.statements()
	c := cost.Run{CallsAfter: len(leaf.Body("graph"))}
	for _, n := range statements {
		switch {
		case n.Op == "graph":
			calls := countCalls(n)
			if c.Leaves, c.LeafCalls = c.Leaves+1, c.LeafCalls+calls; k.multiplies(n) {
				c.Products, c.ProductCalls = c.Products+1, c.ProductCalls+calls
			}
			continue
		case n.Op == "switch": // which evaluates its selector and runs one branch
			choice := r.choices[n]
			c.Scalars += 1 + int(choice.steps)
			c.StatementCalls += countCalls(n) + choice.calls/2
			continue
		case cost.Copies(n):
			c.Copies++
			continue
		case k.scalarsOf(s.Function).Expr(n):
			c.Scalars++
		default:
			c.Tensors++
		}
		c.StatementCalls += countCalls(n)
	}
	if cost.Gain(k.c.Family, c) > 0 {
		return ""
	}
	always := func(*ir.Node) bool { return true }
	copied := leaves.PropagateCopies(leaf, always)
	c.CallsAfter = len(leaves.MergeEqual(copied, always).Body("graph"))
	if c.Tensors > 0 {
		c.Equal = len(copied.Body("graph")) - c.CallsAfter
	}
	if gain := cost.Gain(k.c.Family, c); gain <= 0 && len(statements) == 1 {
		return "it stands alone"
	} else if gain <= 0 {
		return fmt.Sprintf("a graph of these %d statements would cost %.0f ns more than they do", len(statements), -gain)
	}
	return ""
}

func (k *collapser) scalarsOf(f *ir.Function) *cost.Scalars {
	return k.scalars(f)
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
