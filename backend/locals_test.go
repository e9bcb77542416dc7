package backend

import (
	"fmt"
	"testing"
)

// Names are found whether there are few or many, and the last value that a name
// was given is its.
func TestLocals(t *testing.T) {
	var none *locals
	if _, ok := none.get("%1"); ok {
		t.Error("no locals have a name")
	}
	for _, capacity := range []int{0, 3 * fewLocals} {
		l := newLocals(capacity)
		for i := range 3 * fewLocals {
			l.set(fmt.Sprint("%", i), yield{result: i})
			l.set(fmt.Sprint("%", i/2), yield{result: -i})
			for k := range 3 * fewLocals {
				y, ok := l.get(fmt.Sprint("%", k))
				want := k
				switch {
				case 2*k+1 <= i:
					want = -(2*k + 1)
				case 2*k <= i:
					want = -2 * k
				}
				if ok != (k <= i) || ok && y.result != want {
					t.Fatalf("capacity %d, after %d: local %d is %d, %t, want %d", capacity, i, k, y.result, ok, want)
				}
			}
		}
	}
}
