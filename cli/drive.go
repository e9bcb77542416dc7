package cli

import (
	"context"
	"errors"
	"time"

	"flowc.dev/flowc"
)

// slice is the time between two looks at the progress.
const slice = 100 * time.Millisecond

// Ways for a run to end early that are no defect of the program.
var (
	errLimit       = errors.New("a limit was reached")
	errInterrupted = errors.New("interrupted")
	errStopped     = errors.New("interrupted, with a snapshot")
)

// drive runs the machine to the end, a limit, an interrupt or an error.
func (j *job) drive(ctx context.Context, m *flowc.Machine, start time.Time) error {
	if j.hasMaxSteps && m.Steps() >= j.maxSteps && m.Status() != flowc.Done {
		return errLimit
	}
	for {
		budget := flowc.Budget{Time: slice}
		if j.hasMaxSteps {
			budget.Steps = j.maxSteps - m.Steps()
		}
		if j.maxTime > 0 {
			budget.Time = min(slice, max(j.maxTime-time.Since(start), 1))
		}
		j.checkpoint.limit(&budget, m.Steps())
		status, err := m.Run(ctx, budget)
		if flushErr := j.prints.Flush(); err == nil {
			err = flushErr
		}
		j.progress.update(m.Steps())
		if err == nil {
			j.look(m)
		}
		switch {
		case err != nil || status == flowc.Done:
			return err
		case ctx.Err() != nil:
			return errInterrupted
		case j.hasMaxSteps && m.Steps() >= j.maxSteps, j.maxTime > 0 && time.Since(start) >= j.maxTime:
			return errLimit
		case status == flowc.Blocked:
			j.wait(ctx, m, start)
		}
	}
}

// look saves the machine if it is time to. The run goes on if that fails.
func (j *job) look(m *flowc.Machine) {
	if err := j.checkpoint.look(m); err != nil {
		j.note("flowc: %s; the run goes on", err)
	}
}

// wait waits while the machine is blocked, until something else is to be looked
// at.
func (j *job) wait(ctx context.Context, m *flowc.Machine, start time.Time) {
	patience := lineInterval
	if j.maxTime > 0 {
		patience = min(patience, max(j.maxTime-time.Since(start), 1))
	}
	if j.checkpoint != nil {
		patience = min(patience, slice)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = m.Wait(ctx) // an error is one of ctx, which drive looks at
}
