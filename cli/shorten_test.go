package cli

import (
	"strings"
	"testing"
)

func TestShorten(t *testing.T) {
	long := strings.Repeat("ab", 50_000)
	cut := long[:maxHead] + "...(100000 bytes)"
	for in, want := range map[string]string{
		"":                           "",
		"a b\n  c":                   "a b\n  c",
		long:                         cut,
		"x: " + long + "\n  " + long: "x: " + cut + "\n  " + cut,
		"pass " + long + "; did":     "pass " + long[:maxHead] + "...(100001 bytes); did",
		strings.Repeat("é", 300):     strings.Repeat("é", maxHead/2) + "...(600 bytes)",
	} {
		if got := shorten(in); got != want {
			t.Errorf("%.80q is shortened to\n%.200q, want\n%.200q", in, got, want)
		}
	}
}
