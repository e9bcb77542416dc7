package cli

import (
	"fmt"
	"io"
	"time"
)

// When progress shows: nothing of a short run, a bar soon, lines now and then.
const (
	barDelay     = 300 * time.Millisecond
	lineInterval = 5 * time.Second
)

// A progress shows how a run gets on: a bar on a terminal, else a line every
// few seconds.
type progress struct {
	w        io.Writer
	terminal bool
	name     string
	total    int64 // steps of the whole run, 0 if unknown
	first    int64 // steps that had been done at the start
	now      func() time.Time
	start    time.Time
	lastLine time.Time
	bar      *bar
}

func newProgress(w io.Writer, terminal bool, name string, total int64, now func() time.Time) *progress {
	start := now()
	return &progress{w: w, terminal: terminal, name: name, total: total, now: now, start: start, lastLine: start}
}

// update tells how many steps are done.
func (p *progress) update(steps int64) {
	now := p.now()
	switch {
	case p.bar != nil:
		p.bar.set(steps)
	case p.terminal && now.Sub(p.start) >= barDelay:
		p.bar = newBar(p)
		p.bar.set(steps)
	case !p.terminal && now.Sub(p.lastLine) >= lineInterval:
		p.lastLine = now
		fmt.Fprintf(p.w, "%s: %s\n", p.name, p.status(steps))
	}
}

// stop takes the bar away.
func (p *progress) stop() {
	if p.bar != nil {
		p.bar.stop()
		p.bar = nil
	}
}

// status says how many steps are done, how fast, and how long the rest takes.
func (p *progress) status(steps int64) string {
	elapsed := p.now().Sub(p.start)
	s := fmt.Sprintf("%d steps, %s", steps, formatRate(steps-p.first, elapsed))
	if p.total > 0 {
		s = fmt.Sprintf("%d of %d steps (%.0f %%), %s", steps, p.total, 100*float64(steps)/float64(p.total), formatRate(steps-p.first, elapsed))
		if steps > p.first && steps < p.total {
			left := time.Duration(float64(elapsed) * float64(p.total-steps) / float64(steps-p.first))
			s += ", " + formatLeft(left) + " left"
		}
	}
	return s
}

// formatLeft rounds to what an estimate is good for.
func formatLeft(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

func formatRate(steps int64, elapsed time.Duration) string {
	rate := float64(steps) / max(elapsed.Seconds(), 1e-9)
	switch {
	case rate >= 1e6:
		return fmt.Sprintf("%.3gM steps/s", rate/1e6)
	case rate >= 1e4:
		return fmt.Sprintf("%.3gk steps/s", rate/1e3)
	}
	return fmt.Sprintf("%.4g steps/s", rate)
}
