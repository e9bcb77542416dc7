package text_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ir/text"
)

func TestPrintSpans(t *testing.T) {
	p, err := text.Parse([]byte(`
# Two of them.
repeat 2 {
    y = -x[1:n, 0] * (a + 2) # doc
        hook every 3 after { print y }
    z = concatenate([f32[12]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, first, second, third, fourth], axis=0)
}
`), "spans.flow")
	if err != nil {
		t.Fatal(err)
	}
	out, spans, err := text.PrintOptions{}.PrintSpans(p)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, s := range spans {
		what, _, more := strings.Cut(string(out[s.Start:s.End]), "\n")
		if more {
			what += "..."
		}
		fmt.Fprintf(&got, "%s: %s\n", s.Node.Op, what)
	}
	want := `repeat: repeat 2 {...
const: 2
call: y = -x[1:n, 0] * (a + 2)...
call: -x[1:n, 0]
index: x[1:n, 0]
reg: x
slice: 1:n
const: 1
reg: n
const: 0
call: (a + 2)
reg: a
const: 2
hook: hook every 3 after {...
print: print y
reg: y
call: z = concatenate(...
list: [f32[12]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, first, second, third, fourth]
const: f32[12]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
reg: first
reg: second
reg: third
reg: fourth
const: 0
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}

// Every statement has a span, spans are nested as nodes are, and the text is the
// one without spans.
func TestSpansOfRandomPrograms(t *testing.T) {
	for seed := range uint64(100) {
		p := irtest.Program(seed, irtest.Options{Size: 16, Hooks: true, Spawn: seed%2 == 0})
		for _, o := range []text.PrintOptions{{}, {AllIDs: true}} {
			out, spans, err := o.PrintSpans(p)
			if err != nil {
				t.Fatal(err)
			}
			plain, _, err := o.PrintLines(p)
			if err != nil || !bytes.Equal(out, plain) {
				t.Fatalf("seed %d: another text (%v)", seed, err)
			}
			seen := map[*ir.Node]int{}
			var open []text.Span
			for _, s := range spans {
				for len(open) > 0 && open[len(open)-1].End <= s.Start {
					open = open[:len(open)-1]
				}
				if s.Start >= s.End || len(open) > 0 && s.End > open[len(open)-1].End {
					t.Fatalf("seed %d: the span of %s is %d to %d", seed, s.Node.Op, s.Start, s.End)
				}
				open = append(open, s)
				seen[s.Node]++
			}
			ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
				seen[n]-- // a node may stand in several places
				return true
			})
			for n, more := range seen {
				omitted := n.Op == "const" && n.Attr("value").IsNull() // of a slice
				if more != 0 && !omitted {
					t.Errorf("seed %d: %s (id %d) has %d spans too many", seed, n.Op, n.ID, more)
				}
			}
		}
	}
}
