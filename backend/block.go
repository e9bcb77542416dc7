package backend

import (
	"errors"
	"time"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// blockLeaf runs the body of a repeat or buffer for a number of iterations at once. All
// that can fail comes first, on storage of its own; then sources advance,
// methods commit and the registers get what the last iteration leaves in them.
// Where that does not work, because a source ends, something fails or fewer
// steps are wanted, the statements of one iteration run in its place.
type blockLeaf struct {
	per   int64 // steps of an iteration
	calls []blockCall
	each  []eachCall
	space []ir.Value // locals
	rows  []rowLocal
	carry []carried
	yield []blockYield
	value blockValue
	limit blockLimit
	// counts, if not negative, is the local of the values of the counter.
	counts int
	done   int64 // iterations before the run
	// familyOf is set where calls may have bits of their own in the family of
	// the machine: then they are not for blocks.
	familyOf GraphCompiler
	ranks    []int
	count    int        // iterations of the run that is next or has just been
	regs     []ir.Value // of the run
	stack    *stack     // of the buffer around
}

// blockCall is a call that is made once for all rows.
type blockCall struct {
	expr    *expr       // its operands; of an op, the call
	local   int         // first local of the results
	stacked []bool      // the operands that are; nil if none is
	rows    ops.Rows    // the call, when one is
	method  *ops.Method // nil for an op
	self    *instance
	out     []ir.Value // of a source
	per     int        // rows that an iteration takes
	matrix  bool       // an iteration has them stacked
}

// eachCall is a call that is made in each iteration. Operands that are locals
// are read straight from there.
type eachCall struct {
	*expr
	from  []int // local of each operand, -1 for what is none
	local int   // first local of the results
}

// rowLocal is a stack and the local that has its row in an iteration.
type rowLocal struct{ stack, row int }

// carried is a register that iterations read before they store to it.
type carried struct {
	slot, local int
	yield       *blockYield // of what an iteration stores
	held        bool        // the local owns its value
	next        ir.Value
	spare       ir.Value // storage for a row of a stack
}

// blockYield is what an iteration stores to a register.
type blockYield struct {
	to      *sink
	local   int   // -1 for a register
	slot    int   // of that register
	stacked bool  // the local is a stack
	call    *expr // whose result the local is, if it is one's
	result  int
	value   ir.Value
	spare   ir.Value // storage for a row of a stack
}

// blockLimit bounds the iterations of a run, so that it takes about half a
// millisecond and little memory, and failures cost little. What it is decides
// the time that the program takes, and nothing else.
type blockLimit struct {
	rows, pause int
}

const (
	firstBlockRows = 2
	maxBlockRows   = 1024
	maxBlockTime   = 500 * time.Microsecond
	maxBlockBytes  = 1 << 20 // of all stacks together
	maxBlockPause  = 1 << 16
)

// succeeded takes note of a run of count rows that took the time d and the given
// number of bytes.
func (b *blockLimit) succeeded(count int, d time.Duration, bytes int) {
	b.pause = 0
	switch {
	case count < b.rows: // there were no more
	case d > maxBlockTime || bytes > maxBlockBytes:
		b.rows = max(2, b.rows/2)
	case d < maxBlockTime/2 && bytes < maxBlockBytes/2:
		b.rows = min(maxBlockRows, 2*b.rows)
	}
}

// failed halves the number of rows. At 2 it gives up for a while, which gets
// longer each time.
func (b *blockLimit) failed() {
	if b.rows /= 2; b.rows < 2 {
		b.pause = min(maxBlockPause, max(16, 2*b.pause))
		b.rows = -b.pause
	}
}

// next returns how many iterations may be run, 0 for none.
func (b *blockLimit) next() int {
	if b.rows < 0 {
		if b.rows++; b.rows == 0 {
			b.rows = 2
		}
		return 0
	}
	return b.rows
}

// steps returns the steps of one iteration, 0 if the leaf stands where it
// cannot run.
func (l *blockLeaf) steps(_ *Machine, s *strand) (int64, error) {
	f := s.top()
	switch {
	case f.st == nil || len(f.body) != 1:
	case f.st.kind == kindBuffer && len(l.value.parts) > 0, f.st.kind == kindRepeat && !f.body[0].want:
		return l.per, nil
	}
	return 0, nil
}

// fit decides how many iterations to run, within most steps, and returns their
// steps, 0 if the source is to run.
func (l *blockLeaf) fit(s *strand, most int64) int64 {
	f := s.top()
	k := min(int64(l.limit.next()), most/l.per, f.count-f.done)
	if k < 2 {
		return 0
	}
	l.count = int(k)
	return k * l.per
}

func (l *blockLeaf) exec(m *Machine, s *strand, f *frame, st *stmt) error {
	start := time.Now()
	l.regs, l.done, l.stack = f.regs, f.done, f.stack
	err := l.compute(m, f.regs)
	if err != nil {
		l.release()
		l.limit.failed()
		return err
	}
	l.commit(f.regs)
	// The end of the iteration counts the last one, and adds its value.
	f.done += int64(l.count) - 1
	if l.stack != nil {
		l.stack.grow(int64(l.count) - 1)
		keep(&f.value, l.value.last)
		l.value.last = ir.Value{}
	}
	s.pending = int64(l.count) * l.per
	l.limit.succeeded(l.count, time.Since(start), l.bytes())
	return nil
}

// compute does all that can fail.
func (l *blockLeaf) compute(m *Machine, regs []ir.Value) error {
	m.locals = l.space
	for i := 0; i < len(l.calls); i++ {
		if i == 0 && l.counts >= 0 {
			if err := l.countUp(); err != nil {
				return err
			}
		}
		before := l.count
		if err := l.run(m, &l.calls[i], regs); err != nil {
			return err
		}
		if l.count < before {
			if l.count < 2 {
				return errNoBlock
			}
			i = -1 // all sources are to give as many rows as this one
		}
	}
	if len(l.each) > 0 || len(l.carry) > 0 || l.stack != nil && !l.value.whole {
		if err := l.iterate(m, regs); err != nil {
			return err
		}
	}
	for i := range l.yield {
		y := &l.yield[i]
		switch {
		case y.local < 0:
			y.value = regs[y.slot]
		case y.stacked:
			y.value = rowOf(l.space[y.local], l.count-1, y.spare)
			y.spare = ir.Value{}
		default:
			y.value = l.space[y.local]
		}
		if !y.fits(y.value) {
			return errNoBlock
		}
	}
	if l.stack != nil && l.value.whole {
		return l.putValues()
	}
	return nil
}

// countUp stacks the values that the counter has in the iterations.
func (l *blockLeaf) countUp() error {
	t, err := l.space[l.counts].Tensor().Resize(ir.I64, []int{l.count})
	if err != nil {
		return err
	}
	for i := range ir.Data[int64](t) {
		ir.Data[int64](t)[i] = l.done + int64(i)
	}
	l.space[l.counts] = ir.TensorValue(t)
	return nil
}

// errNoBlock says that the statements have to run one by one.
var errNoBlock = errors.New("bug: a block leaves its iterations to the source")

// fits reports whether the register can hold v as it is.
func (y *blockYield) fits(v ir.Value) bool {
	return !v.IsUnset() && (y.to.fixed == nil || v.HasType(*y.to.fixed))
}

func rowOf(stack ir.Value, i int, old ir.Value) ir.Value {
	return stack.Tensor().CopyOut(i, old).AsWeak(stack.Weak())
}

// run makes the call for all rows. A source that has fewer rows lowers l.count.
func (l *blockLeaf) run(m *Machine, c *blockCall, regs []ir.Value) error {
	if err := m.evalArgs(c.expr, regs); err != nil {
		return err
	}
	out := c.expr.out
	var err error
	switch {
	case c.out != nil:
		out = c.out
		var rows int
		rows, err = c.method.Source.Peek(c.self.object, out, c.expr.vals, l.count*c.per)
		if err != nil && rows < l.count*c.per {
			l.count = rows / c.per
			return nil
		}
		if err == nil && c.matrix {
			return l.matrices(c)
		}
	case c.method != nil:
		return c.method.PrepareRows(c.self.object, c.expr.vals, l.count)
	case !l.byReference(c.expr, c.stacked):
		return errNoBlock
	case c.stacked == nil:
		err = c.expr.op.Eval(out, c.expr.vals)
	default:
		c.rows.Count = l.count
		c.rows.Args = append(c.rows.Args[:0], c.expr.vals...)
		c.rows.Stacked = append(c.rows.Stacked[:0], c.stacked...)
		err = c.expr.op.EvalRows(out, &c.rows)
	}
	copy(l.space[c.local:], out)
	return err
}

// matrices makes the rows that a source gives the stacks of the iterations.
func (l *blockLeaf) matrices(c *blockCall) error {
	for i, rows := range c.out {
		t := rows.Tensor()
		stacks, err := t.View(append([]int{l.count, c.per}, t.Shape()[1:]...))
		if err != nil {
			return err
		}
		l.space[c.local+i] = ir.TensorValue(stacks).AsWeak(rows.Weak())
	}
	return nil
}

// byReference reports whether the reference evaluation of the call e has the bits
// that the statements have in the family of the machine.
func (l *blockLeaf) byReference(e *expr, stacked []bool) bool {
	if l.familyOf == nil || !e.op.Product {
		return true
	}
	l.ranks = l.ranks[:0]
	for i := range e.vals {
		rank := len(e.vals[i].Shape())
		if stacked != nil && stacked[i] {
			rank--
		}
		l.ranks = append(l.ranks, rank)
	}
	return l.familyOf.ByReference(e.op.Name, l.ranks)
}

// iterate makes the calls of each iteration.
func (l *blockLeaf) iterate(m *Machine, regs []ir.Value) error {
	for i := range l.carry {
		c := &l.carry[i]
		if regs[c.slot].IsUnset() {
			return errNoBlock
		}
		l.space[c.local] = regs[c.slot]
	}
	for i := range l.count {
		for _, r := range l.rows {
			l.space[r.row] = rowOf(l.space[r.stack], i, l.space[r.row])
		}
		for j := range l.each {
			if err := l.eachCall(m, &l.each[j], regs); err != nil {
				return err
			}
		}
		if l.stack != nil && !l.value.whole {
			if err := l.putValue(i); err != nil {
				return err
			}
		}
		if i == l.count-1 {
			return nil
		}
		for j := range l.yield {
			if y := &l.yield[j]; y.to.fixed != nil && y.local >= 0 && !y.stacked && !y.fits(l.space[y.local]) {
				return errNoBlock
			}
		}
		l.carryOn(i)
	}
	return nil
}

func (l *blockLeaf) eachCall(m *Machine, c *eachCall, regs []ir.Value) error {
	for i, local := range c.from {
		if local >= 0 {
			c.vals[i] = l.space[local]
			continue
		}
		v, err := m.eval(c.args[i], regs)
		if err != nil {
			return err
		}
		c.vals[i] = v
	}
	if !l.byReference(c.expr, nil) {
		return errNoBlock
	}
	if err := c.op.Eval(c.out, c.vals); err != nil {
		return err
	}
	copy(l.space[c.local:], c.out)
	return nil
}

// carryOn gives the next iteration what iteration i stores.
func (l *blockLeaf) carryOn(i int) {
	for j := range l.carry {
		c := &l.carry[j]
		if y := c.yield; y.stacked {
			c.next, c.spare = rowOf(l.space[y.local], i, c.spare), ir.Value{}
		} else if y.local >= 0 {
			c.next = l.space[y.local]
		} else {
			c.next = l.regs[y.slot]
		}
		if !c.next.IsScalar() {
			c.next.Retain()
		}
	}
	for j := range l.carry {
		c := &l.carry[j]
		if old := l.space[c.local]; c.held && old.Release() {
			if c.yield.stacked {
				c.spare = old
			} else if c.yield.call != nil {
				c.yield.call.out[c.yield.result] = old
			}
		}
		l.space[c.local], c.held = c.next, !c.next.IsScalar()
		c.next = ir.Value{}
	}
}

// release gives up what the locals own.
func (l *blockLeaf) release() {
	for j := range l.carry {
		c := &l.carry[j]
		if c.held {
			l.space[c.local].Release()
		}
		l.space[c.local], c.held = ir.Value{}, false
	}
}

// commit makes all changes of the iterations.
func (l *blockLeaf) commit(regs []ir.Value) {
	for i := range l.calls {
		switch c := &l.calls[i]; {
		case c.out != nil:
			c.method.Source.Advance(c.self.object, l.count*c.per)
		case c.method != nil && c.method.Commit != nil:
			c.method.Commit(c.self.object)
		}
	}
	for i := range l.yield {
		y := &l.yield[i]
		v := y.value
		y.value = ir.Value{}
		if y.to.slot < 0 {
			if y.stacked {
				y.spare = v
			}
			continue
		}
		old := storeSlot(regs, y.to.slot, v)
		switch {
		case y.stacked:
			y.spare = old
		case y.call != nil && !old.IsNull():
			y.call.out[y.result] = old
		}
	}
	l.release()
}

// bytes returns the size of the stacks.
func (l *blockLeaf) bytes() int {
	bytes := 0
	for i := range l.calls {
		c := &l.calls[i]
		out := c.expr.out
		if c.out != nil {
			out = c.out
		}
		for j := range out {
			if t := out[j].Tensor(); t != nil {
				bytes += t.Size() * t.DType().Size()
			}
		}
	}
	return bytes
}
