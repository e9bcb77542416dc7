package flowc_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flowc.dev/flowc"
)

// A documented program is an example of LANGUAGE.md.
type documentedProgram struct {
	line   int
	source string
	output string // what it prints, if the document shows it
}

// documentedSteps is more than any program of LANGUAGE.md takes.
const documentedSteps = 10_000

var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// documentedPrograms returns the blocks of flow in a text, each with the block
// of output that follows it at once.
func documentedPrograms(doc string) []documentedProgram {
	var programs []documentedProgram
	end := 0
	for _, at := range fence.FindAllStringSubmatchIndex(doc, -1) {
		kind, text := doc[at[2]:at[3]], doc[at[4]:at[5]]
		switch {
		case kind == "flow":
			programs = append(programs, documentedProgram{line: 2 + strings.Count(doc[:at[0]], "\n"), source: text})
		case kind == "output" && len(programs) > 0 && end+1 == at[0]:
			programs[len(programs)-1].output = text
		}
		end = at[1]
	}
	return programs
}

// The programs of LANGUAGE.md are right, run to their ends and print what it
// shows. Those with processes are not run: their processes may be missing.
func TestLanguageReference(t *testing.T) {
	doc, err := os.ReadFile("LANGUAGE.md")
	if err != nil {
		t.Fatal(err)
	}
	if shown := strings.Count(string(doc), "```output\n"); shown == 0 {
		t.Error("LANGUAGE.md shows no output")
	}
	programs, outputs := documentedPrograms(string(doc)), 0
	for _, p := range programs {
		if p.output != "" {
			outputs++
		}
		t.Run(fmt.Sprintf("line %d", p.line), func(t *testing.T) {
			program, err := flowc.Parse([]byte(p.source), fmt.Sprintf("LANGUAGE.md, the program at line %d.flow", p.line))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := flowc.Check(program, nil); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(p.source, "popen ") {
				return
			}
			for level := range 3 {
				var printed strings.Builder
				m := start(t, program, flowc.Options{Level: level, Backend: flowc.Step,
					Print: func(line string) { fmt.Fprintln(&printed, line) }})
				t.Cleanup(m.Close)
				if status, err := runAll(m, documentedSteps); err != nil || status != flowc.Done {
					t.Fatalf("after %d steps: %s, %v", m.Steps(), status, err)
				}
				if diff := cmp.Diff(p.output, printed.String()); diff != "" {
					t.Errorf("at -O%d (-LANGUAGE.md +printed):\n%s", level, diff)
				}
			}
		})
	}
	if len(programs) < 10 || outputs != strings.Count(string(doc), "```output\n") {
		t.Errorf("found %d programs, %d of them with output: want each output block right behind a program", len(programs), outputs)
	}
}
