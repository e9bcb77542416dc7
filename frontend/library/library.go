// Package library has the templates that programs import: functions for
// training, written in the .flow form.
package library

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

//go:embed *.flow
var files embed.FS

// Names returns the names of the libraries, sorted.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic("bug: " + err.Error())
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = strings.TrimSuffix(entry.Name(), ".flow")
	}
	slices.Sort(names)
	return names
}

// Source returns the text of a library.
func Source(name string) ([]byte, error) {
	if !slices.Contains(Names(), name) {
		return nil, unknown(name)
	}
	return files.ReadFile(name + ".flow")
}

func unknown(name string) error {
	message := fmt.Sprintf("there is no library %.60q", name)
	if likely := suggest(name, Names()); likely != "" {
		return fmt.Errorf("%s: did you mean %q?", message, likely)
	}
	return fmt.Errorf("%s: there are %s", message, strings.Join(Names(), ", "))
}

// all parses the libraries once.
var all = sync.OnceValue(func() map[string]*ir.Program {
	programs := map[string]*ir.Program{}
	for _, name := range Names() {
		src, err := Source(name)
		if err != nil {
			panic("bug: " + err.Error())
		}
		p, err := text.Parse(src, name+".flow")
		if err != nil {
			panic("bug: " + err.Error())
		}
		programs[name] = p
	}
	return programs
})

// Functions returns the functions of a library in the order of its text, and
// the library's doc.
func Functions(name string) (functions []*ir.Function, doc string, err error) {
	p := all()[name]
	if p == nil {
		return nil, "", unknown(name)
	}
	return slices.Clone(p.Functions), p.Doc, nil
}

// suggest returns the name that the unknown one is most likely a misspelling
// of, or "".
func suggest(name string, names []string) string {
	for _, candidate := range names {
		if distance(name, candidate) <= 2 || len(name) > 2 && strings.Contains(candidate, name) || strings.EqualFold(name, candidate) {
			return candidate
		}
	}
	return ""
}

// distance is Levenshtein's; long names are far from all.
func distance(a, b string) int {
	if len(a) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
