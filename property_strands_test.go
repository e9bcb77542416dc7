package flowc_test

import (
	"testing"

	"flowc.dev/flowc"
)

// Leaves run as one within one statement of a strand, but not where a call that
// they begin with has got its arguments before other strands had their turns.
func TestLeavesInStrands(t *testing.T) {
	p, err := flowc.Parse([]byte(`{"flowc": 1, "registers": {"x": {"tensor": {"dtype": "f64", "data": [1.0, 2.0]}}, "y": {"tensor": {"dtype": "f64", "data": [3.0, 4.0]}}, "bad": {"tensor": {"dtype": "f64", "data": [1.0, 2.0, 3.0]}}},
	 "functions": {"f": {"params": ["a"], "returns": ["r"], "body": [{"call": "tanh", "args": [{"reg": "a"}], "store": "h"}, {"call": "add", "args": [{"reg": "h"}, {"reg": "a"}], "store": "r"}]}},
	 "body": [
	   {"weave": [
	     [{"call": "f", "args": [{"reg": "x"}], "store": "x"}, {"call": "f", "args": [{"reg": "x"}], "store": "x"}, {"print": ["first", {"reg": "x"}]},
	      {"repeat": 2, "body": [{"call": "f", "args": [{"reg": "x"}], "store": "x"}, {"call": "multiply", "args": [{"reg": "x"}, 2], "store": "x"}, {"call": "subtract", "args": [{"reg": "x"}, 1], "store": "x"}]}],
	     [{"call": "f", "args": [{"reg": "y"}], "store": "y"},
	      {"seq": [{"call": "f", "args": [{"reg": "y"}], "store": "y"}, {"call": "add", "args": [{"reg": "y"}, 1], "store": "y"}, {"call": "square", "args": [{"reg": "y"}], "store": "y"}, {"print": ["second", {"reg": "y"}]}]}],
	     [{"weave": [[{"call": "f", "args": [{"reg": "y"}], "store": "z"}], [{"call": "f", "args": [{"reg": "x"}], "store": "w"}]], "turn": "statement"}]],
	    "turn": "statement"},
	   {"weave": [[{"call": "f", "args": [{"reg": "x"}], "store": "x"}], [{"seq": [{"call": "square", "args": [{"reg": "y"}], "store": "y"}, {"call": "add", "args": [{"reg": "y"}, {"reg": "bad"}], "store": "y"}]}]], "turn": "statement"}]}`), "strands.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range []string{flowc.Step, flowc.Gorgonia} {
		s, err := newSubject(p, family)
		if err != nil {
			t.Fatal(err)
		}
		for _, property := range properties {
			for k := range uint64(40) {
				if problem := property.holds(s, choices(k)); problem != "" {
					t.Errorf("%s family, %s: %s", family, property.name, problem)
					break
				}
			}
		}
		s.close()
	}
}
