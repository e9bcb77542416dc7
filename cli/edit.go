package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"flowc.dev/flowc"
	"flowc.dev/flowc/frontend/library"
	"flowc.dev/flowc/ir"
)

func newEditCommand(s streams) *cobra.Command {
	e := &editing{streams: s}
	cmd := &cobra.Command{
		Use:   "edit [flags] prog|run.flowsnap",
		Short: "Find and replace statements of a program, also a half-run one, or attach hooks to them",
		Long: `Finds statements and operands of a program by a pattern, and changes them.

A pattern is statements or an operand in the .flow form. In it $x stands for any
operand, statement or name, $args... for any number of arguments, $body... for
any number of statements, and $_ for anything. A call without stores matches
wherever its result goes. In what is put in, the metavariables stand for what
they matched, and $0 for all of the match. Functions that the program imports and
calls are searched too.

With --find alone the matches are listed. Several edits, each of them a --find
and what follows it, are made one after the other. An edit without any match
fails, unless --expect=0.

A program is written to standard output, or to -o in the form that its extension
tells (.flow or .json). A snapshot of a half-run program is edited in its file,
and goes on at the same statement: an edit that removes the statement at which
it stands is refused. Fragments that it has spawned keep the program that they
run. Where nothing matches, the file stays as it is.`,
		Example: `  flowc edit --find 'layer.step($args...)' train.flow
  flowc edit --find 'layer.step($x)' --after 'print $x' --every 100 -o hooked.flow train.flow
  flowc edit --find 'loss = $_' --after 'assert_finite(loss)' run.flowsnap
  flowc edit --find 'add($a, $b)' --replace 'subtract($a, $b)' --expect 2 prog.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("found %d files: want one program or snapshot, such as flowc edit --find 'f($x)' prog.flow", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return e.run(args[0]) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	e.requests.addFlags(flags)
	flags.StringVarP(&e.output, "output", "o", "", "file to write instead of standard output or the snapshot itself")
	flags.BoolVar(&e.inPlace, "in-place", false, "write the program to the file that it came from")
	return cmd
}

// editing is one execution of flowc edit.
type editing struct {
	streams
	requests editRequests
	output   string
	inPlace  bool
}

func (e *editing) run(path string) error {
	list, err := e.requests.parse()
	if err == nil && e.inPlace && (e.output != "" || path == "-") {
		err = errors.New("--in-place writes to the file that is edited: leave out -o, and name a file")
	}
	if err != nil {
		return usageError{err}
	}
	if holdsSnapshot(path) {
		return e.snapshot(path, list)
	}
	if err := checkProgramTarget(e.output); err != nil {
		return err
	}
	source, err := load(e.streams, path)
	if err != nil {
		return err
	}
	p, err := library.Resolve(source)
	if err != nil {
		return err
	}
	resolved := p
	for _, r := range list {
		edited, m, err := r.apply(p)
		if err != nil {
			return err
		}
		if r.lists() {
			err = e.list(p, m.Matches)
		} else {
			err = e.said(r, m)
		}
		if err != nil {
			return err
		}
		if r.changes(m) {
			p = edited
		}
	}
	if e.requests.onlyLists() {
		return nil
	}
	if e.inPlace && p == resolved {
		return nil
	}
	p = e.imports(p, resolved, source) // what is put in may call other functions of the libraries
	if _, err := flowc.Check(p, e.registry()); err != nil {
		return fmt.Errorf("the edited program: %w", err)
	}
	return e.write(p, path)
}

// imports returns the edited program p with the imports of its source, unless
// functions that came with them have been edited: those are its own now.
func (e *editing) imports(p, resolved, source *ir.Program) *ir.Program {
	if len(source.Imports) == 0 {
		return p
	}
	own := len(source.Functions)
	if !slices.Equal(p.Functions[own:], resolved.Functions[own:]) {
		fmt.Fprintf(e.err, "flowc: functions of %s are edited: the program has its own now, and no import\n", strings.Join(source.Imports, ", "))
		return p
	}
	p = p.Copy()
	p.Imports, p.Functions = source.Imports, p.Functions[:own]
	return p
}

// list writes the matches, one a line.
func (e *editing) list(p *ir.Program, matches []*ir.Match) error {
	for _, m := range matches {
		place := p.File
		if pos := m.Nodes[0].Pos; pos.Known() {
			place += ":" + pos.String()
		}
		if place == "" {
			place = m.Pointer
		}
		in := ""
		if m.Function != "" {
			in = " in " + m.Function
		}
		if _, err := fmt.Fprintf(e.out, "%s: id %d%s: %s\n", strings.TrimPrefix(place, ":"), m.Nodes[0].ID, in, oneLine(m.Nodes[0], m.Operand)); err != nil {
			return err
		}
	}
	return nil
}

// said reports an edit on the error stream.
func (e *editing) said(r *editRequest, m *ir.EditMap) error {
	if r.find == "" {
		return nil
	}
	places := fmt.Sprintf("%d places", len(m.Matches))
	if len(m.Matches) == 1 {
		places = "1 place"
	}
	_, err := fmt.Fprintf(e.err, "%s: %s\n", r.describe(), places)
	return err
}

// write writes the edited program p, which came from path.
func (e *editing) write(p *ir.Program, path string) error {
	target := e.output
	if e.inPlace {
		target = path
	}
	form := target
	if form == "" || form == "-" {
		form = path
	}
	text, err := flowc.FormOf(form, nil).Print(p)
	if err != nil {
		return err
	}
	if target == "" || target == "-" {
		_, err = e.out.Write(text)
		return err
	}
	return replaceFile(target, text)
}
