package region

import (
	"container/list"
	"fmt"
	"runtime/debug"
	"slices"

	"flowc.dev/flowc/ir"
)

// A machine executes a graph for one set of input types. It belongs to one
// goroutine at a time.
type Machine struct {
	types   []ir.Type // of the inputs
	refused error     // why there is no typed dataflow for them, if there is none
	Layout  *Layout
	outputs []ir.GraphOutput
	// Slots holds the values of the graph by number, then copies of yielded
	// products. What the graph yields leaves its slot with the caller; the
	// storage of everything else is kept for the next run.
	Slots  []ir.Value
	inputs []inputSlot
	yields []yieldSlot
	copies map[int]int

	Regions []*Region // of the stages, nil for those that need none
	Plan    *Plan     // the storage of values between kernels
	Engine  Engine    // nil: the regions run one after the other
	broken  bool      // a run left the machine in an unknown state

	// Where the compiler's cache keeps the machine; guarded by its lock.
	owner  *Code
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
func newMachine(g *ir.Graph, o *Options, registers []string, types []ir.Type) (*Machine, error) {
	l, err := NewLayout(g, o.Registry, &o.Family)
	if err != nil {
		return nil, err
	}
	m := &Machine{types: types, Layout: l, outputs: g.Outputs, Slots: make([]ir.Value, len(l.Graph.Types)), copies: map[int]int{}}
	for v := range g.Inputs {
		if err := m.addInput(v, registers); err != nil {
			return nil, err
		}
	}
	for i := range m.outputs {
		m.addYields(&m.outputs[i], i)
	}
	var uses []use
	if m.Regions, uses, err = newRegions(l, m.copies); err != nil {
		return nil, err
	}
	m.Plan = newPlan(l, uses)
	if err := m.Plan.allocate(l.Graph.Types, m.Slots); err != nil {
		return nil, err
	}
	if o.Family.Engine != nil && slices.Contains(l.Places, Product) {
		m.Engine, err = o.Family.Engine(m)
	}
	return m, err
}

// run computes the values of the graph.
func (m *Machine) run() error {
	if m.Engine != nil {
		return m.Engine.Run()
	}
	for _, r := range m.Regions {
		if r != nil {
			if err := r.Run(m.Slots); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *Machine) addInput(v int, registers []string) error {
	in := &m.Layout.Graph.Inputs[v]
	if in.Const != nil {
		in.Const.Freeze() // it may be yielded, and whoever gets it may not write to it
		m.Slots[v] = *in.Const
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
func (m *Machine) addYields(o *ir.GraphOutput, place int) {
	if o.Value < 0 {
		for i := range o.Parts {
			m.addYields(&o.Parts[i], -1)
		}
		return
	}
	slot := o.Value
	if m.Layout.Producer[slot] < 0 {
		return
	}
	if m.Layout.IsProduct(slot) {
		if _, known := m.copies[slot]; !known {
			m.copies[slot] = len(m.Slots)
			m.Slots = append(m.Slots, ir.Value{})
		}
		slot = m.copies[slot]
	}
	if !slices.ContainsFunc(m.yields, func(y yieldSlot) bool { return y.slot == slot }) {
		m.yields = append(m.yields, yieldSlot{slot, place})
	}
}

// accepts reports, without allocating, whether the machine is for inputs of
// these types.
func (m *Machine) accepts(inputs []ir.Value) bool {
	for i := range m.types {
		if !inputs[i].HasType(m.types[i]) {
			return false
		}
	}
	return true
}

// exec runs the graph. On failure, dst holds nulls.
func (m *Machine) exec(dst, inputs []ir.Value) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			m.broken = true
			err = &panicError{kernel: "graph", family: m.Layout.family.Name, cause: cause, stack: debug.Stack()}
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
		m.Slots[in.slot] = v
	}
	m.place(dst)
	if err := m.run(); err != nil {
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
func (m *Machine) place(dst []ir.Value) {
	for i, y := range m.yields {
		if y.place < 0 {
			continue
		}
		t := dst[y.place].Tensor()
		used := t == nil
		for j := range m.inputs {
			used = used || m.Slots[m.inputs[j].slot].Tensor() == t
		}
		for _, other := range m.yields[:i] {
			used = used || m.Slots[other.slot].Tensor() == t
		}
		if !used {
			m.Slots[y.slot] = dst[y.place]
		}
	}
}

// output returns a result of the graph.
func (m *Machine) output(o *ir.GraphOutput) ir.Value {
	if o.Value >= 0 {
		if slot, copied := m.copies[o.Value]; copied {
			return m.Slots[slot]
		}
		return m.Slots[o.Value]
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
func (m *Machine) release() {
	for i := range m.inputs {
		m.Slots[m.inputs[i].slot] = ir.Value{}
	}
	for _, y := range m.yields {
		m.Slots[y.slot] = ir.Value{}
	}
	if m.Engine != nil {
		m.Engine.Release()
	}
}

// IsYielded reports whether the storage of a slot leaves with the results.
func (m *Machine) IsYielded(slot int) bool {
	return slices.ContainsFunc(m.yields, func(y yieldSlot) bool { return y.slot == slot })
}
