package ops

import (
	"testing"

	"flowc.dev/flowc/ir"
)

// stackOf returns the values stacked along a new leading axis, in a tensor.
func stackOf(t *testing.T, values []ir.Value) ir.Value {
	t.Helper()
	stack, err := ir.NewTensor(values[0].DType(), append([]int{len(values)}, values[0].Shape()...)...)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range values {
		stack.CopyBlock(i, v)
	}
	return ir.TensorValue(stack)
}

// The last number is more than an epoch of data.digits has rows.
var peeked = []int{1, 2, 3, 7, 1500}

func forEachSource(t *testing.T, law func(t *testing.T, class *Class, e objectExample, want []outcome, m *Method, n, k int)) {
	forEachExample(t, func(t *testing.T, class *Class, e objectExample, want []outcome) {
		for _, m := range class.Methods {
			if m.Source == nil {
				continue
			}
			for n := range len(e.calls) + 1 {
				for _, k := range peeked {
					if k > 100 && n%5 != 0 {
						continue // slow
					}
					law(t, class, e, want, m, n, k)
				}
			}
		}
	})
}

// Peek of k rows and Advance(k) are k calls: in values and in state, and in
// where the rows end.
func TestPeekIsCallsAhead(t *testing.T) {
	sources, short := 0, 0
	forEachSource(t, func(t *testing.T, class *Class, e objectExample, _ []outcome, m *Method, n, k int) {
		sources++
		caller := after(t, class, e, n)
		rows := make([][]ir.Value, m.Results)
		states := []ir.Value{caller.State()}
		var end error
		for range k {
			o := objectCall{method: m.Name}.call(class, caller)
			if end = o.err; end != nil {
				break
			}
			for i, v := range o.results {
				rows[i] = append(rows[i], v)
			}
			states = append(states, caller.State())
		}
		left := len(states) - 1
		self := after(t, class, e, n)
		dst := make([]ir.Value, m.Results)
		got, err := m.Source.Peek(self, dst, nil, k)
		if got != left || (err == nil) != (end == nil) || err != nil && err.Error() != end.Error() {
			t.Fatalf("Peek(%d) after %d calls gives %d rows and %v, want %d and %v", k, n, got, err, left, end)
		}
		if err != nil {
			short++
			if left == 0 {
				return
			}
			if _, err := m.Source.Peek(self, dst, nil, left); err != nil {
				t.Fatalf("Peek(%d) after %d calls fails although as many rows are left: %v", left, n, err)
			}
		}
		for i := range dst {
			if want := stackOf(t, rows[i]); !ir.SameValue(dst[i], want) {
				t.Fatalf("result %d of Peek(%d) after %d calls is %s, want the stack of %d calls, %s",
					i, left, n, ir.FormatShort(dst[i]), left, ir.FormatShort(want))
			}
		}
		for _, j := range []int{0, 1, left} {
			part := after(t, class, e, n)
			if _, err := m.Source.Peek(part, make([]ir.Value, m.Results), nil, left); err != nil {
				t.Fatal(err)
			}
			m.Source.Advance(part, j)
			if !ir.SameValue(part.State(), states[j]) {
				t.Fatalf("Advance(%d) of %d peeked rows after %d calls does not give the state after %d calls", j, left, n, j)
			}
		}
	})
	if sources == 0 || short == 0 {
		t.Errorf("%d peeks, %d of them beyond the end: the examples lack such", sources, short)
	}
}

func TestPeekShowsNothing(t *testing.T) {
	forEachSource(t, func(t *testing.T, class *Class, e objectExample, want []outcome, m *Method, n, k int) {
		self := after(t, class, e, n)
		digest := ir.ValueDigest(self.State())
		_, _ = m.Source.Peek(self, make([]ir.Value, m.Results), nil, k)
		if ir.ValueDigest(self.State()) != digest {
			t.Fatalf("Peek(%d) after %d calls changes the state", k, n)
		}
		expectRest(t, "rows peeked", class, e, n, self, want)
	})
}

func TestPeekReusesStorage(t *testing.T) {
	forEachSource(t, func(t *testing.T, class *Class, e objectExample, _ []outcome, m *Method, n, k int) {
		self := after(t, class, e, n)
		fresh, reused := make([]ir.Value, m.Results), make([]ir.Value, m.Results)
		if _, err := m.Source.Peek(self, fresh, nil, k); err != nil {
			return
		}
		for range 2 {
			if _, err := m.Source.Peek(self, reused, nil, k); err != nil {
				t.Fatal(err)
			}
			for i := range fresh {
				if !ir.SameValue(fresh[i], reused[i]) {
					t.Fatalf("result %d of Peek(%d) into old storage differs", i, k)
				}
			}
		}
	})
}
