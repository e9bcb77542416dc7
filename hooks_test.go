package flowc_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
)

// TestHookedProgramsGoOnAtAnotherLevel stops the programs of hooks.txtar after
// each of their steps, and where they fail, and goes on with the snapshot at
// another level.
func TestHookedProgramsGoOnAtAnotherLevel(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/language/hooks.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(archive.Files); i += 2 {
		f := archive.Files[i]
		t.Run(strings.TrimSuffix(f.Name, ".json"), func(t *testing.T) {
			for _, family := range []string{flowc.Step, flowc.Gorgonia} {
				want := observe(f.Name, f.Data, 0, family, func(m *backend.Machine) error { return runSteps(m, languageSteps) })
				for level := range 3 {
					for n := range want.steps + 1 {
						goOn(t, f, family, level, (level+1)%3, n, want.text)
					}
				}
			}
		})
	}
}

// goOn runs n steps at one level and the rest at another, and compares with what
// is to be seen. A machine that fails is snapshotted too.
func goOn(t *testing.T, f txtar.File, family string, first, then int, n int64, want string) {
	var b strings.Builder
	m, err := startProgram(f.Name, f.Data, first, family, func(line string) { fmt.Fprintln(&b, line) })
	if m == nil {
		return
	}
	if err == nil && n > 0 {
		err = runSteps(m, n)
	}
	before := b.String()
	s, snapErr := m.Snapshot()
	if snapErr != nil {
		t.Fatalf("at -O%d after %d steps: %v", first, n, snapErr)
	}
	onward := runSteps(m, languageSteps-n)
	seen := func(m *flowc.Machine, err error) string {
		text := fmt.Sprintf("%s%d steps, error %v\n", b.String(), m.Steps(), err)
		for _, out := range m.Outputs() {
			text += fmt.Sprintf("%s = %s\n", out.Name, ir.ValueDigest(out.Value))
		}
		return text
	}
	if got := seen(m, onward); got != want {
		t.Errorf("at -O%d, snapshotted after %d steps:\n%s\nin one go:\n%s", first, n, got, want)
	}
	b.Reset()
	b.WriteString(before)
	c, compileErr := flowc.Compile(s.Program, flowc.Options{Level: then, Backend: family, Print: func(line string) { fmt.Fprintln(&b, line) }})
	if compileErr != nil {
		t.Fatal(compileErr)
	}
	resumed, resumeErr := c.Resume(s)
	if resumeErr != nil {
		t.Fatalf("from -O%d after %d steps to -O%d: %v", first, n, then, resumeErr)
	}
	again := runSteps(resumed, languageSteps-n)
	if err != nil && (again == nil || again.Error() != err.Error()) {
		t.Errorf("from -O%d after %d steps to -O%d: the error %v becomes %v", first, n, then, err, again)
	}
	if got := seen(resumed, again); got != want {
		t.Errorf("from -O%d after %d steps to -O%d:\n%s\nin one go:\n%s", first, n, then, got, want)
	}
}
