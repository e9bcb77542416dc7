package json

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"github.com/google/go-cmp/cmp"
)

// A mistake is a document and the problems that Parse finds in it, a line each,
// without the file's name.
type mistake struct{ name, src, want string }

var mistakes = slices.Concat(syntaxMistakes, formMistakes, valueMistakes)

func TestMistakes(t *testing.T) {
	for _, c := range mistakes {
		t.Run(c.name, func(t *testing.T) {
			p, err := Parse([]byte(c.src), "p.json")
			if err == nil || p != nil {
				t.Fatalf("%s: no error", c.src)
			}
			if _, ok := errors.AsType[ir.Problems](err); !ok {
				t.Errorf("the error is a %T, want ir.Problems", err)
			}
			got := strings.ReplaceAll("\n"+err.Error(), "\np.json:", "\n")[1:]
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s\n-want +got:\n%s", c.src, diff)
			}
		})
	}
}

func TestReadingStopsAfterManyProblems(t *testing.T) {
	src := `{"flowc": 1, "body": [` + strings.Repeat("1,", 1000) + `1]}`
	_, err := Parse([]byte(src), "p.json")
	problems, _ := errors.AsType[ir.Problems](err)
	if len(problems) != maxProblems+1 {
		t.Fatalf("got %d problems, want %d", len(problems), maxProblems+1)
	}
	if got, want := problems[maxProblems].Error(), "p.json:1:221: reading stopped after 100 problems"; got != want {
		t.Errorf("the last problem is %q, want %q", got, want)
	}
	if got, want := problems[maxProblems-1].Error(), `p.json:1:221: /body/99: found the number 1: want a statement, an object with an element key such as "call"`; got != want {
		t.Errorf("the problem before is %q, want %q", got, want)
	}
}

func TestSuggest(t *testing.T) {
	for _, c := range [][2]string{
		{"bdoy", "body"}, {"REPEAT", "repeat"}, {"cal", "call"}, {"kwarg", "kwargs"}, {"stroe", "store"},
		{"colour", ""}, {"x", ""}, {"", ""}, {strings.Repeat("body", 100), ""},
	} {
		if got := suggest(c[0], []string{"body", "call", "kwargs", "repeat", "store"}); got != c[1] {
			t.Errorf("suggest(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}
