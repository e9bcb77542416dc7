package stepper

import (
	"context"
	"errors"
	"fmt"
	"math"

	"flowc.dev/flowc"
)

const unlimited = math.MaxInt64

var errInterrupted = errors.New("interrupted")

// advance does up to n steps, to the target, a break or the end, and shows where
// that is.
func (s *Stepper) advance(ctx context.Context, n int64, target *stop) error {
	if s.machine.Status() == flowc.Done {
		s.showPosition()
		return nil
	}
	limit := int64(unlimited)
	if n < unlimited-s.machine.Steps() {
		limit = s.machine.Steps() + n
	}
	stops := s.stops
	if target != nil {
		stops = append([]*stop{target}, stops...)
	}
	err := s.drive(ctx, limit, stops)
	if err != nil {
		s.complain(err)
	}
	s.showPosition()
	return nil
}

// drive does steps until there have been limit of them in all, or one of stops
// comes.
func (s *Stepper) drive(ctx context.Context, limit int64, stops []*stop) error {
	for _, stop := range stops {
		if err := s.follow(stop); err != nil {
			return err
		}
	}
	for s.machine.Steps() < limit {
		if ctx.Err() != nil {
			return errInterrupted
		}
		chunk := min(limit-s.machine.Steps(), s.history.due(s.machine.Steps()))
		if len(stops) > 0 {
			chunk = 1
		}
		before := s.machine.Steps()
		status, err := s.machine.Run(ctx, flowc.Budget{Steps: chunk})
		if err != nil {
			return err
		}
		if !s.silent {
			if err := s.remember(false); err != nil {
				return err
			}
		}
		switch {
		case status == flowc.Done:
			return nil
		case status == flowc.Blocked:
			if s.machine.Wait(ctx) != nil {
				return errInterrupted
			}
		}
		if s.machine.Steps() == before {
			continue
		}
		for _, stop := range stops {
			came, err := s.came(stop)
			if err != nil {
				return err
			}
			if came {
				if i := s.indexOf(stop); i > 0 {
					fmt.Fprintf(s.out, "break %d\n", i)
				}
				return nil
			}
		}
	}
	return nil
}

// indexOf returns the number of a break, 0 for what is none.
func (s *Stepper) indexOf(target *stop) int {
	for i, stop := range s.stops {
		if stop == target {
			return i + 1
		}
	}
	return 0
}
