package flowc_test

import (
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir/irtest"
)

// A rewrite that is not made in many programs is listed by its name.
func TestRareRewritesAreListed(t *testing.T) {
	var made firings
	if list := made.rare(100); list != "" {
		t.Errorf("of few programs nothing is said, got %s", list)
	}
	if list := made.rare(10_000); !strings.Contains(list, "0 of 100  collapse: graphs made") {
		t.Errorf("a rewrite that is never made is not in the list:\n%s", list)
	}
	for seed := range uint64(40) {
		c, err := flowc.Compile(irtest.Program(seed, randomOptions(seed)), flowc.Options{Level: 2, Backend: flowc.Step})
		if err != nil {
			t.Fatal(err)
		}
		made.add(c)
	}
	if list := made.rare(1000); strings.Contains(list, "collapse: graphs made") {
		t.Errorf("a rewrite that is made often is in the list:\n%s", list)
	}
}
