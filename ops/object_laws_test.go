package ops

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"flowc.dev/flowc/ir"
)

// The laws that every method of every class keeps. They run each class's
// examples, see objectExamples.

var lawsEnv = Env{Seed: 42}

// outcome is what one can see of a call, as it was right after the call.
type outcome struct {
	results []ir.Value
	err     error
	text    string
}

func (o outcome) String() string { return o.text }

func describeResults(results []ir.Value, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	s := ""
	for _, v := range results {
		s += fmt.Sprintf("%s %s; ", ir.FormatShort(v), ir.ValueDigest(v)[:12])
	}
	return s
}

func (c objectCall) prepare(class *Class, self Object, dst []ir.Value) outcome {
	err := class.Method(c.method).Prepare(self, dst, c.args)
	return outcome{dst, err, describeResults(dst, err)}
}

// call prepares and commits, as a machine does, with dst as destinations.
func (c objectCall) callInto(class *Class, self Object, dst []ir.Value) outcome {
	o := c.prepare(class, self, dst)
	if m := class.Method(c.method); o.err == nil && m.Commit != nil {
		m.Commit(self)
	}
	return o
}

func (c objectCall) call(class *Class, self Object) outcome {
	return c.callInto(class, self, make([]ir.Value, class.Method(c.method).Results))
}

func construct(t *testing.T, class *Class, e objectExample) Object {
	t.Helper()
	self, err := class.New(lawsEnv, e.args)
	if err != nil {
		t.Fatalf("New(%s): %v", ir.FormatShort(ir.ListOf(e.args...)), err)
	}
	return self
}

// after returns a new object after the first n calls of the example.
func after(t *testing.T, class *Class, e objectExample, n int) Object {
	t.Helper()
	self := construct(t, class, e)
	for _, c := range e.calls[:n] {
		c.call(class, self)
	}
	return self
}

// expectRest fails unless the calls of the example from n on have the outcomes
// that they have on an object to which nothing unusual happened.
func expectRest(t *testing.T, what string, class *Class, e objectExample, n int, self Object, want []outcome) {
	t.Helper()
	for i, c := range e.calls[n:] {
		if got := c.call(class, self); got.String() != want[n+i].String() {
			t.Fatalf("%s before call %d: call %d, %s, gives\n%s, without\n%s", what, n, n+i, c.method, got, want[n+i])
		}
	}
}

func forEachExample(t *testing.T, law func(t *testing.T, class *Class, e objectExample, want []outcome)) {
	for _, class := range Standard().Classes() {
		for i, e := range objectExamples()[class.Name] {
			t.Run(fmt.Sprintf("%s/%d", class.Name, i), func(t *testing.T) {
				self := construct(t, class, e)
				var want []outcome
				for _, c := range e.calls {
					want = append(want, c.call(class, self))
				}
				law(t, class, e, want)
			})
		}
	}
}

func TestObjectsHaveExamples(t *testing.T) {
	succeeded := map[string]bool{}
	forEachExample(t, func(t *testing.T, class *Class, e objectExample, want []outcome) {
		for i, c := range e.calls {
			if want[i].err == nil {
				succeeded[class.Name+"."+c.method] = true
			} else if !c.fails {
				t.Errorf("call %d, %s: %v", i, c.method, want[i].err)
			}
			if c.fails && want[i].err == nil {
				t.Errorf("call %d, %s, succeeds, want an error", i, c.method)
			}
		}
	})
	for _, class := range Standard().Classes() {
		for _, m := range class.Methods {
			if !succeeded[class.Name+"."+m.Name] {
				t.Errorf("%s.%s has no example that succeeds in objectExamples", class.Name, m.Name)
			}
		}
	}
}

func TestObjectDeclarations(t *testing.T) {
	for _, class := range Standard().Classes() {
		for _, m := range class.Methods {
			writes := m.Effects&ir.WritesObject != 0
			if m.Effects.Pure() || writes != (m.Commit != nil) {
				t.Errorf("%s.%s: effects %q and a commit (%v) do not go together", class.Name, m.Name, m.Effects, m.Commit != nil)
			}
			if m.Source != nil && (len(m.Params) > 0 || !writes || m.Source.Peek == nil || m.Source.Advance == nil) {
				t.Errorf("%s.%s: a source has no parameters, writes, and has Peek and Advance", class.Name, m.Name)
			}
			for _, p := range append(slices.Clone(m.Params), class.Params...) {
				if p.Doc == "" {
					t.Errorf("%s.%s: parameter %s has no doc", class.Name, m.Name, p.Name)
				}
			}
		}
	}
}

func TestObjectStateRestores(t *testing.T) {
	forEachExample(t, func(t *testing.T, class *Class, e objectExample, want []outcome) {
		for n := range len(e.calls) + 1 {
			state := after(t, class, e, n).State()
			restored, err := class.Restore(lawsEnv, e.args, state)
			if err != nil {
				t.Fatalf("Restore after %d calls: %v", n, err)
			}
			digest := ir.ValueDigest(state)
			if ir.ValueDigest(restored.State()) != digest {
				t.Fatalf("after %d calls the state of the restored object differs", n)
			}
			expectRest(t, "saved and restored", class, e, n, restored, want)
			if ir.ValueDigest(state) != digest {
				t.Fatalf("a state changed with the object that it was restored to")
			}
		}
	})
}

func TestObjectStateIsACopy(t *testing.T) {
	forEachExample(t, func(t *testing.T, class *Class, e objectExample, want []outcome) {
		self := construct(t, class, e)
		for i, c := range e.calls {
			state := self.State()
			digest := ir.ValueDigest(state)
			c.call(class, self)
			if ir.ValueDigest(state) != digest {
				t.Fatalf("call %d, %s, changes a state taken before it", i, c.method)
			}
		}
	})
}

// A hostile state is an error, not a panic.
func TestObjectsRefuseOtherStates(t *testing.T) {
	bad := []ir.Value{{}, ir.Int(1), ir.String("x"), ir.ListOf(), ir.RecordOf(nil, nil), ir.RecordOf([]string{"x"}, []ir.Value{ir.Int(0)})}
	forEachExample(t, func(t *testing.T, class *Class, e objectExample, want []outcome) {
		state := after(t, class, e, len(e.calls)).State()
		states := slices.Clone(bad)
		if r := state.Record(); r != nil {
			for i := range r.Values {
				for _, v := range []ir.Value{{}, ir.Int(-1), ir.Int(math.MaxInt64), ir.Float(0), ir.TensorValue(ir.MustTensor([]float64{}, 0)),
					ir.TensorValue(ir.MustTensor([]float32{1, 2}, 2)), ir.TensorValue(ir.MustTensor([]float64{1, 2}, 2, 1))} {
					if c := class.Name == "learn.pca" && i == 0 && v.HasType(ir.NumberType(ir.I64)) && v.Int64() > 0; c {
						continue // any count of rows is possible
					}
					if class.Name == "rng" && i == 1 && v.HasType(ir.NumberType(ir.I64)) {
						continue // and any stream
					}
					values := slices.Clone(r.Values)
					values[i] = v
					states = append(states, ir.RecordOf(r.Names, values))
				}
			}
		}
		for _, s := range states {
			if _, err := class.Restore(lawsEnv, e.args, s); err == nil {
				t.Errorf("Restore(%s) succeeds", ir.FormatShort(s))
			}
		}
	})
}

func TestObjectPrepareShowsNothing(t *testing.T) {
	forEachExample(t, func(t *testing.T, class *Class, e objectExample, want []outcome) {
		for n := range len(e.calls) + 1 {
			self := after(t, class, e, n)
			digest := ir.ValueDigest(self.State())
			for _, c := range e.calls {
				for range 2 {
					c.prepare(class, self, make([]ir.Value, class.Method(c.method).Results))
				}
				if ir.ValueDigest(self.State()) != digest {
					t.Fatalf("after %d calls, preparing %s changes the state", n, c.method)
				}
			}
			expectRest(t, "every method prepared and dropped", class, e, n, self, want)
		}
	})
}

func TestObjectMethodsLeaveArguments(t *testing.T) {
	forEachExample(t, func(t *testing.T, class *Class, e objectExample, want []outcome) {
		self := construct(t, class, e)
		for i, c := range e.calls {
			before := ir.ValueDigest(ir.ListOf(c.args...))
			c.call(class, self)
			if ir.ValueDigest(ir.ListOf(c.args...)) != before {
				t.Errorf("call %d, %s, changes its arguments", i, c.method)
			}
		}
		for i, o := range want {
			if now := describeResults(o.results, o.err); now != o.text {
				t.Errorf("the results of call %d, %s, changed later to %s", i, o.text, now)
			}
		}
	})
}

func TestObjectResultsAreTheirOwn(t *testing.T) {
	forEachExample(t, func(t *testing.T, class *Class, e objectExample, want []outcome) {
		self := construct(t, class, e)
		for i, c := range e.calls {
			got := c.call(class, self)
			if got.String() != want[i].String() {
				t.Fatalf("call %d, %s, gives\n%s after the results before it were overwritten, else\n%s", i, c.method, got, want[i])
			}
			for _, v := range got.results {
				if tensor := v.Tensor(); tensor != nil {
					tensor.Fill(ir.WeakInt(1))
				}
			}
		}
	})
}

func TestObjectMethodsReuseStorage(t *testing.T) {
	forEachExample(t, func(t *testing.T, class *Class, e objectExample, want []outcome) {
		self := construct(t, class, e)
		for i, c := range e.calls {
			dst := make([]ir.Value, class.Method(c.method).Results)
			for k := range dst {
				old, err := ir.NewTensor(ir.F64, 100, 100)
				if err != nil {
					t.Fatal(err)
				}
				old.Fill(ir.Float(math.NaN()))
				dst[k] = ir.TensorValue(old)
			}
			if got := c.callInto(class, self, dst); got.String() != want[i].String() {
				t.Errorf("call %d, %s, into old storage gives\n%s, else\n%s", i, c.method, got, want[i])
			}
		}
	})
}
