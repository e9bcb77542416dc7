package stepper

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// A command is what a line asks for.
type command struct {
	name, short string
	args, doc   string
	moves       bool // an empty line does it again
	do          func(s *Stepper, ctx context.Context, args string) error
}

var commands []command

func init() {
	commands = []command{
		{"step", "s", "[n]", "do a step, or n (a number alone does too)", true, (*Stepper).step},
		{"run", "r", "PLACE", "go on to a statement: a line of the listing, !ID or a pattern", true, (*Stepper).runTo},
		{"continue", "c", "", "go on to a break or the end", true, (*Stepper).goOn},
		{"back", "b", "[n]", "go back a step, or n", true, (*Stepper).back},
		{"list", "l", "[line|all]", "list the program around the position or a line", false, (*Stepper).list},
		{"where", "w", "", "tell the position: the elements around it and their iterations", false, (*Stepper).where},
		{"print", "p", "EXPR", "evaluate an expression of the registers", false, (*Stepper).printValue},
		{"registers", "regs", "", "list the registers that are set", false, (*Stepper).registers},
		{"set", "", "NAME = EXPR", "store to a register", false, (*Stepper).set},
		{"break", "", "[PLACE]", "stop whenever the statement comes; list the breaks", false, (*Stepper).breakAt},
		{"clear", "", "[n]", "remove all breaks, or the n-th", false, (*Stepper).clear},
		{"snapshot", "", "FILE", "save the half-run program", false, (*Stepper).snapshot},
		{"help", "h", "", "list the commands", false, (*Stepper).help},
		{"quit", "q", "", "leave", false, (*Stepper).quit},
	}
}

// lookUp returns the command of a name, a short name or the beginning of one
// name only.
func lookUp(name string) *command {
	var found []*command
	for i := range commands {
		c := &commands[i]
		if name == c.name || name == c.short {
			return c
		}
		if strings.HasPrefix(c.name, name) {
			found = append(found, c)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return nil
}

func (s *Stepper) help(context.Context, string) error {
	for _, c := range commands {
		usage := c.name
		if c.short != "" {
			usage += ", " + c.short
		}
		if c.args != "" {
			usage += " " + c.args
		}
		fmt.Fprintf(s.out, "  %-22s %s\n", usage, c.doc)
	}
	fmt.Fprintln(s.out, "An empty line repeats step, run, continue and back.")
	return nil
}

func (s *Stepper) quit(context.Context, string) error {
	s.quitting = true
	return nil
}

// count returns the number that a command is given, 1 if none.
func count(args string) (int64, error) {
	if args == "" {
		return 1, nil
	}
	n, err := strconv.ParseInt(args, 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q: want a positive whole number", args)
	}
	return n, nil
}

func (s *Stepper) step(ctx context.Context, args string) error {
	n, err := count(args)
	if err != nil {
		return err
	}
	return s.advance(ctx, n, nil)
}

func (s *Stepper) runTo(ctx context.Context, args string) error {
	target, err := s.place(args)
	if err != nil {
		return err
	}
	return s.advance(ctx, unlimited, target)
}

func (s *Stepper) goOn(ctx context.Context, args string) error {
	return s.advance(ctx, unlimited, nil)
}

func (s *Stepper) registers(context.Context, string) error {
	values, in, err := s.scope()
	if err != nil {
		return err
	}
	if in != "" {
		fmt.Fprintf(s.out, "of function %s\n", in)
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(s.out, "%s = %s\n", name, ir.FormatShort(values[name]))
	}
	return nil
}

func (s *Stepper) breakAt(_ context.Context, args string) error {
	if args != "" {
		stop, err := s.place(args)
		if err != nil {
			return err
		}
		s.stops = append(s.stops, stop)
	}
	for i, stop := range s.stops {
		fmt.Fprintf(s.out, "break %d: %s\n", i+1, s.describe(stop))
	}
	if len(s.stops) == 0 {
		fmt.Fprintln(s.out, "there are no breaks")
	}
	return nil
}

func (s *Stepper) clear(_ context.Context, args string) error {
	if args == "" {
		s.stops = nil
		return nil
	}
	n, err := count(args)
	if err == nil && n > int64(len(s.stops)) {
		err = fmt.Errorf("there are %d breaks", len(s.stops))
	}
	if err != nil {
		return err
	}
	s.stops = slices.Delete(s.stops, int(n-1), int(n))
	return nil
}

func (s *Stepper) snapshot(_ context.Context, args string) error {
	if args == "" {
		return errors.New("want the name of a file, such as run.flowsnap")
	}
	snapshot, err := s.machine.Snapshot()
	if err != nil {
		return err
	}
	if err := s.cfg.Save(args, snapshot); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "saved %s at step %d\n", args, s.machine.Steps())
	return nil
}

// outputs shows what a program that is done gives.
func (s *Stepper) outputs() {
	for _, o := range s.machine.Outputs() {
		text := ir.Format(o.Value)
		if strings.Contains(text, "\n") {
			text = "\n" + text
		}
		fmt.Fprintf(s.out, "%s = %s\n", o.Name, text)
	}
}

func (s *Stepper) showPosition() {
	if s.machine.Status() == flowc.Done {
		fmt.Fprintf(s.out, "step %d: the program is done\n", s.machine.Steps())
		s.outputs()
		return
	}
	fmt.Fprintf(s.out, "step %d, %s\n", s.machine.Steps(), s.listing.describe(s.machine.At()))
}
