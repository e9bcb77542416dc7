package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
)

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		ratios         []float64
		low, mid, high float64
	}{
		{[]float64{2}, 2, 2, 2},
		{[]float64{3, 1, 2}, 1, 2, 3},
		{[]float64{6, 5, 4, 3, 2, 1}, 1, 3.5, 6},              // 1/64 on each side
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, 2, 5, 8},       // 10/512 on each side
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 99}, 2, 5.5, 9}, // 11/1024
		{[]float64{15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 4, 8, 12},
	} {
		if low, mid, high := interval(c.ratios); low != c.low || mid != c.mid || high != c.high {
			t.Errorf("interval(%v) = %v, %v, %v, want %v, %v, %v", c.ratios, low, mid, high, c.low, c.mid, c.high)
		}
	}
}

func TestPairRow(t *testing.T) {
	base := []time.Duration{30 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond}
	for _, c := range []struct {
		ratios []float64
		want   string
		slower bool
	}{
		{[]float64{1.06, 1.3, 1.2}, "| prog | step | 20 ms | 1.20 | 1.06 to 1.30 slower |\n", true},
		{[]float64{1.3, 1.05, 1.2}, "| prog | step | 20 ms | 1.20 | 1.05 to 1.30 |\n", false},
		{[]float64{0.5, 0.5, 0.5}, "| prog | step | 20 ms | 0.50 | 0.50 to 0.50 |\n", false},
	} {
		if got, slower := pairRow("prog", flowc.Step, base, c.ratios); got != c.want || slower != c.slower {
			t.Errorf("got %q, slower is %t, want %q", got, slower, c.want)
		}
	}
}

// TestProgramsCover checks that each optional pass makes a rewrite in a program
// that is timed, and that there is work for the rules of typed graphs in
// each program that is named for some.
func TestProgramsCover(t *testing.T) {
	names, err := programs("..")
	if err != nil {
		t.Fatal(err)
	}
	fired := map[string]bool{}
	for _, name := range names {
		p, err := load("..", name)
		if err != nil {
			t.Fatal(err)
		}
		for _, family := range families {
			c, err := compile(p, config{2, family})
			if err != nil {
				t.Fatal(name, err)
			}
			for _, pass := range c.Report.Passes {
				for _, count := range pass.Counts {
					fired[pass.Name] = fired[pass.Name] || count.N > 0
				}
			}
			if !strings.HasPrefix(name, "graph-") {
				continue
			}
			m, err := c.Start(map[string]ir.Value{"rounds": ir.WeakInt(1)})
			if err == nil {
				_, err = m.Run(context.Background(), flowc.Budget{})
			}
			if err != nil {
				t.Fatal(name, err)
			}
			for _, count := range c.Graphs.Counts() {
				fired[name] = fired[name] || count.N > 0
			}
		}
		if strings.HasPrefix(name, "graph-") && !fired[name] {
			t.Errorf("no rule of typed graphs is applied in %s", name)
		}
	}
	for _, p := range passes.Standard().Passes {
		if !p.Required && !fired[p.Name] {
			t.Errorf("pass %s makes no rewrite in any program", p.Name)
		}
	}
}
