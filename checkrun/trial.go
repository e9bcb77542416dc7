package checkrun

import (
	"context"
	"strings"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
)

// A split says in what portions steps are done.
type split struct {
	name     string
	portions []int64 // in turns; 0 is all steps at once
}

// splits are the ways in which every program is run. Short portions stop inside
// of what runs as one, long ones let it run.
var splits = []split{
	{"one at a time", []int64{1}},
	{"2, 3, 5, 7, 11 and 13 at a time", []int64{2, 3, 5, 7, 11, 13}},
	{"50 at a time", []int64{50}},
	{"all at once", []int64{0}},
}

// A trial is a run of a program.
type trial struct {
	c       *checker
	machine *flowc.Machine // nil if it could not be started
	prints  strings.Builder
	err     error
}

func (c *checker) start(p *ir.Program) *trial {
	t := &trial{c: c}
	c.begin(t)
	t.machine, t.err = c.compiled.With(p).Start(c.o.Inputs)
	return t
}

// begin makes t what prints and watched calls belong to.
func (c *checker) begin(t *trial) {
	c.running = t
	c.watch.at(-1)
}

func (t *trial) close() {
	if t.machine != nil {
		t.machine.Close()
	}
}

// over reports whether t cannot go on.
func (t *trial) over() bool {
	return t.machine == nil || t.err != nil || t.machine.Status() == flowc.Done
}

// to runs on until so many steps have been done in all, the end or an error of
// the program. What it returns is an error of the context.
func (t *trial) to(steps int64) error {
	t.c.running = t
	for !t.over() && t.machine.Steps() < steps {
		t.c.watch.at(t.machine.Steps())
		var status backend.Status
		status, t.err = t.machine.Run(t.c.ctx, flowc.Budget{Steps: steps - t.machine.Steps()})
		if err := t.c.ctx.Err(); err != nil {
			return err
		}
		if t.err == nil && status == flowc.Blocked {
			ctx, cancel := context.WithTimeout(t.c.ctx, blockedWait)
			err := t.machine.Wait(ctx)
			cancel()
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// A record is what was seen of the runs of one program, by split.
type record struct {
	program *ir.Program
	runs    [][]point
	steps   int64
	ended   bool
}

// A point is what was seen at a sync point.
type point struct {
	step int64
	sum  [32]byte
}

func (r *record) points() int {
	n := 0
	for _, points := range r.runs {
		n += len(points)
	}
	return n
}

// record runs p in every way.
func (c *checker) record(p *ir.Program) (*record, error) {
	r := &record{program: p}
	for _, s := range splits {
		points, err := c.run(p, s, r)
		if err != nil {
			return nil, err
		}
		r.runs = append(r.runs, points)
	}
	return r, nil
}

func (c *checker) run(p *ir.Program, s split, r *record) ([]point, error) {
	t := c.start(p)
	defer t.close()
	last := t.view()
	points := []point{{0, last.sum()}}
	for i := 0; !t.over(); i++ {
		next, ok := c.next(t, s, i)
		if !ok {
			break
		}
		if err := t.to(next); err != nil {
			return nil, err
		}
		c.watch.unchanged(last)
		last = t.view()
		points = append(points, point{t.machine.Steps(), last.sum()})
	}
	if t.machine != nil {
		r.steps, r.ended = t.machine.Steps(), t.over()
	}
	return points, nil
}

// next returns up to which step the i-th portion goes, false at the end.
func (c *checker) next(t *trial, s split, i int) (int64, bool) {
	portion := s.portions[i%len(s.portions)]
	left := c.o.MaxSteps - t.machine.Steps()
	if portion == 0 || portion > left {
		portion = left
	}
	return t.machine.Steps() + portion, portion > 0
}

// compare returns the first difference between the runs of two programs, nil if
// there is none.
func (c *checker) compare(want, got *record) (*Difference, error) {
	for i := range splits {
		a, b := want.runs[i], got.runs[i]
		for k := range max(len(a), len(b)) {
			if k < len(a) && k < len(b) && a[k] == b[k] {
				continue
			}
			return c.narrow(want.program, got.program, splits[i], k)
		}
	}
	return nil, nil
}

// narrow finds the step within the k-th portion after which two programs begin
// to differ. Before that portion they are equal.
func (c *checker) narrow(before, after *ir.Program, s split, k int) (d *Difference, err error) {
	low, high := int64(0), c.o.MaxSteps
	err = c.replay(before, s, k-1, -1, func(t *trial) {
		if t.machine != nil {
			low = t.machine.Steps()
			high, _ = c.next(t, s, k-1)
		}
	})
	for err == nil && k > 0 && low < high-1 { // equal after low steps, different after high
		middle := low + (high-low)/2
		var differs *Difference
		if differs, err = c.differsAfter(before, after, s, k-1, middle); differs == nil {
			low = middle
		} else {
			high = middle
		}
	}
	if err != nil {
		return nil, err
	}
	if k == 0 {
		high = 0
	}
	if d, err = c.differsAfter(before, after, s, k-1, high); err != nil {
		return nil, err
	}
	if d == nil {
		d = &Difference{Step: high, What: "something that is not different when it is run again", Before: none, After: none}
	}
	d.Split = s.name
	if k > 0 {
		err = c.replay(before, s, k-1, low, func(t *trial) {
			if t.machine != nil {
				d.Statement = c.statement(t.machine.At())
			}
		})
	}
	return d, err
}

// differsAfter returns how two programs differ after so many steps, the last of
// which are one portion after the first portions of the split; nil if they are
// equal.
func (c *checker) differsAfter(before, after *ir.Program, s split, portions int, steps int64) (d *Difference, err error) {
	var want *view
	done := int64(0)
	err = c.replay(before, s, portions, steps, func(t *trial) {
		if want = t.view(); t.machine != nil {
			done = t.machine.Steps()
		}
	})
	if err == nil {
		err = c.replay(after, s, portions, steps, func(t *trial) { d = difference(want, t.view()) })
	}
	if d != nil {
		d.Step = done
	}
	return d, err
}

// replay runs p in the first portions of the split and then, as one more, up to
// steps, and calls visit with it. A machine is run again rather than copied: a
// copy that stands before a fused node may go on inside of it.
func (c *checker) replay(p *ir.Program, s split, portions int, steps int64, visit func(*trial)) error {
	t := c.start(p)
	defer t.close()
	for i := 0; i < portions && !t.over(); i++ {
		next, _ := c.next(t, s, i)
		if err := t.to(next); err != nil {
			return err
		}
	}
	if err := t.to(steps); err != nil {
		return err
	}
	visit(t)
	return nil
}
