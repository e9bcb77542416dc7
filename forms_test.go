package flowc_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
)

// Every example is there in both forms, which mean the same; the .flow file has
// the canonical layout.
func TestExamplesHaveTwins(t *testing.T) {
	for _, name := range examples(t) {
		p, err := flowc.Load(filepath.Join("examples", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		twin := filepath.Join("examples", name+".flow")
		q, err := flowc.Load(twin)
		if err != nil {
			t.Fatal(err)
		}
		if ir.Digest(p) != ir.Digest(q) {
			t.Errorf("%s and its JSON form differ", twin)
		}
		if a, b := strings.Fields(p.Doc), strings.Fields(q.Doc); strings.Join(a, " ") != strings.Join(b, " ") {
			t.Errorf("%s has another doc than its JSON form", twin)
		}
		form, err := flowc.FormNamed("flow")
		if err != nil {
			t.Fatal(err)
		}
		want, err := form.Print(q)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(twin); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s does not have the canonical layout (%v): run flowc fmt -w on it", twin, err)
		}
	}
	twins, err := filepath.Glob("examples/*.flow")
	if err != nil || len(twins) < len(examples(t)) {
		t.Errorf("found %d .flow examples, %v", len(twins), err)
	}
}

// Optimized programs can be printed and read too.
func TestOptimizedProgramsPrint(t *testing.T) {
	form, err := flowc.FormNamed("flow")
	if err != nil {
		t.Fatal(err)
	}
	graphs := 0
	for seed := range uint64(40) {
		p := irtest.Program(seed, irtest.Options{Hooks: true, Spawn: true})
		c, err := flowc.Compile(p, flowc.Options{Level: 2})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, print := range []func(*ir.Program) ([]byte, error){form.Print, form.PrintIDs} {
			src, err := print(c.Program)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			q, err := form.Parse(src, "optimized.flow")
			if err != nil {
				t.Fatalf("seed %d: %v\nin\n%s", seed, err, src)
			}
			if ir.Digest(q) != ir.Digest(c.Program) {
				t.Fatalf("seed %d: printed and parsed, it is another program:\n%s", seed, src)
			}
			graphs += bytes.Count(src, []byte("graph yield"))
		}
	}
	if graphs == 0 {
		t.Error("no program has a graph leaf")
	}
}

// Programs full of special numbers are the same in every form, optimized or not.
func TestRulePatternsPrint(t *testing.T) {
	for seed := range uint64(18) {
		p := irtest.Program(seed, irtest.Options{Size: 8, Patterns: exactPatterns(), Tame: seed%6 == 5})
		c, err := flowc.Compile(p, flowc.Options{Level: 2, Backend: flowc.Step})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, form := range flowc.Forms() {
			for _, p := range []*ir.Program{p, c.Program} {
				src, err := form.Print(p)
				if err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				q, err := form.Parse(src, "random")
				if err != nil {
					t.Fatalf("seed %d: %v\nin\n%s", seed, err, src)
				}
				if ir.Digest(q) != ir.Digest(p) {
					t.Fatalf("seed %d: printed as %s and parsed, it is another program:\n%s", seed, form.Name, src)
				}
			}
		}
	}
}

func TestFormOf(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"a.flow", "{", "flow"},
		{"a.json", "x = 1", "json"},
		{"standard input", " \n\t{}", "json"},
		{"standard input", "\uFEFF{}", "json"},
		{"", "x = {a: 1}", "flow"},
		{"a.txt", "", "flow"},
	} {
		if got := flowc.FormOf(c.name, []byte(c.src)).Name; got != c.want {
			t.Errorf("%q with %q is %s, want %s", c.name, c.src, got, c.want)
		}
	}
	if _, err := flowc.FormNamed("yaml"); err == nil || !strings.Contains(err.Error(), "flow, json") {
		t.Errorf("the form yaml: %v", err)
	}
	for _, form := range flowc.Forms() {
		if named, err := flowc.FormNamed(form.Name); err != nil || named.Extension != form.Extension {
			t.Errorf("%s: %v, %v", form.Name, named, err)
		}
	}
}

func TestCheck(t *testing.T) {
	p, err := flowc.Parse([]byte("register x = f32[2,2]{fill 1}\np = softmax(x)\nl = log(p)\nprint l, log(softmax(x))\n"), "a.flow")
	if err != nil {
		t.Fatal(err)
	}
	remarks, err := flowc.Check(p, nil)
	if err != nil || len(remarks) != 1 || remarks[0].Pos.Line != 3 || !strings.Contains(remarks[0].Message, "log_softmax") {
		t.Errorf("got %v, %v", remarks, err)
	}
	if p, err = flowc.Parse([]byte("x = frobnicate()\n"), "a.flow"); err != nil {
		t.Fatal(err)
	}
	if remarks, err := flowc.Check(p, nil); err == nil || remarks != nil {
		t.Errorf("got %v, %v for an unknown op", remarks, err)
	}
}
