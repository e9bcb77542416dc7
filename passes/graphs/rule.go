package graphs

import (
	"slices"
	"sync"

	"flowc.dev/flowc/ir"
)

// The levels of rules.
const (
	Exact        = 2 // equal bits, whatever the elements are
	Reassociates = 3 // the value of real arithmetic, other rounding
)

// A Rule replaces calls of ops in typed dataflow. Rules are directional: what a
// rule makes does not bring back what it replaced.
type Rule struct {
	// Name says what becomes what.
	Name string
	Doc  string
	// Level is the optimization level from which the rule applies.
	Level int
	// ops are those whose calls match gets; none is all.
	ops []string
	// match returns what the first result of s is replaced by, or nil.
	match func(r *rewriter, s *step) *value
}

// The rewrites that are no rules of one call.
const (
	mergeCalls = "f(x), f(x) -> one call"
	deadCall   = "an unused call -> nothing"
)

// Rules returns every rewrite, in the order in which they are tried.
func Rules() []Rule {
	return slices.Concat([]Rule{
		{Name: mergeCalls, Level: Exact,
			Doc: "Calls of one op with the same arguments give the same bits. Literals are one value if their bits are equal: -0 is not 0."},
		{Name: deadCall, Level: Exact,
			Doc: "A call that nothing uses goes, unless it can fail: its error can be seen. A quotient by a literal that is not 0 cannot."},
	}, rules)
}

// rules are tried in this order at each call.
var rules = slices.Concat(
	fillRules, foldRules, castRules, shapeRules, stableRules,
	sumRules, productRules, quotientRules, signRules, powerRules,
	logicRules, extremumRules, reductionRules, matmulRules,
	inverseRules, guardRules,
)

// byOp lists the rules up to a level for each op that one of them names, and
// under "" those for all other ops.
func byOp(level int) map[string][]*Rule {
	index := map[string][]*Rule{"": nil}
	for i := range rules {
		for _, op := range rules[i].ops {
			index[op] = nil
		}
	}
	for op := range index {
		for i := range rules {
			if r := &rules[i]; r.Level <= level && (len(r.ops) == 0 || slices.Contains(r.ops, op)) {
				index[op] = append(index[op], r)
			}
		}
	}
	return index
}

// indexes has what byOp returns for each level.
var indexes = sync.OnceValue(func() [4]map[string][]*Rule {
	return [4]map[string][]*Rule{Exact: byOp(Exact), Reassociates: byOp(Reassociates)}
})

// A Fire decides whether the named rewrite may be made at a call, whose place in
// the leaf is n, and takes note of it if so.
type Fire func(rule string, n *ir.Node) bool
