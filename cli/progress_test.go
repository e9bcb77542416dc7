package cli

import (
	"strings"
	"testing"
	"time"
)

// clock is a time that tests move on.
type clock struct{ at time.Time }

func (c *clock) now() time.Time       { return c.at }
func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }
func newClock() *clock                { return &clock{time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)} }
func lines(b *strings.Builder) []string {
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

func TestProgressLines(t *testing.T) {
	c := newClock()
	var out strings.Builder
	p := newProgress(&out, false, "prog", 100_000, c.now)
	p.update(0)
	c.pass(4 * time.Second)
	p.update(20_000)
	if out.Len() > 0 {
		t.Errorf("a short run shows %q", out.String())
	}
	c.pass(time.Second)
	p.update(25_000)
	c.pass(time.Second)
	p.update(30_000)
	c.pass(4 * time.Second)
	p.update(100_000)
	p.stop()
	want := []string{
		"prog: 25000 of 100000 steps (25 %), 5000 steps/s, 15s left",
		"prog: 100000 of 100000 steps (100 %), 1e+04 steps/s",
	}
	got := lines(&out)
	if len(got) != 2 || got[0] != want[0] || !strings.HasPrefix(got[1], "prog: 100000 of 100000 steps (100 %), 10k") {
		t.Errorf("got %q", got)
	}
}

func TestProgressWithoutTotal(t *testing.T) {
	c := newClock()
	var out strings.Builder
	p := newProgress(&out, false, "prog", 0, c.now)
	c.pass(5 * time.Second)
	p.update(10_000_000)
	if want := "prog: 10000000 steps, 2M steps/s\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestProgressBar(t *testing.T) {
	for _, total := range []int64{0, 1000} {
		c := newClock()
		var out strings.Builder
		p := newProgress(&out, true, "prog", total, c.now)
		c.pass(barDelay / 2)
		p.update(10)
		if p.bar != nil {
			t.Error("a short run has a bar")
		}
		c.pass(barDelay)
		p.update(500)
		if p.bar == nil {
			t.Error("a longer run has no bar")
		}
		p.stop()
		p.stop()
	}
}
