package flowc_test

import (
	"bytes"
	"context"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
	"flowc.dev/flowc/snapshot"
)

// A hook that fails after an element, whose value is used, keeps the value for
// the run that goes on, whether the element ran as one leaf or not.
func TestAFailedHookKeepsTheValueItFollows(t *testing.T) {
	p, err := flowc.Parse([]byte(`{"flowc": 1, "objects": {"d": {"new": "data.normal", "rows": 100, "cols": 2, "seed": 1}},
 "registers": {"k": 0}, "outputs": ["v"], "body": [{"repeat": 3, "body": [{"buffer": 4, "body": [{"call": "d.next"}],
  "hooks": [{"after": [{"call": "floor_divide", "args": [1, {"reg": "k"}]}]}]}], "store": "v"}]}`), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	var files [][]byte
	var ends []string
	for level := range 3 {
		m := start(t, p, flowc.Options{Level: level, Backend: flowc.Step})
		if _, err := m.Run(context.Background(), flowc.Budget{}); err == nil {
			t.Fatal("the hook divides by zero and does not fail")
		}
		s, err := m.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := snapshot.Encode(&file, s); err != nil {
			t.Fatal(err)
		}
		files = append(files, file.Bytes())
		fixed, err := state.Set(s, "k", ir.WeakInt(1))
		if err != nil {
			t.Fatal(err)
		}
		for to := range 3 {
			c, err := flowc.Compile(fixed.Program, flowc.Options{Level: to, Backend: flowc.Step})
			if err != nil {
				t.Fatal(err)
			}
			m, err := c.Resume(fixed)
			if err != nil {
				t.Fatal(err)
			}
			finish(t, m)
			ends = append(ends, seen(m))
		}
	}
	for i := range files {
		if !bytes.Equal(files[i], files[0]) {
			t.Errorf("the snapshot at -O%d differs from that at -O0", i)
		}
	}
	for i := range ends {
		if ends[i] != ends[0] {
			t.Errorf("from -O%d to -O%d the run ends with\n%s\nfrom -O0 to -O0 with\n%s", i/3, i%3, ends[i], ends[0])
		}
	}
}
