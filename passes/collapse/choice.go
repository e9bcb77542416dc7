package collapse

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// maxChoiceCalls bounds the calls in the branches of a switch that are both
// computed.
const maxChoiceCalls = 8

// A choice is a switch on a bool whose branches are plain statements, read as the
// computation of both and a choice between the results.
type choice struct {
	steps int64 // of either branch
	calls int   // in both branches
}

// choose reads the switch n into the run: each register that a branch stores to
// gets where(selector, one value, the other). That is the same if the selector is
// surely a bool of rank 0, both values have the same type, and the branches
// take equal steps. That a branch fails that is not taken does no harm: the leaf
// fails then, and the source runs.
func (k *collapser) choose(s *pass.Scope, r *run, n *ir.Node) (choice, error) {
	var c choice
	yes, no, err := branches(n)
	switch {
	case err != nil:
		return c, err
	case len(n.Stores()) > 0:
		return c, errors.New("it is a switch whose value is stored")
	case k.c.Family != pass.FamilyStep && !cost.Neutral(k.names, n.Args[0]):
		return c, errors.New("its selector is computed by the kernels of another numeric family")
	}
	if r.types == nil {
		r.types = k.typesIn(s)
	}
	selector, err := r.b.Expr(r.frame, n.Args[0])
	if err != nil {
		return c, err
	}
	if !r.types.of(selector).truth() {
		return c, errors.New("its selector is not known to be a bool of rank 0")
	}
	stores := ir.StoresIn(slices.Concat(yes, no))
	names := slices.Sorted(maps.Keys(stores))
	if len(names) == 0 {
		return c, errors.New("its branches store nothing")
	}
	first, stepsYes, err := k.branch(s, r, yes, names, &c)
	if err != nil {
		return c, err
	}
	second, stepsNo, err := k.branch(s, r, no, names, &c)
	switch {
	case err != nil:
		return c, err
	case stepsYes != stepsNo:
		return c, fmt.Errorf("its branches take %d and %d steps", stepsYes, stepsNo)
	case stepsYes == 0:
		return c, errors.New("its branches do nothing")
	}
	c.steps = stepsYes
	for i, name := range names {
		a, b := r.before(n, name, first[i]), r.before(n, name, second[i])
		if typ := r.types.of(a); typ.sure && typ.known.Kind != ir.Number && a != b {
			return c, fmt.Errorf("register %s gets %s", name, typ.known)
		}
		if r.types.of(a).key != r.types.of(b).key {
			return c, fmt.Errorf("register %s may get another type in one branch than in the other", name)
		}
		chosen := a
		if a != b {
			chosen = r.graph().Call("where", n, selector, a, b)
		}
		r.frame.Set(name, chosen)
	}
	r.results = nil
	return c, nil
}

// branches returns the statements for a selector of true and of false.
func branches(n *ir.Node) (yes, no []*ir.Node, err error) {
	var regions [2]*ir.Region
	for i := range n.Regions {
		region := &n.Regions[i]
		if region.Field != "cases" {
			continue
		}
		if region.When.Kind() != ir.Number || region.When.DType() != ir.Bool {
			return nil, nil, errors.New("it is a switch on other than a bool")
		}
		at := 0
		if !region.When.Truth() {
			at = 1
		}
		if regions[at] == nil {
			regions[at] = region
		}
	}
	for i := range regions {
		if regions[i] == nil {
			regions[i] = n.Region("default")
		}
		if regions[i] == nil {
			return nil, nil, errors.New("it is a switch without a branch for each value")
		}
	}
	return regions[0].Body, regions[1].Body, nil
}

// branch reads the statements of a branch and returns what they store to the
// registers, nil where they do not, and leaves the run's registers as they were.
func (k *collapser) branch(s *pass.Scope, r *run, body []*ir.Node, names []string, c *choice) (values []*dataflow.Value, steps int64, err error) {
	restore := r.frame.Save(names)
	stored := map[string]bool{}
	defer func() {
		restore()
		for name := range stored {
			delete(r.isStored, name)
		}
	}()
	for _, n := range body {
		if pass.Hooked(n) {
			return nil, 0, errors.New("hooks are in it")
		}
		if err := k.joins(r, n); err != nil {
			return nil, 0, fmt.Errorf("of a statement in it, %w", err)
		}
		if err := r.converted(k.fixedIn(s), n); err != nil {
			return nil, 0, err
		}
		if c.calls += countCalls(n); c.calls > maxChoiceCalls {
			return nil, 0, fmt.Errorf("its branches make more than %d calls", maxChoiceCalls)
		}
		results, count, err := r.b.Statement(r.frame, n)
		if err != nil {
			return nil, 0, err
		}
		for _, v := range results {
			if !r.types.of(v).small() && !(n.Op == "call" && k.scalarsOf(s.Function).Expr(n)) {
				return nil, 0, errors.New("what its branches compute may be large")
			}
		}
		for _, name := range n.Stores() {
			if name != ir.Discard && !r.isStored[name] {
				r.isStored[name], stored[name] = true, true
			}
		}
		steps += count
	}
	values = make([]*dataflow.Value, len(names))
	for i, name := range names {
		if v := r.frame.Get(name); stored[name] || slices.ContainsFunc(body, func(n *ir.Node) bool { return slices.Contains(n.Stores(), name) }) {
			values[i] = v
		}
	}
	return values, steps, nil
}

// before returns v or, if it is nil, what the register holds before the switch n.
func (r *run) before(n *ir.Node, name string, v *dataflow.Value) *dataflow.Value {
	if v == nil {
		v = r.frame.Get(name)
	}
	if v == nil {
		v = r.graph().Input(n, name)
	}
	return v
}
