package gorgonia

import (
	"container/list"
	"fmt"
	"runtime/debug"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// A machine executes a graph for one set of input types. It belongs to one
// goroutine at a time.
type machine struct {
	types   []ir.Type // of the inputs
	refused error     // why there is no typed dataflow for them, if there is none
	layout  *layout
	outputs []ir.GraphOutput
	// slots holds the values of the graph by number, then copies of yielded
	// products. What the graph yields leaves its slot with the caller; the
	// storage of everything else is kept for the next run.
	slots  []ir.Value
	inputs []inputSlot
	yields []yieldSlot
	copies map[int]int

	regions      []*region
	aliases      map[int]*ir.Tensor // headers for products, by value
	borders      []*border          // of region values
	inputBorders []*border
	run          func() error
	failure      error // of a region in the current run
	broken       bool  // a run left the machine in an unknown state

	// Where the compiler's cache keeps the machine; guarded by its lock.
	owner  *code
	cached *list.Element
}

// An inputSlot is a value that comes from an input of the leaf or from a field
// below it.
type inputSlot struct {
	slot, input int
	fields      []int
}

// A yieldSlot is a tensor that the graph computes and yields. place is the
// output that it is all of, -1 if it is a part of one.
type yieldSlot struct{ slot, place int }

// newMachine compiles a graph whose inputs are the given registers.
func newMachine(g *ir.Graph, registry *ops.Registry, registers []string, types []ir.Type) (*machine, error) {
	l, err := newLayout(g, registry)
	if err != nil {
		return nil, err
	}
	m := &machine{types: types, layout: l, outputs: g.Outputs, slots: make([]ir.Value, len(l.graph.Types)), copies: map[int]int{}}
	for v := range g.Inputs {
		if err := m.addInput(v, registers); err != nil {
			return nil, err
		}
	}
	for i := range m.outputs {
		m.addYields(&m.outputs[i], i)
	}
	if m.regions, err = newRegions(l, m.copies); err != nil {
		return nil, err
	}
	m.aliases = map[int]*ir.Tensor{}
	for _, r := range m.regions {
		if r != nil {
			for _, v := range r.imports {
				m.aliases[v] = new(ir.Tensor)
			}
		}
	}
	if !hasTensor(g) {
		m.run = m.runRegions
		return m, nil
	}
	buildMutex.Lock()
	defer buildMutex.Unlock()
	expr, err := lower(m)
	if err != nil {
		return nil, err
	}
	m.run, err = newTape(expr)
	return m, err
}

// hasTensor reports whether a step computes a number of rank above 0.
func hasTensor(g *ir.Graph) bool {
	return slices.ContainsFunc(g.Types[len(g.Inputs):], func(t ir.Type) bool { return len(t.Shape) > 0 })
}

// runRegions runs a graph of numbers of rank 0, which has no products.
func (m *machine) runRegions() error {
	for _, r := range m.regions {
		if r != nil {
			if err := r.run(m.slots); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *machine) addInput(v int, registers []string) error {
	in := &m.layout.graph.Inputs[v]
	if in.Const != nil {
		in.Const.Freeze() // it may be yielded, and whoever gets it may not write to it
		m.slots[v] = *in.Const
		return nil
	}
	at := inputSlot{slot: v, input: slices.Index(registers, in.Register)}
	if at.input < 0 {
		return fmt.Errorf("bug: the graph reads %q, which is not among its inputs %v", in.Register, registers)
	}
	t := m.types[at.input]
	for _, name := range in.Fields {
		i := slices.Index(t.Names, name)
		if i < 0 {
			return fmt.Errorf("register %q: %s has no field %q", in.Register, t, name)
		}
		at.fields = append(at.fields, i)
		t = t.Parts[i]
	}
	m.inputs = append(m.inputs, at)
	return nil
}

// addYields notes the computed tensors below an output. place is the number of
// the output, -1 below its top.
func (m *machine) addYields(o *ir.GraphOutput, place int) {
	if o.Value < 0 {
		for i := range o.Parts {
			m.addYields(&o.Parts[i], -1)
		}
		return
	}
	slot := o.Value
	if m.layout.producer[slot] < 0 {
		return
	}
	if m.layout.isProduct(slot) {
		if _, known := m.copies[slot]; !known {
			m.copies[slot] = len(m.slots)
			m.slots = append(m.slots, ir.Value{})
		}
		slot = m.copies[slot]
	}
	if !slices.ContainsFunc(m.yields, func(y yieldSlot) bool { return y.slot == slot }) {
		m.yields = append(m.yields, yieldSlot{slot, place})
	}
}

// accepts reports, without allocating, whether the machine is for inputs of
// these types.
func (m *machine) accepts(inputs []ir.Value) bool {
	for i := range m.types {
		if !inputs[i].HasType(m.types[i]) {
			return false
		}
	}
	return true
}

// exec runs the graph. On failure, dst holds nulls.
func (m *machine) exec(dst, inputs []ir.Value) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			m.broken = true
			err = &panicError{kernel: "graph", cause: cause, stack: debug.Stack()}
		}
		if err != nil {
			clear(dst)
		}
		m.release()
	}()
	for i := range m.inputs {
		in := &m.inputs[i]
		v := inputs[in.input]
		for _, field := range in.fields {
			v = v.Record().Values[field]
		}
		m.slots[in.slot] = v
	}
	m.place(dst)
	for _, b := range m.inputBorders {
		b.show(m.slots[b.value].Tensor())
	}
	m.failure = nil
	if err := m.run(); err != nil {
		if m.failure != nil {
			err = m.failure // without what Gorgonia wraps around it
		}
		_, m.broken = err.(*panicError)
		return err
	}
	for i := range m.outputs {
		dst[i] = m.output(&m.outputs[i])
	}
	return nil
}

// place offers the storage of old results for new ones: nothing that is an input
// at the same time, and nothing twice.
func (m *machine) place(dst []ir.Value) {
	for i, y := range m.yields {
		if y.place < 0 {
			continue
		}
		t := dst[y.place].Tensor()
		used := t == nil
		for j := range m.inputs {
			used = used || m.slots[m.inputs[j].slot].Tensor() == t
		}
		for _, other := range m.yields[:i] {
			used = used || m.slots[other.slot].Tensor() == t
		}
		if !used {
			m.slots[y.slot] = dst[y.place]
		}
	}
}

// output returns a result of the graph.
func (m *machine) output(o *ir.GraphOutput) ir.Value {
	if o.Value >= 0 {
		if slot, copied := m.copies[o.Value]; copied {
			return m.slots[slot]
		}
		return m.slots[o.Value]
	}
	parts := make([]ir.Value, len(o.Parts))
	for i := range o.Parts {
		parts[i] = m.output(&o.Parts[i])
	}
	if o.Kind == ir.RecordKind {
		return ir.RecordOf(o.Names, parts)
	}
	return ir.ListOf(parts...)
}

// release lets go of everything that belongs to the caller.
func (m *machine) release() {
	for i := range m.inputs {
		m.slots[m.inputs[i].slot] = ir.Value{}
	}
	for _, y := range m.yields {
		m.slots[y.slot] = ir.Value{}
	}
	for _, b := range m.inputBorders {
		b.hide()
	}
	for _, b := range m.borders {
		if slices.ContainsFunc(m.yields, func(y yieldSlot) bool { return y.slot == b.value }) {
			b.hide()
		}
	}
}
