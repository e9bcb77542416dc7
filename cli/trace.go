package cli

import (
	"bytes"
	"fmt"
	"io"

	"github.com/rogpeppe/go-internal/diff"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/passes"
)

// tracer returns what shows the changes that passes make, as unified diffs of
// the program's text.
func tracer(w io.Writer) func(*passes.Pass, *ir.Program, *ir.Program) {
	return func(p *passes.Pass, before, after *ir.Program) {
		if before == after {
			return
		}
		old, err := text.Print(before)
		if err != nil {
			fmt.Fprintf(w, "--print-after-all: the program before %s: %s\n", p.Name, err)
			return
		}
		changed, err := text.Print(after)
		if err != nil {
			fmt.Fprintf(w, "--print-after-all: the program after %s: %s\n", p.Name, err)
			return
		}
		changes := diff.Diff("before "+p.Name, old, "after "+p.Name, changed)
		_, changes, _ = bytes.Cut(changes, []byte("\n")) // a line that repeats the next two
		w.Write(changes)
	}
}
