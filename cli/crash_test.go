package cli

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"flowc.dev/flowc/snapshot"
)

var kills = flag.Int("kills", 20, "how often the crash test kills flowc")

// crashProgram has objects, a weave, a buffer, a function and a hook; it runs
// for a second or two.
const crashProgram = `{"flowc": 1, "name": "crash",
"objects": {"data": {"new": "data.normal", "rows": 1000000, "cols": 20, "seed": 5}, "pca": {"new": "learn.pca", "components": 3}},
"registers": {"s": 0.0, "n": 0, "W": {"tensor": {"dtype": "f32", "shape": [20, 4], "fill": 0.5}}},
"functions": {"step": {"params": ["w", "x"], "returns": ["w"], "body": [
  {"call": "subtract", "args": [{"reg": "w"}, {"call": "multiply", "args": [0.001, {"call": "matmul", "args": [{"call": "transpose", "args": [{"reg": "x"}]},
    {"call": "tanh", "args": [{"call": "matmul", "args": [{"reg": "x"}, {"reg": "w"}]}]}]}]}], "store": "w"}]}},
"outputs": ["s", "n", "W", "components"],
"body": [
  {"repeat": 20000, "as": "i", "body": [
    {"buffer": 20, "body": [{"call": "data.next"}], "store": "x"},
    {"call": "step", "args": [{"reg": "W"}, {"reg": "x"}], "store": "W"},
    {"weave": [
      [{"repeat": 3, "body": [{"call": "add", "args": [{"reg": "s"}, {"call": "mean", "args": [{"reg": "W"}]}], "store": "s"}]}],
      [{"call": "pca.analyze", "args": [{"reg": "x"}], "hooks": [{"after": [{"call": "add", "args": [{"reg": "n"}, 1], "store": "n"}], "every": 2}]}]]}]},
  {"call": "pca.components", "store": "components"}]}`

// A flowc that is killed again and again, at any moment, while it saves all the
// time, always leaves a snapshot to go on from, and gets to the same end.
func TestKilledRunsGoOn(t *testing.T) {
	dir := t.TempDir()
	flowc := flowcIn(t, dir)
	program, file := filepath.Join(dir, "crash.json"), filepath.Join(dir, "crash.flowsnap")
	if err := os.WriteFile(program, []byte(crashProgram), 0o666); err != nil {
		t.Fatal(err)
	}
	levels := []string{"-O0", "-O1", "-O2"}
	want := outputsOf(t, flowc("-O1", "--backend=step", "--json", program))
	random := rand.New(rand.NewPCG(1, 2))
	saved, runs := false, 0
	start := func() *exec.Cmd {
		level := levels[random.IntN(len(levels))]
		if saved {
			return flowc("resume", level, "--json", "--every=5ms", file)
		}
		return flowc(level, "--backend=step", "--json", "--snapshot="+file, "--every=5ms", program)
	}
	for killed := 0; killed < *kills; {
		var ended bool
		if ended = kill(t, start(), time.Duration(random.Int64N(int64(200*time.Millisecond)))); !ended {
			killed++
		}
		s, source, err := snapshot.Load(file)
		switch {
		case err == nil && source.Refused != nil:
			t.Fatalf("after kill %d: the newest snapshot cannot be loaded: %s", killed, source.Refused)
		case err == nil:
			saved = true
		case saved || !errors.Is(err, fs.ErrNotExist):
			t.Fatalf("after kill %d: %s", killed, err)
		}
		if ended {
			if got := outputsOf(t, flowc("resume", "--json", file)); got != want {
				t.Errorf("the outputs are\n%s\nwant\n%s", got, want)
			}
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(file + ".1"); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			saved = false
			runs++
		} else if saved && killed%20 == 0 {
			t.Logf("kill %d: step %d of run %d", killed, s.Run.Steps, runs+1)
		}
	}
	if got := outputsOf(t, start()); got != want {
		t.Errorf("the outputs are\n%s\nwant\n%s", got, want)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".crash.flowsnap.*.tmp"))
	if err != nil || len(left) > 0 {
		t.Errorf("there are still %v, %v", left, err)
	}
}

// flowcIn returns what makes commands of this binary run as flowc.
func flowcIn(t *testing.T, dir string) func(args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "flowc")
	if err := os.Symlink(self, name); err != nil {
		t.Skipf("flowc cannot be run here: %s", err)
	}
	return func(args ...string) *exec.Cmd { return exec.Command(name, args...) }
}

// kill runs a command and kills it after a time. It reports whether the command
// had ended before.
func kill(t *testing.T, cmd *exec.Cmd, after time.Duration) bool {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code > 0 {
		t.Fatalf("%v: exit code %d, %v", cmd.Args, code, err)
	}
	return err == nil
}

// outputsOf runs a command to its end and returns the outputs, with the hashes
// of tensors.
func outputsOf(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	text, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("%v: %s\n%s", cmd.Args, err, exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	var r struct{ Outputs json.RawMessage }
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return string(r.Outputs)
}
