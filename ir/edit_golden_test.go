package ir_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/rogpeppe/go-internal/txtar"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

var update = flag.Bool("update", false, "rewrite the wanted programs in testdata/edit")

// A golden file has an edit (a line of the edit's name and its options), a
// pattern, what is put in, the program, and what becomes of it with the IDs of
// its statements, or the error.
func TestEditGoldens(t *testing.T) {
	files, err := filepath.Glob("testdata/edit/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d golden files: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]*txtar.File{}
			for i := range archive.Files {
				parts[archive.Files[i].Name] = &archive.Files[i]
			}
			got := editText(t, parts)
			want := parts["want"]
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := diff.Diff("want", want.Data, "got", []byte(got)); d != nil {
				t.Errorf("%s", d)
			}
		})
	}
}

func editText(t *testing.T, parts map[string]*txtar.File) string {
	t.Helper()
	p, err := text.Parse(parts["input.flow"].Data, "input.flow")
	if err != nil {
		t.Fatal(err)
	}
	p.AssignIDs()
	nodes := func(name string) []*ir.Node {
		if parts[name] == nil {
			return nil
		}
		nodes, err := text.ParsePattern(parts[name].Data, name)
		if err != nil {
			t.Fatal(err)
		}
		return nodes
	}
	words := strings.Fields(string(parts["edit"].Data))
	var options []ir.EditOption
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		number, _ := strconv.ParseInt(value, 10, 64)
		switch name {
		case "every":
			options = append(options, ir.Every(ir.Int(number)))
		case "expect":
			options = append(options, ir.Expect(int(number)))
		default:
			t.Fatalf("unknown option %s", word)
		}
	}
	if when := nodes("when"); when != nil {
		options = append(options, ir.When(when[0]))
	}
	pattern, with := nodes("pattern"), nodes("with")
	var edited *ir.Program
	var m *ir.EditMap
	switch words[0] {
	case "find":
		return findText(t, p, pattern)
	case "replace":
		edited, m, err = ir.Replace(p, pattern, with, options...)
	case "before":
		edited, m, err = ir.Before(p, pattern, with, options...)
	case "after":
		edited, m, err = ir.After(p, pattern, with, options...)
	case "around":
		edited, m, err = ir.Around(p, pattern, with, options...)
	case "delete":
		edited, m, err = ir.Delete(p, pattern, options...)
	default:
		t.Fatalf("unknown edit %s", words[0])
	}
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	out, err := text.PrintOptions{IDs: true}.Print(edited)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s# edited %v, %d added, %d removed\n", out, m.Edited, len(m.Added), len(m.Removed))
}

func findText(t *testing.T, p *ir.Program, pattern []*ir.Node) string {
	matches, err := ir.Find(p, pattern)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	out := ""
	for _, m := range matches {
		out += m.Place(p.File) + "\n"
	}
	return out
}
