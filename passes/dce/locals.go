package dce

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// locals is a set of local names that a leaf uses. It keeps its memory from one
// leaf to the next.
type locals struct {
	numbered []bool          // %1, %2, ...
	others   map[string]bool // nil if there are none
}

// maxNumbered bounds the numbers that are kept apart from other names.
const maxNumbered = 1 << 16

// number returns the number that the name is, 0 if it is no such name.
func number(name string) int {
	if len(name) < 2 || name[0] != '%' || name[1] == '0' {
		return 0
	}
	k := 0
	for _, digit := range []byte(name[1:]) {
		if digit < '0' || digit > '9' || k >= maxNumbered {
			return 0
		}
		k = 10*k + int(digit-'0')
	}
	return k
}

func (l *locals) add(name string) {
	k := number(name)
	if k == 0 {
		if l.others == nil {
			l.others = map[string]bool{}
		}
		l.others[name] = true
		return
	}
	if k >= len(l.numbered) {
		l.numbered = append(l.numbered, make([]bool, k+1-len(l.numbered))...)
	}
	l.numbered[k] = true
}

func (l *locals) has(name string) bool {
	if k := number(name); k > 0 {
		return k < len(l.numbered) && l.numbered[k]
	}
	return l.others[name]
}

// anyDead reports whether the results of some call of the leaf are used by
// nothing: a quick look.
func (l *locals) anyDead(leaf *ir.Node) bool {
	body := leaf.Body("graph")
	l.numbered, l.others = l.numbered[:0], nil
	for _, name := range leaf.Names("yield") {
		if ir.IsLocal(name) {
			l.add(name)
		}
	}
	for i := len(body) - 1; i >= 0; i-- {
		needed := false
		for _, name := range body[i].EachStore() {
			needed = needed || l.has(name)
		}
		if !needed {
			return true
		}
		for _, arg := range body[i].Args {
			l.read(arg)
		}
		for _, k := range body[i].Kwargs {
			l.read(k.Node)
		}
	}
	return false
}

// read adds what the operand reads.
func (l *locals) read(n *ir.Node) {
	if n.Op == "reg" {
		if name := n.Text("reg"); ir.IsLocal(name) {
			l.add(name)
		}
		return
	}
	if len(n.Args)+len(n.Kwargs) > 0 {
		pass.WalkOperands(n, func(inner *ir.Node) bool {
			if inner != n && inner.Op == "reg" {
				l.read(inner)
			}
			return true
		})
	}
}
