package backend

import (
	"errors"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// opLeaf is a statement that calls an op, or takes the value of an operand.
type opLeaf struct {
	root   *expr
	single [1]ir.Value // of an operand that is no call
}

func (l *opLeaf) exec(m *Machine, s *strand, f *frame, st *stmt) error {
	regs := f.regs
	if l.root.kind == exprOp {
		if err := m.evalOp(l.root, regs); err != nil {
			return err
		}
		return st.finish(f, l.root.out, 0, nil)
	}
	v, err := m.eval(l.root, regs)
	if err != nil {
		return err
	}
	l.single[0] = v
	return st.finish(f, l.single[:], 0, nil)
}

// methodLeaf is a statement that calls a method of an object.
type methodLeaf struct {
	self   *instance
	method *ops.Method
	args   *expr // only its operands are used
	out    []ir.Value
	commit func()
}

func (l *methodLeaf) exec(m *Machine, s *strand, f *frame, st *stmt) error {
	regs := f.regs
	if err := m.evalArgs(l.args, regs); err != nil {
		return err
	}
	if err := l.method.Prepare(l.self.object, l.out, l.args.vals); err != nil {
		return at(st.node, m.methodError(l, err))
	}
	return st.finish(f, l.out, 0, l.commit)
}

func (m *Machine) methodError(l *methodLeaf, err error) error {
	sig := l.method.Signature
	sig.Name = l.self.name + "." + sig.Name
	return callError(&sig, l.args.vals, err)
}

// nextLeaf takes a block of rows from a bufferable source, in place of a buffer
// of single calls.
type nextLeaf struct {
	methodLeaf
	count *expr
	taken int64 // rows of the call being made, for Advance
}

func (l *nextLeaf) steps(m *Machine, s *strand) (int64, error) {
	return m.evalCount(l.count, s.top().regs, "buffer")
}

func (l *nextLeaf) exec(m *Machine, s *strand, f *frame, st *stmt) error {
	regs := f.regs
	if err := m.evalArgs(l.args, regs); err != nil {
		return err
	}
	if _, err := newStack(s.pending, nil); err != nil {
		return err
	}
	l.taken = s.pending
	if _, err := l.method.Source.Peek(l.self.object, l.out, l.args.vals, int(l.taken)); err != nil {
		return err
	}
	return st.finish(f, l.out, 0, l.commit)
}

// printLeaf prints its operands on one line.
type printLeaf struct {
	args *expr
}

func (l *printLeaf) exec(m *Machine, s *strand, f *frame, st *stmt) error {
	if err := m.evalArgs(l.args, f.regs); err != nil {
		return err
	}
	if st.want {
		keep(&f.value, ir.Value{})
	}
	if m.print == nil {
		return nil
	}
	var b strings.Builder
	for i, v := range l.args.vals {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(ir.Format(v))
	}
	m.print(b.String())
	return nil
}

// graphLeaf evaluates a graph leaf by the reference evaluation of its ops.
type graphLeaf struct {
	calls  []*expr
	locals []int      // first local of each call
	space  []ir.Value // the locals
	yields []yield
	out    []ir.Value
	values int // trailing yields that make up the value
	count  int64
}

// yield says where a result of a graph comes from.
type yield struct {
	from   *expr // a local or a register
	call   *expr // the call that owns the storage of a local
	result int
}

func (l *graphLeaf) steps(*Machine, *strand) (int64, error) { return l.count, nil }

func (l *graphLeaf) exec(m *Machine, s *strand, f *frame, st *stmt) error {
	if err := l.evaluate(m, f.regs); err != nil {
		return err
	}
	if err := st.finish(f, l.out, len(l.out)-l.values, nil); err != nil {
		return err
	}
	l.recycle()
	return nil
}

// evaluate computes the yields into l.out.
func (l *graphLeaf) evaluate(m *Machine, regs []ir.Value) error {
	m.locals = l.space
	for i, call := range l.calls {
		if err := m.evalOp(call, regs); err != nil {
			return err
		}
		if len(call.out) == 1 {
			l.space[l.locals[i]] = call.out[0]
		} else {
			copy(l.space[l.locals[i]:], call.out)
		}
	}
	for i := range l.yields {
		v, err := m.eval(l.yields[i].from, regs)
		if err != nil {
			return err
		}
		l.out[i] = v
	}
	return nil
}

// recycle gives storage that the stores replaced back to the calls.
func (l *graphLeaf) recycle() {
	for i := range l.yields {
		if y := &l.yields[i]; y.call != nil {
			y.call.out[y.result] = l.out[i]
		}
		l.out[i] = ir.Value{}
	}
}

// compiledLeaf runs a graph leaf by the code of a graph compiler.
type compiledLeaf struct {
	code    GraphCode
	patient PatientCode // code, until it no longer waits
	waits   int         // runs by reference before it is asked again
	slots   []int
	names   []string
	inputs  []ir.Value
	out     []ir.Value
	values  int
	count   int64
	// reference makes the leaf that evaluates the graph by reference, for
	// inputs whose values, not types, decide the types inside.
	reference   func() (*graphLeaf, error)
	byReference *graphLeaf
}

func (l *compiledLeaf) steps(*Machine, *strand) (int64, error) { return l.count, nil }

func (l *compiledLeaf) exec(m *Machine, s *strand, f *frame, st *stmt) error {
	regs := f.regs
	if l.waits > 0 {
		l.waits--
		return l.byReference.exec(m, s, f, st)
	}
	for i, slot := range l.slots {
		if regs[slot].IsUnset() {
			return l.told(m, st, regs, unsetError(l.names[i]))
		}
		l.inputs[i] = regs[slot]
	}
	if l.patient != nil {
		if waits := l.patient.Wait(l.inputs); waits > 0 {
			if err := l.linkReference(); err != nil {
				return err
			}
			l.waits = waits - 1
			return l.byReference.exec(m, s, f, st)
		}
		l.patient = nil
	}
	err := l.code.Exec(l.out, l.inputs)
	if err == nil {
		return st.finish(f, l.out, len(l.out)-l.values, nil)
	}
	var dynamic *ir.DynamicError
	if errors.As(err, &dynamic) && st.kind != kindFused {
		if err := l.linkReference(); err != nil {
			return err
		}
		return l.byReference.exec(m, s, f, st)
	}
	return l.told(m, st, regs, err)
}

// told returns err as the reference tells it, which names what fails inside: a
// call with its arguments, or the read of a register.
func (l *compiledLeaf) told(m *Machine, st *stmt, regs []ir.Value, err error) error {
	if st.kind == kindFused {
		return err // the source runs, and fails at its own place
	}
	if err := l.linkReference(); err != nil {
		return err
	}
	if told := l.byReference.evaluate(m, regs); told != nil {
		return told
	}
	return err
}

// linkReference makes the leaf that evaluates the graph by reference.
func (l *compiledLeaf) linkReference() error {
	if l.byReference != nil {
		return nil
	}
	var err error
	l.byReference, err = l.reference()
	return err
}
