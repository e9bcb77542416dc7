package passes

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

// A Reproducer is a compile that failed, with all that it takes to repeat it.
type Reproducer struct {
	// Program is the source, as it was given to the compiler.
	Program *ir.Program
	// Passes is the pipeline of optional passes, Family the numeric family.
	Passes, Family string
	// Fuel is as in [Options].
	Fuel *int64
	// Seed is that of the run, which is kept although no pass depends on it.
	Seed uint64
	// Error is what the compile said, without a place.
	Error string
	// Stack is that of the panic, if the pass panicked. It is for those who read the
	// file.
	Stack string
}

// Format returns the text of r, a txtar archive. It is the beginning of a golden
// file of passtest, whose -update writes what else is expected.
func (r *Reproducer) Format() ([]byte, error) {
	program, err := text.Print(r.Program)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	pipeline := r.Passes
	if pipeline == "" {
		pipeline = "none"
	}
	fmt.Fprintf(&b, "passes: %s\nfamily: %s\n", pipeline, r.Family)
	if r.Fuel != nil {
		fmt.Fprintf(&b, "fuel: %d\n", *r.Fuel)
	}
	fmt.Fprintf(&b, "seed: %d\n-- input.flow --\n%s-- error --\n%s\n", r.Seed, program, strings.TrimSuffix(r.Error, "\n"))
	if r.Stack != "" {
		fmt.Fprintf(&b, "-- stack --\n%s\n", strings.TrimSuffix(r.Stack, "\n"))
	}
	return b.Bytes(), nil
}

// ParseReproducer reads the text of a reproducer; file stands for it in
// messages.
func ParseReproducer(src []byte, file string) (*Reproducer, error) {
	r := &Reproducer{}
	head, rest, ok := bytes.Cut(src, []byte("-- input.flow --\n"))
	if !ok || len(head) > 0 && head[len(head)-1] != '\n' {
		return nil, fmt.Errorf("%s: it is no reproducer: it has no input.flow", file)
	}
	program, message, ok := bytes.Cut(rest, []byte("\n-- error --\n"))
	if !ok {
		return nil, fmt.Errorf("%s: it is no reproducer: it has no error", file)
	}
	message, stack, _ := bytes.Cut(message, []byte("\n-- stack --\n"))
	r.Error, r.Stack = strings.TrimSuffix(string(message), "\n"), strings.TrimSuffix(string(stack), "\n")
	for _, line := range strings.Split(string(head), "\n") {
		key, value, _ := strings.Cut(line, ": ")
		var err error
		switch key {
		case "passes":
			r.Passes = value
		case "family":
			r.Family = value
		case "seed":
			r.Seed, err = strconv.ParseUint(value, 10, 64)
		case "fuel":
			r.Fuel = new(int64)
			*r.Fuel, err = strconv.ParseInt(value, 10, 64)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %q is not a whole number", file, key, value)
		}
	}
	if r.Passes == "" || r.Family == "" {
		return nil, errors.New(file + ": it is no reproducer: it names no passes or no family")
	}
	var err error
	r.Program, err = text.Parse(append(program, '\n'), file)
	return r, err
}
