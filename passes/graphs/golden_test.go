package graphs_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"flowc.dev/flowc/passes/graphs"
)

var update = flag.Bool("update", false, "rewrite the wanted parts of testdata")

// TestGoldens shows each rule at work: the graph before and after it. A case is
// rewritten at level 2, and at level 3 too if that makes a difference.
func TestGoldens(t *testing.T) {
	fired := map[string]bool{}
	want := map[string]string{} // by file and name
	for _, c := range cases(t) {
		g, err := c.Graph(c.Types)
		if err != nil {
			t.Fatalf("%s: %s: %v", c.File, c.Name, err)
		}
		var b strings.Builder
		fmt.Fprintf(&b, "before\n%s", graphs.Format(g))
		last := graphs.Format(g)
		for _, level := range []int{graphs.Exact, graphs.Reassociates} {
			h, counts := rewrite(g, level)
			after := graphs.Format(h)
			if after == last {
				continue
			}
			last = after
			fmt.Fprintf(&b, "-O%d\n%s", level, after)
			for _, n := range counts {
				fmt.Fprintf(&b, "%d: %s\n", n.N, n.Rule)
				fired[n.Rule] = true
			}
		}
		want[c.File+" "+c.Name] = b.String()
	}
	compare(t, want)
	for _, rule := range graphs.Rules() {
		if !fired[rule.Name] && !t.Failed() {
			t.Errorf("no golden shows the rule %q", rule.Name)
		}
	}
}

// compare compares the results with the files, or rewrites these.
func compare(t *testing.T, want map[string]string) {
	done := map[string]bool{}
	for _, c := range cases(t) {
		if done[c.File] {
			continue
		}
		done[c.File] = true
		archive, err := txtar.ParseFile(c.File)
		if err != nil {
			t.Fatal(err)
		}
		old := map[string]string{}
		var files []txtar.File
		for _, f := range archive.Files {
			name, isSource := strings.CutSuffix(f.Name, ".flow")
			if !isSource {
				old[strings.TrimSuffix(f.Name, ".want")] = string(f.Data)
				continue
			}
			files = append(files, f, txtar.File{Name: name + ".want", Data: []byte(want[c.File+" "+name])})
		}
		if *update {
			archive.Files = files
			if err := os.WriteFile(c.File, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		for _, f := range files {
			name, isWant := strings.CutSuffix(f.Name, ".want")
			if diff := cmp.Diff(old[name], string(f.Data)); isWant && diff != "" {
				t.Errorf("%s: %s (-want +got)\n%s", c.File, name, diff)
			}
		}
	}
}
