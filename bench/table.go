package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// header returns the first two lines of the table.
func header() string {
	head, rule := "| example |", "|---|"
	for _, c := range configs {
		head += fmt.Sprintf(" %s |", c)
		rule += "---:|"
	}
	return head + "\n" + rule + "\n"
}

// row returns the line of an example.
func row(name string, times [][]time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |", name)
	base := median(times[0])
	for i := range times {
		m := median(times[i])
		fmt.Fprintf(&b, " %s", formatSeconds(m))
		if i > 0 {
			fmt.Fprintf(&b, " (%.2f)", float64(m)/float64(base))
		}
		b.WriteString(" |")
	}
	return b.String() + "\n"
}

func formatSeconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.3g ms", 1e3*d.Seconds())
	}
	return fmt.Sprintf("%.3g s", d.Seconds())
}

// median returns the middle of times, which are not empty; the mean of the two
// in the middle if their number is even.
func median(times []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(times))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
