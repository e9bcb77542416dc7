package flowc_test

import (
	"context"
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// A list that doubles 60 times takes little room. What looks at it must not take
// it apart.
func TestListsThatShareParts(t *testing.T) {
	doubled := func(rest string) string {
		return `{"flowc": 1, "registers": {"x": {"list": [1, 2]}}, "outputs": ["x"], "body": [
  {"repeat": 60, "body": [{"call": "identity", "args": [{"list": [{"reg": "x"}, {"reg": "x"}]}], "store": "x"}]}` + rest + `]}`
	}
	for _, c := range []struct{ rest, want string }{
		{"", ""},
		{`, {"call": "exp", "args": [{"reg": "x"}]}`, "list of 2"},
		{`, {"buffer": 3, "body": [{"call": "identity", "args": [{"reg": "x"}]}], "store": "y"}`, "more than 100000 parts"},
	} {
		p, err := flowc.Parse([]byte(doubled(c.rest)), "p.json")
		if err != nil {
			t.Fatal(err)
		}
		m := start(t, p, flowc.Options{Level: 2})
		_, err = m.Run(context.Background(), flowc.Budget{})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: the error is %.300v, want %q in it", c.rest, err, c.want)
		}
		s, err := m.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		if typ := s.Run.Registers["x"].Type(); typ.String() != "list of 2" {
			t.Errorf("the type of x is %s", typ)
		}
	}
}

func TestResumeRefusesStepsThatCannotBeCounted(t *testing.T) {
	p, err := flowc.Parse([]byte(`{"flowc": 1, "body": [{"loop": [{"print": []}]}]}`), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := flowc.Compile(p, flowc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Start(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, steps := range []int64{-1, 1<<63 - 1, 1<<63 - 3} {
		s, err := m.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		s.Run.Steps = steps
		if _, err := c.Resume(s); err == nil || !strings.Contains(err.Error(), "steps") {
			t.Errorf("%d steps: %v", steps, err)
		}
	}
}

// Before a leaf that stands for several statements, a machine stands where the
// source program would.
func TestAtIsTheSamePlaceAtEveryLevel(t *testing.T) {
	p, err := flowc.Parse([]byte(`{"flowc": 1, "registers": {"z": 0.0}, "functions": {
  "g": {"params": ["a"], "returns": ["b"], "body": [{"call": "add", "args": [{"reg": "a"}, 1], "store": "b"}]},
  "f": {"params": ["a"], "returns": ["c"], "body": [{"call": "g", "args": [{"reg": "a"}], "store": "c"}]}}, "body": [
  {"call": "identity", "args": [1.0], "store": "y"}, {"call": "f", "args": [{"reg": "y"}], "store": "z"},
  {"call": "exp", "args": [{"reg": "z"}], "store": "z"}, {"print": [{"reg": "z"}]}]}`), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	places := func(level int) (ids []ir.ID) {
		m := start(t, p, flowc.Options{Level: level, Backend: flowc.Step})
		for m.Status() == flowc.Ready {
			ids = append(ids, m.At())
			if _, err := m.Step(); err != nil {
				t.Fatal(err)
			}
		}
		return ids
	}
	want := places(0)
	for level := 1; level < 3; level++ {
		if got := places(level); len(got) != len(want) || got[1] != want[1] || got[2] != want[2] {
			t.Errorf("at -O%d the machine stands at %v, at -O0 at %v", level, got, want)
		}
	}
}

func TestObjectsThatOwnOneFile(t *testing.T) {
	p, err := flowc.Parse([]byte(`{"flowc": 1, "objects": {"l": {"new": "metric.jsonl", "path": "x.jsonl"},
  "m": {"new": "metric.jsonl", "path": "x.jsonl"}}, "body": []}`), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := flowc.Compile(p, flowc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Start(nil); err == nil || !strings.Contains(err.Error(), `has the path of object "l"`) {
		t.Errorf("two logs in one file: %v", err)
	}
}

func TestStringsAreUTF8(t *testing.T) {
	p, err := flowc.Parse([]byte("program p\nx = \"a\\xffb\"\nprint x\n"), "p.flow")
	if err != nil {
		return // refused where it is read
	}
	if _, err := flowc.Compile(p, flowc.Options{}); err == nil || !strings.Contains(err.Error(), "UTF-8") {
		t.Errorf("a string that no form of the program can hold: %v", err)
	}
}
