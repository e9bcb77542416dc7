package passes

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// A checking is the verification of what a pass has made, or its failure.
type checking struct {
	ps            *Pass
	before, after *ir.Program
	stats         pass.Stats
	last          *ir.Node // at which a rewrite was made
	err           error
	broken        bool // err is of the program that was made
	took          time.Duration
	done          chan struct{} // closed when it has ended; nil if it was not started beside
}

// overlaps reports whether what the pass has made is verified while the next one
// runs. That is so for our own passes, and only if nobody looks on: what others
// make may be broken such that it takes the next pass down with it.
func (m *manager) overlaps(ps *Pass, stats pass.Stats) bool {
	return m.o.Trace == nil && m.o.OnFire == nil && !m.o.Strict && len(stats.Counts) > 0 && slices.Contains(standard, ps)
}

// start verifies the program beside what follows.
func (k *checking) start(m *manager) {
	k.done = make(chan struct{})
	go func() {
		defer close(k.done)
		k.run(m)
	}()
}

// run verifies the program, which may be broken in any way.
func (k *checking) run(m *manager) {
	start := time.Now()
	defer func() {
		k.took = time.Since(start)
		if r := recover(); r != nil {
			k.err = fmt.Errorf("bug: the program it made is not valid: looking at it fails: %w", panicked(r, ""))
		}
		k.broken = k.err != nil
	}()
	k.err = m.checker.check(k.ps, k.before, k.after)
}

// checked waits for the verification that goes on, if one does, and returns what
// it has found.
func (m *manager) checked() *Error {
	k := m.pending
	if m.pending = nil; k == nil || k.done == nil {
		return nil
	}
	<-k.done
	m.report.Verification += k.took
	if k.err == nil {
		return nil
	}
	return k.failure()
}

// failure returns the error as that of the pass.
func (k *checking) failure() *Error {
	e := failure(k.ps, k.before, k.err)
	if k.broken {
		e.Rewrites, e.last, e.Before, e.After = k.stats.Counts, k.last, k.before, k.after
		if e.ID == 0 && k.last != nil {
			e.ID, e.Pos = k.last.ID, k.last.Pos
		}
	}
	// What a required pass says of a node is the program's defect.
	var ofNode *pass.NodeError
	e.Bug = k.broken || errors.Is(k.err, ErrModified) || !k.ps.Required || k.ps.Run == nil || !errors.As(k.err, &ofNode)
	return e
}
