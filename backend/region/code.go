package region

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// Code is a compiled graph leaf: one machine per set of input types.
type Code struct {
	compiler *Compiler
	leaf     *ir.Node
	inputs   []string
	patience int        // see Options
	waited   int        // runs that were left to the reference
	last     *Machine   // the machine of the previous call
	machines []*Machine // guarded by the compiler's cache
}

// Inputs returns the registers that the leaf reads.
func (c *Code) Inputs() []string { return c.inputs }

// Exec computes the yields of the leaf into dst.
func (c *Code) Exec(dst, inputs []ir.Value) error {
	if len(inputs) != len(c.inputs) {
		return fmt.Errorf("the graph reads %d registers and got %d values", len(c.inputs), len(inputs))
	}
	m, err := c.Machine(inputs)
	if err != nil {
		return err
	}
	if m.refused != nil {
		return m.refused
	}
	if len(dst) != len(m.outputs) {
		return fmt.Errorf("the graph yields %d values and has places for %d", len(m.outputs), len(dst))
	}
	err = m.exec(dst, inputs)
	if m.broken {
		c.last = nil
		c.compiler.cache.remove(m)
	}
	return err
}

// Machine returns the machine that runs the leaf on inputs of these types.
func (c *Code) Machine(inputs []ir.Value) (*Machine, error) {
	if c.last != nil && c.last.accepts(inputs) {
		return c.last, nil
	}
	m, err := c.machineFor(inputs)
	if err == nil {
		c.last = m
	}
	return m, err
}

// Machines returns the number of machines that are kept for the leaf.
func (c *Code) Machines() int {
	c.compiler.cache.mu.Lock()
	defer c.compiler.cache.mu.Unlock()
	return len(c.machines)
}

// maxInputParts bounds the lists and records that graphs are made for.
const maxInputParts = 10_000

// machineFor returns the machine for inputs of these types, making it on first
// use.
func (c *Code) machineFor(inputs []ir.Value) (*Machine, error) {
	if m := c.compiler.cache.lookup(c, inputs); m != nil {
		return m, nil
	}
	for i, in := range inputs {
		if in.HasMoreParts(maxInputParts) {
			return nil, &ir.DynamicError{Reason: fmt.Sprintf("register %s has more than %d parts", c.inputs[i], maxInputParts)}
		}
	}
	types := make([]ir.Type, len(inputs))
	for i, in := range inputs {
		// A type shares its shape with the tensor, whose storage may be reused.
		types[i] = cloneType(in.Type())
	}
	g, err := c.compiler.options.Specialize(c.leaf, func(register string) (ir.Type, error) {
		for i, name := range c.inputs {
			if name != register {
				continue
			}
			if types[i].Kind == ir.Null {
				return ir.Type{}, fmt.Errorf("register %q is read before it is set", register)
			}
			return types[i], nil
		}
		return ir.Type{}, fmt.Errorf("bug: register %q is not among the inputs of the graph", register)
	})
	if err != nil {
		// The same types are refused again without another attempt.
		m := &Machine{types: types, refused: err}
		c.compiler.cache.add(c, m)
		return m, nil
	}
	m, err := newMachine(g, &c.compiler.options, c.inputs, types)
	if err != nil {
		return nil, err
	}
	c.compiler.cache.add(c, m)
	return m, nil
}

func cloneType(t ir.Type) ir.Type {
	t.Shape = append([]int(nil), t.Shape...)
	parts := make([]ir.Type, len(t.Parts))
	for i, part := range t.Parts {
		parts[i] = cloneType(part)
	}
	t.Parts = parts
	return t
}

// A leaf of up to plainCalls calls on inputs of up to plainElements elements is
// never compiled where it can be evaluated call by call: setting compiled code up
// takes as long as the calls.
const (
	plainCalls    = 3
	plainElements = 64
)

// Wait returns for how many runs the leaf has run so few times, or makes so few
// calls, on inputs so small, that compiled code would take longer than it spares.
// Inputs that grow meanwhile are noticed after twice as many runs at the latest.
func (c *Code) Wait(inputs []ir.Value) int {
	small, runs := blockElements, min(max(c.waited, 1), c.patience-c.waited)
	if c.waited >= c.patience {
		if c.patience == 0 || len(c.leaf.Body("graph")) > plainCalls {
			return 0
		}
		small, runs = plainElements, c.patience
	}
	for _, in := range inputs {
		if t := in.Tensor(); t != nil && t.Size() > small {
			return 0
		}
	}
	c.waited = min(c.waited+runs, 2*c.patience)
	return runs
}

// Storage returns the bytes that the plan of the machine of the last run takes
// for values that are neither inputs nor results, and what they would take apart.
func (c *Code) Storage() (peak, apart int64) {
	if c.last == nil || c.last.Plan == nil {
		return 0, 0
	}
	return c.last.Plan.Peak, c.last.Plan.Unplanned
}
