package star

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"flowc.dev/flowc/frontend/star/bounded"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Options change how files are read. The zero value is what [Parse] does.
type Options struct {
	// Registry has the ops and classes that files can name; nil is
	// [ops.Standard].
	Registry *ops.Registry
	// MaxSteps bounds the evaluation; 0 is [bounded.DefaultMaxSteps].
	MaxSteps uint64
	// Remark, if not nil, receives what is likely not meant but is no error.
	Remark func(ir.Problem)
}

// Parse evaluates a Starlark file and returns the program that it constructs.
// file names the source in messages and in the program. The error is of type
// [ir.Problems].
//
// Beside Starlark's own functions, a file can name:
//
//   - the elements, SEQ, REPEAT, LOOP, WHILE, UNTIL, BREAK, CONTINUE, IF, SWITCH
//     (or CHOOSE) with CASE, WEAVE, BUFFER (or BUFFER_REPEAT), CALL, ASSIGN,
//     GRAD, PRINT, POPEN, SPAWN, JOIN and HOOK, in lower case too where that is
//     no keyword. Parameters are the keys of the JSON form; as, in and yield are
//     spelt with an underscore at the end. store_to= names the registers of the
//     results, hooks= and doc= go with every statement;
//   - reg("x"), a register, reg("p").W, a field of one, and every op as a
//     function of such expressions. Operators, comparisons and indices work
//     on them too; slice(a, b) is a slice among several indices;
//   - tensor(dtype, data) and tensor(dtype, shape=.., fill=..), const(value),
//     DOC(text, what);
//   - the classes of objects, such as data.normal(rows=.., cols=..), which make
//     an object named after the variable it is assigned to; its methods are
//     called in a body, or given to CALL;
//   - FUNCTION(name, params, returns, body), or FUNCTION(def) to trace a def;
//   - REGISTER, INPUT and OUTPUT to declare, IMPORT for libraries, and
//     program(name=.., registers=.., inputs=.., outputs=.., body=..), which makes
//     the program; or .run() of a statement;
//   - what a file of 2010 names: Registers, Dataset, PCA_Analysis and
//     numpy.random.RandomState(seed).randn(rows, cols).
func Parse(src []byte, file string) (*ir.Program, error) { return Options{}.Parse(src, file) }

// Parse is [Parse] with what o says.
func (o Options) Parse(src []byte, file string) (p *ir.Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, ir.Problems{{File: file, Message: fmt.Sprintf("bug: reading the file failed: %v", r)}}
		}
	}()
	if o.Registry == nil {
		o.Registry = ops.Standard()
	}
	b := newBuilder(o, file)
	module, err := bounded.Exec(file, src, bounded.Options{
		MaxSteps:    o.MaxSteps,
		Predeclared: b.predeclared(),
		Binary:      b.binary,
		Unary:       b.unary,
		Attr:        b.attribute,
		Index:       b.index,
		Slice:       b.slice,
		Truth:       truth,
	})
	var found bounded.Errors
	if errors.As(err, &found) {
		for _, e := range found {
			b.problems = append(b.problems, ir.Problem{File: file, Pos: position(e.Pos), Message: e.Error()})
		}
	}
	if len(b.problems) > 0 {
		return nil, b.problems.Err()
	}
	p = b.program(module)
	if len(b.problems) > 0 {
		return nil, b.problems.Err()
	}
	if o.Remark != nil {
		for _, remark := range b.remarks() {
			o.Remark(remark)
		}
	}
	return p, nil
}

func position(pos syntax.Position) ir.Pos {
	if pos.Line < 1 {
		return ir.Pos{}
	}
	return ir.Pos{Line: pos.Line, Column: max(1, pos.Col)}
}

// A builder makes the parts of one program while its file is evaluated.
type builder struct {
	Options
	file     string
	problems ir.Problems
	nodes    int // made so far

	objects   []*object
	functions []*function
	methods   map[*ir.Node]*object // of calls whose object has no name yet
	registers []ir.Register
	inputs    []string
	outputs   []string
	imports   []string
	spec      *programSpec
	runs      []*term
	effects   []*term // statements that do something, for remarks
}

func newBuilder(o Options, file string) *builder {
	return &builder{Options: o, file: file, methods: map[*ir.Node]*object{}}
}

// maxProblems is the number of problems after which evaluation stops.
const maxProblems = 100

func (b *builder) report(pos ir.Pos, format string, args ...any) {
	if len(b.problems) < maxProblems {
		b.problems = append(b.problems, ir.Problem{File: b.file, Pos: pos, Message: bounded.Shorten(fmt.Sprintf(format, args...))})
	}
}

// A fatal error ends the evaluation; others become problems, and evaluation
// goes on to find more.
type fatal struct{ error }

func (f fatal) Unwrap() error { return f.error }

var errTooManyProblems = fatal{fmt.Errorf("evaluation stopped after %d problems", maxProblems)}

// A call is a call of a constructor from the file.
type call struct {
	*builder
	thread *starlark.Thread
	name   string
	args   starlark.Tuple
	kwargs []starlark.Tuple
	pos    ir.Pos
}

// callable is what a constructor does.
type callable func(c *call) (starlark.Value, error)

// invoke runs a constructor for Starlark.
func (b *builder) invoke(thread *starlark.Thread, name string, args starlark.Tuple, kwargs []starlark.Tuple, f callable) (starlark.Value, error) {
	pos, stack := bounded.Place(thread)
	c := &call{b, thread, name, args, kwargs, position(pos)}
	if err := bounded.Charge(thread, uint64(len(args)+len(kwargs))); err != nil {
		return nil, err
	}
	v, err := f(c)
	if err == nil {
		return v, nil
	}
	var end fatal
	if errors.As(err, &end) {
		return nil, err
	}
	if len(b.problems) >= maxProblems {
		return nil, errTooManyProblems
	}
	if errors.Is(err, errBroken) { // has been reported where it was made
		return broken, nil
	}
	b.report(c.pos, "%s: %s%s", name, err, bounded.Trace(stack))
	return broken, nil
}

// constructor returns a function of the file that runs f.
func (b *builder) constructor(name string, f callable) *starlark.Builtin {
	return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return b.invoke(thread, name, args, kwargs, f)
	})
}
