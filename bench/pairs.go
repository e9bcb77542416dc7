package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// limit is the ratio of a program's time to that of what it is compared with
// above which it counts as slower, if the whole interval is above it.
const limit = 1.05

// sample is the time that a timed sample of the base takes at the least: programs
// that are shorter run several times.
const sample = 20 * time.Millisecond

// families are the numeric families; levels are compared within each.
var families = []string{flowc.Step, flowc.Gorgonia}

// programs returns the names of bench/programs and of the examples.
func programs(root string) ([]string, error) {
	var names []string
	for _, pattern := range []string{filepath.Join("bench", "programs", "*.flow"), filepath.Join("examples", "*.flow")} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			names = append(names, strings.TrimSuffix(filepath.Base(file), ".flow"))
		}
	}
	if len(names) == 0 {
		return nil, errors.New("no programs here; run it from the root of the repository")
	}
	return names, nil
}

// A pair is what a program is compared with, the base, and how it is compiled
// itself.
type pair struct {
	programs [2]*ir.Program
	levels   [2]int
	what     string // it over the base
}

// reassociates is a line in the comment of programs that are about what -O3 adds.
const reassociates = "level: 3"

// newPair returns the pair of a program: at -O2 and at -O0, or at -O3 and at -O2
// if the comment above it has the line "level: 3". A program of which
// bench/programs/apart has another version is compared with that, both at -O2:
// there the calls stand in statements of their own, so that a rewrite that
// every level makes within a statement finds nothing.
func newPair(root, name string) (*pair, error) {
	p, err := load(root, name)
	if err != nil {
		return nil, err
	}
	if slices.Contains(strings.Split(p.Doc, "\n"), reassociates) {
		return &pair{[2]*ir.Program{p, p}, [2]int{2, 3}, "-O3 / -O2"}, nil
	}
	apart := filepath.Join(root, "bench", "programs", "apart", name+".flow")
	if !exists(apart) {
		return &pair{[2]*ir.Program{p, p}, [2]int{0, 2}, "-O2 / -O0"}, nil
	}
	other, err := flowc.Load(apart)
	return &pair{[2]*ir.Program{other, p}, [2]int{2, 2}, "joined / apart"}, err
}

// comparePrograms prints the ratio of the times of each program and of what it is
// compared with in each family, and returns how many are slower.
func comparePrograms(w io.Writer, names []string, rounds int) (slower int, err error) {
	fmt.Fprintf(w, "| program | family | ratio of | base | ratio | 95 %% |\n|---|---|---|---:|---:|---:|\n")
	for _, name := range names {
		c, err := newPair(".", name)
		if err != nil {
			return slower, err
		}
		for _, family := range families {
			base, ratios, err := c.time(family, rounds)
			if err != nil {
				return slower, fmt.Errorf("%s, %s: %w", name, family, err)
			}
			line, above := pairRow(name, family, c.what, base, ratios)
			if above {
				slower++
			}
			fmt.Fprint(w, line)
		}
	}
	return slower, nil
}

// time times the base and the program, rounds times after one that does not
// count. What is first in a pair alternates, and a pair's ratio is of samples
// that follow each other.
func (c *pair) time(family string, rounds int) (base []time.Duration, ratios []float64, err error) {
	var compiled [2]*flowc.Compiled
	for i, p := range c.programs {
		if compiled[i], err = compile(p, config{c.levels[i], family}); err != nil {
			return nil, nil, err
		}
	}
	repeat := 1
	for round := range rounds + 1 {
		var times [2]time.Duration
		for i := range times {
			i ^= round & 1
			if times[i], err = timed(compiled[i], repeat); err != nil {
				return nil, nil, err
			}
		}
		if round == 0 {
			repeat = 1 + int(sample/(times[0]+1))
			continue
		}
		base = append(base, times[0]/time.Duration(repeat))
		ratios = append(ratios, float64(times[1])/float64(times[0]))
	}
	return base, ratios, nil
}

// timed returns what the program takes to run so many times. The garbage of
// others is not its.
func timed(c *flowc.Compiled, repeat int) (time.Duration, error) {
	runtime.GC()
	start := time.Now()
	for range repeat {
		if err := run(c); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

// pairRow returns the line of a program, and whether it is slower than its base.
func pairRow(name, family, what string, base []time.Duration, ratios []float64) (string, bool) {
	low, mid, high := interval(ratios)
	mark := ""
	if low > limit {
		mark = " slower"
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %.2f | %.2f to %.2f%s |\n", name, family, what, formatSeconds(median(base)), mid, low, high, mark), low > limit
}

// interval returns the median of ratios and its 95 % confidence interval by order
// statistics: the narrowest pair of ratios, as far from one end as from the
// other, between which the median of what they are drawn from lies with at least
// that probability, whatever their distribution. It takes 6 ratios; of fewer
// it returns the least and the greatest.
func interval(ratios []float64) (low, mid, high float64) {
	s := slices.Sorted(slices.Values(ratios))
	n := len(s)
	mid = (s[(n-1)/2] + s[n/2]) / 2
	// below is the probability that at most k of the n are under the median.
	k, p, below := 0, 1.0, 0.0
	for range n {
		p /= 2
	}
	for below+p <= 0.025 && 2*k < n {
		below += p
		k++
		p *= float64(n-k+1) / float64(k)
	}
	k = max(k-1, 0)
	return s[k], mid, s[n-1-k]
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
