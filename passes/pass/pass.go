// Package pass holds the types that compiler passes are made of: the [Pass]
// itself, the [Context] it runs in, what it reports, and the walk over the
// statement lists that it rewrites.
package pass

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// The numeric families that programs are compiled for.
const (
	FamilyStep     = "step"
	FamilyGorgonia = "gorgonia"
)

// A Pass is one transformation of programs. It is a value: a compiler runs the
// passes that its table names. It has a Run function or rules, not both.
type Pass struct {
	// Name is lower-case words joined by hyphens, as pipelines spell it.
	Name string
	Doc  string
	// Exact says that outputs, the order of effects and the errors stay the
	// same, bit for bit within a numeric family.
	Exact bool
	// Required passes run at every level, without fuel: the backends need what
	// they make.
	Required bool
	// Family restricts the pass to programs of one numeric family; empty is all.
	Family string
	// Params are what pipelines may set, as in name{max=4096}.
	Params []Param
	// Rewrites are the kinds of change that the Run function makes. What it
	// counts with [Context.Fire] is one of them; anything else stops the compile.
	Rewrites []Rewrite
	// Rules are the rewrites of a pass that is made of rules.
	Rules []Rule
	// DropsDead says that the pass removes statements that can never run, so
	// that the effects after it may be fewer than before.
	DropsDead bool
	// Run returns the rewritten program, the very same one if nothing changed.
	// It must not modify p or any node of it.
	Run func(c *Context, p *ir.Program) (*ir.Program, Stats, error)

	once  sync.Once
	rules *compiledRules
}

// A Rewrite is one kind of change of a pass. Its name says what becomes what;
// each is counted by itself, limited by fuel and named by traces.
type Rewrite struct {
	Name, Doc string
}

// Declared returns all rewrites of the pass, those of its rules included.
func (p *Pass) Declared() []Rewrite {
	declared := slices.Clone(p.Rewrites)
	for _, r := range p.Rules {
		declared = append(declared, Rewrite{r.Name, r.Doc})
	}
	return declared
}

func (p *Pass) declares(rewrite string) bool {
	return slices.ContainsFunc(p.Rewrites, func(r Rewrite) bool { return r.Name == rewrite }) ||
		slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Name == rewrite })
}

func (p *Pass) compiled() *compiledRules {
	p.once.Do(func() { p.rules = compileRules(p.Rules) })
	return p.rules
}

var passName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Check returns what is wrong with the pass, such as a rule that would change
// the number of steps.
func (p *Pass) Check() error {
	switch {
	case !passName.MatchString(p.Name):
		return fmt.Errorf("pass %q: a name is lower-case words joined by hyphens", p.Name)
	case p.Doc == "" || p.Run == nil && len(p.Rules) == 0:
		return fmt.Errorf("pass %q: a pass has a doc and a run function or rules", p.Name)
	case p.Run != nil && len(p.Rules) > 0:
		return fmt.Errorf("pass %q has a run function and rules: make two passes of them", p.Name)
	}
	if p.Family != "" && p.Family != FamilyStep && p.Family != FamilyGorgonia {
		return fmt.Errorf("pass %q: there is no numeric family %q: want %s, %s or none for all", p.Name, p.Family, FamilyStep, FamilyGorgonia)
	}
	seen := map[string]bool{}
	for _, r := range p.Declared() {
		switch {
		case r.Name == "" || r.Doc == "":
			return fmt.Errorf("pass %q: a rewrite has a name and a doc", p.Name)
		case seen[r.Name]:
			return fmt.Errorf("pass %q: two rewrites are named %q", p.Name, r.Name)
		}
		seen[r.Name] = true
	}
	if err := checkParams(p.Params); err != nil {
		return fmt.Errorf("pass %q: %w", p.Name, err)
	}
	if err := p.compiled().err; err != nil {
		return fmt.Errorf("pass %q: %w", p.Name, err)
	}
	return nil
}

// Apply runs the pass on a program, with args for its parameters. It returns the
// very same program if nothing changed or if it fails. That a rewrite was counted
// which the pass does not declare is an error.
func (p *Pass) Apply(c *Context, program *ir.Program, args Args) (result *ir.Program, stats Stats, err error) {
	c.pass, c.args, c.undeclared, c.rule, c.fired = p, args, "", "", Stats{}
	if p.Run != nil {
		result, stats, err = p.Run(c, program)
	} else {
		result, err = applyRules(c, p, program)
	}
	stats.Counts = append(c.Fired(), stats.Counts...)
	if err == nil && c.undeclared != "" {
		err = fmt.Errorf("bug: it has made the rewrite %q, which is not in its list of rewrites", c.undeclared)
	}
	if err == nil && result == nil {
		err = errors.New("bug: it has returned no program")
	}
	if err != nil {
		result = program
	}
	return result, stats, err
}

// A Context is what a pass may use besides the program.
type Context struct {
	Registry *ops.Registry
	Family   string
	// Fuel is how many rewrites may still be made; below 0 it is no limit.
	Fuel int64
	// OnFire, if set, is told of each rewrite and the node that it starts from.
	OnFire func(rewrite string, n *ir.Node)
	// Strict also refuses rules that find nothing in any program.
	Strict bool
	// EditLeaf, if set, edits the expressions that a graph leaf computes; rules
	// look into leaves by it.
	EditLeaf func(c *Context, names *Names, leaf *ir.Node, edit func(operand *ir.Node) (*ir.Node, error)) (*ir.Node, error)

	lastID     ir.ID
	nodes      int
	fired      Stats
	pass       *Pass
	args       Args
	undeclared string
	rule       string
	analyses   map[any]any
	analysed   *ir.Program
}

// Fire asks whether the named rewrite may be made at n, which is so as long as
// there is fuel, and counts it if so. A pass asks when all else is decided, and
// leaves n as it is when the answer is no. Required passes are always told yes
// and need no fuel.
func (c *Context) Fire(rewrite string, n *ir.Node) bool {
	if c.pass == nil || !c.pass.Required {
		if c.Fuel == 0 {
			return false
		}
		if c.Fuel > 0 {
			c.Fuel--
		}
	}
	c.Count(rewrite, n, 1)
	return true
}

// Count counts k rewrites at n which come with one that [Context.Fire] has
// allowed and cannot be left out by themselves. They need no fuel.
func (c *Context) Count(rewrite string, n *ir.Node, k int) {
	if k <= 0 {
		return
	}
	if c.pass != nil && !c.pass.declares(rewrite) {
		c.undeclared = rewrite
	}
	c.fired.Add(rewrite, k)
	if c.OnFire != nil {
		c.OnFire(rewrite, n)
	}
}

// Rule returns the name of the rule that is tried or applied, "" if none is.
func (c *Context) Rule() string { return c.rule }

// Fired returns the counts of the rewrites made since it was last asked.
func (c *Context) Fired() []Count {
	counts := c.fired.Counts
	c.fired.Counts = nil
	return counts
}

// NewContext returns a context for rewriting p.
func NewContext(p *ir.Program, registry *ops.Registry, family string) *Context {
	return NewContextOf(ir.Known(p), registry, family)
}

// NewContextOf is [NewContext] for a program of which more is known.
func NewContextOf(p *ir.Verified, registry *ops.Registry, family string) *Context {
	return &Context{Registry: registry, Family: family, Fuel: -1, lastID: p.MaxID(), nodes: p.Nodes()}
}

// maxNodes bounds what programs grow to; the rest is for the required passes.
const maxNodes = ir.MaxOptimizedNodes / 10 * 9

// Fits reports whether the program stays small enough with a new graph leaf in
// the place of its source. If so, the leaf is counted.
func (c *Context) Fits(leaf *ir.Node) bool {
	count := graphNodes(leaf)
	if c.nodes+count > maxNodes {
		return false
	}
	c.nodes += count
	return true
}

// Room reports whether the program stays small enough with one more graph like
// that of the leaf.
func (c *Context) Room(leaf *ir.Node) bool { return c.nodes+graphNodes(leaf) <= maxNodes }

// graphNodes counts the nodes of a leaf without its source.
func graphNodes(leaf *ir.Node) int {
	count := 1
	whole := func(n *ir.Node) { ir.VisitNode(n, func(*ir.Node) bool { count++; return true }) }
	for _, n := range leaf.Body("graph") {
		if len(n.Kwargs)+len(n.Regions) > 0 {
			whole(n)
			continue
		}
		count++
		for _, arg := range n.Args {
			if len(arg.Args)+len(arg.Kwargs) > 0 {
				whole(arg)
			} else {
				count++
			}
		}
	}
	return count
}

// TooLarge is the remark on what stays as it is because [Context.Fits] says no.
const TooLarge = "the program would get too large"

// NewID returns an ID that no node of the program has or had.
func (c *Context) NewID() ir.ID {
	c.lastID++
	return c.lastID
}

// Names returns what the names in calls of p stand for.
func (c *Context) Names(p *ir.Program) *Names { return Get(c, NamesOf, p) }

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
