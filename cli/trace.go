package cli

import (
	"bytes"
	"errors"
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
		if before != after {
			traceChange(w, p.Name, before, after)
		}
	}
}

// traceFailure shows what the pass made whose program is not valid, if err is of
// one.
func traceFailure(w io.Writer, err error) {
	var failed *passes.Error
	if errors.As(err, &failed) && failed.After != nil && failed.After != failed.Before {
		traceChange(w, failed.Pass, failed.Before, failed.After)
	}
}

func traceChange(w io.Writer, pass string, before, after *ir.Program) {
	old, err := printAny(before)
	if err != nil {
		fmt.Fprintf(w, "the program before %s: %s\n", pass, err)
		return
	}
	changed, err := printAny(after)
	if err != nil {
		fmt.Fprintf(w, "the program after %s: %s\n", pass, err)
		return
	}
	changes := diff.Diff("before "+pass, old, "after "+pass, changed)
	_, changes, _ = bytes.Cut(changes, []byte("\n")) // a line that repeats the next two
	w.Write(changes)
}

// printAny prints a program that may be broken in any way.
func printAny(p *ir.Program) (printed []byte, err error) {
	if !finite(p) {
		return nil, errors.New("it has no text: it is nested too deeply or too large, or nodes are missing")
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it has no text: %v", r)
		}
	}()
	return text.Print(p)
}

// finite reports whether p can be gone through: passes may make loops of nodes.
func finite(p *ir.Program) bool {
	left := ir.MaxNodes
	var body func(nodes []*ir.Node, depth int) bool
	node := func(n *ir.Node, depth int) bool {
		left--
		if n == nil || left < 0 || depth > 2*ir.MaxNesting || !body(n.Args, depth+1) {
			return false
		}
		for _, k := range n.Kwargs {
			if !body([]*ir.Node{k.Node}, depth+1) {
				return false
			}
		}
		for i := range n.Regions {
			if !body(n.Regions[i].Body, depth+1) {
				return false
			}
		}
		return true
	}
	body = func(nodes []*ir.Node, depth int) bool {
		for _, n := range nodes {
			if !node(n, depth) {
				return false
			}
		}
		return true
	}
	ok := p != nil && body(p.Body, 0)
	for i := 0; ok && i < len(p.Functions); i++ {
		ok = p.Functions[i] != nil && body(p.Functions[i].Body, 0)
	}
	return ok
}
