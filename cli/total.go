package cli

import (
	"math"

	"flowc.dev/flowc/ir"
)

// totalSteps returns the number of steps that p takes, if its form alone tells,
// and if they are what takes the time: those of spawned fragments are no steps
// of p.
func totalSteps(p *ir.Program) (int64, bool) {
	c := stepCounter{functions: map[string]*ir.Function{}, known: map[string]stepCount{}}
	for _, f := range p.Functions {
		c.functions[f.Name] = f
	}
	total := c.body(p.Body)
	return total.steps, total.known && total.steps < math.MaxInt64
}

type stepCount struct {
	steps int64
	known bool
}

type stepCounter struct {
	functions map[string]*ir.Function
	known     map[string]stepCount
}

func (c *stepCounter) body(body []*ir.Node) stepCount {
	sum := stepCount{known: true}
	for _, n := range body {
		part := c.statement(n)
		sum = stepCount{saturatingAdd(sum.steps, part.steps), sum.known && part.known}
	}
	return sum
}

func (c *stepCounter) statement(n *ir.Node) stepCount {
	switch n.Op {
	case "call":
		if f := c.functions[n.Text("call")]; f != nil {
			return c.function(f)
		}
		return stepCount{1, true}
	case "grad", "print":
		return stepCount{1, true}
	case "popen":
		return stepCount{2, true}
	case "seq":
		return c.body(n.Body("seq"))
	case "repeat", "buffer":
		return c.repeated(n)
	case "switch":
		return c.branches(n)
	case "weave":
		var strands []*ir.Node
		for i := range n.Regions {
			strands = append(strands, n.Regions[i].Body...)
		}
		total := c.body(strands)
		total.known = total.known && n.Attr("require").IsNull()
		return total
	}
	return stepCount{}
}

// function returns the steps of a call; one that runs no leaf counts one.
func (c *stepCounter) function(f *ir.Function) stepCount {
	total, ok := c.known[f.Name]
	if !ok {
		total = c.body(f.Body)
		total.steps = max(total.steps, 1)
		c.known[f.Name] = total
	}
	return total
}

// repeated returns the steps of a loop with a literal count; an iteration that
// runs no leaf counts one.
func (c *stepCounter) repeated(n *ir.Node) stepCount {
	count, err := ir.Literal(n.Args[0])
	if err != nil || !count.IsScalar() || count.Int64() < 0 {
		return stepCount{}
	}
	inner := c.body(n.Body("body"))
	steps, times := max(inner.steps, 1), count.Int64()
	if times > 0 && steps > math.MaxInt64/times {
		return stepCount{math.MaxInt64, inner.known}
	}
	return stepCount{steps * times, inner.known}
}

// branches returns the steps of a switch whose branches all take as many.
func (c *stepCounter) branches(n *ir.Node) stepCount {
	var first stepCount
	for i := range n.Regions {
		branch := c.body(n.Regions[i].Body)
		if first.known && branch != first {
			return stepCount{}
		}
		if first = branch; !first.known {
			return stepCount{}
		}
	}
	return first
}

func saturatingAdd(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
