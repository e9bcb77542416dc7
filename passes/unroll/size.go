package unroll

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// A size is what statements take once they are unrolled.
type size struct {
	steps, calls int // or more than fits
	// obstacle is the first statement that keeps a loop around from being
	// unrolled at all, nil if none does.
	obstacle *ir.Node
}

// fits reports whether the size is that of one leaf.
func (u *unroller) fits(s size) bool {
	return s.obstacle == nil && s.steps <= u.most && s.calls <= u.most
}

// measure returns the size of the statements and notes that of each repeat in a
// loop. So the outermost loop of a nest that fits is tried first, and each
// statement is read once, however deep it stands.
func (u *unroller) measure(body []*ir.Node, inLoop bool) size {
	var sum size
	for _, n := range body {
		s := u.sizeOf(n, inLoop)
		sum.steps, sum.calls = min(sum.steps+s.steps, u.most+1), min(sum.calls+s.calls, u.most+1)
		if sum.obstacle == nil {
			sum.obstacle = s.obstacle
		}
	}
	return sum
}

func (u *unroller) sizeOf(n *ir.Node, inLoop bool) size {
	switch {
	case n.Op == "graph":
		return size{steps: int(min(n.Attr("steps").Int64(), int64(u.most)+1)), calls: len(n.Body("graph"))}
	case n.Op == "call" && u.names.Op(n.Text("call")) != nil:
		return size{steps: 1, calls: countCalls(n)}
	case n.Op == "seq":
		return u.measure(n.Body("seq"), inLoop)
	case n.Op == "repeat":
		return u.repeat(n, inLoop)
	case n.Op != "spawn" && !pass.Optimized(n):
		for i := range n.Regions {
			u.measure(n.Regions[i].Body, inLoop || ir.SchemaOf(n.Op).Loop || n.Op == "buffer")
		}
	}
	return size{obstacle: n}
}

func (u *unroller) repeat(n *ir.Node, inLoop bool) size {
	s := u.measure(n.Body("body"), true)
	count, known := literalCount(n)
	switch {
	case s.obstacle != nil:
	case !known || count > int64(u.most) || n.Text("as") != "":
		s.obstacle = n
	default:
		s.steps, s.calls = min(max(s.steps, 1)*int(count), u.most+1), min(s.calls*int(count), u.most+1)
	}
	if inLoop {
		u.sizes[n] = s
	}
	return s
}

// literalCount returns the count of a repeat, if it is a literal that is one.
func literalCount(n *ir.Node) (count int64, known bool) {
	if n.Args[0].Op != "const" {
		return 0, false
	}
	count, err := n.Args[0].Attr("value").Count("the count of repeat")
	return count, err == nil && count >= 0
}

// misfit says why a repeat of the size, which does not fit, is not unrolled.
func (u *unroller) misfit(s size) error {
	n := s.obstacle
	switch {
	case n == nil:
		return fmt.Errorf("it unrolls to more than %d steps or calls", u.most)
	case n.Op == "call":
		return fmt.Errorf("it calls %s", n.Text("call"))
	case n.Op != "repeat":
		return fmt.Errorf("it contains %s", n.Op)
	case n.Text("as") != "": // control that comes to the loop sets it to 0, before a step
		return fmt.Errorf("it counts in register %s", n.Text("as"))
	}
	if count, known := literalCount(n); known {
		return fmt.Errorf("it contains a repeat of %d, more than %d steps", count, u.most)
	}
	return fmt.Errorf("it contains a repeat without a literal count")
}
