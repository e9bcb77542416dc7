package main

import (
	"testing"
	"time"

	"flowc.dev/flowc"
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
		{[]float64{1.06, 1.3, 1.2}, "| prog | step | -O2 / -O0 | 20 ms | 1.20 | 1.06 to 1.30 slower |\n", true},
		{[]float64{1.3, 1.05, 1.2}, "| prog | step | -O2 / -O0 | 20 ms | 1.20 | 1.05 to 1.30 |\n", false},
		{[]float64{0.5, 0.5, 0.5}, "| prog | step | -O2 / -O0 | 20 ms | 0.50 | 0.50 to 0.50 |\n", false},
	} {
		if got, slower := pairRow("prog", flowc.Step, "-O2 / -O0", base, c.ratios); got != c.want || slower != c.slower {
			t.Errorf("got %q, slower is %t, want %q", got, slower, c.want)
		}
	}
}

// The comment above a program, and the directory apart, say what it is compared
// with.
func TestNewPair(t *testing.T) {
	for _, c := range []struct {
		name, what string
		levels     [2]int
		same       bool
	}{
		{"fold", "-O2 / -O0", [2]int{0, 2}, true},
		{"train_pca", "-O2 / -O0", [2]int{0, 2}, true},
		{"graph-gemm", "-O3 / -O2", [2]int{2, 3}, true},
		{"product-bias", "joined / apart", [2]int{2, 2}, false},
	} {
		p, err := newPair("..", c.name)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if p.what != c.what || p.levels != c.levels || (p.programs[0] == p.programs[1]) != c.same {
			t.Errorf("%s: %s at %v, want %s at %v", c.name, p.what, p.levels, c.what, c.levels)
		}
	}
}
