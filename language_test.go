package flowc_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
)

var update = flag.Bool("update", false, "rewrite the wanted parts of testdata/language")

// languageSteps bounds the programs of testdata/language, some of which are
// endless.
const languageSteps = 100

// TestLanguage runs the programs of testdata/language, one sentence of the
// language's definition each, at every level of the step family.
func TestLanguage(t *testing.T) {
	files, err := filepath.Glob("testdata/language/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs in testdata/language: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(archive.Files); i += 2 {
			program, want := archive.Files[i], &archive.Files[i+1]
			name := strings.TrimSuffix(program.Name, ".json")
			if want.Name != name+".want" {
				t.Fatalf("%s: %s is not followed by %s.want", file, program.Name, name)
			}
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, func(t *testing.T) {
				for level := range 3 {
					got := transcript(program.Name, program.Data, level, string(want.Data))
					if *update && level == 0 {
						want.Data = []byte(got)
					}
					if diff := cmp.Diff(string(want.Data), got); diff != "" {
						t.Errorf("at -O%d (-want +got):\n%s", level, diff)
					}
				}
				for _, family := range []string{flowc.Step, flowc.Gorgonia} {
					splitRuns(t, program.Name, program.Data, family)
				}
			})
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// transcript describes all that can be seen of a run. An error is cut to its
// first line unless want shows more.
func transcript(name string, src []byte, level int, want string) string {
	var b strings.Builder
	m, err := startProgram(name, src, level, flowc.Step, func(line string) { fmt.Fprintf(&b, "| %s\n", line) })
	if m == nil {
		for _, line := range strings.Split(err.Error(), "\n") {
			fmt.Fprintf(&b, "load error: %s\n", line)
		}
		return b.String()
	}
	defer m.Close()
	status := backend.Ready
	if err == nil {
		status, err = runAll(m, languageSteps)
	}
	fmt.Fprintf(&b, "steps: %d\n", m.Steps())
	if err != nil {
		message := err.Error()
		if !strings.Contains(want, "\n  in ") {
			message, _, _ = strings.Cut(message, "\n")
		}
		fmt.Fprintf(&b, "error: %s\n", message)
	} else if status != backend.Done {
		b.WriteString("not done\n")
	}
	for _, out := range m.Outputs() {
		if strings.Contains(want, "\n"+out.Name+": ") {
			fmt.Fprintf(&b, "%s: %s\n", out.Name, out.Value.Type())
		}
		fmt.Fprintf(&b, "%s = %s\n", out.Name, ir.Format(out.Value))
	}
	return b.String()
}

func startProgram(name string, src []byte, level int, family string, print func(string)) (*backend.Machine, error) {
	p, err := flowc.Parse(src, name)
	if err != nil {
		return nil, err
	}
	c, err := flowc.Compile(p, flowc.Options{Level: level, Backend: family, Print: print})
	if err != nil {
		return nil, err
	}
	return c.Start(nil)
}

// splitRuns compares running n steps and then the rest with running all at once
// at -O0, for every n and level of a numeric family, and with single steps.
func splitRuns(t *testing.T, name string, src []byte, family string) {
	whole := observe(name, src, 0, family, func(m *backend.Machine) error { return runSteps(m, languageSteps) })
	for level := range 3 {
		for n := range whole.steps {
			split := observe(name, src, level, family, func(m *backend.Machine) error {
				if n > 0 {
					if err := runSteps(m, n); err != nil {
						return err
					}
				}
				return runSteps(m, languageSteps-n)
			})
			if diff := cmp.Diff(whole.text, split.text); diff != "" {
				t.Fatalf("%s at -O%d, %d steps and then the rest differ from one run (-one +two):\n%s", family, level, n, diff)
			}
		}
		single := observe(name, src, level, family, func(m *backend.Machine) error {
			for m.Steps() < languageSteps && m.Status() != backend.Done {
				before := m.Steps()
				if err := m.Wait(context.Background()); err != nil {
					return err
				}
				if _, err := m.Step(); err != nil {
					return err
				}
				if m.Steps() != before+1 {
					return fmt.Errorf("one step counted %d", m.Steps()-before)
				}
			}
			return nil
		})
		if diff := cmp.Diff(whole.text, single.text); diff != "" {
			t.Fatalf("%s at -O%d, single steps differ from one run (-one +steps):\n%s", family, level, diff)
		}
	}
}

func runSteps(m *backend.Machine, n int64) error {
	_, err := runAll(m, n)
	return err
}

// runAll does up to n steps, waiting for what the machine waits for.
func runAll(m *backend.Machine, n int64) (backend.Status, error) {
	for last := m.Steps() + n; ; {
		status, err := m.Run(context.Background(), backend.Budget{Steps: last - m.Steps()})
		if err != nil || status != backend.Blocked || m.Steps() == last {
			return status, err
		}
		if err := m.Wait(context.Background()); err != nil {
			return status, err
		}
	}
}

// observed is all that can be seen of a run.
type observed struct {
	steps int64
	text  string
}

func observe(name string, src []byte, level int, family string, run func(*backend.Machine) error) observed {
	var b strings.Builder
	m, err := startProgram(name, src, level, family, func(line string) { fmt.Fprintln(&b, line) })
	if m == nil {
		return observed{text: err.Error()}
	}
	defer m.Close()
	if err == nil {
		err = run(m)
	}
	fmt.Fprintf(&b, "%d steps, error %v\n", m.Steps(), err)
	for _, out := range m.Outputs() {
		fmt.Fprintf(&b, "%s = %s\n", out.Name, ir.ValueDigest(out.Value))
	}
	return observed{m.Steps(), b.String()}
}
