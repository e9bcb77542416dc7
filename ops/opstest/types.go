package opstest

import (
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// types is the law of types.
func (s *subject) types(e Example) {
	results, err := s.eval(e.Args)
	s.must(e.Args, err)
	s.haveTypes(e.Args, results)
	for i := range s.op.Params {
		if !s.op.Params[i].Static {
			continue
		}
		args := s.op.ArgsOf(e.Args)
		args[i].Value = nil
		if _, err := s.infer(args, e.Args); err == nil {
			s.fail("%s: Infer gives a type without the value of %s, which is static", s.describe(e.Args), s.op.Params[i].Name)
		}
	}
}

// haveTypes compares results with what Infer says of them.
func (s *subject) haveTypes(args, results []ir.Value) {
	types, err := s.infer(s.op.ArgsOf(args), args)
	switch {
	case err != nil:
		s.fail("%s: Infer fails, Eval does not: %w", s.describe(args), err)
		return
	case len(types) != s.op.Results:
		s.fail("%s: Infer gives %d types, want %d", s.describe(args), len(types), s.op.Results)
		return
	}
	for i, result := range results {
		if !result.HasType(types[i]) {
			s.fail("%s: result %d has the type %s, Infer says %s", s.describe(args), i, result.Type(), types[i])
		}
	}
}

// errors is the law of errors.
func (s *subject) errors(e Example) {
	for i := range e.Args {
		for _, other := range others(e.Args[i]) {
			args := slices.Clone(e.Args)
			args[i] = other
			s.of(func() { s.agree(args) })
		}
	}
}

func (s *subject) agree(args []ir.Value) {
	_, inferErr := s.infer(s.op.ArgsOf(args), args)
	results, evalErr := s.eval(args)
	switch {
	case inferErr != nil && evalErr != nil:
		if inferErr.Error() != evalErr.Error() {
			s.fail("%s: Infer says %q, Eval %q", s.describe(args), inferErr, evalErr)
		}
	case inferErr != nil:
		s.fail("%s: Infer fails, Eval does not: %w", s.describe(args), inferErr)
	case evalErr != nil:
		if !s.op.CanFail {
			s.fail("%s: Eval fails, Infer does not: %w", s.describe(args), evalErr)
		}
	default:
		s.haveTypes(args, results)
	}
}

// others returns values of types that differ from that of v.
func others(v ir.Value) []ir.Value {
	long := make([]int, 16)
	for i := range long {
		long[i] = 1
	}
	values := []ir.Value{{}, ir.String("f32"), ir.String("text"), ir.BoolValue(true), ir.WeakInt(-1), ir.WeakInt(2), ir.WeakFloat(0.5),
		zeros(ir.F32, 7, 5), zeros(ir.I64, 0), whole(), whole(1, 0), whole(-1), whole(1, 1), ir.ListOf(ir.String("text")),
		ir.RecordOf([]string{"a"}, []ir.Value{ir.String("text")}),
		ir.RecordOf([]string{"a", "b"}, []ir.Value{ir.Float(1), ones(ir.F64, 5)}), ones(ir.F64, long...)}
	if v.IsNumber() {
		for _, dtype := range ir.DTypes {
			values = append(values, InDType(v, dtype))
		}
		for axis := range v.Shape() {
			shape := slices.Clone(v.Shape())
			shape[axis] = 0
			values = append(values, zeros(v.DType(), shape...))
		}
	}
	return values
}

// static reports whether the type of a result may depend on the value of an
// argument.
func static(op *ops.Op, i int, v ir.Value) bool { return op.ParamAt(i).Static || !v.IsNumber() }
