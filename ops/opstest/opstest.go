// Package opstest tests ops by laws that hold for all of them, on examples of their
// arguments. A test of an op is
//
//	func TestOp(t *testing.T) {
//		opstest.Run(t, nil, op, opstest.Call(x, y), opstest.Call(y, x))
//	}
//
// The laws, each a subtest, are:
//
//   - types: Infer gives the types that Eval's results have, without the values of
//     arguments that are not static, and asks for those that are;
//   - errors: for arguments of other types, of many kinds and shapes, Infer and Eval
//     give the same error, or the same types; only an op with CanFail fails in Eval
//     alone;
//   - operands: Eval modifies no operand, and no result shares storage with one;
//   - destination: the results do not depend on what dst held;
//   - again: Eval gives the same bits again, also when several goroutines call it;
//   - specials: the laws of types and again with zeros of both signs, infinities, NaN,
//     subnormal and large numbers among the elements of floats;
//   - batch: EvalRows gives the bits of evaluations one by one;
//   - elements, broadcast, records, for elementwise ops: each element of a result is
//     that of the elements of the operands, also where they broadcast, and that of a
//     record is the op on every field;
//   - gradient, gradient records, for ops with a gradient: adjoints have the types
//     of the arguments and, in f64, are equal to central finite differences; those of
//     records are those of the fields.
//
// A panic is a failure that names the function.
package opstest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// An Example is a call of an op that succeeds.
type Example struct {
	// Args are all arguments, in the order of the parameters, with defaults.
	Args []ir.Value
	// Kinked says that the op has no derivative there, so that finite differences
	// say nothing.
	Kinked bool
}

// Call returns the example with the arguments.
func Call(args ...ir.Value) Example { return Example{Args: args} }

// Kinked returns an example where the op has no derivative.
func Kinked(args ...ir.Value) Example { return Example{Args: args, Kinked: true} }

// Run checks the laws on an op, each as a subtest. The registry has the ops that its
// gradient calls; nil is [ops.Standard].
func Run(t *testing.T, registry *ops.Registry, op *ops.Op, examples ...Example) {
	t.Helper()
	if len(examples) == 0 {
		t.Fatalf("op %s: there are no examples: want calls that succeed", op.Name)
	}
	for _, law := range laws {
		if law.about == nil || law.about(op) {
			t.Run(law.name, func(t *testing.T) {
				for _, problem := range newSubject(registry, op, examples).obey(law) {
					t.Error(problem)
				}
			})
		}
	}
}

// Check returns how an op breaks the laws; see [Run].
func Check(registry *ops.Registry, op *ops.Op, examples ...Example) []error {
	var problems []error
	if len(examples) == 0 {
		return append(problems, fmt.Errorf("op %s: there are no examples: want calls that succeed", op.Name))
	}
	for _, law := range laws {
		if law.about == nil || law.about(op) {
			for _, problem := range newSubject(registry, op, examples).obey(law) {
				problems = append(problems, fmt.Errorf("law %s: %w", law.name, problem))
			}
		}
	}
	return problems
}

// A law is what holds for ops.
type law struct {
	name  string
	about func(op *ops.Op) bool // nil is all
	check func(s *subject)
}

var laws = []law{
	{"types", nil, each((*subject).types)},
	{"errors", nil, each((*subject).errors)},
	{"operands", nil, each((*subject).operands)},
	{"destination", nil, each((*subject).destination)},
	{"again", nil, each((*subject).again)},
	{"specials", nil, each((*subject).specials)},
	{"batch", func(op *ops.Op) bool { return op.Batched() != nil }, (*subject).batch},
	{"elements", elementwise, each(func(s *subject, e Example) { s.elements(e.Args) })},
	{"broadcast", func(op *ops.Op) bool { return elementwise(op) && !op.CanFail }, (*subject).broadcast},
	{"records", elementwise, each((*subject).records)},
	{"gradient", differentiable, each((*subject).gradient)},
	{"gradient records", func(op *ops.Op) bool { return elementwise(op) && differentiable(op) }, each((*subject).gradientRecords)},
}

func elementwise(op *ops.Op) bool { return op.Elementwise && op.Results == 1 }

func differentiable(op *ops.Op) bool { return op.Gradient != nil && op.Results == 1 }

// each makes a law of one that holds for each example.
func each(check func(s *subject, e Example)) func(s *subject) {
	return func(s *subject) {
		for _, e := range s.examples {
			s.of(func() { check(s, e) })
		}
	}
}

// A subject is an op and what was found of it.
type subject struct {
	registry *ops.Registry
	op       *ops.Op
	examples []Example
	random   *rand.Rand
	problems []error
	asked    []ir.Value // the arguments of the last evaluation
}

// maxProblems bounds what is told of a law.
const maxProblems = 20

func newSubject(registry *ops.Registry, op *ops.Op, examples []Example) *subject {
	s := &subject{registry: registry, op: op, random: rand.New(rand.NewPCG(1, 2))}
	for _, e := range examples { // a wrong op must not change those of the next law
		s.examples = append(s.examples, Example{allCopied(e.Args), e.Kinked})
	}
	if registry == nil {
		s.registry = ops.Standard()
	}
	if s.registry.Lookup(op.Name) == nil {
		all := ops.NewRegistry()
		if err := errors.Join(all.Add(s.registry.Ops()...), all.Add(op)); err != nil {
			s.problems = append(s.problems, err)
		}
		s.registry = all
	}
	return s
}

func (s *subject) obey(l law) []error {
	for _, e := range s.examples {
		if len(e.Args) < len(s.op.Params) {
			s.fail("%s: the example has %d arguments, want one for each parameter", s.describe(e.Args), len(e.Args))
			return s.problems
		}
	}
	s.of(func() { l.check(s) })
	return s.problems
}

// of does a part of a law. A panic in it is a problem.
func (s *subject) of(do func()) {
	defer func() {
		if r := recover(); r != nil {
			if _, told := r.(enough); told {
				return
			}
			err := s.registry.Panicked(r, []string{s.op.Name})
			if err == nil {
				panic(r)
			}
			s.problems = append(s.problems, fmt.Errorf("%s: %w", s.describe(s.asked), err))
		}
	}()
	do()
}

// enough ends a part of a law.
type enough struct{}

func (s *subject) fail(format string, args ...any) {
	if len(s.problems) < maxProblems {
		s.problems = append(s.problems, fmt.Errorf(format, args...))
	}
}

// must ends a part of a law if there is an error.
func (s *subject) must(args []ir.Value, err error) {
	if err != nil {
		s.fail("%s: %w", s.describe(args), err)
		panic(enough{})
	}
}

// eval evaluates the op with fresh destinations.
func (s *subject) eval(args []ir.Value) ([]ir.Value, error) {
	s.asked = args
	dst := make([]ir.Value, s.op.Results)
	err := s.op.Eval(dst, args)
	return dst, err
}

// infer asks for the types of the results.
func (s *subject) infer(args []ops.Arg, values []ir.Value) ([]ir.Type, error) {
	s.asked = values
	return s.op.Infer(args)
}

func (s *subject) describe(args []ir.Value) string {
	text := s.op.Name + "("
	for i, v := range args {
		if i > 0 {
			text += ", "
		}
		text += v.Type().String()
		if !v.IsNumber() || v.IsScalar() {
			text += " " + ir.FormatShort(v)
		}
	}
	return text + ")"
}
