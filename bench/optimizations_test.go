package main

import (
	"bytes"
	"context"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
)

// TestOptimizationsAreDocumented checks that the optimizations are the lines of
// the list in the documentation of passes/graphs and the passes.
func TestOptimizationsAreDocumented(t *testing.T) {
	want := documented(t)
	for _, p := range passes.Standard().Passes {
		if !slices.Contains(want, p.Name) {
			want = append(want, p.Name)
		}
	}
	var got []string
	for _, o := range optimizations {
		got = append(got, o.name)
	}
	for _, name := range want {
		if !slices.Contains(got, name) {
			t.Errorf("no program and golden are named for %q", name)
		}
	}
	for i, name := range got {
		if !slices.Contains(want, name) || slices.Contains(got[:i], name) {
			t.Errorf("%q is no pass and no line of the list, or is here twice", name)
		}
	}
}

// documented returns the names in the list of the documentation: what begins its
// lines, before two spaces.
func documented(t *testing.T) []string {
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "passes", "graphs", "doc.go"), nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, line := range strings.Split(f.Doc.Text(), "\n") {
		if line, ok := strings.CutPrefix(line, "\t"); ok && line[0] != ' ' {
			name, _, _ := strings.Cut(line, "  ")
			names = append(names, name)
		}
	}
	if len(names) < 25 {
		t.Fatalf("the list has %d lines only: %q", len(names), names)
	}
	return names
}

// TestOptimizationsHappen checks that each optimization has a golden and a
// program that is timed, that its rewrites are made in one of its programs and
// shown by one of its goldens, and that every program is for something.
func TestOptimizationsHappen(t *testing.T) {
	used := map[string]bool{}
	made := map[string][]string{} // in programs
	for _, o := range optimizations {
		if o.absent != (len(o.programs) == 0) || o.absent != (len(o.goldens) == 0) {
			t.Errorf("%s has the programs %q and the goldens %q", o.name, o.programs, o.goldens)
		}
		var happen []string
		for _, name := range o.programs {
			used[name] = true
			if made[name] == nil {
				made[name] = rewrites(t, name)
			}
			happen = append(happen, made[name]...)
		}
		var shown []string
		for _, golden := range o.goldens {
			shown = append(shown, reported(t, golden)...)
		}
		for _, rule := range slices.Concat(o.rules, declared(o.name)) {
			if !slices.Contains(happen, rule) {
				t.Errorf("%s: %q is made in none of %q", o.name, rule, o.programs)
			}
			if !slices.Contains(shown, rule) {
				t.Errorf("%s: %q is shown by none of %q", o.name, rule, o.goldens)
			}
		}
	}
	for _, pattern := range []string{"*.flow", "apart/*.flow"} {
		files, err := filepath.Glob(filepath.Join("programs", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if name := strings.TrimSuffix(filepath.Base(file), ".flow"); !used[name] {
				t.Errorf("%s is for no optimization", file)
			}
		}
	}
}

// declared returns the rewrites of the pass of that name, if there is one.
func declared(name string) []string {
	var names []string
	for _, p := range passes.Standard().Passes {
		for _, r := range p.Rewrites {
			if p.Name == name {
				names = append(names, r.Name)
			}
		}
	}
	return names
}

// rewrites returns those that are made in a program of bench/programs in either
// family, at its level. One with the input rounds is also run, a few times around,
// for the rewrites of typed graphs.
func rewrites(t *testing.T, name string) []string {
	if !exists(filepath.Join("programs", name+".flow")) {
		t.Fatalf("there is no program %s", name)
	}
	pair, err := newPair("..", name)
	if err != nil {
		t.Fatal(name, err)
	}
	var names []string
	for _, family := range families {
		c, err := compile(pair.programs[1], config{pair.levels[1], family})
		if err != nil {
			t.Fatal(name, err)
		}
		for _, pass := range c.Report.Passes {
			for _, count := range pass.Counts {
				names = append(names, count.Name)
			}
		}
		if !slices.Contains(c.Source.Inputs, "rounds") {
			continue
		}
		m, err := c.Start(map[string]ir.Value{"rounds": ir.WeakInt(2)})
		if err == nil {
			_, err = m.Run(context.Background(), flowc.Budget{})
		}
		if err != nil {
			t.Fatal(name, err)
		}
		m.Close()
		for _, count := range c.Graphs.Counts() {
			names = append(names, count.Rule)
		}
	}
	return names
}

// reported returns the rewrites that a golden says were made. A test that stands
// in the place of a golden must exist.
func reported(t *testing.T, golden string) []string {
	file, test, isTest := strings.Cut(golden, ": ")
	text, err := os.ReadFile(filepath.Join("..", file))
	if err != nil {
		t.Fatal(err)
	}
	if isTest {
		if !bytes.Contains(text, []byte("\nfunc "+test+"(t *testing.T)")) {
			t.Errorf("%s has no %s", file, test)
		}
		return nil
	}
	var names []string
	for _, line := range strings.Split(string(text), "\n") {
		if n, rule, ok := strings.Cut(line, ": "); ok && count(n) { // of a typed graph
			names = append(names, rule)
			continue
		}
		_, list, _ := strings.Cut(line, ": ") // of a pass
		for {
			rule, rest, ok := cutCount(list)
			if !ok {
				break
			}
			names = append(names, rule)
			list = rest
		}
	}
	return names
}

// cutCount takes "rule: 3, rest" apart.
func cutCount(list string) (rule, rest string, ok bool) {
	for i := range list {
		if after, isEnd := strings.CutPrefix(list[i:], ": "); isEnd {
			n, rest, _ := strings.Cut(after, ", ")
			if count(n) {
				return list[:i], rest, true
			}
		}
	}
	return "", "", false
}

// count reports whether s is a number above 0.
func count(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && strings.Trim(s, "0") != ""
}

// TestPlanned checks that the programs about storage use some of it again.
func TestPlanned(t *testing.T) {
	for _, name := range []string{"buffer-plan", "in-place"} {
		p, err := load("..", name)
		if err != nil {
			t.Fatal(err)
		}
		for _, family := range families {
			c, err := flowc.Compile(p, flowc.Options{Level: 2, Backend: family, Profile: true})
			if err != nil {
				t.Fatal(name, err)
			}
			m, err := c.Start(map[string]ir.Value{"rounds": ir.WeakInt(50)})
			if err == nil {
				_, err = m.Run(context.Background(), flowc.Budget{})
			}
			if err != nil {
				t.Fatal(name, err)
			}
			if !slices.ContainsFunc(m.Profile(), func(e backend.ProfileEntry) bool { return e.Apart > e.Peak }) {
				t.Errorf("%s, %s: nothing shares storage", name, family)
			}
			m.Close()
		}
	}
}
