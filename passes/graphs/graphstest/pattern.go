package graphstest

import (
	"math/rand/v2"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/graphs"
)

// Patterns returns, for each rule of the level, the statements of the cases in the
// directory with the types on which it is applied after all other passes of the
// level, for random programs to have them: of rules that keep the value of real
// arithmetic only, for tame ones.
func Patterns(dir string, level int, registry *ops.Registry) (map[string][]irtest.Pattern, error) {
	cases, err := Cases(dir, registry)
	if err != nil {
		return nil, err
	}
	levels := map[string]int{}
	for _, rule := range graphs.Rules() {
		levels[rule.Name] = rule.Level
	}
	r := rand.New(rand.NewPCG(1, 2))
	byRule := map[string][]irtest.Pattern{}
	for _, c := range cases {
		leaves, err := c.leaves(passes.Options{Level: level})
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for _, types := range c.Variants() {
			g, err := c.Graph(types)
			if err != nil || seen[graphs.Format(g)] {
				continue
			}
			seen[graphs.Format(g)] = true
			report := new(graphs.Report)
			for _, leaf := range leaves {
				if h, err := c.specialize(leaf, types); err == nil {
					graphs.Rewrite(h, graphs.Options{Level: level, Registry: registry, Report: report})
				}
			}
			var p *irtest.Pattern
			for _, n := range report.Counts() {
				if levels[n.Rule] != level {
					continue
				}
				if p == nil {
					p = c.pattern(g, types, r, level > graphs.Exact)
				}
				if p != nil {
					byRule[n.Rule] = append(byRule[n.Rule], *p)
				}
			}
		}
	}
	return byRule, nil
}

// samples is on how many values statements are tried that may fail.
const samples = 5

// pattern returns the case on registers of these types, nil if it stores other
// than numbers.
func (c *Case) pattern(g *ir.Graph, types map[string]ir.Type, r *rand.Rand, tame bool) *irtest.Pattern {
	p := &irtest.Pattern{Body: c.Body, Results: map[string]ir.Type{}}
	for _, register := range c.Order {
		p.Registers = append(p.Registers, ir.Register{Name: register, Type: types[register]})
	}
	for i, name := range c.Leaf.Stores() {
		o := g.Outputs[i]
		if o.Value < 0 {
			return nil
		}
		p.Results[name] = g.Types[o.Value]
	}
	mayFail := slices.ContainsFunc(g.Steps, func(s ir.GraphStep) bool { return c.registry.Lookup(s.Op).CanFail })
	for k := 0; k < samples && mayFail; k++ {
		registers, err := c.Registers(types, r, tame)
		if err == nil {
			_, err = Evaluate(g, registers, c.registry)
		}
		p.CanFail = p.CanFail || err != nil
	}
	return p
}
