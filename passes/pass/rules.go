package pass

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// compiledRules are the rules of a pass, by what they match, in their order.
type compiledRules struct {
	byRoot map[ruleRoot][]*compiledRule
	calls  [][]string // of each rule's replacement, by name
	all    []*compiledRule
	err    error
}

// A ruleRoot is the op of a node, and of a call the name that it calls. Rules for
// any name are those of "" and of every name that other rules have.
type ruleRoot struct{ op, call string }

func (c *compiledRules) of(n *ir.Node) []*compiledRule {
	root := ruleRoot{op: n.Op}
	if n.Op == "call" {
		root.call = n.Text("call")
		if rules, ok := c.byRoot[root]; ok {
			return rules
		}
		root.call = ""
	}
	return c.byRoot[root]
}

// mayMatch reports whether a rule may match anything that a leaf computes.
func (c *compiledRules) mayMatch(leaf *ir.Node) bool {
	for root := range c.byRoot {
		if root.op != "call" {
			return true
		}
	}
	return slices.ContainsFunc(leaf.Body("graph"), func(n *ir.Node) bool { return len(c.of(n)) > 0 })
}

func compileRules(rules []Rule) *compiledRules {
	c := &compiledRules{byRoot: map[ruleRoot][]*compiledRule{}}
	compiled := make([]*compiledRule, len(rules))
	for i := range rules {
		r, err := rules[i].compile()
		if err != nil {
			c.err = err
			return c
		}
		compiled[i] = r
		c.all = compiled
		c.calls = append(c.calls, r.calls())
		c.byRoot[r.root] = nil
	}
	for root := range c.byRoot {
		for _, r := range compiled {
			if r.root == root || r.root.op == root.op && r.root.call == "" {
				c.byRoot[root] = append(c.byRoot[root], r)
			}
		}
	}
	return c
}

// The bounds of what the rules of a pass may do to a program: rewrites for each
// of its nodes, and a few for programs of few.
const (
	rewritesPerNode = 32
	minRewrites     = 1000
	// rewritesInPlace are those in the place of one node, less what is below it.
	rewritesInPlace = 2 * ir.MaxNesting
	// shownRewrites are the last ones, from which the repeating rules are told.
	shownRewrites = 64
)

// applyRules applies the rules of p until none applies.
func applyRules(c *Context, p *Pass, program *ir.Program) (*ir.Program, error) {
	rules := p.compiled()
	if rules.err != nil {
		return nil, rules.err
	}
	if err := knownOps(p.Rules, rules, c.Names(program)); err != nil {
		return nil, err
	}
	if c.Strict {
		for i := range p.Rules {
			if err := rules.sensible(i, c.Names(program)); err != nil {
				return nil, fmt.Errorf("bug: rule %q: %w", p.Rules[i].Name, err)
			}
		}
	}
	r := &ruleRun{c: c, rules: rules, names: c.Names(program), left: minRewrites + rewritesPerNode*c.nodes, room: maxNodes - c.nodes, settled: map[*ir.Node]bool{}}
	for {
		fired := r.fired
		changed, err := EditStatements(program, r.statement)
		if err != nil {
			return nil, err
		}
		program = changed
		if r.fired == fired || !r.guarded {
			return program, nil
		}
		// A guard may think of the program otherwise now.
		r.settled = map[*ir.Node]bool{}
	}
}

// knownOps returns an error if a replacement calls what there is not. A pattern
// that does finds nothing, as where it is about a function of other programs.
func knownOps(rules []Rule, compiled *compiledRules, names *Names) error {
	for i := range rules {
		for _, name := range compiled.calls[i] {
			if names.Op(name) != nil || names.Function(name) != nil {
				continue
			}
			return fmt.Errorf("bug: rule %q: the replacement calls %s", rules[i].Name, names.unknown(name))
		}
	}
	return nil
}

// sensible returns an error if a rule finds nothing in any program, or makes what
// none may have: if it calls an op with too few or too many operands, or what is
// almost an op.
func (c *compiledRules) sensible(rule int, names *Names) error {
	r := c.all[rule]
	if err := sensibleCalls(r.pattern.Root(), names); err != nil {
		return fmt.Errorf("the pattern %w", err)
	}
	if r.replace != nil {
		if err := sensibleCalls(r.replace, names); err != nil {
			return fmt.Errorf("the replacement %w", err)
		}
	}
	return nil
}

func sensibleCalls(n *ir.Node, names *Names) (err error) {
	ir.VisitNode(n, func(n *ir.Node) bool {
		name := n.Text("call")
		if err != nil || name == "" || name == ir.AnyName || strings.ContainsAny(name, "$.") || names.Function(name) != nil {
			return err == nil
		}
		op := names.Op(name)
		switch {
		case op == nil && len(names.Registry.Library().Suggest(name)) > 0:
			err = fmt.Errorf("calls %s", names.unknown(name))
		case op != nil && !slices.ContainsFunc(n.Args, (*ir.Node).IsRest):
			if _, problems := op.Bind(n.Args, n.Kwargs); len(problems) > 0 {
				err = fmt.Errorf("cannot be: %s", strings.Join(problems, "; "))
			}
		}
		return err == nil
	})
	return err
}

// A ruleRun is one run of the rules of a pass.
type ruleRun struct {
	c       *Context
	rules   *compiledRules
	names   *Names
	matcher ir.NodeMatcher
	scope   *Scope
	within  *ir.Node // the statement
	fired   int
	left    int // rewrites that may still be made
	room    int // nodes that may still be made
	guarded bool
	// shared says that what a rule has made may have a node below another one
	// twice.
	shared bool
	last   []string
	// settled are operands that no rule applies to, and nothing below them.
	settled map[*ir.Node]bool
}

func (r *ruleRun) statement(s *Scope, n *ir.Node) (*ir.Node, error) {
	r.scope, r.within = s, n
	switch {
	case n.Op == "graph" && r.c.EditLeaf != nil && r.rules.mayMatch(n):
		return r.c.EditLeaf(r.c, r.names, n, func(operand *ir.Node) (*ir.Node, error) { return r.rewrite(operand, true, 0) })
	case Optimized(n):
		return n, nil
	}
	return r.rewrite(n, false, 0)
}

// rewrite applies the rules to what is in n and to n itself.
func (r *ruleRun) rewrite(n *ir.Node, operand bool, depth int) (*ir.Node, error) {
	if depth > ir.MaxNesting {
		return nil, Errorf(r.within, "the rules make an expression that is too deep; %s", r.repeating())
	}
	for made := 0; ; made++ {
		if r.settled[n] {
			return n, nil
		}
		if made > rewritesInPlace {
			return nil, Errorf(r.within, "the rules do not come to an end; %s", r.repeating())
		}
		changed, err := r.operands(n, depth)
		if err != nil {
			return nil, err
		}
		next, err := r.apply(changed, operand)
		if err != nil {
			return nil, err
		}
		if next == changed {
			r.settled[next] = true
			return next, nil
		}
		n = next
	}
}

func (r *ruleRun) operands(n *ir.Node, depth int) (*ir.Node, error) {
	return mapOperands(n, func(operand *ir.Node) (*ir.Node, error) { return r.rewrite(operand, true, depth+1) })
}

// apply returns what the first rule that applies makes of n, n if none does.
func (r *ruleRun) apply(n *ir.Node, operand bool) (*ir.Node, error) {
	rules := r.rules.of(n)
	if len(rules) == 0 || !operand && n.Op == "call" && r.names.Function(n.Text("call")) != nil {
		return n, nil
	}
	for _, rule := range rules {
		bindings, ok := r.matcher.Match(rule.pattern, n, operand)
		if !ok {
			continue
		}
		r.c.rule = rule.Name
		m := &Match{Context: r.c, Scope: r.scope, Node: n, Statement: r.within, Bindings: bindings}
		if rule.Guard != nil {
			if r.guarded = true; !rule.Guard(m) {
				continue
			}
		}
		made, err := rule.make(m)
		if err != nil {
			return nil, Errorf(r.within, "rule %q: %w", rule.Name, err)
		}
		if made == nil {
			continue
		}
		r.shared = rule.shares
		if made, err = r.inPlaceOf(n, made, operand); err != nil {
			return nil, Errorf(r.within, "rule %q: %w", rule.Name, err)
		}
		if !r.c.Fire(rule.Name, n) {
			continue
		}
		r.c.rule = ""
		r.fired++
		r.last = append(r.last[max(0, len(r.last)-shownRewrites+1):], rule.Name)
		if r.left--; r.left < 0 {
			return nil, Errorf(r.within, "the rules do not come to an end; %s", r.repeating())
		}
		return made, nil
	}
	r.c.rule = ""
	return n, nil
}

func (c *compiledRule) make(m *Match) (*ir.Node, error) {
	if c.Build != nil {
		return c.Build(m), nil
	}
	return ir.Fill(c.replace, m.Node, m.Bindings)
}

// repeating names the rules of the last rewrites.
func (r *ruleRun) repeating() string {
	names := slices.Clone(r.last)
	slices.Sort(names)
	names = slices.Compact(names)
	for i, name := range names {
		names[i] = fmt.Sprintf("%q", name)
	}
	if len(names) == 1 {
		return "the rule that repeats is " + names[0]
	}
	return "the rules that repeat are " + strings.Join(names, ", ")
}

// inPlaceOf gives what a rule has made the place of n, and IDs to what is new in
// it.
func (r *ruleRun) inPlaceOf(n, made *ir.Node, operand bool) (*ir.Node, error) {
	schema := ir.SchemaOf(made.Op)
	switch {
	case schema == nil:
		return nil, fmt.Errorf("it makes the unknown element %q", made.Op)
	case operand && (schema.Class&ir.Expression == 0 || len(made.Stores()) > 0 || len(made.Regions) > 0):
		return nil, fmt.Errorf("it makes the statement %s in the place of an operand", made.Op)
	case operand:
		return r.fresh(made, n, map[ir.ID]bool{}, false)
	case schema.Class&ir.Statement == 0:
		made = ir.Call("identity", made)
	case made.Op != n.Op:
		return nil, fmt.Errorf("it makes %s in the place of %s, which may take other steps", made.Op, n.Op)
	}
	switch name := made.Text("call"); {
	case made.Op != "call" || r.names.Op(name) != nil || r.names.Method(name) != nil:
	case r.names.Function(name) != nil:
		return nil, fmt.Errorf("it makes a call of the function %s in the place of a statement of one step", name)
	default:
		return nil, fmt.Errorf("it calls %s", r.names.unknown(name))
	}
	stores := n.Attr("store")
	switch own := made.Attr("store"); {
	case own.IsNull() && !stores.IsNull():
		made = made.WithAttr("store", stores)
	case !own.IsNull() && (stores.IsNull() || !ir.SameValue(own, stores)):
		return nil, errors.New("it makes a statement that stores to other registers")
	}
	made = made.Copy()
	made.ID, made.Pos, made.Doc, made.Origins, made.Regions = n.ID, n.Pos, n.Doc, n.Origins, n.Regions
	seen := map[ir.ID]bool{n.ID: true}
	return mapOperands(made, func(operand *ir.Node) (*ir.Node, error) { return r.fresh(operand, n, seen, false) })
}

// fresh returns the operand n with new IDs where it has none, or one that
// another operand has, or if it is part of one that stands there again. What is
// new comes from the node that was replaced.
func (r *ruleRun) fresh(n, from *ir.Node, seen map[ir.ID]bool, again bool) (*ir.Node, error) {
	result := n
	again = again || seen[n.ID]
	if n.ID == 0 && n.Op == "call" {
		if name := n.Text("call"); r.names.Op(name) == nil && r.names.Function(name) == nil {
			return nil, fmt.Errorf("it calls %s", r.names.unknown(name))
		}
	}
	if n.ID == 0 || again {
		if r.room--; r.room < 0 {
			return nil, errors.New(TooLarge)
		}
		result = n.Copy()
		result.ID = r.c.NewID()
		if !result.Pos.Known() {
			result.Pos = from.Pos
		}
		if from.ID != 0 {
			result.Origins = []ir.ID{from.ID}
		}
	}
	seen[result.ID] = true
	if r.settled[n] && result == n && !r.shared {
		return n, nil // it is as it was in the program, and stands here once
	}
	return mapOperands(result, func(operand *ir.Node) (*ir.Node, error) { return r.fresh(operand, from, seen, again) })
}

// mapOperands returns n with its operands replaced, n itself if none is.
func mapOperands(n *ir.Node, replace func(operand *ir.Node) (*ir.Node, error)) (*ir.Node, error) {
	result := n
	for i, arg := range n.Args {
		changed, err := replace(arg)
		if err != nil {
			return nil, err
		}
		if changed != arg {
			if result == n {
				result = n.Copy()
			}
			result.Args[i] = changed
		}
	}
	for i, k := range n.Kwargs {
		changed, err := replace(k.Node)
		if err != nil {
			return nil, err
		}
		if changed != k.Node {
			if result == n {
				result = n.Copy()
			}
			result.Kwargs[i].Node = changed
		}
	}
	return result, nil
}
