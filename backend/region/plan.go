package region

import (
	"fmt"
	"math/bits"

	"flowc.dev/flowc/ir"
)

// A Plan says in which storage the values are kept that a graph computes for
// itself: tensors that regions compute and that are neither yielded nor handed to
// products. Values that are not needed at the same time share a buffer.
type Plan struct {
	// Buffer is the number of each value's buffer, -1 for one without.
	Buffer []int
	// Sizes are the buffers' sizes in bytes.
	Sizes []int64
	// InPlace counts the results that are computed in the storage of an operand.
	InPlace int
	// Unplanned is the number of bytes if each value had storage of its own,
	// Peak the number with the plan.
	Unplanned, Peak int64
}

// String tells the bytes with and without the plan.
func (p *Plan) String() string {
	return fmt.Sprintf("%d bytes in %d buffers for what takes %d bytes apart, %d results in place", p.Peak, len(p.Sizes), p.Unplanned, p.InPlace)
}

// A use is the values that a kernel reads and computes. op names the op of a
// kernel that is one step by reference.
type use struct {
	op            string
	reads, writes []int
}

// inPlace lists the elementwise ops whose kernels read the elements at a place
// before they write the result there, and never come back to it.
var inPlace = map[string]bool{
	"add": true, "subtract": true, "multiply": true, "divide": true, "maximum": true, "minimum": true,
	"negative": true, "abs": true, "square": true, "relu": true, "sqrt": true, "reciprocal": true,
}

// newPlan returns the plan for kernels that run in the given order.
func newPlan(l *Layout, uses []use) *Plan {
	p := &planner{layout: l, dies: make([][]int, len(uses)),
		plan: &Plan{Buffer: make([]int, len(l.Graph.Types))}}
	for v := range p.plan.Buffer {
		p.plan.Buffer[v] = -1
	}
	last := make([]int, len(l.Graph.Types))
	for i := range uses {
		for _, v := range uses[i].reads {
			last[v] = i
		}
		for _, v := range uses[i].writes {
			last[v] = i
		}
	}
	for i := range uses {
		for _, v := range uses[i].writes {
			if p.plans(v) {
				p.dies[last[v]] = append(p.dies[last[v]], v)
			}
		}
	}
	for i := range uses {
		p.run(i, &uses[i])
	}
	for _, size := range p.plan.Sizes {
		p.plan.Peak += size
	}
	return p.plan
}

type planner struct {
	layout *Layout
	plan   *Plan
	dies   [][]int   // of the kernels: the values that are last used there
	free   [64][]int // buffers by size class
}

// plans reports whether value v is kept in a buffer.
func (p *planner) plans(v int) bool {
	l, t := p.layout, &p.layout.Graph.Types[v]
	if t.Kind != ir.Number || len(t.Shape) == 0 || elements(t.Shape) == 0 || l.yielded[v] || l.Producer[v] < 0 {
		return false
	}
	if l.Places[l.Producer[v]] == Product {
		return false
	}
	for _, i := range l.readers[v] {
		if l.Places[i] == Product {
			return false
		}
	}
	return true
}

// run gives buffers to what kernel i computes and takes back those of the values
// that it is the last to use.
func (p *planner) run(i int, u *use) {
	taken := -1 // the operand whose storage a result takes
	for _, v := range u.writes {
		if !p.plans(v) {
			continue
		}
		size := bytes(p.layout.Graph.Types[v])
		p.plan.Unplanned += size
		if from := p.operand(i, u, v); from >= 0 {
			p.plan.Buffer[v] = p.plan.Buffer[from]
			p.plan.InPlace++
			taken = from
			continue
		}
		p.plan.Buffer[v] = p.take(size)
	}
	for _, v := range p.dies[i] {
		if v != taken {
			b := p.plan.Buffer[v]
			c := class(p.plan.Sizes[b])
			p.free[c] = append(p.free[c], b)
		}
	}
}

// operand returns an operand of kernel i that dies there and in whose storage v
// can be computed, or -1.
func (p *planner) operand(i int, u *use, v int) int {
	if !inPlace[u.op] {
		return -1
	}
	to := &p.layout.Graph.Types[v]
	for _, from := range p.dies[i] {
		if from == v || p.plan.Buffer[from] < 0 {
			continue
		}
		t := &p.layout.Graph.Types[from]
		if t.DType == to.DType && elements(t.Shape) == elements(to.Shape) {
			return from
		}
	}
	return -1
}

// take returns a free buffer of the class of size, or of the next, or a new one.
func (p *planner) take(size int64) int {
	c := class(size)
	for _, c := range [...]int{c, c + 1} {
		if n := len(p.free[c]); n > 0 {
			b := p.free[c][n-1]
			p.free[c] = p.free[c][:n-1]
			p.plan.Sizes[b] = max(p.plan.Sizes[b], size)
			return b
		}
	}
	p.plan.Sizes = append(p.plan.Sizes, size)
	return len(p.plan.Sizes) - 1
}

// class returns the size class of a size: sizes up to the same power of two.
func class(size int64) int { return bits.Len64(uint64(size - 1)) }

func bytes(t ir.Type) int64 { return int64(elements(t.Shape)) * int64(t.DType.Size()) }

// allocate makes the buffers, and shows each value's slot the storage to use.
func (p *Plan) allocate(types []ir.Type, slots []ir.Value) error {
	buffers := make([]*ir.Tensor, len(p.Sizes))
	for i, size := range p.Sizes {
		var err error
		if buffers[i], err = ir.NewTensor(ir.U8, int(size)); err != nil {
			return err
		}
	}
	for v, b := range p.Buffer {
		if b >= 0 {
			t := new(ir.Tensor)
			t.SetStorage(buffers[b], types[v].DType, types[v].Shape...)
			slots[v] = ir.TensorValue(t)
		}
	}
	return nil
}
