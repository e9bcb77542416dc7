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

// A rule for typed graphs that is not applied is listed too, and what is counted
// is what runs in the step family apply.
func TestRareGraphRulesAreListed(t *testing.T) {
	const never, often = "graphs: x[:] -> x", "graphs: abs(abs(x)) -> abs(x)"
	var made firings
	if list := made.rare(10_000); !strings.Contains(list, never) || !strings.Contains(list, often) {
		t.Fatalf("rules that are never applied are not in the list:\n%s", list)
	}
	p, err := flowc.Parse([]byte(`{"flowc": 1, "registers": {"x": {"tensor": {"dtype": "f64", "data": [2.0, 1.0]}}}, "body": [
	  {"call": "abs", "args": [{"reg": "x"}], "store": "y"}, {"call": "abs", "args": [{"reg": "y"}], "store": "z"}]}`), "abs.json")
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		s, err := (&subject{p: p, family: flowc.Step, atOnce: true}).ready()
		if err != nil {
			t.Fatal(err)
		}
		s.start(2).to(propertySteps)
		made.addGraphs(s.compiled[2])
	}
	if list := made.rare(1000); strings.Contains(list, often) || !strings.Contains(list, never) {
		t.Errorf("ten applications of %q in a thousand programs are enough, none of %q is not:\n%s", often, never, list)
	}
}
