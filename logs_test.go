package flowc_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowc.dev/flowc"
)

const logging = `{"flowc": 1, "objects": {"log": {"new": "metric.jsonl", "path": "runs/loss.jsonl"}}, "outputs": ["x"], "body": [
  {"repeat": 6, "as": "i", "body": [
    {"call": "divide", "args": [1.0, {"reg": "i"}], "store": "x", "hooks": [
      {"after": [{"call": "log.log", "args": [{"record": {"i": {"reg": "i"}, "x": {"reg": "x"}}}]}]}]}]}]}`

const logged = `{"step":1,"i":0,"x":"inf"}
{"step":2,"i":1,"x":1.0}
{"step":3,"i":2,"x":0.5}
{"step":4,"i":3,"x":0.3333333333333333}
{"step":5,"i":4,"x":0.25}
{"step":6,"i":5,"x":0.2}
`

func startLogging(t *testing.T, dir string) (*flowc.Compiled, *flowc.Machine) {
	t.Helper()
	p, err := flowc.Parse([]byte(logging), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := flowc.Compile(p, flowc.Options{Level: 2, Backend: flowc.Step, Logs: flowc.LogDir(dir)})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Start(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c, m
}

func wantFile(t *testing.T, file, want string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("%s holds\n%s%v: want\n%s", file, got, err, want)
	}
}

func TestALogHasALineForEachCall(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "runs", "loss.jsonl")
	for range 2 { // the second run begins the log anew
		_, m := startLogging(t, dir)
		finish(t, m)
		wantFile(t, file, logged)
	}
}

func TestAResumedRunGoesOnWithItsLog(t *testing.T) {
	line := strings.SplitAfter(logged, "\n")
	for name, c := range map[string]struct {
		between func(file string) error // what happens to the log after the snapshot
		want    string
	}{
		"lines after the snapshot": {func(string) error { return nil }, logged},
		"a torn last line":         {func(file string) error { return os.Truncate(file, int64(len(line[0])+len(line[1])+7)) }, line[0] + line[1] + line[3] + line[4] + line[5]},
		"the log is gone":          {os.Remove, line[3] + line[4] + line[5]},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "runs", "loss.jsonl")
			compiled, m := startLogging(t, dir)
			if err := runSteps(m, 3); err != nil {
				t.Fatal(err)
			}
			s, err := m.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			if err := runSteps(m, 2); err != nil {
				t.Fatal(err)
			}
			if err := c.between(file); err != nil {
				t.Fatal(err)
			}
			resumed, err := compiled.Resume(s)
			if err != nil {
				t.Fatal(err)
			}
			finish(t, resumed)
			wantFile(t, file, c.want)
		})
	}
}

func TestALogTouchesNothingElse(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside.jsonl")
	for file, text := range map[string]string{filepath.Join(dir, "data.jsonl"): `{"x": 1}`, outside: `{"step":1}`} {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.jsonl")); err != nil {
		t.Skip(err)
	}
	logs := flowc.LogDir(dir)
	for _, name := range []string{"data.jsonl", "link.jsonl", "../x.jsonl", outside} {
		if err := logs.Begin(name); err == nil {
			t.Errorf("the log %s is begun", name)
		}
		if size, err := logs.Cut(name, 3); err == nil && size > 0 {
			t.Errorf("the log %s is cut", name)
		}
	}
	wantFile(t, filepath.Join(dir, "data.jsonl"), `{"x": 1}`)
	wantFile(t, outside, `{"step":1}`)
	for _, name := range []string{"/tmp/x.jsonl", "../x.jsonl", "x.json", ".x.jsonl", "a/.b/x.jsonl", ""} {
		p, err := flowc.Parse([]byte(strings.Replace(logging, "runs/loss.jsonl", name, 1)), "p.json")
		if err != nil {
			t.Fatal(err)
		}
		c, err := flowc.Compile(p, flowc.Options{Logs: logs})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Start(nil); err == nil || !strings.Contains(err.Error(), "metric.jsonl: path is") {
			t.Errorf("a log named %q: %v", name, err)
		}
	}
}
