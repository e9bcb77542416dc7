package passes

import (
	"errors"
	"fmt"
	"time"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// Optimize returns the program that does what p does, lowered for o.Family and
// optimized as o asks, and a report of what each pass did. p, which must have
// passed [ir.Verify], is not changed. A pass that fails stops it with an *Error.
func Optimize(p *ir.Program, o Options) (*ir.Program, Report, error) {
	pipeline, err := o.pipeline()
	if err != nil {
		return nil, Report{}, err
	}
	report := Report{Family: o.Family}
	p = p.Numbered()
	c := pass.NewContext(p, o.Registry, o.Family)
	for _, ps := range pipeline {
		start := time.Now()
		after, stats, err := run(ps, c, p)
		if err == nil && after != p {
			err = check(ps, o.Registry, p, after)
		}
		report.Passes = append(report.Passes, PassReport{Name: ps.Name, Required: ps.Required, Changed: after != p, Stats: stats, Time: time.Since(start)})
		if err != nil {
			return nil, report, failure(ps, p, err)
		}
		if o.Trace != nil {
			o.Trace(ps, p, after)
		}
		p = after
	}
	return p, report, nil
}

// run runs one pass. What a pass panics with is an error of that pass: it must
// not take down the program that embeds the compiler.
func run(ps *Pass, c *pass.Context, p *ir.Program) (result *ir.Program, stats pass.Stats, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = p, fmt.Errorf("bug: %v", r)
		}
	}()
	result, stats, err = ps.Run(c, p)
	stats.Counts = append(c.Fired(), stats.Counts...)
	if err != nil || result == nil {
		result = p
	}
	return result, stats, err
}

// An Error is the failure of a pass.
type Error struct {
	Pass string
	File string
	Pos  ir.Pos
	ID   ir.ID // of the node at which it failed, 0 if unknown
	Err  error
}

func failure(ps *Pass, p *ir.Program, err error) *Error {
	e := &Error{Pass: ps.Name, File: p.File, Err: err}
	var at *pass.NodeError
	if errors.As(err, &at) && at.Node != nil {
		e.Pos, e.ID, e.Err = at.Node.Pos, at.Node.ID, at.Err
	}
	return e
}

// Error returns file, position, pass and message.
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
	return fmt.Sprintf("%spass %s: %s", s, e.Pass, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
