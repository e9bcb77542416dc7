package ops

import (
	"testing"

	"flowc.dev/flowc/ir"
)

// forEachOp runs a law on every standard op.
func forEachOp(t *testing.T, law func(t *testing.T, op *Op)) {
	for _, op := range Standard().Ops() {
		t.Run(op.Name, func(t *testing.T) {
			if len(examples[op.Name]) == 0 {
				t.Fatal("the op has no examples; see laws_examples_test.go")
			}
			law(t, op)
		})
	}
}

// forEach runs a law on every example of every standard op.
func forEach(t *testing.T, law func(t *testing.T, op *Op, ex example)) {
	forEachOp(t, func(t *testing.T, op *Op) {
		for _, ex := range examples[op.Name] {
			if len(ex.args) < len(op.Params) {
				t.Fatalf("%s: the example has %d arguments, want one for each parameter", describe(op, ex.args), len(ex.args))
			}
			law(t, op, ex)
		}
	})
}

// TestLawTypes: Infer gives the types that Eval's results have, knowing no
// other argument's value than those of static parameters.
func TestLawTypes(t *testing.T) {
	forEach(t, func(t *testing.T, op *Op, ex example) {
		results, err := eval(op, ex.args)
		if err != nil {
			t.Fatalf("%s: %v", describe(op, ex.args), err)
		}
		types, err := op.Infer(argsOf(op, ex.args))
		if err != nil {
			t.Fatalf("%s: Infer: %v", describe(op, ex.args), err)
		}
		if len(types) != op.Results {
			t.Fatalf("%s: Infer gives %d types, want %d", describe(op, ex.args), len(types), op.Results)
		}
		for i, result := range results {
			if !result.HasType(types[i]) {
				t.Errorf("%s: result %d has the type %s, Infer says %s", describe(op, ex.args), i, result.Type(), types[i])
			}
		}
	})
}

// TestLawStatic: a type rule asks for the values of static parameters only with
// an error, never with a guess.
func TestLawStatic(t *testing.T) {
	forEach(t, func(t *testing.T, op *Op, ex example) {
		for i := range op.Params {
			if !op.Params[i].Static {
				continue
			}
			args := argsOf(op, ex.args)
			args[i].Value = nil
			if _, err := op.Infer(args); err == nil {
				t.Errorf("%s: Infer gives a type without the value of %s, which is static", describe(op, ex.args), op.Params[i].Name)
			}
		}
	})
}

// TestLawErrors: with an argument of another type, Infer and Eval agree on
// whether that is an error, and on its text, or on the new types.
func TestLawErrors(t *testing.T) {
	forEach(t, func(t *testing.T, op *Op, ex example) {
		for i := range ex.args {
			for _, other := range otherValues(ex.args[i]) {
				args := append([]ir.Value(nil), ex.args...)
				args[i] = other
				types, inferErr := op.Infer(argsOf(op, args))
				results, evalErr := eval(op, args)
				switch {
				case inferErr != nil && evalErr != nil:
					if inferErr.Error() != evalErr.Error() {
						t.Errorf("%s: Infer says %q, Eval %q", describe(op, args), inferErr, evalErr)
					}
				case inferErr != nil:
					t.Errorf("%s: Infer fails, Eval does not: %v", describe(op, args), inferErr)
				case evalErr != nil:
					if !op.CanFail {
						t.Errorf("%s: Eval fails, Infer does not: %v", describe(op, args), evalErr)
					}
				default:
					for i, result := range results {
						if !result.HasType(types[i]) {
							t.Errorf("%s: result %d has the type %s, Infer says %s", describe(op, args), i, result.Type(), types[i])
						}
					}
				}
			}
		}
	})
}

// otherValues returns values of types that differ from that of v.
func otherValues(v ir.Value) []ir.Value {
	values := []ir.Value{{}, ir.String("f32"), ir.String("text"), ir.BoolValue(true), ir.WeakInt(-1), ir.WeakInt(2), ir.WeakFloat(0.5),
		f32t([]int{7, 5}, make([]float32, 35)...), i64t([]int{0}), ints(), ints(1, 0), ints(-1), ints(1, 1), ir.ListOf(ir.String("text")),
		ir.RecordOf([]string{"a"}, []ir.Value{ir.String("text")}), ir.RecordOf([]string{"a", "b"}, []ir.Value{ir.Float(1), f64t([]int{5}, 1, 1, 1, 1, 1)}),
		f64t([]int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 1)}
	if v.IsNumber() {
		for _, dtype := range ir.DTypes {
			values = append(values, inDType(v, dtype))
		}
		for axis := range v.Shape() {
			shape := append([]int(nil), v.Shape()...)
			shape[axis] = 0
			values = append(values, ir.TensorValue(must(ir.NewTensor(v.DType(), shape...))))
		}
	}
	return values
}

// TestLawOperands: no operand is modified, and results share no storage with
// operands.
func TestLawOperands(t *testing.T) {
	forEach(t, func(t *testing.T, op *Op, ex example) {
		args := ir.ListOf(ex.args...)
		before := ir.ValueDigest(args)
		results, err := eval(op, ex.args)
		if err != nil {
			t.Fatalf("%s: %v", describe(op, ex.args), err)
		}
		if ir.ValueDigest(args) != before {
			t.Fatalf("%s: an operand was modified", describe(op, ex.args))
		}
		for _, result := range results {
			scribble(result)
		}
		if ir.ValueDigest(args) != before {
			t.Fatalf("%s: a result shares storage with an operand", describe(op, ex.args))
		}
	})
}

// TestLawDestination: the bits of the results do not depend on what dst held.
func TestLawDestination(t *testing.T) {
	forEach(t, func(t *testing.T, op *Op, ex example) {
		fresh, err := eval(op, ex.args)
		if err != nil {
			t.Fatalf("%s: %v", describe(op, ex.args), err)
		}
		want := ir.ValueDigest(ir.ListOf(fresh...))
		for _, old := range []ir.Value{ir.Float(7), uniform(30, 1, 2, 4000), i32t([]int{1, 2}, 7, 7), ir.String("text"),
			ir.RecordOf([]string{"a"}, []ir.Value{uniform(31, 1, 2, 3)}), ir.ListOf(uniform(32, 1, 2, 3))} {
			dst := make([]ir.Value, op.Results)
			for i := range dst {
				dst[i] = deepCopy(old)
			}
			for range 2 { // once into old, once into the result
				if err := op.Eval(dst, ex.args); err != nil {
					t.Fatal(err)
				}
				if ir.ValueDigest(ir.ListOf(dst...)) != want {
					t.Fatalf("%s: the result depends on dst, which held %s", describe(op, ex.args), old.Type())
				}
				for _, d := range dst {
					scribble(d)
				}
			}
		}
	})
}

// allocating lists the ops that may allocate in steady state.
var allocating = map[string]bool{"eigh": true}

// TestLawAllocations: an op on numbers allocates nothing in steady state.
func TestLawAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes pools drop storage")
	}
	forEach(t, func(t *testing.T, op *Op, ex example) {
		dst, err := eval(op, ex.args)
		if err != nil {
			t.Fatalf("%s: %v", describe(op, ex.args), err)
		}
		for _, d := range dst {
			if !d.IsNumber() {
				return
			}
		}
		allocs := testing.AllocsPerRun(20, func() {
			if err := op.Eval(dst, ex.args); err != nil {
				t.Fatal(err)
			}
		})
		if allocs > 0 && !allocating[op.Name] {
			t.Errorf("%s: %v allocations a call", describe(op, ex.args), allocs)
		}
	})
}

// eval calls op with fresh destinations.
func eval(op *Op, args []ir.Value) ([]ir.Value, error) {
	dst := make([]ir.Value, op.Results)
	err := op.Eval(dst, args)
	return dst, err
}

// argsOf returns what a type rule is told: all types, and the values of static
// parameters and of slices and names of fields.
func argsOf(op *Op, values []ir.Value) []Arg {
	args := make([]Arg, len(values))
	for i, v := range values {
		args[i].Type = v.Type()
		if p := op.ParamAt(i); p.Static || p.Variadic && !v.IsNumber() {
			args[i].Value = &values[i]
		}
	}
	return args
}

func describe(op *Op, args []ir.Value) string {
	s := op.Name + "("
	for i, v := range args {
		if i > 0 {
			s += ", "
		}
		s += v.Type().String()
		if !v.IsNumber() || v.IsScalar() {
			s += " " + ir.FormatShort(v)
		}
	}
	return s + ")"
}

// scribble overwrites all numbers in v that are in storage.
func scribble(v ir.Value) {
	if t := v.Tensor(); t != nil {
		setScalar(t, ir.Float(77))
	}
	if list := v.List(); list != nil {
		for _, item := range list.Items {
			scribble(item)
		}
	}
	if record := v.Record(); record != nil {
		for _, field := range record.Values {
			scribble(field)
		}
	}
}
