package backend

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// stmt is a linked statement. Leaves have exec, control elements have regions.
type stmt struct {
	node    *ir.Node
	kind    kind
	exec    leaf
	stores  []sink
	want    bool // something uses the statement's value
	operand *expr
	body    []*stmt
	strands [][]*stmt
	cases   []branch
	counter int // slot of a repeat's counter, -1 if none
	require int64
	weights []int64
	byStmt  bool // a weave's turn is a statement
	call    *callCode
	source  *source // what a fused leaf stands for
	whole   int64   // its steps, if nothing is evaluated when control comes to it
	hidden  []int   // slots of what leaves inside keep while the loop runs
	decided bool    // a loop whose body has switches that are decided once, see splice
	scratch ir.Value
	work    int64 // see pureWork, 0 until asked
	special bool  // a leaf that is fused or has hooks
	hooks   *hooks
	hook    *hookCode // of a region of a hook
	profile *profileCounter
}

// kind tells the driver how a statement is run.
type kind uint8

const (
	kindLeaf kind = iota
	kindFused
	kindSeq
	kindRepeat
	kindLoop
	kindWhile
	kindUntil
	kindBreak
	kindContinue
	kindSwitch
	kindWeave
	kindBuffer
	kindCall
	kindHook
)

var controlKinds = map[string]kind{
	"seq": kindSeq, "repeat": kindRepeat, "loop": kindLoop, "while": kindWhile, "until": kindUntil,
	"break": kindBreak, "continue": kindContinue, "switch": kindSwitch, "weave": kindWeave, "buffer": kindBuffer,
}

func (k kind) isLoop() bool {
	return k == kindRepeat || k == kindLoop || k == kindWhile || k == kindUntil
}

// branch is a case of a switch; the default has no label.
type branch struct {
	label ir.Value
	body  []*stmt
}

// sink is where a result goes: a slot, or nowhere when slot is -1.
type sink struct {
	slot  int
	name  string
	fixed *ir.Type
}

// scopeCode is a linked body with its registers: the program's or a function's.
type scopeCode struct {
	name    string
	slots   map[string]int
	initial []ir.Value
	fixed   []*ir.Type
	body    []*stmt
	outputs []int
	params  []sink
	free    [][]ir.Value            // windows of finished calls, for reuse
	ended   func(window []ir.Value) // called when a call ends; nil if nothing is to be done
}

// callCode is what a statement that calls a function needs.
type callCode struct {
	callee *scopeCode
	args   []*expr
}

// leaf runs the leaf statement st of the top frame f of s and, if st.want, makes
// f.value its value. On an error nothing has changed.
type leaf interface {
	exec(m *Machine, s *strand, f *frame, st *stmt) error
}

// fused is a leaf that stands for several source steps.
type fused interface {
	leaf
	// steps returns how many source steps the leaf takes from here; 0 or an
	// error hands over to the source.
	steps(m *Machine, s *strand) (int64, error)
}

// window returns the registers of a new call of the scope.
func (c *scopeCode) window() []ir.Value {
	if n := len(c.free); n > 0 {
		w := c.free[n-1]
		c.free = c.free[:n-1]
		copy(w, c.initial)
		return w
	}
	return append([]ir.Value(nil), c.initial...)
}

// release takes back the registers of a finished or cancelled call.
func (c *scopeCode) release(w []ir.Value) {
	if c.ended != nil {
		c.ended(w)
	}
	for i := range w {
		w[i].Release()
		w[i] = ir.Unset()
	}
	c.free = append(c.free, w)
}

// instance is an object of a running machine.
type instance struct {
	name   string
	class  *ops.Class
	object ops.Object
}
