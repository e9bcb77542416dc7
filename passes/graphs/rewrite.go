package graphs

import (
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Options say how to rewrite a graph.
type Options struct {
	// Level is the optimization level: below 2 nothing is rewritten.
	Level int
	// Registry has the ops that the graph calls.
	Registry *ops.Registry
	// Without names rules to leave out.
	Without []string
	// Report, if set, counts the rewrites.
	Report *Report
	// Only, if set, is asked before each rewrite of a call of the graph; what the
	// rules make of the replacement itself belongs to that.
	Only Fire
}

// Bounds on the work for one graph.
const (
	maxRounds   = 8  // passes over the steps, the last of which changes nothing
	maxDepth    = 16 // rules applied to what a rule has made
	firesPerOne = 10 // rewrites for each step
)

// Rewrite applies the rules of the level to g until none matches, or until as
// many have as fits its size, and returns the new graph, g itself if nothing
// changed. g is not modified. Inputs, outputs and their types stay what they
// are; only inputs that nothing uses any more are left out.
func Rewrite(g *ir.Graph, o Options) *ir.Graph {
	if o.Level < Exact {
		return g
	}
	r := &rewriter{registry: o.Registry, options: &o, consts: map[string]*value{},
		budget: firesPerOne*len(g.Steps) + 100, rules: indexes()[min(o.Level, Reassociates)]}
	steps := r.load(g)
	if len(steps) == 0 {
		return g
	}
	for range maxRounds {
		before := len(r.fired)
		steps = r.live(r.round(steps))
		if len(r.fired) == before {
			break
		}
	}
	if len(r.fired) == 0 {
		return g
	}
	o.Report.add(r.fired)
	return r.store(steps)
}

// A rewriter holds one graph while it is rewritten.
type rewriter struct {
	registry *ops.Registry
	options  *Options
	rules    map[string][]*Rule
	outputs  []output
	consts   map[string]*value
	values   int
	budget   int

	// Of one pass over the steps.
	steps []*step
	known map[string]*step
	uses  map[*value]int
	depth int

	fired []string // the rewrites made, in order
}

func (r *rewriter) newValue(t ir.Type) *value {
	r.values++
	return &value{id: r.values, typ: t}
}

// round passes over the steps once.
func (r *rewriter) round(steps []*step) []*step {
	r.steps, r.known, r.uses = nil, map[string]*step{}, map[*value]int{}
	for _, s := range steps {
		for _, v := range s.args {
			if v != nil {
				r.uses[v.now()]++
			}
		}
	}
	eachOutput(r.outputs, func(v *value) { r.uses[v]++ })
	for _, s := range steps {
		args := slices.Clone(s.args)
		for i, v := range args {
			if v != nil {
				args[i] = v.now()
			}
		}
		s.args = args
		r.add(s)
	}
	return r.steps
}

// add puts a step whose arguments are there at the end of the graph, in its
// simplest form, and returns its first result.
func (r *rewriter) add(s *step) *value {
	key := s.key()
	if same := r.known[key]; same != nil && (r.depth > 0 || r.may(mergeCalls, s)) {
		for i, v := range s.results {
			v.to = same.results[i]
		}
		return s.out().now()
	}
	if r.depth < maxDepth {
		r.depth++
		v := r.simpler(s)
		r.depth--
		if v != nil {
			s.out().to = v
			return v
		}
	}
	r.known[key] = s
	r.steps = append(r.steps, s)
	return s.out()
}

// simpler returns what a rule makes of a call with one result, or nil.
func (r *rewriter) simpler(s *step) *value {
	if len(s.results) != 1 {
		return nil
	}
	list, named := r.rules[s.op.Name]
	if !named {
		list = r.rules[""]
	}
	for _, rule := range list {
		if r.budget <= 0 || slices.Contains(r.options.Without, rule.Name) {
			continue
		}
		steps, fired := len(r.steps), len(r.fired)
		v := rule.match(r, s)
		if v == nil || v == s.out() || !v.typ.Equal(s.out().typ) || !r.may(rule.Name, s) {
			r.forget(steps, fired)
			continue
		}
		return v
	}
	return nil
}

// may asks whether a rewrite may be made, and counts it if so.
func (r *rewriter) may(rule string, s *step) bool {
	if r.budget <= 0 || slices.Contains(r.options.Without, rule) ||
		r.depth <= 1 && r.options.Only != nil && !r.options.Only(rule, s.origin) {
		return false
	}
	r.budget--
	r.fired = append(r.fired, rule)
	return true
}

// forget takes back the steps that a rule made in vain, and what was counted.
func (r *rewriter) forget(mark, fired int) {
	r.fired = r.fired[:fired]
	for _, s := range r.steps[mark:] {
		if key := s.key(); r.known[key] == s {
			delete(r.known, key)
		}
	}
	r.steps = r.steps[:mark]
}

// alone reports whether v is used in one place only.
func (r *rewriter) alone(v *value) bool { return r.uses[v] <= 1 }

// lit returns the value of a literal number.
func (r *rewriter) lit(v ir.Value) *value {
	key := ir.ValueDigest(v)
	c := r.consts[key]
	if c == nil {
		c = r.newValue(v.Type())
		c.input = &ir.GraphInput{Const: &v}
		r.consts[key] = c
	}
	return c
}

// call returns a call of an op in the place of s. Each argument is a *value or
// an [ir.Value] that is static. It returns nil if the op has no such call.
func (r *rewriter) call(s *step, op string, args ...any) *value {
	n := &step{op: r.registry.Lookup(op), origin: s.origin, static: make([]ir.Value, len(args)), args: make([]*value, len(args))}
	if n.op == nil {
		return nil
	}
	for i, arg := range args {
		switch a := arg.(type) {
		case *value:
			if a == nil {
				return nil
			}
			n.args[i] = a
		case ir.Value:
			n.static[i] = a
		}
	}
	return r.make(n)
}

// make adds a new step, whose results it makes, or returns nil if it has no
// type.
func (r *rewriter) make(n *step) *value {
	types, err := n.op.Infer(n.known())
	if err != nil {
		return nil
	}
	for i, t := range types {
		if t.Kind != ir.Number {
			return nil
		}
		v := r.newValue(t)
		v.step, v.index = n, i
		n.results = append(n.results, v)
	}
	return r.add(n)
}
