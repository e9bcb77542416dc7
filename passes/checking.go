package passes

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
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
	index         int // of the pass in the report
}

// smallProgram is a number of nodes up to which a program is verified sooner than
// another goroutine begins with it.
var smallProgram = 1000

// overlaps reports whether what the pass has made is verified while the next ones
// run. That is so for our own passes, and only if nobody looks on: what others
// make may be broken such that it takes the next pass down with it.
func (m *manager) overlaps(ps *Pass, stats pass.Stats) bool {
	return m.size > smallProgram && m.o.Trace == nil && m.o.OnFire == nil && !m.o.Strict && len(stats.Counts) > 0 && !foreign(ps)
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

// A queue verifies programs one after the other beside what follows, until one is
// not valid.
type queue struct {
	waiting chan *checking
	done    sync.WaitGroup // of all that were put in
	ended   chan struct{}
	failed  atomic.Pointer[checking]
	took    time.Duration // of all, once they are done
}

// put adds a verification. It does not wait, unless very many do.
func (q *queue) put(k *checking, m *manager) {
	if q.waiting == nil {
		q.waiting, q.ended = make(chan *checking, 100), make(chan struct{})
		go q.work(m)
	}
	q.done.Add(1)
	q.waiting <- k
}

func (q *queue) work(m *manager) {
	defer close(q.ended)
	for k := range q.waiting {
		if q.failed.Load() == nil { // else what it begins with is not valid
			if k.run(m); k.err != nil {
				q.failed.Store(k)
			}
			q.took += k.took
		}
		q.done.Done()
	}
}

// wait returns when all that was put in is done.
func (q *queue) wait() { q.done.Wait() }

// end ends the queue, when all that was put in is done.
func (q *queue) end() {
	if q.waiting != nil {
		close(q.waiting)
		<-q.ended
	}
}

// blame returns the error of the pass of which the verification has failed, nil
// if none has. The report ends with it.
func (m *manager) blame() *Error {
	k := m.queue.failed.Load()
	if k == nil {
		return nil
	}
	m.report.Passes = m.report.Passes[:k.index+1]
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
