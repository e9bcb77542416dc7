// Package pass holds the types that compiler passes are made of: the [Pass]
// itself, the [Context] it runs in, what it reports, and the walk over the
// statement lists that it rewrites.
package pass

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// The numeric families that programs are compiled for.
const (
	FamilyStep     = "step"
	FamilyGorgonia = "gorgonia"
)

// A Pass is one transformation of programs. It is a value: a compiler runs the
// passes that its table names.
type Pass struct {
	// Name is lower-case words joined by hyphens, as pipelines spell it.
	Name string
	Doc  string
	// Exact says that outputs, the order of effects and the errors stay the
	// same, bit for bit within a numeric family.
	Exact bool
	// Required passes run at every level: the backends need what they make.
	Required bool
	// Family restricts the pass to programs of one numeric family; empty is all.
	Family string
	// Rewrites are the kinds of change that the pass makes. What it counts with
	// [Context.Fire] is one of them.
	Rewrites []Rewrite
	// DropsDead says that the pass removes statements that can never run, so
	// that the effects after it may be fewer than before.
	DropsDead bool
	// Run returns the rewritten program, the very same one if nothing changed.
	// It must not modify p or any node of it.
	Run func(c *Context, p *ir.Program) (*ir.Program, Stats, error)
}

// A Rewrite is one kind of change of a pass. Its name says what becomes what;
// each is counted by itself, limited by fuel and named by traces.
type Rewrite struct {
	Name, Doc string
}

// A Context is what a pass may use besides the program.
type Context struct {
	Registry *ops.Registry
	Family   string
	// Fuel is how many rewrites may still be made; below 0 it is no limit.
	Fuel int64
	// OnFire, if set, is told of each rewrite and the node that it starts from.
	OnFire func(rewrite string, n *ir.Node)

	lastID ir.ID
	nodes  int
	names  *Names
	fired  Stats
}

// Fire asks whether the named rewrite may be made at n, which is so as long as
// there is fuel, and counts it if so. A pass asks when all else is decided, and
// leaves n as it is when the answer is no.
func (c *Context) Fire(rewrite string, n *ir.Node) bool {
	if c.Fuel == 0 {
		return false
	}
	if c.Fuel > 0 {
		c.Fuel--
	}
	c.fired.Add(rewrite, 1)
	if c.OnFire != nil {
		c.OnFire(rewrite, n)
	}
	return true
}

// Fired returns the counts of the rewrites made since it was last asked.
func (c *Context) Fired() []Count {
	counts := c.fired.Counts
	c.fired.Counts = nil
	return counts
}

// NewContext returns a context for rewriting p.
func NewContext(p *ir.Program, registry *ops.Registry, family string) *Context {
	c := &Context{Registry: registry, Family: family, Fuel: -1}
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		c.lastID = max(c.lastID, n.ID)
		c.nodes++
		return true
	})
	return c
}

// maxNodes bounds what programs grow to; the rest is for the required passes.
const maxNodes = ir.MaxNodes / 10 * 9

// Fits reports whether the program stays small enough with a new graph leaf in
// the place of its source. If so, the leaf is counted.
func (c *Context) Fits(leaf *ir.Node) bool {
	count := 1
	for _, n := range leaf.Body("graph") {
		ir.WalkNode(nil, n, func(*ir.Path, *ir.Node) bool { count++; return true })
	}
	if c.nodes+count > maxNodes {
		return false
	}
	c.nodes += count
	return true
}

// TooLarge is the remark on what stays as it is because [Context.Fits] says no.
const TooLarge = "the program would get too large"

// NewID returns an ID that no node of the program has or had.
func (c *Context) NewID() ir.ID {
	c.lastID++
	return c.lastID
}

// Names returns what the names in calls of p stand for.
func (c *Context) Names(p *ir.Program) *Names {
	if c.names == nil || c.names.program != p {
		c.names = NewNames(p, c.Registry)
	}
	return c.names
}

// A NodeError is a failure of a pass at a node.
type NodeError struct {
	Node *ir.Node
	Err  error
}

// Errorf returns a NodeError at n.
func Errorf(n *ir.Node, format string, args ...any) error {
	return &NodeError{n, fmt.Errorf(format, args...)}
}

// Error returns position and message.
func (e *NodeError) Error() string {
	if e.Node == nil || !e.Node.Pos.Known() {
		return e.Err.Error()
	}
	return e.Node.Pos.String() + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *NodeError) Unwrap() error { return e.Err }
