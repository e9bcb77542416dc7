package cli

import (
	"fmt"
	"io"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

// writeRemarks writes remarks with the lines of the source that they are about.
func (s streams) writeRemarks(w io.Writer, remarks ir.Problems) error {
	for _, remark := range remarks {
		remark.Message = "remark: " + remark.Message
		said := remark.Error()
		if src := s.sources[remark.File]; src != nil {
			said = text.Caret(src, remark)
		}
		if _, err := fmt.Fprintln(w, said); err != nil {
			return err
		}
	}
	return nil
}

// remarkSource writes remarks on the source of a program that is about to run,
// if it is one that programs are made from: what it makes is not seen.
func (s streams) remarkSource(p *ir.Program) error {
	src := s.sources[p.File]
	form := flowc.FormOf(p.File, src)
	if src == nil || !form.Derived {
		return nil
	}
	return s.writeRemarks(s.err, append(s.registry().LostRows(p), s.formRemarks(p.File)...))
}

// formRemarks returns what a form says about a source.
func (s streams) formRemarks(file string) ir.Problems {
	src := s.sources[file]
	if form := flowc.FormOf(file, src); src != nil && form.Remarks != nil {
		return form.Remarks(src, file)
	}
	return nil
}
