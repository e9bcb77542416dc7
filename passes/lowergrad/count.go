package lowergrad

import (
	"math"
	"strconv"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// A count is a number of calls that stops at a bound.
type count int64

const manyCalls count = math.MaxInt64 / 4

func (c count) String() string {
	if c >= manyCalls {
		return "more than 10^18 calls"
	}
	return strconv.FormatInt(int64(c), 10) + " calls"
}

func (c count) plus(d count) count { return min(c+d, manyCalls) }

func (c count) times(d count) count {
	if c > 0 && d > manyCalls/c {
		return manyCalls
	}
	return c * d
}

// countCalls returns how many calls fn makes once its repeats are unrolled and
// the functions it calls are expanded.
func countCalls(names *pass.Names, fn *ir.Function) count {
	c := counter{names: names, known: map[*ir.Function]count{}}
	return c.function(fn)
}

type counter struct {
	names *pass.Names
	known map[*ir.Function]count
}

func (c *counter) function(fn *ir.Function) count {
	if k, ok := c.known[fn]; ok {
		return k
	}
	c.known[fn] = 0 // ends the search in a program with recursion
	k := c.body(fn.Body)
	c.known[fn] = k
	return k
}

func (c *counter) body(body []*ir.Node) count {
	var sum count
	for _, n := range body {
		sum = sum.plus(c.node(n))
	}
	return sum
}

func (c *counter) node(n *ir.Node) count {
	own := count(0)
	switch n.Op {
	case "index":
		own = 1
	case "call":
		own = 1
		if fn := c.names.Function(n.Text("call")); fn != nil {
			own = max(c.function(fn), 1)
		}
	case "grad":
		if fn := c.names.Function(n.Text("grad")); fn != nil {
			own = c.function(fn).times(3)
		}
	}
	factor := count(1)
	if n.Op == "repeat" && len(n.Args) == 1 && n.Args[0].Op == "const" {
		if k, err := n.Args[0].Attr("value").Count("count"); err == nil {
			factor = min(count(max(k, 0)), manyCalls)
		}
	}
	inner := count(0)
	ir.Children(nil, n, func(_ *ir.Path, f *ir.Field, child *ir.Node) { inner = inner.plus(c.node(child)) })
	return own.plus(inner.times(factor))
}
