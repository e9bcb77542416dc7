package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// A form is the value of a flag that names a form of programs.
type form struct{ flowc.Form }

func (f *form) String() string { return f.Name }
func (f *form) Type() string   { return "form" }

func (f *form) Set(name string) (err error) {
	f.Form, err = flowc.FormNamed(name)
	return err
}

// print returns the text of a program, with IDs if asked for.
func (f *form) print(p *ir.Program, ids bool) ([]byte, error) {
	switch {
	case !ids:
		return f.Print(p)
	case f.PrintIDs == nil:
		return nil, usageError{fmt.Errorf("--ids: the form %s has no IDs", f.Name)}
	}
	return f.PrintIDs(p)
}

func newConvertCommand(s streams) *cobra.Command {
	var to form
	var output string
	c := &cobra.Command{
		Use:   "convert --to=flow|json|star [-o file] file",
		Short: "Print a program in another form",
		Long: `Print a program in another form.

The form of the file ("-" is standard input) is told by its extension or else by
its text. All forms of one program mean the same and have the same digest.
Without --to, the extension of the output tells the form.`,
		Example: `  flowc convert --to=flow prog.json
  flowc convert -o prog.json prog.flow`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("found %d files: want one program, such as flowc convert --to=json prog.flow", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := checkProgramTarget(output); err != nil {
				return err
			}
			if to.Name == "" {
				if filepath.Ext(output) == "" {
					return usageError{errors.New("found no form to convert to: want --to=flow, --to=json or --to=star, or -o with a file of that extension")}
				}
				to.Form = flowc.FormOf(output, nil)
			}
			p, err := load(s, args[0])
			if err != nil {
				return err
			}
			text, err := to.Print(p)
			if err != nil {
				return err
			}
			if output == "" {
				_, err = s.out.Write(text)
				return err
			}
			return writeProgram(output, text)
		},
	}
	c.Flags().Var(&to, "to", "form to convert to")
	c.Flags().StringVarP(&output, "output", "o", "", "file to write, instead of standard output")
	return c
}

// writeProgram replaces a file as a whole.
func writeProgram(path string, text []byte) error {
	if err := replaceFile(path, text); err != nil {
		return usageError{fmt.Errorf("cannot write the program: %w", err)}
	}
	return nil
}

// formatting are the flags of fmt.
type formatting struct {
	streams
	write, diff, check bool
	changed            int
}

func newFormatCommand(s streams) *cobra.Command {
	f := &formatting{streams: s}
	c := &cobra.Command{
		Use:   "fmt [-w] [-d] [--check] file...",
		Short: "Print programs in the canonical layout of their form",
		Long: `Print programs in the canonical layout of their form.

Comments are kept: they become the doc of the statement that they stand in front
of, beside or in. Without files, standard input is formatted.`,
		Example: `  flowc fmt -w *.flow
  flowc fmt --check prog.flow`,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"-"}
			}
			for _, path := range args {
				if err := f.format(path); err != nil {
					return err
				}
			}
			if f.check && f.changed > 0 {
				return exitError(exitProgram)
			}
			return nil
		},
	}
	c.Flags().BoolVarP(&f.write, "write", "w", false, "write the result to the file instead of standard output")
	c.Flags().BoolVarP(&f.diff, "diff", "d", false, "show what would change instead")
	c.Flags().BoolVar(&f.check, "check", false, "list the files that would change instead, and exit with 1 if there are any")
	return c
}

func (f *formatting) format(path string) error {
	src, name, err := f.read(path)
	if err != nil {
		return err
	}
	form := flowc.FormOf(name, src)
	if form.Derived {
		return usageError{fmt.Errorf("fmt does not format %s: the form %s is a source that programs are made from; flowc convert prints what it makes", path, form.Name)}
	}
	p, err := form.Parse(src, name)
	if err != nil {
		return err
	}
	text, err := form.Print(p)
	if err != nil {
		return err
	}
	if q, err := form.Parse(text, name); err != nil || ir.Digest(q) != ir.Digest(p) {
		return fmt.Errorf("bug: %s, formatted, is another program (%w): nothing has been written", name, err)
	}
	same := bytes.Equal(src, text)
	if !same {
		f.changed++
	}
	switch {
	case f.check || f.diff:
		if f.check && !same {
			fmt.Fprintln(f.out, path)
		}
		if f.diff {
			_, err = f.out.Write(diff.Diff(path, src, path+" (formatted)", text))
		}
		return err
	case !f.write:
		_, err = f.out.Write(text)
		return err
	case path == "-":
		return usageError{errors.New("-w writes to files: want the name of one")}
	case same:
		return nil
	}
	if _, err := os.Stat(path); err != nil {
		return usageError{fmt.Errorf("cannot write the program: %w", err)}
	}
	return writeProgram(path, text)
}
