package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"flowc.dev/flowc"
	"flowc.dev/flowc/frontend/star"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/passes"
)

// sources keeps the programs' texts that messages show lines of, by the name of
// their file.
type sources map[string][]byte

// standardInput names the program that comes from there.
const standardInput = "standard input"

// load reads a program from a file, "-" being standard input.
func load(s streams, path string) (*ir.Program, error) {
	src, name, err := s.read(path)
	if err != nil {
		return nil, err
	}
	if flowc.FormOf(name, src).Name == "star" {
		return star.Options{Registry: s.registry()}.Parse(src, name)
	}
	return flowc.Parse(src, name)
}

// read returns the source in a file and the name that it has in messages.
func (s streams) read(path string) (src []byte, name string, err error) {
	in := s.in
	if name = path; path == "-" {
		name = standardInput
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, name, usageError{fmt.Errorf("cannot read the program: %w", err)}
		}
		defer f.Close()
		in = f
	}
	src, err = io.ReadAll(io.LimitReader(in, flowc.MaxSource+1))
	switch {
	case err != nil:
		return nil, name, usageError{fmt.Errorf("cannot read the program: %w", err)}
	case len(src) > flowc.MaxSource:
		return nil, name, ir.Problem{File: name, Message: fmt.Sprintf("the program has more than %d bytes: load large tensors as inputs", flowc.MaxSource)}
	}
	if filepath.Ext(name) == snapshotExtension || len(src) > 0 && beginsSnapshot(src) {
		return nil, name, usageError{fmt.Errorf("%s is the snapshot of a half-run program: flowc resume goes on with it, flowc inspect shows it", name)}
	}
	if s.sources != nil && flowc.FormOf(name, src).Carets {
		s.sources[name] = src
	}
	return src, name, nil
}

// explain returns the text of an error, with the lines of the source if these
// are kept.
func (s sources) explain(err error) string {
	var problems ir.Problems
	var problem ir.Problem
	var failed *flowc.RunError
	var broken *passes.Error
	switch {
	case errors.As(err, &broken): // what is wrong may be in what a pass made, not in the source
	case errors.As(err, &failed):
		if src := s[failed.File]; src != nil {
			head := ir.Problem{File: failed.File, Pos: failed.Node.Pos, Message: failed.Err.Error()}.Error()
			if rest, ok := strings.CutPrefix(failed.Error(), head); ok {
				return head + text.Excerpt(src, failed.Node.Pos) + rest
			}
		}
	case errors.As(err, &problems) && len(problems) > 0:
		if src := s[problems[0].File]; src != nil {
			return text.Caret(src, problems)
		}
	case errors.As(err, &problem):
		if src := s[problem.File]; src != nil {
			return text.Caret(src, problem)
		}
	}
	return message(err)
}
