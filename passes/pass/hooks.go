package pass

import "flowc.dev/flowc/ir"

// HooksBefore returns the hooks that have statements to run before n. Those of
// an optimized node are the ones of the statements that it stands for: they run
// before the first of them.
func HooksBefore(n *ir.Node) []*ir.Node {
	for Optimized(n) && len(n.Body("source")) > 0 {
		n = n.Body("source")[0]
	}
	return withBody(n, "before")
}

// HooksAfter is [HooksBefore] for the hooks that run after n, or after the last
// statement that it stands for.
func HooksAfter(n *ir.Node) []*ir.Node {
	for Optimized(n) && len(n.Body("source")) > 0 {
		n = n.Body("source")[len(n.Body("source"))-1]
	}
	return withBody(n, "after")
}

func withBody(n *ir.Node, field string) []*ir.Node {
	var hooks []*ir.Node
	for _, h := range n.Body("hooks") {
		if len(h.Body(field)) > 0 {
			hooks = append(hooks, h)
		}
	}
	return hooks
}

// Hooked reports whether hooks run before or after n.
func Hooked(n *ir.Node) bool { return len(HooksBefore(n))+len(HooksAfter(n)) > 0 }

// Hooks returns all hooks of n, those of the statements that an optimized node
// stands for included.
func Hooks(n *ir.Node) []*ir.Node {
	if !Optimized(n) {
		return n.Body("hooks")
	}
	var hooks []*ir.Node
	for _, s := range n.Body("source") {
		hooks = append(hooks, Hooks(s)...)
	}
	return hooks
}

// WalkOperands visits a statement or expression and the operands below it, but
// not its regions, such as hooks. When visit returns false, what is below is
// passed over.
func WalkOperands(n *ir.Node, visit func(n *ir.Node) bool) {
	if !visit(n) {
		return
	}
	for _, arg := range n.Args {
		WalkOperands(arg, visit)
	}
	for _, k := range n.Kwargs {
		WalkOperands(k.Node, visit)
	}
}
