package stepper_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc"
	"flowc.dev/flowc/cli/stepper"
	"flowc.dev/flowc/ir"
)

const nested = `program nested
register s = 0
function f(x) -> y {
    print "f", x
    y = x + 1
}
repeat 3 as i {
    s = f(s)
    repeat 2 as j {
        print i, j
    }
}
weave {
    strand {
        print "a"
        print "b"
    }
    strand {
        print "c"
    }
}
`

// session runs a session and returns what it says.
func session(t interface{ Fatal(...any) }, src string, level int, cfg stepper.Config, commands ...string) string {
	p, err := flowc.Parse([]byte(src), "nested.flow")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	s := stepper.New(&out)
	c, err := flowc.Compile(p, flowc.Options{Level: level, Backend: flowc.Step, Print: s.Print})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Compiled, cfg.Start = c, func() (*flowc.Machine, error) { return c.Start(nil) }
	if err := s.Run(cfg, strings.NewReader(strings.Join(commands, "\n"))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// positions returns the lines that tell where a session has stopped.
func positions(out string) []string {
	var lines []string
	for _, line := range strings.Split(out, "\n") {
		if strings.HasPrefix(line, "step ") {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestStopsAt(t *testing.T) {
	for _, c := range []struct {
		name, place string
		want        []string
	}{
		{"a leaf, every time", "print i, $j", []string{"step 2,", "step 3,", "step 6,", "step 7,", "step 10,", "step 11,", "step 15:"}},
		{"entering a loop", "repeat 2 { $_... }", []string{"step 2,", "step 6,", "step 10,", "step 15:"}},
		{"entering a call", "f($_)", []string{"step 4,", "step 8,", "step 15:"}}, // it begins in the first
		{"entering a weave", "weave { strand { $_... }\n strand { $_... } }", []string{"step 12,", "step 15:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for level := range 3 {
				commands := append([]string{"break " + strings.ReplaceAll(c.place, "\n", ";")}, strings.Split(strings.Repeat("c ", len(c.want)), " ")...)
				got := positions(session(t, nested, level, stepper.Config{}, commands...))[1:]
				ok := len(got) >= len(c.want)
				for i := range c.want {
					ok = ok && strings.HasPrefix(got[i], c.want[i])
				}
				if !ok {
					t.Errorf("at -O%d it stops at\n%s\nwant %q", level, strings.Join(got, "\n"), c.want)
				}
			}
		})
	}
}

// Going back and on again shows what was shown before.
func TestBackAndForth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 14).Draw(t, "steps")
		back := rapid.IntRange(1, n).Draw(t, "back")
		level := rapid.IntRange(0, 2).Draw(t, "level")
		once := session(t, nested, level, stepper.Config{}, fmt.Sprint(n), "regs", "where")
		again := session(t, nested, level, stepper.Config{}, fmt.Sprint(n), fmt.Sprint("back ", back), fmt.Sprint("s ", back), "regs", "where")
		end := once[strings.Index(once, fmt.Sprintf("step %d,", n)):]
		if !strings.HasSuffix(again, end) {
			t.Fatalf("it ends with\n%s\nwant\n%s", again, end)
		}
	})
}

// An interrupt ends the command, not the session.
func TestInterrupt(t *testing.T) {
	calls := 0
	cfg := stepper.Config{Interruptible: func() (context.Context, func()) {
		ctx, cancel := context.WithCancel(context.Background())
		if calls++; calls == 1 {
			cancel()
		}
		return ctx, cancel
	}}
	out := session(t, "s = 0\nloop { s = s + 1 }\n", 2, cfg, "continue", "step 2", "print s + 1")
	if !strings.Contains(out, "error: interrupted") || !strings.HasSuffix(out, "2\n") {
		t.Errorf("the session is\n%s", out)
	}
}

// What cannot be done is said, and leaves the run as it was.
func TestRefusals(t *testing.T) {
	save := func(string, *flowc.Snapshot) error { return errors.New("the disk is full") }
	for _, c := range []struct{ command, want string }{
		{"step -1", "want a positive whole number"},
		{"step x", "want a positive whole number"},
		{"dance", `there is no command "dance"`},
		{"r", "want a statement"},
		{"run 1", "no statement begins at 1"},
		{"run 1000", "the listing has lines 1 to 23"},
		{"run !99", "no statement begins at !99"},
		{"run nothing_like_it()", "no statement begins at"},
		{"run f(", "the end"},
		{"back", "step 0 at most"},
		{"list 99", "the listing has lines"},
		{"print", "want an expression"},
		{"print q", `register "q" is unset here`},
		{"print 1 +", "found"},
		{"print nothing(1)", `unknown op or function "nothing"`},
		{"set s", "want a register and an expression"},
		{"set q = 1", `there is no register "q" here`},
		{"set s = matmul(1, 2)", "matmul"},
		{"clear 1", "there are 0 breaks"},
		{"snapshot", "want the name of a file"},
		{"snapshot x", "the disk is full"},
	} {
		out := session(t, nested, 0, stepper.Config{Save: save}, "back", c.command, "where")
		_, out, _ = strings.Cut(out, "step 0 at most, 0 from here\n") // what comes before the command
		if !strings.HasPrefix(out, "error: ") || !strings.Contains(out, c.want) || strings.Count(out, "step 0, line 5") != 1 {
			t.Errorf("%s: it says\n%swant %q", c.command, out, c.want)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestBrokenOutputEnds(t *testing.T) {
	p, err := flowc.Parse([]byte("x = 1\n"), "p.flow")
	if err != nil {
		t.Fatal(err)
	}
	c, err := flowc.Compile(p, flowc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := stepper.New(brokenWriter{})
	cfg := stepper.Config{Compiled: c, Start: func() (*flowc.Machine, error) { return c.Start(map[string]ir.Value{}) }}
	if err := s.Run(cfg, strings.NewReader("list\n")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the error is %v", err)
	}
}

// What the steps print that are done once more does not come out twice.
func TestBackIsSilent(t *testing.T) {
	out := session(t, nested, 0, stepper.Config{}, "10", "back 3")
	_, after, _ := strings.Cut(out, "step 10,")
	if lines := strings.Split(strings.TrimSpace(after), "\n"); len(lines) != 2 || !strings.HasPrefix(lines[1], "step 7,") {
		t.Errorf("going back says %q", lines)
	}
}
