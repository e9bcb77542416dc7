package text

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A tester is a test or one try of a property.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkRoundTrip holds that the text of p parses to p, with its docs and, if
// asked for, its IDs, and that what was parsed prints the same.
func checkRoundTrip(t tester, p *ir.Program) {
	t.Helper()
	for _, o := range []PrintOptions{{}, {IDs: true}, {AllIDs: true}} {
		if o.IDs || o.AllIDs {
			p = unshared(p)
		}
		text, err := o.Print(p)
		if err != nil {
			t.Fatalf("%v", err)
		}
		q, err := Parse(text, "printed.flow")
		if err != nil {
			t.Fatalf("%v\nin\n%s", Caret(text, err), text)
		}
		if diff := cmp.Diff(dump(p, o.AllIDs), dump(q, o.AllIDs)); diff != "" {
			t.Fatalf("%+v: the parsed program differs (-want +got):\n%s\ntext:\n%s", o, diff, text)
		}
		if ir.Digest(p) != ir.Digest(q) {
			t.Fatalf("the digests differ for\n%s", text)
		}
		if o.IDs {
			continue // what was not printed has been numbered
		}
		again, err := o.Print(q)
		if err != nil || !bytes.Equal(text, again) {
			t.Fatalf("printing again gives %v\n%s\nafter\n%s", err, again, text)
		}
	}
	for _, line := range bytes.Split(mustPrint(t, p), []byte("\n")) {
		if bytes.HasSuffix(line, []byte(" ")) && !bytes.Contains(line, []byte("#")) {
			t.Fatalf("a line ends with a blank: %q", line)
		}
	}
}

// unshared returns p with a copy of every node for each place it stands in.
func unshared(p *ir.Program) *ir.Program {
	var node func(n *ir.Node) *ir.Node
	seen := map[ir.ID]bool{}
	body := func(body []*ir.Node) []*ir.Node {
		copied := make([]*ir.Node, len(body))
		for i, n := range body {
			copied[i] = node(n)
		}
		return copied
	}
	node = func(n *ir.Node) *ir.Node {
		c := n.Copy()
		if seen[n.ID] {
			c.ID = 0
		}
		seen[n.ID] = true
		c.Args = body(n.Args)
		for i := range c.Kwargs {
			c.Kwargs[i].Node = node(c.Kwargs[i].Node)
		}
		for i := range c.Regions {
			c.Regions[i].Body = body(c.Regions[i].Body)
		}
		return c
	}
	c := p.Copy()
	c.Body = body(p.Body)
	c.Functions = slices.Clone(p.Functions)
	for i, f := range p.Functions {
		g := *f
		g.Body = body(f.Body)
		c.Functions[i] = &g
	}
	c.AssignIDs()
	return c
}

func mustPrint(t tester, p *ir.Program) []byte {
	t.Helper()
	text, err := Print(p)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return text
}

func TestParsePrintedProgramGivesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genProgram(t)
		p.AssignIDs()
		checkRoundTrip(t, p)
	})
}

func TestRandomProgramsRoundTrip(t *testing.T) {
	for seed := range uint64(60) {
		checkRoundTrip(t, irtest.Program(seed, irtest.Options{Hooks: true, Spawn: true, Failures: 0.2, Digits: true}))
	}
}

// The programs that the repository comes with have the same digest in both
// forms, whatever way they take.
func TestFormsAgree(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../../examples/*.json", "../../frontend/json/testdata/*.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := json.Parse(src, file)
		if err != nil {
			t.Fatal(err)
		}
		checkRoundTrip(t, p)
		q, err := Parse(mustPrint(t, p), file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Print(p)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := json.Print(q); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: by way of .flow, the JSON form differs (%v):\n%s", file, err, cmp.Diff(string(want), string(got)))
		}
	}
}
