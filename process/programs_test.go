package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// tools looks up the programs that a test runs.
func tools(t *testing.T, names ...string) {
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("needs %s", name)
		}
	}
}

func TestPrograms(t *testing.T) {
	tools(t, "sh", "sleep", "echo", "true")
	long := strings.Repeat("a", 40)
	for _, c := range []struct {
		name, popen string
		status      int64
		output      string
	}{
		{"arguments are not parsed", `{"popen": ["echo", "a  b", "$HOME;ls", 3, 0.5, true]`, 0, "a  b $HOME;ls 3 0.5 true\n"},
		{"status", `{"popen": ["sh", "-c", "exit 5"]`, 5, ""},
		{"both streams", `{"popen": ["sh", "-c", "echo out; echo err >&2; echo out"]`, 0, "out\nerr\nout\n"},
		{"a signal", `{"popen": ["sh", "-c", "kill -TERM $$"]`, 143, ""},
		{"a timeout", `{"popen": ["sh", "-c", "echo begun; sleep 1000"], "timeout": "300ms"`, -1, "begun\n"},
		{"no input", `{"popen": ["sh", "-c", "read x; echo read $?"]`, 0, "read 1\n"},
		{"no text", `{"popen": ["sh", "-c", "printf 'a\\377b'"]`, 0, "a\uFFFDb"},
		{"a cap", `{"popen": ["sh", "-c", "echo ` + long + long + `"]`, 0, long + "\n[41 bytes cut off]\n"},
		{"what it leaves behind", `{"popen": ["sh", "-c", "sleep 1000 & echo $?"]`, 0, "0\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := start(t, `{"flowc": 1, "outputs": ["s", "o"], "body": [`+c.popen+`, "store": ["s", "o"]}]}`,
				flowc.Options{Programs: NewPrograms("sh", "echo").WithCap(40)})
			unleaked(t, func() {
				if err := finish(m); err != nil {
					t.Fatal(err)
				}
			})
			s, _ := m.Register("s")
			o, _ := m.Register("o")
			if s.Int64() != c.status || o.Text() != c.output || m.Steps() != 2 {
				t.Errorf("the status is %s, the output %q after %d steps: want %d, %q, 2", ir.FormatShort(s), o.Text(), m.Steps(), c.status, c.output)
			}
		})
	}
}

func TestProgramsAreDenied(t *testing.T) {
	tools(t, "true", "false", "env")
	dir := t.TempDir()
	script := filepath.Join(dir, "tool")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho tool\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	path, err := exec.LookPath("true")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for _, c := range []struct {
		allowed []string
		program string
		want    string
	}{
		{nil, "true", `"true" is not allowed: the programs that may be run are none`},
		{[]string{"false", "env"}, "true", `the programs that may be run are false, env; allow it with --allow-popen=false,env,true`},
		{[]string{"true"}, "true", ""},
		{[]string{"true"}, path, ""},
		{[]string{path}, "true", ""},
		{[]string{"tru"}, "true", "not allowed"},
		{[]string{"tool"}, "tool", "not found"},
		{[]string{"true"}, "tool", "not found"},
		{[]string{"tool", "true"}, script, "not allowed"},
		{[]string{script}, "./tool", ""},
		{[]string{"./tool"}, script, ""},
		{[]string{"true"}, "", "cannot run"},
		{[]string{"true"}, "true;false", "not found"},
	} {
		m := start(t, fmt.Sprintf(`{"flowc": 1, "body": [{"popen": [%q]}]}`, c.program), flowc.Options{Programs: NewPrograms(c.allowed...)})
		unleaked(t, func() {
			err := finish(m)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q with %q allowed: the error is %v: want %q in it", c.program, c.allowed, err, c.want)
			}
		})
	}
}

// A process is killed with all that it started when its strand is cancelled, or
// the machine closed.
func TestCancelledPrograms(t *testing.T) {
	tools(t, "sh", "sleep")
	wait := `{"popen": ["sh", "-c", "sleep 1000 & sleep 1000"]}`
	o := flowc.Options{Programs: NewPrograms("sh")}
	t.Run("weave", func(t *testing.T) {
		unleaked(t, func() {
			m := start(t, `{"flowc": 1, "body": [{"require": 1, "weave": [[`+wait+`], [{"weave": [[`+wait+`]]}], [{"print": [1]}, {"print": [2]}, {"print": [3]}]]}]}`, o)
			if err := finish(m); err != nil {
				t.Fatal(err)
			}
			if m.Steps() != 5 {
				t.Errorf("%d steps were done: want 2 launches and 3 prints", m.Steps())
			}
		})
	})
	t.Run("close", func(t *testing.T) {
		unleaked(t, func() {
			m := start(t, `{"flowc": 1, "body": [{"weave": [[`+wait+`], [`+wait+`]]}]}`, o)
			until(t, m)
			waitFor(t, "six processes", func() bool { return children(t) == 6 })
			m.Close()
			m.Close()
		})
	})
	t.Run("fragment", func(t *testing.T) {
		o := flowc.Options{Programs: NewPrograms("sh"), Fragments: engine(t, 1, "serve")}
		unleaked(t, func() {
			m := start(t, `{"flowc": 1, "body": [{"spawn": [{"popen": ["sleep", "1000"]}], "store": "h"}, {"join": {"reg": "h"}}]}`, o)
			until(t, m)
			waitFor(t, "two processes", func() bool { return children(t) == 2 })
			m.Close()
			waitFor(t, "no processes", func() bool { return children(t) == 0 })
		})
	})
}

// A blocked machine waits without doing anything, and other strands go on.
func TestWaiting(t *testing.T) {
	tools(t, "sh")
	pipe := filepath.Join(t.TempDir(), "pipe")
	m := start(t, fmt.Sprintf(`{"flowc": 1, "outputs": ["o", "n"], "registers": {"n": 0}, "body": [{"weave": [
  [{"popen": ["sh", "-c", "while ! test -e %s; do sleep 0.02; done; echo there"], "store": ["s", "o"]}],
  [{"repeat": 10, "body": [{"call": "add", "args": [{"reg": "n"}, 1], "store": "n"}]}]]}]}`, pipe), flowc.Options{Programs: NewPrograms("sh")})
	until(t, m)
	if n, _ := m.Register("n"); n.Int64() != 10 || m.Steps() != 11 {
		t.Errorf("the other strand has done %s, after %d steps", ir.FormatShort(n), m.Steps())
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := m.Wait(ctx); err == nil {
		t.Error("the wait ends though nothing has happened")
	}
	if err := os.WriteFile(pipe, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	<-m.Wake()
	if m.Status() != flowc.Ready {
		t.Errorf("the machine is %s after it was woken", m.Status())
	}
	if err := finish(m); err != nil {
		t.Fatal(err)
	}
	if o, _ := m.Register("o"); o.Text() != "there\n" || m.Steps() != 12 {
		t.Errorf("the output is %q after %d steps", o.Text(), m.Steps())
	}
}
