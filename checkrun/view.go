package checkrun

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// A view is all that can be seen of a run, part by part.
type view struct{ parts []part }

// A part is one thing that is seen: a text, or a value if valued is true. Its key
// tells it from all others.
type part struct {
	what, key string
	value     ir.Value
	valued    bool
}

func (v *view) add(what, text string) { v.parts = append(v.parts, part{what: what, key: text}) }

func (v *view) value(what string, value ir.Value) {
	v.parts = append(v.parts, part{what, keyOf(value), value, true})
}

// text returns the part for people.
func (p *part) text() string {
	if p.valued {
		return fmt.Sprintf("%s %s", p.value.Type(), ir.FormatShort(p.value))
	}
	return p.key
}

func (v *view) sum() [32]byte {
	h := sha256.New()
	for _, p := range v.parts {
		fmt.Fprintf(h, "%q %q\n", p.what, p.key)
	}
	return [32]byte(h.Sum(nil))
}

// view looks at the run.
func (t *trial) view() *view {
	v := &view{}
	var run state.Run
	var failed error
	if t.machine != nil {
		s, err := t.machine.Snapshot()
		if failed = err; err == nil {
			run = s.Run
		}
	}
	for _, name := range slices.Sorted(maps.Keys(run.Registers)) {
		v.value("register "+name, run.Registers[name])
	}
	for _, name := range slices.Sorted(maps.Keys(run.Objects)) {
		v.value("object "+name, run.Objects[name])
	}
	v.add("the prints", t.prints.String())
	v.add("the error", textOf(t.err))
	if t.machine == nil {
		return v
	}
	v.add("the number of steps", fmt.Sprint(t.machine.Steps()))
	v.add("the status", t.machine.Status().String())
	v.add("the error of a snapshot", textOf(failed))
	for _, id := range slices.Sorted(maps.Keys(run.Firings)) {
		v.add(fmt.Sprintf("the arrivals at hook %d", id), fmt.Sprint(run.Firings[id]))
	}
	v.strand("", &run.Main)
	// How far spawned fragments have got is no matter of steps.
	v.add("the number of spawned fragments", fmt.Sprint(len(run.Children)))
	return v
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// strand looks at a position. Where tells the strands around it.
func (v *view) strand(where string, s *state.Strand) {
	v.add("the position"+where, describe(s))
	v.value("the value at the position"+where, s.Value)
	for i := range s.Frames {
		f := &s.Frames[i]
		inside := fmt.Sprintf(" in node %d%s", f.Node, where)
		v.value("the value of the body"+inside, f.Value)
		v.value("the value of the last iteration"+inside, f.Last)
		v.value("the rows"+inside, f.Stacked)
		for _, name := range slices.Sorted(maps.Keys(f.Registers)) {
			v.value("register "+name+inside, f.Registers[name])
		}
		if w := f.Weave; w != nil {
			v.add("the turn"+inside, fmt.Sprintf("%d started, strand %d, %d turns left, from %d at %d", w.Started, w.Current, w.TurnsLeft, w.TurnDone, w.TurnAt))
			for j := range w.Strands {
				v.strand(fmt.Sprintf(" of strand %d%s", j, inside), &w.Strands[j])
			}
		}
	}
}

// describe returns what a position is besides values.
func describe(s *state.Strand) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, hooked %t", s.Next, s.Hooked)
	for i := range s.Frames {
		f := &s.Frames[i]
		fmt.Fprintf(&b, "; node %d at %d, %d of %d done, stepped %t, left %t", f.Node, f.At, f.Done, f.Count, f.Stepped, f.Left)
	}
	return b.String()
}

// difference returns the first part in which two views differ, nil if there is
// none.
func difference(x, y *view) *Difference {
	known := map[string]part{}
	for _, p := range y.parts {
		known[p.what] = p
	}
	for _, p := range x.parts {
		q, ok := known[p.what]
		delete(known, p.what)
		if !ok {
			return found(p.what, p.text(), missing)
		}
		if p.key == q.key {
			continue
		}
		if i := firstDifference(p.value, q.value); i >= 0 {
			return found(p.what, element(p.value, i), element(q.value, i))
		}
		return found(p.what, p.text(), q.text())
	}
	for _, q := range y.parts {
		if _, left := known[q.what]; left {
			return found(q.what, missing, q.text())
		}
	}
	return nil
}

// firstDifference returns the index of the first element in which two tensors of
// the same type differ, -1 if they are none.
func firstDifference(a, b ir.Value) int {
	x, y := a.Tensor(), b.Tensor()
	if x == nil || y == nil || !a.Type().Equal(b.Type()) {
		return -1
	}
	for i := range x.Size() {
		if x.At(i).CanonicalBits() != y.At(i).CanonicalBits() {
			return i
		}
	}
	return -1
}

// element shows the i-th element of a tensor.
func element(v ir.Value, i int) string {
	number := ir.FormatShort(v.Tensor().At(i))
	shape := v.Shape()
	index := make([]string, len(shape))
	for k := len(shape) - 1; k >= 0; k-- {
		index[k], i = fmt.Sprint(i%shape[k]), i/shape[k]
	}
	return fmt.Sprintf("%s with %s at [%s]", v.Type(), number, strings.Join(index, ","))
}

// What is said of a part that only one of the runs has, and of an empty one.
const (
	missing = "not there"
	none    = "none"
)

func found(what, before, after string) *Difference {
	if what == "the prints" {
		before, after = afterCommon(before, after)
	}
	return &Difference{What: what, Before: clip(before), After: clip(after)}
}

// afterCommon leaves out the lines that two texts begin with.
func afterCommon(a, b string) (string, string) {
	for {
		x, restA, more := strings.Cut(a, "\n")
		y, restB, moreB := strings.Cut(b, "\n")
		if !more || !moreB || x != y {
			return a, b
		}
		a, b = restA, restB
	}
}

// maxText bounds the texts of a difference.
const maxText = 2000

func clip(s string) string {
	s = strings.TrimSuffix(s, "\n")
	if s == "" {
		return none
	}
	if len(s) > maxText {
		return s[:maxText] + "..."
	}
	return s
}
