package star

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// jsonOf returns all that a program says, docs included.
func jsonOf(t reporter, p *ir.Program) string {
	t.Helper()
	text, err := json.Print(p)
	if err != nil {
		t.Errorf("%v", err)
	}
	return string(text)
}

// roundTrip prints p and reads the text, which must give p again with its docs.
func roundTrip(t reporter, p *ir.Program) string {
	t.Helper()
	text, err := Print(p)
	if err != nil {
		t.Errorf("%v", err)
		return ""
	}
	q, err := Parse(text, "printed.star")
	if err != nil {
		t.Errorf("%v\nin\n%s", err, text)
		return ""
	}
	if want, got := jsonOf(t, p), jsonOf(t, q); want != got || ir.Digest(p) != ir.Digest(q) {
		t.Errorf("the program differs (-want +got):\n%s\nin\n%s", cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")), text)
	}
	again, err := Print(q)
	if err != nil || string(again) != string(text) {
		t.Errorf("printing again gives %v\n%s", err, cmp.Diff(strings.Split(string(text), "\n"), strings.Split(string(again), "\n")))
	}
	return string(text)
}

// programs returns the programs that the repository comes with.
func programs(t *testing.T) map[string]*ir.Program {
	t.Helper()
	all := map[string]*ir.Program{}
	add := func(name string, src []byte) {
		p, err := json.Parse(src, name)
		if err != nil {
			t.Errorf("%v", err)
			return
		}
		all[name] = p
	}
	for _, pattern := range []string{"../../examples/*.json", "../json/testdata/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			add(filepath.Base(file), src)
		}
	}
	archives, err := filepath.Glob("../../testdata/language/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal(err)
	}
	for _, archive := range archives {
		a, err := txtar.ParseFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if p, err := json.Parse(f.Data, f.Name); err == nil && strings.HasSuffix(f.Name, ".json") {
				all[f.Name] = p
			}
		}
	}
	return all
}

func TestProgramsRoundTrip(t *testing.T) {
	all := programs(t)
	if len(all) < 50 {
		t.Errorf("found %d programs only", len(all))
	}
	for name, p := range all {
		t.Run(name, func(t *testing.T) { roundTrip(t, p) })
	}
}

func TestRandomProgramsRoundTrip(t *testing.T) {
	for _, o := range []irtest.Options{{}, {Size: 60, Hooks: true, Spawn: true, Failures: 0.3}, {Size: 10, Hooks: true, Digits: true}} {
		for seed := range uint64(100) {
			if roundTrip(t, irtest.Program(seed, o)); t.Failed() {
				t.Fatalf("the program of seed %d, %+v", seed, o)
			}
		}
	}
}

// TestLayout holds the text, line breaks included.
func TestLayout(t *testing.T) {
	all := programs(t)
	for _, name := range []string{"design", "elements", "train_pca"} {
		got := roundTrip(t, all[name+".json"])
		golden := "testdata/" + name + ".star"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", golden, diff)
		}
	}
}
