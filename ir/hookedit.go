package ir

import (
	"errors"
	"fmt"
)

// Before attaches hooks that run body before each statement that a pattern
// matches, see [Find], or that has an operand which it matches. The
// metavariables of the pattern may be used in body. A hook takes no step; it
// consists of statements that are bounded in time. Of several statements that
// match together it is attached to the first. What stands in hooks is passed
// over.
func Before(p *Program, pattern, body []*Node, options ...EditOption) (*Program, *EditMap, error) {
	return hook(p, pattern, body, nil, optionsOf(options, "before"))
}

// After is [Before] for hooks that run after the statement: after its stores,
// and of several statements after the last.
func After(p *Program, pattern, body []*Node, options ...EditOption) (*Program, *EditMap, error) {
	return hook(p, pattern, nil, body, optionsOf(options, "after"))
}

// Around puts statements around each match of a pattern. In the template $0, the
// match, stands once. What is before and after it becomes a hook if it can, so
// that the statements take no steps and the value of the body around them stays
// the match's; otherwise (with $0 inside of an element, or a loop beside it) the
// template replaces the match as in [Replace].
func Around(p *Program, pattern, around []*Node, options ...EditOption) (*Program, *EditMap, error) {
	o := optionsOf(options, "around")
	at, count := -1, 0
	for i, n := range around {
		if name, ok := n.IsMetavariable(); ok && name == WholeName {
			at = i
		}
		checkTemplate(n, func(name string, _ bool) error {
			if name == WholeName {
				count++
			}
			return nil
		})
	}
	if count != 1 {
		return nil, nil, fmt.Errorf("$0, the match, stands %d times in what is to be around it: want it once", count)
	}
	if at >= 0 && len(around) > 1 && hookable(p, around[:at]) && hookable(p, around[at+1:]) {
		return hook(p, pattern, around[:at], around[at+1:], o)
	}
	if o.hookOptions() {
		return nil, nil, errors.New(`"every" and "when" are for hooks, and loops or $0 inside of an element make this none`)
	}
	return Replace(p, pattern, around, append(options, Describe(o.what))...)
}

// hookable reports whether body may stand in a hook.
func hookable(p *Program, body []*Node) bool {
	v := newHookChecker(p)
	for _, n := range body {
		if v.misfit(n) != "" {
			return false
		}
	}
	return true
}

// hookChecker says what may not stand in a hook.
type hookChecker struct{ verifier }

func newHookChecker(p *Program) *hookChecker {
	v := &hookChecker{verifier{p: p, functions: map[string]*Function{}}}
	for _, f := range p.Functions {
		v.functions[f.Name] = f
	}
	return v
}

// misfit returns what in n may not stand in a hook, "" if nothing.
func (v *hookChecker) misfit(n *Node) string {
	why := ""
	VisitNode(n, func(inner *Node) bool {
		if reason := v.unhookable(inner); why == "" && reason != "" {
			why = reason
		}
		if inner.Region("hooks") != nil && why == "" {
			why = "a statement with hooks"
		}
		return why == ""
	})
	return why
}

// hook attaches hook clauses with the two bodies, of which one may be empty.
func hook(p *Program, pattern, before, after []*Node, o editOptions) (*Program, *EditMap, error) {
	if len(before)+len(after) == 0 {
		return nil, nil, errors.New("the hook is empty: want statements to run")
	}
	e, err := newEditor(pattern)
	if err != nil {
		return nil, nil, err
	}
	e.skipHooks = true
	checker := newHookChecker(p)
	for _, body := range []template{before, after} {
		if err := body.check(pattern, "hook"); err != nil {
			return nil, nil, err
		}
		for _, n := range body {
			if why := checker.misfit(n); why != "" {
				return nil, nil, fmt.Errorf("a hook may not contain %s: put it beside the match by a replacement with $0", why)
			}
		}
	}
	if o.when != nil {
		if err := (template{o.when}).check(pattern, `hook's "when"`); err != nil {
			return nil, nil, err
		}
	}
	e.edit = func(f *found) ([]*Node, error) {
		first, err := o.clause(f, before, nil)
		if err != nil {
			return nil, err
		}
		last, err := o.clause(f, nil, after)
		if err != nil {
			return nil, err
		}
		if f.Operand || len(f.whole) == 1 {
			if first, err = o.clause(f, before, after); err != nil {
				return nil, err
			}
			last = nil
		}
		if f.Operand {
			e.clauses = append(e.clauses, first...)
			return f.whole, nil
		}
		f.whole[0] = withHooks(f.whole[0], first)
		end := len(f.whole) - 1
		f.whole[end] = withHooks(f.whole[end], last)
		return f.whole, nil
	}
	return e.apply(p, o)
}

// clause returns the hook for the match f, none if both bodies are empty.
func (o *editOptions) clause(f *found, before, after []*Node) ([]*Node, error) {
	b := &builder{found: f, pos: f.Statement.Pos}
	clause := &Node{Op: "hook", Pos: b.pos}
	for _, part := range []struct {
		field string
		body  template
	}{{"before", before}, {"after", after}} {
		if len(part.body) == 0 {
			continue
		}
		if !f.Operand && part.body.holds(WholeName) {
			return nil, errors.New("$0 in a hook would run the statement once more: use what the metavariables stand for")
		}
		body, err := b.statements(part.body)
		if err != nil {
			return nil, err
		}
		clause.Regions = append(clause.Regions, Region{Field: part.field, Body: mapBody(body, anew)})
	}
	if len(clause.Regions) == 0 {
		return nil, nil
	}
	if o.when != nil {
		condition, err := b.operand(o.when)
		if err != nil {
			return nil, err
		}
		clause.Kwargs = []Kwarg{{"when", mapNode(condition, anew)}}
	}
	return []*Node{clause.WithAttr("every", o.every)}, nil
}

// anew is a node of what stands elsewhere in the program too.
func anew(n *Node) *Node {
	if n.ID == 0 {
		return n
	}
	n = n.Copy()
	n.ID = 0
	return n
}
