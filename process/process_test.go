package process

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// mode is the environment variable that makes the test's binary the process of a
// fragment.
const mode = "FLOWC_TEST_FRAGMENT"

func TestMain(m *testing.M) {
	if how := os.Getenv(mode); how != "" {
		os.Exit(child(how))
	}
	goleak.VerifyTestMain(m)
}

// child is the process of a fragment, which misbehaves as it is told.
func child(how string) int {
	switch how {
	case "crash":
		fmt.Fprintln(os.Stderr, "this is the end")
		return 7
	case "garbage":
		fmt.Println("hello, I am not what you are looking for")
		time.Sleep(time.Hour)
	case "huge length":
		fmt.Print(greeting + "e\xff\xff\xff\xff\xff\xff\xff\x7f")
		time.Sleep(time.Hour)
	case "unknown kind":
		fmt.Print(greeting + "?\x00\x00\x00\x00\x00\x00\x00\x00")
		time.Sleep(time.Hour)
	case "torn answer":
		fmt.Print(greeting + "e\x10\x00\x00\x00\x00\x00\x00\x00half")
		return 0
	case "false answer":
		fmt.Print(greeting + "e\x04\x00\x00\x00\x00\x00\x00\x00\x00abc")
		return 0
	case "closed pipe":
		os.Stdout.Close()
		time.Sleep(time.Hour)
	case "deaf":
		fmt.Print(greeting)
		time.Sleep(time.Hour)
	case "killed":
		p, _ := os.FindProcess(os.Getpid())
		p.Kill()
		time.Sleep(time.Hour)
	case "panic":
		panic("what now")
	}
	err := Serve(context.Background(), os.Stdin, os.Stdout, func(ctx context.Context, s *state.Snapshot, started func(*backend.FragmentRun)) (backend.FragmentState, error) {
		return flowc.RunFragment(ctx, s, flowc.Options{Fragments: NewFragments(1, os.Args[0], os.Args[0]), Programs: NewPrograms("sleep")}, started)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// engine returns what runs fragments in this binary.
func engine(t testing.TB, jobs int, how string) *Fragments {
	t.Setenv(mode, how)
	return NewFragments(jobs, os.Args[0], os.Args[0])
}

func start(t testing.TB, src string, o flowc.Options) *flowc.Machine {
	t.Helper()
	p, err := flowc.Parse([]byte(src), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := flowc.Compile(p, o)
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Start(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// finish runs a machine to its end.
func finish(m *flowc.Machine) error {
	for {
		status, err := m.Run(context.Background(), flowc.Budget{})
		if err != nil || status == flowc.Done {
			return err
		}
		if err := m.Wait(context.Background()); err != nil {
			return err
		}
	}
}

// until runs a machine until it is blocked.
func until(t testing.TB, m *flowc.Machine) {
	t.Helper()
	if status, err := m.Run(context.Background(), flowc.Budget{}); status != flowc.Blocked || err != nil {
		t.Fatalf("the machine is %s with error %v: want it blocked", status, err)
	}
}

func digests(m *flowc.Machine) string {
	var b strings.Builder
	for _, out := range m.Outputs() {
		fmt.Fprintf(&b, "%s = %s %s\n", out.Name, ir.FormatShort(out.Value), ir.ValueDigest(out.Value))
	}
	return b.String()
}

// descriptors returns the number of open files of this process.
func descriptors(t testing.TB) int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("needs /proc")
	}
	return len(entries)
}

// children returns the number of processes that descend from this one.
func children(t testing.TB) int {
	return len(descendants(t, os.Getpid()))
}

func descendants(t testing.TB, pid int) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Skip("needs /proc")
	}
	var all []int
	for _, e := range entries {
		id, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			all = append(append(all, id), descendants(t, id)...)
		}
	}
	return all
}

// unleaked fails the test if do leaves files open or processes behind.
func unleaked(t *testing.T, do func()) {
	t.Helper()
	files, processes := descriptors(t), children(t)
	do()
	if got := descriptors(t); got != files {
		t.Errorf("%d files are open, %d were before", got, files)
	}
	if got := children(t); got != processes {
		t.Errorf("there are %d processes, %d were there before", got, processes)
	}
}

const parallelSums = `{"flowc": 1, "objects": {"g": {"new": "rng", "seed": 5}}, "registers": {"w": 0.5}, "outputs": ["s", "x", "y"], "body": [
  {"spawn": [{"call": "g.split", "args": [{"reg": "i"}]}, {"print": ["copy", {"reg": "i"}]},
     {"repeat": 20, "body": [{"call": "g.normal", "args": [{"list": [8]}], "store": "x"},
        {"call": "add", "args": [{"reg": "w"}, {"call": "tanh", "args": [{"call": "mean", "args": [{"reg": "x"}]}]}], "store": "w"}]},
     {"call": "identity", "args": [{"reg": "w"}], "store": "s"}],
   "in": ["w"], "out": ["s", "x"], "n": 5, "as": "i", "store": "h"},
  {"spawn": [{"call": "exp", "args": [{"reg": "w"}], "store": "y"}], "in": ["w"], "out": ["y"], "store": "k"},
  {"join": {"reg": "h"}}, {"join": {"reg": "k"}}]}`

// Processes give what goroutines of this process give, at every level.
func TestProcessesGiveTheSame(t *testing.T) {
	for level := range 3 {
		for _, family := range []string{flowc.Step, flowc.Gorgonia} {
			var want string
			for _, processes := range []bool{false, true} {
				var lines []string
				o := flowc.Options{Level: level, Backend: family, Seed: 9, Print: func(line string) { lines = append(lines, line) }}
				if processes {
					o.Fragments = engine(t, 2, "serve")
				}
				m := start(t, parallelSums, o)
				unleaked(t, func() {
					if err := finish(m); err != nil {
						t.Fatal(err)
					}
				})
				got := strings.Join(lines, "\n") + "\n" + digests(m)
				if !processes {
					want = got
				} else if got != want {
					t.Errorf("-O%d %s: in processes\n%swant\n%s", level, family, got, want)
				}
			}
		}
	}
}

// A process that does not answer as it should is an error, and nothing is left
// of it.
func TestBadProcesses(t *testing.T) {
	for _, c := range []struct{ how, want string }{
		{"crash", "ended with status 7 and without an answer; its last words:\n  this is the end"},
		{"garbage", `does not speak as the process of a fragment does, but begins with "hello, I am not w"`},
		{"huge length", "a message of 9223372036854775807 bytes"},
		{"unknown kind", "of the unknown kind '?'"},
		{"torn answer", "without an answer"},
		{"false answer", "snapshot"},
		{"closed pipe", "without an answer"},
		{"killed", "ended with status 137 and without an answer"},
		{"panic", "what now"},
	} {
		t.Run(c.how, func(t *testing.T) {
			m := start(t, parallelSums, flowc.Options{Fragments: engine(t, 2, c.how)})
			unleaked(t, func() {
				err := finish(m)
				if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "copy 0 of the fragment spawned at 2:3 failed") {
					t.Errorf("the error is %v: want %q in it", err, c.want)
				}
				m.Close()
			})
		})
	}
}

func TestMissingExecutable(t *testing.T) {
	m := start(t, parallelSums, flowc.Options{Fragments: NewFragments(2, "/no/such/file", "file")})
	unleaked(t, func() {
		if err := finish(m); err == nil || !strings.Contains(err.Error(), "/no/such/file") {
			t.Errorf("the error is %v", err)
		}
		m.Close()
	})
}

// The processes of fragments end when the machine is closed, whatever they do.
func TestCloseEndsProcesses(t *testing.T) {
	for _, how := range []string{"serve", "deaf"} {
		t.Run(how, func(t *testing.T) {
			m := start(t, `{"flowc": 1, "body": [{"spawn": [{"loop": []}], "n": 5, "store": "h"}, {"join": {"reg": "h"}}]}`,
				flowc.Options{Fragments: engine(t, 2, how)})
			unleaked(t, func() {
				until(t, m)
				waitFor(t, "two processes", func() bool { return children(t) == 2 })
				m.Close()
			})
			if _, err := m.Step(); err == nil {
				t.Error("a closed machine steps")
			}
		})
	}
}

// waitFor polls for what happens in other processes.
func waitFor(t testing.TB, what string, happened func() bool) {
	t.Helper()
	for range 6000 {
		if happened() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("there are not %s", what)
}

func TestLargeResults(t *testing.T) {
	m := start(t, `{"flowc": 1, "outputs": ["s"], "body": [
  {"spawn": [{"call": "ones", "args": [{"list": [13107200]}, "f64"], "store": "x"}], "out": ["x"], "store": "h"}, {"join": {"reg": "h"}},
  {"spawn": [{"call": "sum", "args": [{"reg": "x"}], "store": "s"}], "in": ["x"], "out": ["s"], "store": "h"}, {"join": {"reg": "h"}}]}`,
		flowc.Options{Fragments: engine(t, 2, "serve")})
	unleaked(t, func() {
		if err := finish(m); err != nil {
			t.Fatal(err)
		}
	})
	if s, err := m.Register("s"); err != nil || s.Float64() != 13107200 {
		t.Errorf("the sum of 100 MB of ones is %s, %v", ir.FormatShort(s), err)
	}
}

// What a program runs does not hear from this one's pipes.
func TestServeEndsWithItsParent(t *testing.T) {
	unleaked(t, func() {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), mode+"=serve")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		payload, err := encodeSnapshot(loop(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := writeFrame(in, frameStart, payload); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(out, make([]byte, len(greeting))); err != nil {
			t.Fatal(err)
		}
		in.Close()
		if err := cmd.Wait(); err == nil {
			t.Error("the process ends with status 0 when its parent has gone")
		}
	})
}

// loop returns the snapshot of a program that runs for ever.
func loop(t *testing.T) *state.Snapshot {
	m := start(t, `{"flowc": 1, "body": [{"loop": [{"call": "add", "args": [1, 1]}]}]}`, flowc.Options{})
	s, err := m.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
