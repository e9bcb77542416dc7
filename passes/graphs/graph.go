package graphs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// A value is a number of a graph that is being rewritten.
type value struct {
	id    int
	typ   ir.Type
	input *ir.GraphInput // of an input or a literal
	step  *step          // of a result
	index int            // of a result among those of its step
	to    *value         // what it was replaced by
}

// now returns what v has become.
func (v *value) now() *value {
	for v.to != nil {
		v = v.to
	}
	return v
}

// literal returns the value of a literal.
func (v *value) literal() (ir.Value, bool) {
	if v.input == nil || v.input.Const == nil {
		return ir.Value{}, false
	}
	return *v.input.Const, true
}

// call returns the step that computes v if it is a call of the op, or nil.
func (v *value) call(op string) *step {
	if v != nil && v.step != nil && v.step.op.Name == op {
		return v.step
	}
	return nil
}

func (v *value) rank() int { return len(v.typ.Shape) }

// size returns the number of elements.
func (v *value) size() int {
	n := 1
	for _, extent := range v.typ.Shape {
		n *= extent
	}
	return n
}

// A step is a call of an op. args has nil where static has a literal that is no
// value of the graph.
type step struct {
	op      *ops.Op
	args    []*value
	static  []ir.Value
	results []*value
	origin  *ir.Node
}

func (s *step) out() *value { return s.results[0] }

// known returns what a type rule may know of the arguments.
func (s *step) known() []ops.Arg {
	args := make([]ops.Arg, len(s.args))
	for i, v := range s.args {
		switch {
		case v == nil:
			args[i] = ops.Arg{Type: s.static[i].Type(), Value: &s.static[i]}
		default:
			args[i] = ops.Arg{Type: v.typ}
			if v.input != nil {
				args[i].Value = v.input.Const
			}
		}
	}
	return args
}

// key is equal for two steps exactly if they compute the same.
func (s *step) key() string {
	var b strings.Builder
	b.WriteString(s.op.Name)
	if len(s.args) == 2 && commutative[s.op.Name] && s.args[0] != nil && s.args[1] != nil {
		fmt.Fprintf(&b, " %d %d", min(s.args[0].id, s.args[1].id), max(s.args[0].id, s.args[1].id))
		return b.String()
	}
	for i, v := range s.args {
		b.WriteByte(' ')
		switch {
		case v != nil:
			b.WriteString(strconv.Itoa(v.id))
		case s.static[i].IsNull():
			b.WriteByte('-')
		default:
			b.WriteString(ir.ValueDigest(s.static[i]))
		}
	}
	return b.String()
}

// commutative are the ops whose operands may change places without changing a
// bit.
var commutative = map[string]bool{"add": true, "multiply": true, "maximum": true, "minimum": true,
	"equal": true, "not_equal": true, "logical_and": true, "logical_or": true}

// mayFail reports whether the step can fail for some elements.
func (s *step) mayFail() bool {
	if !s.op.CanFail {
		return false
	}
	dtype := s.out().typ.DType
	switch s.op.Name {
	case "getitem":
		return !inside(s, 1)
	case "getitem_adjoint":
		return !inside(s, 2)
	case "assert_finite":
		return dtype.IsFloat()
	case "floor_divide", "remainder":
		divisor, literal := s.args[1].literal()
		return dtype.IsInteger() && !(literal && divisor.IsScalar() && as(divisor, dtype).Int64() != 0)
	case "power":
		exponent, literal := s.args[1].literal()
		return dtype.IsInteger() && !(literal && exponent.IsScalar() && as(exponent, dtype).Int64() >= 0)
	}
	return true
}

// inside reports whether the indices of x, the first argument, are slices or
// literals in range. They begin with argument first.
func inside(s *step, first int) bool {
	for axis, v := range s.args[first:] {
		if v == nil {
			continue // a slice
		}
		lit, ok := scalarLiteral(v)
		if !ok || axis >= s.args[0].rank() {
			return false
		}
		if i, n := lit.Int64(), int64(s.args[0].typ.Shape[axis]); !lit.DType().IsInteger() || i < -n || i >= n {
			return false
		}
	}
	return true
}

// load takes g in.
func (r *rewriter) load(g *ir.Graph) []*step {
	values := make([]*value, len(g.Types))
	for i := range g.Inputs {
		in := &g.Inputs[i]
		if in.Const != nil {
			values[i] = r.lit(*in.Const)
			continue
		}
		values[i] = r.newValue(g.Types[i])
		values[i].input = in
	}
	steps := make([]*step, len(g.Steps))
	for i := range g.Steps {
		from := &g.Steps[i]
		s := &step{op: r.registry.Lookup(from.Op), args: make([]*value, len(from.Args)), static: from.Static, origin: from.Origin}
		if s.op == nil {
			return nil
		}
		for k, v := range from.Args {
			if v >= 0 {
				s.args[k] = values[v]
			}
		}
		for k := range from.Results {
			v := r.newValue(g.Types[from.First+k])
			v.step, v.index = s, k
			values[from.First+k] = v
			s.results = append(s.results, v)
		}
		steps[i] = s
	}
	r.outputs = r.loadOutputs(g.Outputs, values)
	return steps
}

// An output is one of the leaf: a value, or a list or record of parts.
type output struct {
	value *value
	form  ir.GraphOutput
	parts []output
}

func (r *rewriter) loadOutputs(outputs []ir.GraphOutput, values []*value) []output {
	loaded := make([]output, len(outputs))
	for i, o := range outputs {
		loaded[i].form = o
		if o.Value >= 0 {
			loaded[i].value = values[o.Value]
		} else {
			loaded[i].parts = r.loadOutputs(o.Parts, values)
		}
	}
	return loaded
}

// eachOutput calls f with the values of the outputs.
func eachOutput(outputs []output, f func(v *value)) {
	for i := range outputs {
		if v := outputs[i].value; v != nil {
			f(v.now())
		}
		eachOutput(outputs[i].parts, f)
	}
}

// live returns the steps that outputs need or that can fail, in order.
func (r *rewriter) live(steps []*step) []*step {
	used := map[*step]bool{}
	use := func(v *value) {
		if v != nil && v.step != nil {
			used[v.step] = true
		}
	}
	eachOutput(r.outputs, use)
	kept := make([]*step, 0, len(steps))
	for _, s := range slices.Backward(steps) {
		if !used[s] && !s.mayFail() {
			r.fired = append(r.fired, deadCall)
			continue
		}
		kept = append(kept, s)
		for _, v := range s.args {
			use(v)
		}
	}
	slices.Reverse(kept)
	return kept
}

// store returns the graph of the steps. Inputs are numbered as they are first
// used.
func (r *rewriter) store(steps []*step) *ir.Graph {
	g := &ir.Graph{}
	numbers := map[*value]int{}
	number := func(v *value) {
		numbers[v] = len(g.Types)
		g.Types = append(g.Types, v.typ)
	}
	input := func(v *value) {
		if v == nil || v.input == nil {
			return
		}
		if _, listed := numbers[v]; !listed {
			number(v)
			g.Inputs = append(g.Inputs, *v.input)
		}
	}
	for _, s := range steps {
		for _, v := range s.args {
			input(v)
		}
	}
	eachOutput(r.outputs, input)
	for _, s := range steps {
		n := ir.GraphStep{Op: s.op.Name, Args: make([]int, len(s.args)), Static: s.static,
			First: len(g.Types), Results: len(s.results), Origin: s.origin}
		for i, v := range s.args {
			if n.Args[i] = -1; v != nil {
				n.Args[i] = numbers[v]
			}
		}
		for _, v := range s.results {
			number(v)
		}
		g.Steps = append(g.Steps, n)
	}
	g.Outputs = storeOutputs(r.outputs, numbers)
	return g
}

func storeOutputs(outputs []output, numbers map[*value]int) []ir.GraphOutput {
	stored := make([]ir.GraphOutput, len(outputs))
	for i := range outputs {
		stored[i] = outputs[i].form
		if v := outputs[i].value; v != nil {
			stored[i].Value = numbers[v.now()]
		} else {
			stored[i].Parts = storeOutputs(outputs[i].parts, numbers)
		}
	}
	return stored
}
