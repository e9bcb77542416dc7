package dataflow

// A Rule replaces calls of one op where they match. Rules are directional: what
// a rule makes must not bring back what it replaced.
type Rule struct {
	Name string
	Doc  string
	Op   string // the op of the call that Match gets
	// Needs is an op without which there is no match; empty names none.
	Needs string
	// Match returns the replacement of v, made in m.Graph, or nil.
	Match func(m *Matcher, v *Value) *Value
}

// A Matcher is what a rule sees besides the call.
type Matcher struct {
	Graph *Graph
	uses  map[*Value]int
}

// Alone reports whether v is used in one place only.
func (m *Matcher) Alone(v *Value) bool { return m.uses[v] == 1 }

// maxRewrites bounds the rules applied at one value, one after the other.
const maxRewrites = 100

// Rewrite applies the rules to what the roots are computed from, operands
// first, and returns the new roots and how often each rule was applied. Roots
// for which nothing changed are returned as they are.
func (g *Graph) Rewrite(rules []Rule, roots ...*Value) ([]*Value, map[string]int) {
	byOp := map[string][]*Rule{}
	for i := range rules {
		byOp[rules[i].Op] = append(byOp[rules[i].Op], &rules[i])
	}
	m := &Matcher{Graph: g, uses: Uses(roots...)}
	fired := map[string]int{}
	replaced := map[*Value]*Value{}
	for _, v := range Reachable(roots...) {
		uses := m.uses[v]
		w := g.replaceArgs(v, replaced)
		for range maxRewrites {
			next := m.apply(byOp[w.Op], w, fired)
			if next == nil {
				break
			}
			w = next
		}
		if w != v {
			replaced[v] = w
			m.uses[w] += uses
		}
	}
	result := make([]*Value, len(roots))
	for i, v := range roots {
		if result[i] = v; replaced[v] != nil {
			result[i] = replaced[v]
		}
	}
	return result, fired
}

func (m *Matcher) apply(rules []*Rule, v *Value, fired map[string]int) *Value {
	if v.Kind != Call {
		return nil
	}
	for _, r := range rules {
		if w := r.Match(m, v); w != nil {
			fired[r.Name]++
			return w
		}
	}
	return nil
}

// replaceArgs returns v with its operands replaced, v itself if none is.
func (g *Graph) replaceArgs(v *Value, replaced map[*Value]*Value) *Value {
	args := v.Args
	for i, arg := range v.Args {
		w := replaced[arg]
		if w == nil {
			continue
		}
		if sameArgs(args, v.Args) {
			args = append([]*Value(nil), v.Args...)
		}
		args[i] = w
	}
	if sameArgs(args, v.Args) {
		return v
	}
	if v.Kind == Call {
		return g.Call(v.Op, v.Node, args...)
	}
	c := *v
	c.Args, c.Exact = args, nil
	return g.add(c)
}

func sameArgs(a, b []*Value) bool { return len(a) == 0 || &a[0] == &b[0] }

// Substitute returns the roots with the values that subst names replaced.
func (g *Graph) Substitute(subst map[*Value]*Value, roots ...*Value) []*Value {
	replaced := map[*Value]*Value{}
	for v, w := range subst {
		replaced[v] = w
	}
	for _, v := range Reachable(roots...) {
		if _, done := subst[v]; done {
			continue
		}
		if w := g.replaceArgs(v, replaced); w != v {
			replaced[v] = w
		}
	}
	result := make([]*Value, len(roots))
	for i, v := range roots {
		if result[i] = v; replaced[v] != nil {
			result[i] = replaced[v]
		}
	}
	return result
}
