package passes

import (
	"errors"
	"fmt"
	"time"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// Optimize returns the program that does what p does, lowered for o.Family and
// optimized as o asks, and a report of what each pass did. p, which must have
// passed [ir.Verify], is not changed. What each pass made is verified, which may
// go on while the next ones run. A pass that fails, or whose program does, stops
// it with an *Error.
func Optimize(p *ir.Program, o Options) (*ir.Program, Report, error) {
	pipeline, err := o.pipeline()
	if err != nil {
		return nil, Report{}, err
	}
	known := o.Verified
	if known == nil || known.Program() != p {
		known = ir.Known(p).Numbered()
	}
	if o.Strict || pipeline.foreign() { // the caller's is safe whatever passes do
		known = ir.Known(known.Program().Clone())
	}
	m := &manager{o: &o, checker: checker{registry: o.Registry, verified: known}, p: known.Program(), report: Report{Family: o.Family}, size: known.Nodes()}
	m.c = pass.NewContextOf(known, o.Registry, o.Family)
	defer m.queue.end()
	m.c.EditLeaf, m.c.Strict = dataflow.EditLeaf, o.Strict
	if o.Fuel != nil {
		m.c.Fuel = max(0, *o.Fuel)
	}
	for i := range pipeline {
		if err := m.stage(&pipeline[i]); err != nil {
			err.Pipeline = pipeline.optional().String()
			return nil, m.report, err
		}
	}
	m.queue.wait()
	if err := m.blame(); err != nil {
		err.Pipeline = pipeline.optional().String()
		return nil, m.report, err
	}
	m.report.Verification += m.queue.took
	return m.p, m.report, nil
}

// A manager takes a program through a pipeline.
type manager struct {
	o       *Options
	c       *pass.Context
	checker checker
	p       *ir.Program
	report  Report
	queue   queue // of programs to verify
	size    int   // nodes of the program at first
}

// stage runs a pass, or the passes of a group until none changes anything.
func (m *manager) stage(s *Stage) *Error {
	if s.Pass != nil {
		return m.run(s, 0)
	}
	for round := 1; round <= s.Max; round++ {
		before := m.p
		for i := range s.Fixpoint {
			if err := m.run(&s.Fixpoint[i], round); err != nil {
				return err
			}
		}
		if m.p == before {
			return nil
		}
	}
	last := &m.report.Passes[len(m.report.Passes)-1]
	last.Notes = append(last.Notes, pass.Note{Text: fmt.Sprintf("%s stopped after %d rounds, in the last of which the program still changed", s, s.Max)})
	return nil
}

// run runs one pass, as part of a round of a group if round is not 0.
func (m *manager) run(s *Stage, round int) *Error {
	ps, before := s.Pass, m.p
	var last *ir.Node // at which a rewrite was made
	m.c.OnFire = func(rewrite string, n *ir.Node) {
		last = n
		if m.o.OnFire != nil {
			m.o.OnFire(ps, rewrite, n)
		}
	}
	var copied *ir.Program
	if m.o.Strict || foreign(ps) {
		m.queue.wait() // for it may write into what is verified
		if err := m.blame(); err != nil {
			return err
		}
		copied = before.Clone()
	}
	start := time.Now()
	after, stats, err := apply(s, m.c, before)
	took := time.Since(start)
	overlaps := err == nil && after != before && m.overlaps(ps, stats)
	if !overlaps && (err != nil || after != before) {
		m.queue.wait()
	}
	if err := m.blame(); err != nil {
		return err // so before is not valid
	}
	if copied != nil {
		if changed := modified(before, copied); changed != nil {
			after, err = before, changed
		}
	}
	check := &checking{ps: ps, before: before, after: after, stats: stats, last: last, err: err, index: len(m.report.Passes)}
	if err == nil && after != before && !overlaps {
		check.run(m)
		m.report.Verification += check.took
		if check.err == nil && len(stats.Counts) == 0 {
			if ir.Digest(after) != ir.Digest(before) {
				check.err, check.broken = errors.New("bug: it has changed the program without asking Fire"), true
			}
			after = before // or a copy, with nothing changed
		}
	}
	m.report.Passes = append(m.report.Passes, PassReport{Name: ps.Name, Required: ps.Required, Round: round, Changed: after != before, Stats: stats, Time: took})
	switch {
	case overlaps:
		m.queue.put(check, m)
	case check.err != nil:
		return check.failure()
	}
	if m.o.Trace != nil {
		m.o.Trace(ps, before, after)
	}
	m.p = after
	return nil
}

// apply runs a pass. What it panics with is an error of that pass: it must not
// take down the program that embeds the compiler.
func apply(s *Stage, c *pass.Context, p *ir.Program) (result *ir.Program, stats pass.Stats, err error) {
	defer func() {
		if r := recover(); r != nil {
			if err = panicked(r, c.Rule()); c.Registry.Panicked(r, nil) != nil {
				err = panicError{c.Registry.Panicked(r, nil).Error(), err.(panicError).stack}
			}
			result = p
		}
	}()
	return s.Pass.Apply(c, p, s.Args)
}

// An Error is the failure of a pass, or of the program that it made.
type Error struct {
	Pass string
	File string
	// Pos and ID are of the node at which it failed, or of the last one that a
	// pass whose program is not valid has rewritten; zero if unknown.
	Pos ir.Pos
	ID  ir.ID
	// Rewrites are those that a pass has made whose program is not valid.
	Rewrites []pass.Count
	// Pipeline are the optional passes that were to run.
	Pipeline string
	// Bug says that the pass is wrong, not the program that it was given.
	Bug bool
	// Reproducer is the file that repeats the failure, or "".
	Reproducer string
	// Stack is that of a panic of the pass, or "".
	Stack string
	// Before and After are the program that the pass was given and, if what it
	// made is not valid, that one, which may be broken in any way; nil otherwise.
	Before, After *ir.Program
	Err           error

	last *ir.Node // at which a rewrite was made
}

func failure(ps *Pass, before *ir.Program, err error) *Error {
	e := &Error{Pass: ps.Name, File: before.File, Err: err}
	var at *pass.NodeError
	if errors.As(err, &at) && at.Node != nil {
		e.Pos, e.ID, e.Err = at.Node.Pos, at.Node.ID, at.Err
	}
	var p panicError
	if errors.As(err, &p) {
		e.Stack = p.stack
	}
	return e
}

// Error returns file, position, pass and message, the rewrites made and the
// reproducer.
func (e *Error) Error() string {
	s := e.File
	if e.Pos.Known() {
		if s != "" {
			s += ":"
		}
		s += e.Pos.String()
	}
	if s != "" {
		s += ": "
	}
	if e.ID != 0 && !e.Pos.Known() {
		s += fmt.Sprintf("node %d: ", e.ID)
	}
	s += e.Message()
	if len(e.Rewrites) > 0 {
		made := pass.Stats{Counts: e.Rewrites}
		s += "\n  it has made " + made.String()
		if e.last != nil {
			s += fmt.Sprintf(", the last at node %d", e.last.ID)
			if e.last.Pos.Known() {
				s += " at " + e.last.Pos.String()
			}
		}
	}
	if e.Reproducer != "" {
		s += "\n  flowc repro " + e.Reproducer + " does it again"
	}
	return s
}

// Message returns pass and message alone.
func (e *Error) Message() string { return fmt.Sprintf("pass %s: %s", e.Pass, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
