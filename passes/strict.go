package passes

import (
	"errors"
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// ErrModified is the cause of the failure of a pass that has changed nodes of the
// program that it was given, in the place of copies. Our own passes are looked at
// with [Options.Strict] only.
var ErrModified = errors.New("bug: it has modified the program that it was given: copy the nodes that change (Node.Copy, Node.WithAttr)")

// foreign reports whether the pass is none of our own.
func foreign(ps *Pass) bool { return !slices.Contains(standard, ps) }

// foreign reports whether one of the passes is none of our own.
func (p Pipeline) foreign() bool {
	return slices.ContainsFunc(p, func(s Stage) bool { return s.Pass != nil && foreign(s.Pass) || Pipeline(s.Fixpoint).foreign() })
}

// modified returns an error if p is no longer what it was when the copy was made.
func modified(p, copied *ir.Program) error {
	var was []*ir.Node
	ir.Visit(copied, func(n *ir.Node) bool { was = append(was, n); return true })
	var at *ir.Node
	i := 0
	ir.Visit(p, func(n *ir.Node) bool {
		if at == nil && (i == len(was) || !alike(n, was[i])) {
			at = n
			if i < len(was) {
				at = was[i]
			}
		}
		i++
		return at == nil
	})
	switch {
	case at != nil:
		return &pass.NodeError{Node: at, Err: fmt.Errorf("%w; %s has changed", ErrModified, at.Headline())}
	case i != len(was) || ir.Digest(p) != ir.Digest(copied):
		return ErrModified
	}
	return nil
}

// alike reports whether two nodes are equal, less what is below them.
func alike(n, m *ir.Node) bool {
	if n == nil || m == nil {
		return n == m
	}
	return n.ID == m.ID && n.Op == m.Op && n.Pos == m.Pos && len(n.Args) == len(m.Args) &&
		slices.EqualFunc(n.Kwargs, m.Kwargs, func(a, b ir.Kwarg) bool { return a.Name == b.Name }) &&
		slices.EqualFunc(n.Attrs, m.Attrs, func(a, b ir.Attr) bool { return a.Name == b.Name && ir.SameValue(a.Value, b.Value) }) &&
		slices.EqualFunc(n.Regions, m.Regions, func(a, b ir.Region) bool {
			return a.Field == b.Field && len(a.Body) == len(b.Body) && ir.SameValue(a.When, b.When)
		})
}
