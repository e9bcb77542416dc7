package cli

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
)

// finish reports how the run ended and prints the outputs. err is nil, a limit,
// an interrupt or the program's error.
func (j *job) finish(c *flowc.Compiled, m *flowc.Machine, err error) error {
	r := j.result
	end, code := "", exitError(exitDone)
	switch err {
	case nil:
		r.Status, end = statusDone, "done"
	case errLimit:
		r.Status, end, code = statusLimit, "stopped at the limit", exitLimit
	case errInterrupted:
		r.Error, end, code = "interrupted by a signal", "interrupted", exitInterrupted
	case errStopped:
		r.Status, r.Error, end, code = statusStopped, "interrupted by a signal", "interrupted", exitStopped
	default:
		end = "failed"
	}
	fmt.Fprintf(j.err, "%s: %s, -O%d, %s\n", j.title(c.Source), j.describeEnd(m, end), r.Level, r.Backend)
	fmt.Fprint(j.err, describePasses(&c.Report, j.timePasses))
	j.writeStats(c)
	if m != nil && j.profile {
		entries := m.Profile()
		fmt.Fprint(j.err, describeProfile(entries))
		r.setProfile(entries)
	}
	if !j.json {
		if writeErr := j.writeOutputs(r.outputs); writeErr != nil {
			return writeErr
		}
	}
	if err != nil && r.Snapshot != "" {
		fmt.Fprintf(j.err, "flowc resume %s goes on from here\n", r.Snapshot)
	}
	if code != exitDone {
		return code
	}
	return err
}

// describeEnd says how the run ended and what it did.
func (j *job) describeEnd(m *flowc.Machine, end string) string {
	r := j.result
	switch {
	case m == nil && r.Resumed != nil:
		return fmt.Sprintf("could not go on after %d steps", r.Steps)
	case m == nil:
		return "could not be started"
	}
	since := ""
	if j.firstStep > 0 {
		since = fmt.Sprintf(", %d of them", r.Steps-j.firstStep)
	}
	return fmt.Sprintf("%s after %d steps%s in %.3g s (%s)", end, r.Steps, since, r.Seconds, formatRate(r.Steps-j.firstStep, seconds(r.Seconds)))
}

// save saves the machine at the end of the run, and returns how the run ended.
func (j *job) save(m *flowc.Machine, err error) error {
	if j.checkpoint == nil {
		return err
	}
	stopped := errors.Is(err, errInterrupted)
	if !stopped && !j.saveEnd {
		m = nil
	}
	saveErr := j.checkpoint.close(m)
	switch {
	case m == nil:
	case saveErr == nil:
		if j.result.Snapshot = j.snapshot; stopped {
			return errStopped
		}
	case err == nil:
		return saveErr
	default:
		j.note("flowc: %s", saveErr)
	}
	return err
}

// writeOutputs writes name = value; values of several lines begin on a line of
// their own.
func (j *job) writeOutputs(outputs []backend.Output) error {
	for _, o := range outputs {
		text, space := ir.Format(o.Value), " "
		if strings.Contains(text, "\n") {
			space = "\n"
		}
		if _, err := fmt.Fprintf(j.out, "%s =%s%s\n", o.Name, space, text); err != nil {
			return err
		}
	}
	return nil
}

// describePasses returns a line per pass that changed the program, or per pass
// when times are asked for.
func describePasses(report *passes.Report, times bool) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for i := range report.Passes {
		p := &report.Passes[i]
		if !p.Changed && !times {
			continue
		}
		text := p.Stats.String()
		if !p.Changed {
			text = "no change"
		}
		if times {
			fmt.Fprintf(w, "  %s\t%.3f ms\t%s\n", p.Name, 1e3*p.Time.Seconds(), text)
		} else {
			fmt.Fprintf(w, "  %s\t%s\n", p.Name, text)
		}
	}
	if times {
		var total time.Duration
		for i := range report.Passes {
			total += report.Passes[i].Time
		}
		fmt.Fprintf(w, "  all passes\t%.3f ms\t\n", 1e3*total.Seconds())
		fmt.Fprintf(w, "  verification\t%.3f ms\tbeside the passes\n", 1e3*report.Verification.Seconds())
	}
	w.Flush() // to a string
	return b.String()
}
