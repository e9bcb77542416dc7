package text

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzText holds that no source makes Parse panic, that errors are problems of
// the source, and that what parses prints to a text that parses to the same
// program and prints the same.
func FuzzText(f *testing.F) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		f.Fatal(archives, err)
	}
	for _, file := range archives {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Data)
			for _, line := range bytes.SplitAfter(file.Data, []byte("\n")) {
				f.Add(line)
			}
		}
	}
	examples, err := filepath.Glob("../../examples/*.flow")
	if err != nil || len(examples) == 0 {
		f.Fatal(examples, err)
	}
	for _, file := range examples {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	for seed := range uint64(5) {
		f.Add(mustPrint(f, irtest.Program(seed, irtest.Options{Size: 10, Hooks: true, Spawn: true})))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		checkProblems(t, src, func(src []byte) (any, error) { return ParsePattern(src, "fuzz.flow") })
		parsed, ok := checkProblems(t, src, func(src []byte) (any, error) { return Parse(src, "fuzz.flow") })
		if !ok {
			return
		}
		p := parsed.(*ir.Program)
		if known := ir.Known(p); known.Numbered() != known {
			t.Fatal("two places share a node or an ID")
		}
		for _, o := range []PrintOptions{{}, {IDs: true}, {AllIDs: true}} {
			text, err := o.Print(p)
			if err != nil {
				t.Fatal(err)
			}
			q, err := Parse(text, "printed.flow")
			if err != nil {
				t.Fatalf("%s\nin the printed text\n%s", Caret(text, err), text)
			}
			if ir.Digest(p) != ir.Digest(q) || dump(p, o.AllIDs) != dump(q, o.AllIDs) {
				t.Fatalf("printed and parsed, the program differs:\n%s", text)
			}
			if again, err := o.Print(q); !o.IDs && (err != nil || !bytes.Equal(text, again)) {
				t.Fatalf("printed again, the text differs (%v):\n%s\nfrom\n%s", err, again, text)
			}
		}
	})
}

// checkProblems parses a source and holds that an error is a list of problems
// that have places and can be shown.
func checkProblems(t *testing.T, src []byte, parse func([]byte) (any, error)) (any, bool) {
	v, err := parse(src)
	if err == nil {
		return v, true
	}
	problems, ok := errors.AsType[ir.Problems](err)
	if !ok || len(problems) == 0 || len(problems) > maxProblems+1 {
		t.Fatalf("got the error %T %v", err, err)
	}
	for _, problem := range problems {
		if !problem.Pos.Known() || problem.Message == "" {
			t.Fatalf("a problem without place or text: %+v", problem)
		}
	}
	if Caret(src, err) == "" {
		t.Fatal("no text for the problems")
	}
	return nil, false
}
