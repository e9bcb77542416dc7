package bounded

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"
)

// An evaluator keeps the cost of one evaluation.
type evaluator struct {
	Options
	functions starlark.StringDict // Starlark's own, with guards
}

// bytesPerStep is how many bytes a step pays for.
const bytesPerStep = 16

// charge counts n more steps and returns an error beyond the limit.
func (e *evaluator) charge(thread *starlark.Thread, n uint64) error {
	if n > e.MaxSteps || thread.Steps+n > e.MaxSteps {
		return e.stepsError()
	}
	thread.Steps += n
	return nil
}

// Charge counts n more steps of the evaluation that thread belongs to, and
// returns an error beyond the limit.
func Charge(thread *starlark.Thread, n uint64) error {
	if e, ok := thread.Local(evaluatorKey).(*evaluator); ok {
		return e.charge(thread, n)
	}
	return nil
}

var errDeep = fmt.Errorf("a value is nested more than %d deep", maxDepth)

var errHeavy = errors.New("heavy")

// weigh counts what walking through v as a tree costs, whether to print, to
// compare or to hash it, and charges it.
func (e *evaluator) weigh(thread *starlark.Thread, values ...starlark.Value) error {
	w, err := e.weight(thread, values...)
	if err != nil {
		return err
	}
	return e.charge(thread, w)
}

// weighKeys is weigh for values whose parts are hashed.
func (e *evaluator) weighKeys(thread *starlark.Thread, values ...starlark.Value) error {
	w, err := e.walk(thread, true, values)
	if err != nil {
		return err
	}
	return e.charge(thread, w)
}

// weight returns the cost of walking through values as trees. A part that is
// shared counts as often as it is met.
func (e *evaluator) weight(thread *starlark.Thread, values ...starlark.Value) (uint64, error) {
	return e.walk(thread, false, values)
}

func (e *evaluator) walk(thread *starlark.Thread, keys bool, values []starlark.Value) (uint64, error) {
	left := e.MaxSteps - min(thread.Steps, e.MaxSteps)
	w := weigher{left: left, keys: keys}
	for _, v := range values {
		if err := w.visit(v, 0); err == errHeavy {
			return 0, e.stepsError()
		} else if err != nil {
			return 0, err
		}
	}
	return left - w.left, nil
}

// A weigher counts down. With keys set, it counts what hashing costs: the hashes
// of strings are seeded, but numbers can be made to collide, and a table of
// colliding keys is searched one by one.
type weigher struct {
	left uint64
	keys bool
}

// collision is the cost of a key that may collide with all others: at the limit
// there are few enough of them.
const collision = 2000

func (w *weigher) spend(n uint64) error {
	if n > w.left {
		return errHeavy
	}
	w.left -= n
	return nil
}

func (w *weigher) visit(v starlark.Value, depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	switch v := v.(type) {
	case starlark.String:
		return w.spend(1 + uint64(len(v))/bytesPerStep)
	case starlark.Bytes:
		return w.spend(1 + uint64(len(v))/bytesPerStep)
	case starlark.Int:
		if i, ok := v.Int64(); w.keys && (!ok || i != int64(int32(i))) {
			return w.spend(collision)
		}
	case starlark.Float:
		if w.keys {
			return w.spend(collision)
		}
	case starlark.Tuple:
		return w.items(v, depth)
	case *starlark.List:
		if err := w.spend(1); err != nil {
			return err
		}
		for i := range v.Len() {
			if err := w.visit(v.Index(i), depth+1); err != nil {
				return err
			}
		}
		return nil
	case *starlark.Set:
		return w.iterate(v, depth)
	case *starlark.Dict:
		if err := w.spend(1); err != nil {
			return err
		}
		for key, value := range v.Entries() {
			if err := w.items(starlark.Tuple{key, value}, depth); err != nil {
				return err
			}
		}
		return nil
	}
	return w.spend(2)
}

func (w *weigher) items(items []starlark.Value, depth int) error {
	if err := w.spend(1); err != nil {
		return err
	}
	for _, item := range items {
		if err := w.visit(item, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *weigher) iterate(v starlark.Iterable, depth int) error {
	it := v.Iterate()
	defer it.Done()
	var item starlark.Value
	for it.Next(&item) {
		if err := w.visit(item, depth+1); err != nil {
			return err
		}
	}
	return w.spend(1)
}

// size charges for looking at each element of v once, times a factor, and
// returns how many there are; 0 for what has none.
func (e *evaluator) size(thread *starlark.Thread, v starlark.Value, factor uint64) (uint64, error) {
	if s, ok := v.(starlark.String); ok {
		n := uint64(len(s))
		return n, e.charge(thread, factor*n/bytesPerStep)
	}
	if n := starlark.Len(v); n >= 0 {
		if uint64(n) > e.MaxSteps {
			return 0, e.stepsError()
		}
		return uint64(n), e.charge(thread, factor*uint64(n))
	}
	iterable, ok := v.(starlark.Iterable)
	if !ok {
		return 0, nil
	}
	it := iterable.Iterate()
	defer it.Done()
	var item starlark.Value
	n := uint64(0)
	for it.Next(&item) {
		n++
		if err := e.charge(thread, factor); err != nil {
			return n, err
		}
	}
	return n, nil
}

// checkInt refuses whole numbers that are too large to calculate with.
func checkInt(v starlark.Value) error {
	if i, ok := v.(starlark.Int); ok {
		if _, small := i.Int64(); !small && i.BigInt().BitLen() > maxIntBits {
			return fmt.Errorf("a whole number has more than %d bits", maxIntBits)
		}
	}
	return nil
}
