package cli

import (
	"testing"

	"flowc.dev/flowc"
)

func TestTotalSteps(t *testing.T) {
	const unknown = -1
	for _, c := range []struct {
		body string
		want int64
	}{
		{`[]`, 0},
		{`[{"print": [1]}, {"seq": [{"print": [2]}, {"call": "add", "args": [1, 2]}]}]`, 3},
		{`[{"repeat": 10, "body": [{"print": [1]}, {"print": [2]}]}]`, 20},
		{`[{"repeat": 10, "body": []}]`, 10},
		{`[{"repeat": 0, "body": [{"print": [1]}]}]`, 0},
		{`[{"buffer": 3, "body": [{"call": "add", "args": [1, 2]}], "store": "x"}]`, 3},
		{`[{"repeat": 1000000000000, "body": [{"repeat": 1000000000000, "body": []}]}]`, unknown},
		{`[{"repeat": {"call": "add", "args": [1, 2]}, "body": []}]`, unknown},
		{`[{"loop": [{"print": [1]}]}]`, unknown},
		{`[{"while": true, "body": []}]`, unknown},
		{`[{"until": true, "body": []}]`, unknown},
		{`[{"repeat": 2, "body": [{"break": null}]}]`, unknown},
		{`[{"switch": 1, "cases": [{"when": 1, "body": [{"print": [1]}]}], "default": [{"print": [2]}]}]`, 1},
		{`[{"switch": 1, "cases": [{"when": 1, "body": [{"print": [1]}]}], "default": []}]`, unknown},
		{`[{"weave": [[{"print": [1]}], [{"print": [1]}, {"print": [2]}]]}]`, 3},
		{`[{"weave": [[{"print": [1]}], [{"print": [1]}]], "require": 1}]`, unknown},
		{`[{"call": "f"}, {"call": "f"}, {"call": "g"}]`, 7},
		{`[{"spawn": [{"print": [1]}], "store": "h"}, {"join": {"reg": "h"}}]`, unknown},
	} {
		src := `{"flowc": 1, "functions": {
			"f": {"params": [], "returns": [], "body": [{"repeat": 3, "body": [{"print": [1]}]}]},
			"g": {"params": [], "returns": [], "body": []}}, "body": ` + c.body + `}`
		p, err := flowc.Parse([]byte(src), "")
		if err != nil {
			t.Fatal(err)
		}
		got, ok := totalSteps(p)
		if !ok {
			got = unknown
		}
		if got != c.want {
			t.Errorf("%s takes %d steps, want %d", c.body, got, c.want)
		}
	}
}
