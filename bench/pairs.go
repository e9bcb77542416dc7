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
)

// limit is the ratio of the times at -O2 and -O0 above which a program counts
// as slower, if the whole interval is above it.
const limit = 1.05

// sample is the time that a timed sample takes at -O0 at the least: programs
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

// comparePrograms prints the ratio of the times at -O2 and -O0 of each program in
// each family, and returns how many are slower at -O2.
func comparePrograms(w io.Writer, names []string, rounds int) (slower int, err error) {
	fmt.Fprintf(w, "| program | family | -O0 | -O2 / -O0 | 95 %% |\n|---|---|---:|---:|---:|\n")
	for _, name := range names {
		for _, family := range families {
			base, ratios, err := pairs(name, family, rounds)
			if err != nil {
				return slower, err
			}
			line, above := pairRow(name, family, base, ratios)
			if above {
				slower++
			}
			fmt.Fprint(w, line)
		}
	}
	return slower, nil
}

// pairs times a program at -O0 and at -O2, rounds times after one that does not
// count. What is first in a pair alternates, and a pair's ratio is of samples
// that follow each other.
func pairs(name, family string, rounds int) (base []time.Duration, ratios []float64, err error) {
	p, err := load(".", name)
	if err != nil {
		return nil, nil, err
	}
	var compiled [2]*flowc.Compiled
	for i, level := range []int{0, 2} {
		if compiled[i], err = compile(p, config{level, family}); err != nil {
			return nil, nil, fmt.Errorf("%s, %s: %w", name, config{level, family}, err)
		}
	}
	repeat := 1
	for round := range rounds + 1 {
		var times [2]time.Duration
		for i := range times {
			i ^= round & 1
			if times[i], err = timed(compiled[i], repeat); err != nil {
				return nil, nil, fmt.Errorf("%s, %s: %w", name, family, err)
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

// pairRow returns the line of a program, and whether it is slower at -O2.
func pairRow(name, family string, base []time.Duration, ratios []float64) (string, bool) {
	low, mid, high := interval(ratios)
	mark := ""
	if low > limit {
		mark = " slower"
	}
	return fmt.Sprintf("| %s | %s | %s | %.2f | %.2f to %.2f%s |\n", name, family, formatSeconds(median(base)), mid, low, high, mark), low > limit
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
