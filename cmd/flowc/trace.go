package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/rogpeppe/go-internal/diff"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
)

// tracer returns what shows the changes that passes make, as unified diffs of
// the program's JSON form.
func tracer(w io.Writer) func(*passes.Pass, *ir.Program, *ir.Program) {
	return func(p *passes.Pass, before, after *ir.Program) {
		if before == after {
			return
		}
		old, err := flowc.Print(before)
		if err != nil {
			fmt.Fprintf(w, "--print-after-all: the program before %s: %s\n", p.Name, err)
			return
		}
		changed, err := flowc.Print(after)
		if err != nil {
			fmt.Fprintf(w, "--print-after-all: the program after %s: %s\n", p.Name, err)
			return
		}
		text := diff.Diff("before "+p.Name, old, "after "+p.Name, changed)
		_, text, _ = bytes.Cut(text, []byte("\n")) // a line that repeats the next two
		w.Write(text)
	}
}
