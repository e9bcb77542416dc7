package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// inspecting is one execution of flowc inspect.
type inspecting struct {
	streams
	json     bool
	register string
	output   string
}

func newInspectCommand(s streams) *cobra.Command {
	i := &inspecting{streams: s}
	cmd := &cobra.Command{
		Use:   "inspect [--json] [--reg name [-o file.npy]] run.flowsnap",
		Short: "Show what is in the snapshot of a half-run program",
		Long: `Shows the program of a snapshot as it was written, with marks where it stands, its
registers, objects and edits. In front of the program, -> is what is run next, >
what is next in the other strands of a weave, and 3/10 stands at a loop that has
done 3 iterations of 10.

With --reg it shows one register, or a field of one (p.W), in full as a run prints
it; with -o too it writes a number or tensor as a .npy file ("-" is standard
output).`,
		Example: `  flowc inspect run.flowsnap
  flowc inspect --reg W -o W.npy run.flowsnap`,
		Args: oneSnapshot,
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case i.output != "" && i.register == "":
				return usageError{errors.New("-o: want --reg with the register to write")}
			case i.json && i.output != "":
				return usageError{errors.New("--json and -o: want one of them")}
			}
			return i.run(args[0])
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&i.json, "json", false, "print one JSON object")
	flags.StringVar(&i.register, "reg", "", "show this register only")
	flags.StringVarP(&i.output, "output", "o", "", `with --reg: write it to this .npy file ("-" is standard output)`)
	return cmd
}

func (i *inspecting) run(path string) error {
	s, err := loadSnapshot(i.err, path)
	if err != nil {
		return err
	}
	if i.register == "" {
		if i.json {
			return writeInspection(i.out, path, s)
		}
		text, err := describeSnapshot(path, s)
		if err == nil {
			_, err = io.WriteString(i.out, text)
		}
		return err
	}
	v, err := registerOf(s, i.register)
	switch {
	case err != nil:
		return usageError{err}
	case i.output != "":
		if err := writeNpy(i.out, i.output, v); err != nil {
			return fmt.Errorf("register %q: %w", i.register, err)
		}
		return nil
	case i.json:
		budget := maxShown
		_, err = i.out.Write(append(appendValue(nil, clip(v, &budget)), '\n'))
		return err
	}
	_, err = fmt.Fprintln(i.out, ir.Format(v))
	return err
}

// registerOf returns a register of the program, or a field of one.
func registerOf(s *flowc.Snapshot, name string) (ir.Value, error) {
	register, fields, dotted := strings.Cut(name, ".")
	v, ok := s.Run.Registers[register]
	if !ok {
		return v, fmt.Errorf("the snapshot has no register %q that is set: it has %s", register, strings.Join(sortedNames(s.Run.Registers), ", "))
	}
	for dotted {
		var field string
		var err error
		field, fields, dotted = strings.Cut(fields, ".")
		if v, err = v.Field(field); err != nil {
			return v, fmt.Errorf("%s: %w", name, err)
		}
	}
	return v, nil
}
