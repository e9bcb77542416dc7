package stepper

import (
	"context"
	"fmt"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// Limits of what is kept to go back to.
const (
	firstInterval = 64
	maxMoments    = 64
	maxKeptBytes  = 1 << 30
)

// A history holds snapshots of the run, oldest first. When there are many every
// other one is dropped, and later ones are taken at twice the distance, so going
// back does at most twice the steps again that lie between two of them.
type history struct {
	moments  []moment
	interval int64
}

type moment struct {
	steps    int64
	snapshot *flowc.Snapshot
	// kept is never dropped: the state was changed by hand there, and steps
	// before it do not lead to it.
	kept bool
}

func (h *history) last() *moment { return &h.moments[len(h.moments)-1] }

// due returns the number of steps to the next snapshot.
func (h *history) due(steps int64) int64 { return max(h.last().steps+h.interval-steps, 1) }

// remember takes a snapshot of the run as it stands, if one is due or is to be
// kept.
func (s *Stepper) remember(kept bool) error {
	h := &s.history
	if h.interval == 0 {
		h.interval = firstInterval
	}
	if steps := s.machine.Steps(); !kept && steps-h.last().steps < h.interval {
		return nil
	}
	snapshot, err := s.machine.Snapshot()
	if err != nil {
		return err
	}
	h.moments = append(h.moments, moment{s.machine.Steps(), snapshot, kept})
	if len(h.moments) > maxMoments || h.bytes() > maxKeptBytes {
		h.thin()
	}
	return nil
}

// bytes returns about how much the moments hold on to: tensors that they share
// count once.
func (h *history) bytes() int {
	seen, total := map[*ir.Tensor]bool{}, 0
	var add func(v ir.Value)
	add = func(v ir.Value) {
		switch v.Kind() {
		case ir.Number:
			if t := v.Tensor(); t != nil && !seen[t] {
				seen[t] = true
				total += t.Size() * t.DType().Size()
			}
		case ir.ListKind:
			for _, item := range v.List().Items {
				add(item)
			}
		case ir.RecordKind:
			for _, field := range v.Record().Values {
				add(field)
			}
		}
	}
	for _, m := range h.moments {
		for _, v := range m.snapshot.Run.Registers {
			add(v)
		}
		for _, v := range m.snapshot.Run.Objects {
			add(v)
		}
		for _, f := range path(&m.snapshot.Run.Main) {
			add(f.Stacked)
			for _, v := range f.Registers {
				add(v)
			}
		}
	}
	return total
}

// thin drops every other moment.
func (h *history) thin() {
	var left []moment
	for i, m := range h.moments {
		if m.kept || i%2 == 0 {
			left = append(left, m)
		}
	}
	h.moments = left
	h.interval *= 2
}

// back goes back in the run: to the snapshot before, and on from there without
// a word.
func (s *Stepper) back(ctx context.Context, args string) error {
	n, err := count(args)
	if err != nil {
		return err
	}
	target := s.machine.Steps() - n
	if first := s.history.moments[0].steps; target < first {
		return fmt.Errorf("the run can be taken back to step %d at most, %d from here", first, s.machine.Steps()-first)
	}
	h := &s.history
	for h.last().steps > target {
		h.moments = h.moments[:len(h.moments)-1]
	}
	if err := s.resume(h.last().snapshot); err != nil {
		return err
	}
	s.silent = true
	err = s.drive(ctx, target, nil)
	s.silent = false
	if err != nil {
		return err
	}
	s.showPosition()
	return nil
}

// resume goes on from a snapshot with another machine.
func (s *Stepper) resume(snapshot *flowc.Snapshot) error {
	m, err := s.cfg.Compiled.Resume(snapshot)
	if err != nil {
		return err
	}
	s.machine.Close()
	s.machine = m
	return nil
}
