package backend

import "flowc.dev/flowc/ir"

// A strand is a position in a program: the main one, or one strand of a weave.
type strand struct {
	todo   todo
	leaf   *stmt    // the statement to run next, when ready
	value  ir.Value // of the statement that finished
	frames []frame  // the elements around the position, outermost first
	steps  int64    // steps that this strand has done
	// parent runs the weave that the strand, with this index, belongs to.
	parent *strand
	index  int
	// turn is where the strand stood when its turn began.
	turn struct {
		pc   int
		done int64
	}
	// pending is the count that a fused leaf found when control came to it.
	pending int64
	// hooked says that the hooks before the statement at the position have run,
	// inHook how many of the frames are hooks.
	hooked bool
	inHook int
	// process is what popen has launched here, argv its argument vector. A
	// resumed strand that polls has argv alone.
	process Process
	argv    ir.Value
}

// todo says what a strand does next.
type todo uint8

const (
	// The strand has settled.
	ready   todo = iota // leaf is to be run
	tick                // an iteration or call without a leaf takes its step
	polling             // the process of the leaf has been launched
	weaving             // the top frame's weave takes turns
	done                // the strand has ended
	// The strand is about to settle. When that fails, it stays as it is, so
	// that the next try repeats what failed.
	enter     // the statement at the top frame's pc
	finish    // that statement ended with value: store it
	pass      // that statement ended and has stored its value
	endBody   // the top frame's body has ended
	endTicked // the same, and its step has been counted
	leave     // the top frame's element ended with value
	again     // evaluate the condition for the next iteration
	starting  // start the strands of the top frame's weave
)

func (t todo) settled() bool { return t <= done }

// frame is an element that control is in. The frame of a whole body has no
// statement.
type frame struct {
	st    *stmt
	body  []*stmt
	pc    int
	plain bool  // a repeat whose value nothing uses
	count int64 // iterations to do
	done  int64 // completed iterations
	mark  int64 // strand.steps when the iteration or call began
	regs  []ir.Value
	scope *scopeCode
	value ir.Value // of the last statement of the body that ended, if wanted
	last  ir.Value // of the last completed iteration, or of what a hook follows
	left  bool     // a break ends the loop with this iteration
	stack *stack   // values that a buffer has gathered
	weave *weave
}

// weave is the state of a weave element.
type weave struct {
	strands   []*strand
	values    []ir.Value
	started   int
	done      int64
	current   int
	turnsLeft int64
}

func (s *strand) top() *frame { return &s.frames[len(s.frames)-1] }

// push enters an element whose body runs with the registers of the frame
// around it.
func (s *strand) push(st *stmt, body []*stmt) *frame {
	outer := s.top()
	s.frames = append(s.frames, frame{st: st, body: body, regs: outer.regs, scope: outer.scope, mark: s.steps})
	s.todo = enter
	return s.top()
}

// pop leaves the top frame.
func (s *strand) pop() {
	f := s.top()
	if f.st != nil {
		if f.st.kind == kindHook {
			s.inHook--
		}
		f.st.forget(f.regs)
	}
	f.value.Release()
	f.last.Release()
	*f = frame{}
	s.frames = s.frames[:len(s.frames)-1]
}

// keep replaces *to by v, which it then owns.
func keep(to *ir.Value, v ir.Value) {
	v.Retain()
	to.Release()
	*to = v
}

// cancel drops the strand where it stands.
func (s *strand) cancel() {
	for len(s.frames) > 0 {
		s.drop()
	}
	s.endProcess()
	s.todo = done
}

// drop leaves the top frame whatever state it is in.
func (s *strand) drop() {
	f := s.top()
	if f.weave != nil {
		for _, inner := range f.weave.strands {
			inner.cancel()
		}
	}
	if f.stack != nil {
		f.stack.release()
	}
	if f.st != nil && f.st.kind == kindCall {
		f.scope.release(f.regs)
	}
	s.pop()
}
