package process

import (
	"context"
	"strings"
	"testing"
	"time"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// resume writes a snapshot to a file's bytes and makes a machine of them.
func resume(t *testing.T, s *state.Snapshot, o flowc.Options) *flowc.Machine {
	t.Helper()
	b, err := encodeSnapshot(s)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = decodeSnapshot(b); err != nil {
		t.Fatal(err)
	}
	o.Backend, o.Seed = s.Family, s.Seed
	c, err := flowc.Compile(s.Program, o)
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Resume(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// counting runs copies that count until they are told a bound, one of them in a
// function, and what they print comes out once.
const counting = `{"flowc": 1, "outputs": ["n", "k", "f"], "registers": {"bound": 150000}, "functions": {
   "f": {"params": ["b"], "returns": ["n"], "body": [
     {"spawn": [{"repeat": {"reg": "b"}, "as": "n", "body": []}], "in": ["b"], "out": ["n"], "store": "h"}, {"join": {"reg": "h"}}]}}, "body": [
  {"spawn": [{"print": ["begun", {"reg": "i"}]}, {"repeat": {"call": "multiply", "args": [{"reg": "bound"}, {"reg": "i"}]}, "as": "n", "body": []}, {"print": ["ended", {"reg": "i"}]}],
   "in": ["bound"], "out": ["n"], "n": 4, "as": "i", "store": "h"},
  {"spawn": [{"call": "add", "args": [1, 1], "store": "k"}], "out": ["k"], "store": "g"},
  {"call": "f", "args": [{"reg": "bound"}], "store": "f"},
  {"join": {"reg": "g"}}, {"join": {"reg": "h"}}]}`

// A machine with running fragments is saved with their states, and goes on from
// them to the same end.
func TestSnapshotsOfRunningFragments(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to func(t *testing.T) flowc.Options
	}{
		{"goroutines", plain, plain},
		{"processes", processes, processes},
		{"goroutines to processes", plain, processes},
		{"processes to goroutines", processes, plain},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, _ := outcome(t, start(t, counting, c.to(t)))
			m := start(t, counting, c.from(t))
			until(t, m)
			for range 3 {
				s, err := m.Snapshot()
				if err != nil {
					t.Fatal(err)
				}
				if len(s.Run.Children) != 3 || s.Run.Children[2].Call != 1 {
					t.Fatalf("the snapshot has %d children: want three, one of the function", len(s.Run.Children))
				}
				o := c.to(t)
				got, lines := outcome(t, resumePrinting(t, s, o))
				if got != want {
					t.Errorf("resumed\n%swant\n%s", got, want)
				}
				if lines != "begun 0 ended 0 begun 1 ended 1 begun 2 ended 2 begun 3 ended 3" {
					t.Errorf("resumed it prints %q", lines)
				}
			}
			if got, _ := outcome(t, m); got != want {
				t.Errorf("after snapshots\n%swant\n%s", got, want)
			}
		})
	}
}

var printed []string

func resumePrinting(t *testing.T, s *state.Snapshot, o flowc.Options) *flowc.Machine {
	printed = nil
	o.Print = func(line string) { printed = append(printed, line) }
	return resume(t, s, o)
}

func plain(*testing.T) flowc.Options { return flowc.Options{} }

func processes(t *testing.T) flowc.Options { return flowc.Options{Fragments: engine(t, 2, "serve")} }

func outcome(t *testing.T, m *flowc.Machine) (outputs, lines string) {
	t.Helper()
	if err := finish(m); err != nil {
		t.Fatal(err)
	}
	return digests(m), strings.Join(printed, " ")
}

// A fragment that has ended, or not begun, is saved too; so is one that does not
// answer, as it was when it was started.
func TestSnapshotsOfOtherFragments(t *testing.T) {
	m := start(t, `{"flowc": 1, "outputs": ["x"], "body": [
  {"spawn": [{"print": ["x"]}, {"call": "add", "args": [1, 1], "store": "x"}], "out": ["x"], "store": "h"},
  {"spawn": [{"loop": []}], "store": "g"},
  {"print": ["p"]}, {"join": {"reg": "h"}}]}`, flowc.Options{})
	if _, err := m.Run(context.Background(), flowc.Budget{Steps: 3}); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "an end of the fragment", func() bool {
		s, err := m.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		return s.Run.Children[0].Copies[0].Run.Main.Next == state.Done
	})
	s, err := m.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	got, lines := outcome(t, resumePrinting(t, s, flowc.Options{}))
	if !strings.HasPrefix(got, "x = 2") || lines != "x" {
		t.Errorf("resumed it gives %s and prints %s", got, lines)
	}
	clone, err := m.Clone()
	if err != nil {
		t.Fatal(err)
	}
	defer clone.Close()
	if err := finish(clone); err != nil {
		t.Fatal(err)
	}
	if x, err := clone.Register("x"); err != nil || x.Int64() != 2 {
		t.Errorf("the clone gives %s, %v", ir.FormatShort(x), err)
	}
}

// A process of popen does not outlive the run: a resumed one launches it again
// if the program allows, with the arguments it had.
func TestSnapshotsOfPrograms(t *testing.T) {
	tools(t, "sh")
	src := `{"flowc": 1, "outputs": ["o"], "registers": {"a": "one"}, "body": [{"weave": [
  [{"popen": ["sh", "-c", "sleep 0.2; echo $0", {"reg": "a"}], "store": ["s", "o"], "on_restore": "ON"}], [{"call": "identity", "args": ["two"], "store": "a"}]]}]}`
	o := flowc.Options{Programs: NewPrograms("sh")}
	half := func(onRestore string, then flowc.Options) *flowc.Machine {
		m := start(t, strings.Replace(src, "ON", onRestore, 1), o)
		until(t, m)
		s, err := m.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		return resume(t, s, then)
	}
	m := half("rerun", o)
	if err := finish(m); err != nil {
		t.Fatal(err)
	}
	if out, _ := m.Register("o"); out.Text() != "one\n" || m.Steps() != 3 {
		t.Errorf("launched again it gives %q after %d steps", out.Text(), m.Steps())
	}
	m = half("fail", o)
	for range 2 {
		if err := finish(m); err == nil || !strings.Contains(err.Error(), `p.json:2:4: the process that this popen had launched ended with the run that was saved: a popen with on_restore rerun`) {
			t.Errorf("the error is %v", err)
		}
	}
	m = half("rerun", flowc.Options{}) // rights are not saved
	if err := finish(m); err == nil || !strings.Contains(err.Error(), "denied") {
		t.Errorf("the error is %v", err)
	}
}

// A false snapshot of children is an error.
func TestFalseChildren(t *testing.T) {
	m := start(t, counting, flowc.Options{})
	until(t, m)
	for _, c := range []struct {
		change func(c *state.Child)
		want   string
	}{
		{func(c *state.Child) { c.Node = 1 }, "is no spawn"},
		{func(c *state.Child) { c.Call = 1 }, "was not spawned in the function call"},
		{func(c *state.Child) { c.Call = 7 }, "was not spawned in the function call"},
		{func(c *state.Child) { c.Handle = 0 }, "handle"},
		{func(c *state.Child) { c.Handle = 2 }, "handle"},
		{func(c *state.Child) { c.Stacked = false }, "copies"},
		{func(c *state.Child) { c.Printed = ir.Int(3) }, "lines"},
	} {
		s, err := m.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		c.change(&s.Run.Children[0])
		compiled, err := flowc.Compile(s.Program, flowc.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = compiled.Resume(s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("the error is %v: want %q in it", err, c.want)
		}
	}
}

// A fragment that does not answer in time is saved as it was last known.
func TestSnapshotsOfDeafFragments(t *testing.T) {
	m := start(t, counting, flowc.Options{Fragments: engine(t, 2, "deaf")})
	until(t, m)
	began := make(chan *state.Snapshot, 1)
	go func() {
		s, err := m.Snapshot()
		if err != nil {
			t.Error(err)
		}
		began <- s
	}()
	select {
	case s := <-began:
		got, _ := outcome(t, resume(t, s, flowc.Options{}))
		if want, _ := outcome(t, start(t, counting, flowc.Options{})); got != want {
			t.Errorf("resumed\n%swant\n%s", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatal("the snapshot waits for ever")
	}
}
