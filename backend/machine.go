package backend

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
	"flowc.dev/flowc/ops"
)

// Config says how a machine runs a program.
type Config struct {
	// Registry holds the ops and classes that the program names.
	Registry *ops.Registry
	// Source is the program that the machine's program was made from by
	// optimization; nil if it is that program. Every node of it has an ID.
	Source *ir.Program
	// Graphs compiles graph leaves; nil evaluates them by reference.
	Graphs GraphCompiler
	// Seed is the run's seed, see [ops.Env].
	Seed uint64
	// Print receives each printed line, without a line end. Nil drops them.
	Print func(line string)
	// Logs keeps the logs that the program writes; nil drops what it writes.
	Logs ops.Logs
	// Now returns the time, for objects that measure it, see [ops.Env].
	Now func() int64
	// Profile makes the machine count and time its leaves.
	Profile bool
	// Programs starts the processes of popen statements; nil denies them.
	Programs Programs
	// Fragments runs the fragments of spawn statements; nil makes them errors.
	Fragments Fragments
}

// A Machine is a program in the course of being run: registers, objects and a
// position. It is not safe for concurrent use.
type Machine struct {
	program   *ir.Program
	cfg       Config
	edits     []state.Edit // of the program, before this machine was made
	tree      *sourceTree  // made when first asked for
	code      *scopeCode
	objects   []*instance
	regs      []ir.Value
	main      *strand
	active    *strand // the strand whose leaf is next
	unsettled *strand // the strand whose settling failed, or nil
	steps     int64
	locals    []ir.Value // of the graph leaf being evaluated
	pure      pureWork
	counters  map[ir.ID]*hookCounter // of the arrivals at hooks, by clause
	print     func(string)
	profile   []*profileCounter
	outside   outside
}

// NewMachine links p, makes its objects, sets the registers that it declares
// and the inputs, and moves on to the first leaf. p must have passed
// [ir.Verify]; it may be optimized. Inputs are frozen.
//
// When moving on to the first leaf fails, the error is a *[RunError] and the
// machine is returned too: it stands before what failed.
func NewMachine(p *ir.Program, cfg Config, inputs map[string]ir.Value) (m *Machine, err error) {
	m = newMachine(p, cfg)
	defer m.recover(&err)
	if err := m.makeObjects(nil); err != nil {
		return nil, err
	}
	if m.code, err = newLinker(m, p, cfg).program(); err != nil {
		return nil, err
	}
	m.regs = m.code.window()
	if err := m.setInputs(inputs); err != nil {
		return nil, err
	}
	m.main = &strand{todo: enter, frames: append(make([]frame, 0, 16), frame{body: m.code.body, regs: m.regs, scope: m.code})}
	m.active = m.main
	if err := m.settle(m.main); err != nil {
		m.unsettled = m.main
		return m, err
	}
	return m, m.afterSettling(m.main)
}

func newMachine(p *ir.Program, cfg Config) *Machine {
	return &Machine{program: p, cfg: cfg, print: cfg.Print, outside: newOutside()}
}

// constructor returns the class of an object and the arguments that it is made
// with.
func (m *Machine) constructor(o *ir.Object) (*ops.Class, []ir.Value, error) {
	class := m.cfg.Registry.Class(o.Class)
	if class == nil {
		return nil, nil, fmt.Errorf("object %q: unknown class %q", o.Name, o.Class)
	}
	bound, problems := class.Bind(nil, o.Args)
	if len(problems) > 0 {
		return nil, nil, fmt.Errorf("object %q: %s", o.Name, problems[0])
	}
	args := make([]ir.Value, len(bound))
	for j, node := range bound {
		v, err := ir.Literal(node)
		if err != nil {
			return nil, nil, fmt.Errorf("object %q: %w", o.Name, err)
		}
		args[j] = v
	}
	return class, args, nil
}

func (m *Machine) setInputs(inputs map[string]ir.Value) error {
	for name, v := range inputs {
		if !slices.Contains(m.program.Inputs, name) {
			return fmt.Errorf("the program has no input %q; its inputs are %v", name, m.program.Inputs)
		}
		slot := m.code.slots[name]
		k := sink{slot: slot, name: name, fixed: m.code.fixed[slot]}
		v, err := k.convert(v)
		if err != nil {
			return fmt.Errorf("input %q: %w", name, err)
		}
		v.Freeze()
		storeSlot(m.regs, slot, v)
	}
	for _, name := range m.program.Inputs {
		if m.regs[m.code.slots[name]].IsUnset() {
			return fmt.Errorf("input %q has no value: give it one (--set %s=...) or declare a default in registers", name, name)
		}
	}
	return nil
}

// Steps returns the number of steps done.
func (m *Machine) Steps() int64 { return m.steps }

// Program returns the program that the machine runs.
func (m *Machine) Program() *ir.Program { return m.program }

// Register returns the value of a register of the program, frozen: it will not
// change. An unset register is an error.
func (m *Machine) Register(name string) (ir.Value, error) {
	slot, ok := m.code.slots[name]
	if !ok || ir.IsHidden(name) {
		return ir.Value{}, fmt.Errorf("the program has no register %q", name)
	}
	v := m.regs[slot]
	if v.IsUnset() {
		return ir.Value{}, fmt.Errorf("register %q is unset", name)
	}
	v.Freeze()
	return v, nil
}

// An Output is a named result of a program.
type Output struct {
	Name  string
	Value ir.Value
}

// Outputs returns the program's outputs that are set, in order; before the end
// some may not be.
func (m *Machine) Outputs() []Output {
	var outputs []Output
	for _, name := range m.program.Outputs {
		if v, err := m.Register(name); err == nil {
			outputs = append(outputs, Output{name, v})
		}
	}
	return outputs
}
