package json

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"flowc.dev/flowc/ir"
)

// FuzzParse holds that no document makes Parse panic, that errors are problems
// of the document, and that what parses prints to a text that parses to the
// same program and prints the same.
func FuzzParse(f *testing.F) {
	for _, c := range forms {
		f.Add([]byte(c.program()))
	}
	for _, c := range mistakes {
		f.Add([]byte(c.src))
	}
	for _, file := range []string{"testdata/design.json", "testdata/elements.json"} {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := Parse(src, "fuzz.json")
		if err != nil {
			problems, ok := errors.AsType[ir.Problems](err)
			if !ok || len(problems) == 0 || p != nil {
				t.Fatalf("got %v and the error %T %v", p, err, err)
			}
			for _, problem := range problems {
				if !problem.Pos.Known() || problem.Message == "" {
					t.Fatalf("problem without place or text: %+v", problem)
				}
			}
			return
		}
		if known := ir.Known(p); known.Numbered() != known {
			t.Fatal("two places share a node or an ID")
		}
		for _, o := range []PrintOptions{{}, {IDs: true}} {
			text, err := o.Print(p)
			if err != nil {
				t.Fatal(err)
			}
			q, err := Parse(text, "printed.json")
			if err != nil {
				t.Fatalf("%v\nin the printed text\n%s", err, text)
			}
			if ir.Digest(p) != ir.Digest(q) {
				t.Fatalf("printed and parsed, the digest differs:\n%s", text)
			}
			if again, err := o.Print(q); err != nil || !bytes.Equal(text, again) {
				t.Fatalf("printed again, the text differs (%v):\n%s\nfrom\n%s", err, again, text)
			}
		}
	})
}
