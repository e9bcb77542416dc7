// Package stepper runs programs statement by statement at the command of
// someone who reads what they do: a debugger for programs. It talks in lines and
// works on a terminal as well as from a script.
package stepper

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Config says what to step through and how to talk.
type Config struct {
	// Compiled is the program.
	Compiled *flowc.Compiled
	// Start begins the run; what the program prints goes to [Stepper.Print].
	Start func() (*flowc.Machine, error)
	// Save writes a snapshot to a file.
	Save func(path string, s *flowc.Snapshot) error
	// Interruptible returns a context for one command, which is done when the
	// user asks for the command's end, and what to call after it. Nil never
	// interrupts.
	Interruptible func() (context.Context, func())
	// Prompt is what asks for a command, "" for scripts.
	Prompt string
	// Registry has the ops that expressions may call; nil is [ops.Standard].
	Registry *ops.Registry
	Out      io.Writer
}

// A Stepper is a conversation about one run.
type Stepper struct {
	cfg      Config
	out      *bufio.Writer
	machine  *flowc.Machine
	listing  *listing
	history  history
	stops    []*stop
	silent   bool // while steps are done once more
	last     string
	quitting bool
}

// New returns a stepper that has not begun yet: [Stepper.Print] can be given to
// the program that Config describes.
func New(out io.Writer) *Stepper { return &Stepper{out: bufio.NewWriter(out)} }

// Print receives what the program prints. Lines of steps that are done once
// more, to go back, do not come out again.
func (s *Stepper) Print(line string) {
	if !s.silent {
		fmt.Fprintln(s.out, line)
	}
}

// Run starts the program and obeys the commands of in, one a line, until quit or
// the end of in. Errors of the program and of commands are told and end nothing;
// the error is one of reading, writing or starting.
func (s *Stepper) Run(cfg Config, in io.Reader) error {
	s.cfg = cfg
	if s.cfg.Interruptible == nil {
		s.cfg.Interruptible = func() (context.Context, func()) { return context.Background(), func() {} }
	}
	var err error
	if s.listing, err = newListing(cfg.Compiled.Source); err != nil {
		return err
	}
	m, err := cfg.Start()
	if m == nil {
		return err
	}
	s.machine = m
	defer func() { s.machine.Close() }()
	if err != nil {
		s.complain(err)
	}
	if err := s.remember(true); err != nil {
		return err
	}
	s.showPosition()
	return s.converse(in)
}

const maxCommand = 1 << 20

func (s *Stepper) converse(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxCommand)
	for !s.quitting {
		fmt.Fprint(s.out, s.cfg.Prompt)
		if err := s.out.Flush(); err != nil {
			return err
		}
		if !lines.Scan() {
			break
		}
		s.obey(strings.TrimSpace(lines.Text()))
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	return lines.Err()
}

// obey does one command. An empty line does the last one again if it moved.
func (s *Stepper) obey(line string) {
	if line == "" {
		line = s.last
	}
	s.last = ""
	if line == "" || strings.HasPrefix(line, "#") {
		return
	}
	name, rest, _ := strings.Cut(line, " ")
	if strings.Trim(name, "0123456789") == "" {
		name, rest = "step", line
	}
	c := lookUp(name)
	if c == nil {
		s.complain(fmt.Errorf("there is no command %q: help lists them", name))
		return
	}
	if c.moves {
		s.last = line
	}
	ctx, release := s.cfg.Interruptible()
	defer release()
	if err := c.do(s, ctx, strings.TrimSpace(rest)); err != nil {
		s.complain(err)
	}
}

// complain tells an error.
func (s *Stepper) complain(err error) {
	var problems ir.Problems
	if errors.As(err, &problems) && len(problems) == 1 {
		err = errors.New(problems[0].Message)
	}
	fmt.Fprintf(s.out, "error: %s\n", err)
}
