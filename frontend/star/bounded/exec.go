package bounded

import (
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Limits that hold for every file.
const (
	// MaxSource is the largest size of a file in bytes.
	MaxSource = 8 << 20
	// DefaultMaxSteps is the number of steps a file may take. It keeps
	// evaluation to a few seconds and well under a gigabyte.
	DefaultMaxSteps = 20_000_000
	// maxDepth bounds the nesting of syntax and of values that are printed,
	// compared or hashed.
	maxDepth = 1000
	// maxIntBits bounds the size of whole numbers.
	maxIntBits = 4096
)

// Options say what a file can use.
type Options struct {
	// MaxSteps is the limit of steps; 0 is [DefaultMaxSteps].
	MaxSteps uint64
	// Predeclared are the names that the file can use beside the universe.
	Predeclared starlark.StringDict
	// Binary computes x op y, comparisons included, when it answers true;
	// otherwise Starlark does.
	Binary func(thread *starlark.Thread, op syntax.Token, x, y starlark.Value) (starlark.Value, bool, error)
	// Unary computes op x when it answers true.
	Unary func(thread *starlark.Thread, op syntax.Token, x starlark.Value) (starlark.Value, bool, error)
	// Attr returns x.name when it answers true.
	Attr func(thread *starlark.Thread, x starlark.Value, name string) (starlark.Value, bool, error)
	// Index returns x[key] when it answers true.
	Index func(thread *starlark.Thread, x, key starlark.Value) (starlark.Value, bool, error)
	// Slice returns x[low:high:step] when it answers true; what is left out
	// is None.
	Slice func(thread *starlark.Thread, x, low, high, step starlark.Value) (starlark.Value, bool, error)
	// Truth returns an error for a value that cannot decide a condition.
	Truth func(x starlark.Value) error
}

// An Error is what is wrong with a file, at a place. Stack has the calls that
// led there, innermost first, without the place itself.
type Error struct {
	Pos     syntax.Position
	Message string
	Stack   []starlark.CallFrame
	Cause   error
}

// Error returns the message with the way to the place on one line.
func (e *Error) Error() string { return e.Message + Trace(e.Stack) }

// Unwrap returns the error that a built-in function gave.
func (e *Error) Unwrap() error { return e.Cause }

// Trace describes the calls that led to a place, "" if there are none.
func Trace(stack []starlark.CallFrame) string {
	const most = 4
	var b strings.Builder
	for i, frame := range stack {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(stack)-most)
			break
		}
		if i == 0 {
			b.WriteString("; called from ")
		} else {
			b.WriteString(", from ")
		}
		if frame.Name == toplevel {
			fmt.Fprintf(&b, "line %d", frame.Pos.Line)
		} else {
			fmt.Fprintf(&b, "%s at line %d", frame.Name, frame.Pos.Line)
		}
	}
	return b.String()
}

// Errors are all that is wrong with the form of a file.
type Errors []*Error

// Error returns one message per line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

const toplevel = "<toplevel>"

// A Module is what an evaluated file has made.
type Module struct {
	Globals starlark.StringDict
	// Names are the globals in the order of their first assignment.
	Names []string
}

// Exec evaluates a file. The error is of type [Errors].
func Exec(file string, src []byte, o Options) (module *Module, err error) {
	defer func() {
		if r := recover(); r != nil {
			module, err = nil, Errors{{Message: fmt.Sprintf("bug: evaluation failed: %v", r)}}
		}
	}()
	if len(src) > MaxSource {
		return nil, Errors{{Message: fmt.Sprintf("the file has %d bytes: want at most %d; larger programs are written in the JSON form", len(src), MaxSource)}}
	}
	if o.MaxSteps == 0 {
		o.MaxSteps = DefaultMaxSteps
	}
	syntaxOptions := syntax.FileOptions{Set: true, TopLevelControl: true, GlobalReassign: true}
	f, err := syntaxOptions.Parse(file, src, 0)
	if err != nil {
		return nil, formErrors(err)
	}
	names := assigned(f)
	if err := rewrite(f); err != nil {
		return nil, Errors{err}
	}
	e := &evaluator{Options: o}
	e.functions = e.universe()
	predeclared := starlark.StringDict{}
	for name, v := range e.functions {
		predeclared[name] = v
	}
	for name, v := range o.Predeclared {
		predeclared[name] = v
	}
	e.addGuards(predeclared)
	program, err := starlark.FileProgram(f, predeclared.Has)
	if err != nil {
		return nil, formErrors(err)
	}
	thread := &starlark.Thread{Name: file, Print: func(*starlark.Thread, string) {}}
	thread.SetMaxExecutionSteps(o.MaxSteps)
	thread.OnMaxSteps = func(thread *starlark.Thread) { thread.Cancel(tooManySteps) }
	thread.SetLocal(evaluatorKey, e)
	globals, err := program.Init(thread, predeclared)
	if err != nil {
		return nil, Errors{e.runError(err)}
	}
	return &Module{globals, names}, nil
}

// Builtin returns Starlark's own function of the given name with its guard, for
// the evaluation that thread belongs to.
func Builtin(thread *starlark.Thread, name string) *starlark.Builtin {
	e, ok := thread.Local(evaluatorKey).(*evaluator)
	if !ok {
		return nil
	}
	b, _ := e.functions[name].(*starlark.Builtin)
	return b
}

const (
	evaluatorKey = "bounded"
	tooManySteps = "too many steps"
)

// stepsError is the error of a file that takes too long.
func (e *evaluator) stepsError() error {
	return fmt.Errorf("evaluating the file takes more than %d steps: make smaller values, or write loops of the program with REPEAT", e.MaxSteps)
}

func (e *evaluator) runError(err error) *Error {
	var located *starlark.EvalError
	if !errors.As(err, &located) {
		return &Error{Message: Shorten(err.Error()), Cause: err}
	}
	for inner := located; errors.As(inner.Unwrap(), &inner); {
		located = inner // of a function that a built-in one called
	}
	message := located.Msg
	if strings.HasSuffix(message, "cancelled: "+tooManySteps) {
		message = e.stepsError().Error()
	}
	pos, stack := place(located.CallStack)
	return &Error{Pos: pos, Message: Shorten(message), Stack: stack, Cause: located.Unwrap()}
}

// place returns where in the file the top of a call stack is and the calls
// below it, innermost first.
func place(calls starlark.CallStack) (pos syntax.Position, stack []starlark.CallFrame) {
	for i := len(calls) - 1; i >= 0; i-- {
		switch {
		case calls[i].Pos.Filename() == "<builtin>":
		case !pos.IsValid():
			pos = calls[i].Pos
		default:
			stack = append(stack, calls[i])
		}
	}
	return pos, stack
}

// Place returns where in the file the call that is being evaluated is, and the
// calls that led there, innermost first.
func Place(thread *starlark.Thread) (syntax.Position, []starlark.CallFrame) {
	return place(thread.CallStack())
}

const maxMessage = 400

// Shorten cuts the middle out of a long message.
func Shorten(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	head, tail := s[:maxMessage/2], s[len(s)-maxMessage/2:]
	return strings.ToValidUTF8(head, "") + "..." + strings.ToValidUTF8(tail, "")
}

// formErrors turns what the parser and the resolver say into Errors.
func formErrors(err error) Errors {
	var one syntax.Error
	var many resolve.ErrorList
	switch {
	case errors.As(err, &one):
		return Errors{{Pos: one.Pos, Message: Shorten(one.Msg)}}
	case errors.As(err, &many):
		const most = 100
		var es Errors
		for _, e := range many[:min(len(many), most)] {
			es = append(es, &Error{Pos: e.Pos, Message: Shorten(e.Msg)})
		}
		return es
	}
	return Errors{{Message: Shorten(err.Error())}}
}
