// Package leaves edits graph leaves: lists of calls in A-normal form, each on
// literals, registers and results of the calls before it, which have local names.
package leaves

import (
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// A Leaf is a graph leaf that is being edited.
type Leaf struct {
	// Node is the leaf as it was.
	Node *ir.Node

	replaced map[string]*ir.Node // locals and the operands that take their places
	uses     map[string]int      // of locals as operands
	yielded  map[string]bool     // locals
	calls    []*ir.Node
	changed  bool
}

// Edit returns the leaf n with each call replaced by what visit returns for it,
// nil to leave it out, n itself if nothing changes. The calls that visit gets
// have the replacements of [Leaf.Replace] in them. A register that only calls
// which are left out have read is still read: that it is unset is an error all
// the same.
func Edit(n *ir.Node, visit func(l *Leaf, call *ir.Node) *ir.Node) *ir.Node {
	l := &Leaf{Node: n, replaced: map[string]*ir.Node{}, uses: map[string]int{}, yielded: map[string]bool{}}
	body := n.Body("graph")
	for _, call := range body {
		pass.WalkOperands(call, func(inner *ir.Node) bool {
			if inner.Op == "reg" && ir.IsLocal(inner.Text("reg")) {
				l.uses[inner.Text("reg")]++
			}
			return true
		})
	}
	for _, name := range n.Names("yield") {
		l.yielded[name] = true
	}
	for _, call := range body {
		edited := visit(l, l.substituted(call))
		if edited != call {
			l.changed = true
		}
		if edited != nil {
			l.calls = append(l.calls, edited)
		}
	}
	if !l.changed {
		return n
	}
	return l.finished()
}

// Lone reports whether the leaf is the form in which its one statement runs at
// every level. It has no source to fall back on, so that it must read registers
// in the order of the statement: which one is unset is in the error.
func (l *Leaf) Lone() bool { return Lone(l.Node) }

// Lone is [Leaf.Lone].
func Lone(n *ir.Node) bool {
	source := n.Body("source")
	return len(source) == 0 || len(source) == 1 && (source[0].ID == n.ID || source[0].Op == "grad")
}

// Uses returns how often the local is an operand in the leaf as it was.
func (l *Leaf) Uses(local string) int { return l.uses[local] }

// Yielded reports whether the leaf yields the local.
func (l *Leaf) Yielded(local string) bool { return l.yielded[local] }

// Replace puts the operand in the place of the local in all calls after the one
// that is being visited and, if it is a local or a whole register, in what the
// leaf yields.
func (l *Leaf) Replace(local string, operand *ir.Node) {
	l.replaced[local] = operand
	l.changed = true
}

// store makes an earlier call store its result i, which nothing has used, to a
// local. It returns what the call has become.
func (l *Leaf) store(call *ir.Node, i int, local string) *ir.Node {
	stores := slices.Clone(call.Stores())
	stores[i] = local
	changed := call.StoringTo(stores...)
	for at := len(l.calls) - 1; at >= 0; at-- {
		if l.calls[at] == call {
			l.calls[at] = changed
			break
		}
	}
	return changed
}

// substituted returns the call with its operands replaced.
func (l *Leaf) substituted(n *ir.Node) *ir.Node {
	if len(l.replaced) == 0 {
		return n
	}
	if n.Op == "reg" {
		operand := l.replaced[n.Text("reg")]
		if operand == nil {
			return n
		}
		c := operand.Copy()
		c.ID, c.Pos, c.Origins = n.ID, n.Pos, n.Origins
		return c
	}
	result := n
	for i, arg := range n.Args {
		if changed := l.substituted(arg); changed != arg {
			if result == n {
				result = n.Copy()
			}
			result.Args[i] = changed
		}
	}
	for i, k := range n.Kwargs {
		if changed := l.substituted(k.Node); changed != k.Node {
			if result == n {
				result = n.Copy()
			}
			result.Kwargs[i].Node = changed
		}
	}
	return result
}

// finished returns the edited leaf.
func (l *Leaf) finished() *ir.Node {
	yields, stores := slices.Clone(l.Node.Names("yield")), l.Node.Stores()
	for i, name := range yields {
		if operand := l.replaced[name]; operand != nil && operand.Op == "reg" && base(operand.Text("reg")) == operand.Text("reg") {
			yields[i] = operand.Text("reg")
		}
	}
	read := map[string]bool{}
	for _, name := range yields {
		read[base(name)] = true
	}
	for _, call := range l.calls {
		registers(call, func(name string) { read[name] = true })
	}
	var unread, discards []string
	for _, call := range l.Node.Body("graph") {
		registers(call, func(name string) {
			if !read[name] {
				read[name] = true
				unread, discards = append(unread, name), append(discards, ir.Discard)
			}
		})
	}
	n := l.Node.WithAttr("yield", ir.Strings(append(unread, yields...)...)).StoringTo(append(discards, stores...)...)
	for i := range n.Regions {
		if n.Regions[i].Field == "graph" {
			n.Regions[i].Body = l.calls
		}
	}
	return n
}

// registers reports the registers that the operands of a call read.
func registers(call *ir.Node, report func(name string)) {
	pass.WalkOperands(call, func(n *ir.Node) bool {
		if n.Op == "reg" && !ir.IsLocal(n.Text("reg")) {
			report(base(n.Text("reg")))
		}
		return true
	})
}

// base returns the register of a name that may have fields.
func base(name string) string {
	name, _, _ = strings.Cut(name, ".")
	return name
}

// ReadsAny reports whether an operand of the call is other than a literal.
func ReadsAny(call *ir.Node) bool {
	found := false
	pass.WalkOperands(call, func(n *ir.Node) bool {
		found = found || n.Op == "reg"
		return !found
	})
	return found
}

// ReadsRegister reports whether an operand of the call reads a register.
func ReadsRegister(call *ir.Node) bool {
	found := false
	registers(call, func(string) { found = true })
	return found
}

// EditAll returns p with every graph leaf edited, but for those that optimized
// statements carry as their source, those in hooks, and those that are single
// statements of functions: the work of a function that is called in an
// expression is bounded by the calls in its statements, the same at every level.
func EditAll(p *ir.Program, edit func(s *pass.Scope, leaf *ir.Node) *ir.Node) (*ir.Program, error) {
	return pass.EditStatements(p, func(s *pass.Scope, n *ir.Node) (*ir.Node, error) {
		if n.Op != "graph" || s.Function != nil && Lone(n) {
			return n, nil
		}
		return edit(s, n), nil
	})
}
