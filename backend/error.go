package backend

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// A RunError is a failure of a running program: where it happened, in which
// iterations of the enclosing loops, and why. The machine still stands before
// the failed statement; nothing of it has been done.
type RunError struct {
	File string
	// Node is the statement or expression that failed.
	Node *ir.Node
	// Counters holds the enclosing elements, outermost first.
	Counters []Counter
	// Step is the number of steps done before.
	Step int64
	Err  error
}

// A Counter is the state of an element around a failed statement.
type Counter struct {
	// Element names it: repeat, while, function f, strand 1, hook before
	// print (id 7).
	Element string
	Pos     ir.Pos
	// Done is the number of completed iterations, -1 for elements without any.
	Done int64
}

// Unwrap returns the reason.
func (e *RunError) Unwrap() error { return e.Err }

// Error returns position, reason, statement, loop counters and step.
func (e *RunError) Error() string {
	var b strings.Builder
	b.WriteString(ir.Problem{File: e.File, Pos: e.Node.Pos, Message: e.Err.Error()}.Error())
	fmt.Fprintf(&b, "\n  in %s", describe(e.Node))
	for i := len(e.Counters) - 1; i >= 0; i-- {
		c := e.Counters[i]
		fmt.Fprintf(&b, "\n  in %s", c.Element)
		if c.Pos.Known() {
			fmt.Fprintf(&b, " at %s", c.Pos)
		}
		if c.Done >= 0 {
			fmt.Fprintf(&b, ", iteration %d", c.Done)
		}
	}
	fmt.Fprintf(&b, "\n  after %d steps", e.Step)
	return b.String()
}

func describe(n *ir.Node) string {
	s := n.Op
	for _, name := range []string{"call", "grad", "next_n", "reg"} {
		if text := n.Text(name); text != "" {
			s = name + " " + text
		}
	}
	if stores := n.Stores(); len(stores) > 0 && !ir.IsLocal(stores[0]) {
		s += " storing to " + strings.Join(stores, ", ")
	} else if read := registersOf(n); n.Op == "call" && len(stores) == 0 && len(read) > 0 {
		s += " of " + strings.Join(read, ", ")
	}
	id := n.ID
	if len(n.Origins) > 0 {
		id = n.Origins[0] // of the source, whose IDs last
	}
	if id != 0 {
		s += fmt.Sprintf(" (id %d)", id)
	}
	return s
}

// registersOf returns the registers that are arguments of n as they are: they
// tell apart the guards of a program, which store nothing.
func registersOf(n *ir.Node) []string {
	var names []string
	for _, arg := range n.Args {
		if arg.Op == "reg" && !ir.IsLocal(arg.Text("reg")) {
			names = append(names, arg.Text("reg"))
		}
	}
	return names
}

// placedError carries the node at which an evaluation failed, until the driver
// adds where it stands.
type placedError struct {
	node *ir.Node
	err  error
}

func (e *placedError) Error() string { return e.err.Error() }
func (e *placedError) Unwrap() error { return e.err }

// at places err at n, unless it has a place already.
func at(n *ir.Node, err error) error {
	var placed *placedError
	if err == nil || errors.As(err, &placed) {
		return err
	}
	for n.Op == "call" && ir.IsHidden(n.Text("call")) {
		n = n.Args[0] // what the program has in its place
	}
	return &placedError{n, err}
}

// callError says which call failed with which arguments.
func callError(sig *ir.Signature, args []ir.Value, err error) error {
	var b strings.Builder
	for i, arg := range args {
		if i > 0 {
			b.WriteString(", ")
		}
		if i < len(sig.Params) {
			b.WriteString(sig.Params[i].Name + ": ")
		}
		if arg.IsNumber() && !arg.IsScalar() {
			b.WriteString(arg.Type().String())
		} else {
			b.WriteString(ir.FormatShort(arg))
		}
	}
	return &callFailure{prefix: sig.Name + "(" + b.String() + "): ", name: sig.Name, err: err}
}

// callFailure is a failure of a call, whose name it says once.
type callFailure struct {
	prefix, name string
	err          error
}

func (e *callFailure) Error() string {
	return e.prefix + strings.TrimPrefix(e.err.Error(), e.name+": ")
}

func (e *callFailure) Unwrap() error { return e.err }

// fail turns err, which happened in strand s at node n, into a RunError.
func (m *Machine) fail(s *strand, n *ir.Node, err error) error {
	var placed *placedError
	var inner *RunError // of a function called in an expression
	if errors.As(err, &inner) {
		n, err = inner.Node, inner.Err
	} else if errors.As(err, &placed) {
		n, err = placed.node, placed.err
	}
	run := &RunError{File: m.program.File, Node: n, Step: m.steps, Err: err}
	for ; s != nil; s = s.parent {
		for i := len(s.frames) - 1; i >= 0; i-- {
			if c, ok := s.frames[i].counter(); ok {
				run.Counters = append(run.Counters, c)
			}
		}
		if s.parent != nil {
			run.Counters = append(run.Counters, Counter{Element: fmt.Sprintf("strand %d", s.index), Done: -1})
		}
	}
	slices.Reverse(run.Counters)
	if inner != nil {
		run.Counters = append(run.Counters, inner.Counters...)
	}
	return run
}

// counter describes the element of f for messages, if it is one that counts or
// calls.
func (f *frame) counter() (Counter, bool) {
	if f.st == nil {
		return Counter{}, false
	}
	c := Counter{Element: f.st.node.Op, Pos: f.st.node.Pos, Done: f.done}
	switch f.st.kind {
	case kindRepeat, kindLoop, kindWhile, kindUntil, kindBuffer:
		if as := f.st.node.Text("as"); as != "" {
			c.Element += " as " + as
		}
		return c, true
	case kindCall:
		c.Element, c.Done = "function "+f.st.call.callee.name, -1
		return c, true
	case kindHook:
		c.Element, c.Done = "hook before "+describe(firstSource(f.st.hook.owner.node)), -1
		if f.st.hook.after {
			c.Element = "hook after " + describe(lastSource(f.st.hook.owner.node))
		}
		return c, true
	}
	return c, false
}
