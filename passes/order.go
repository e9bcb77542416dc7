package passes

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"flowc.dev/flowc/passes/pass"
)

// A Pass is one transformation of programs.
type Pass = pass.Pass

// A Constraint says that one pass runs before another if both run.
type Constraint struct{ Before, After, Reason string }

// A Table holds passes in the order in which they run, and what decides it.
type Table struct {
	Passes []*Pass
	Order  []Constraint
}

// Standard returns the table of all passes that flowc has.
func Standard() *Table { return &Table{slices.Clone(standard), slices.Clone(order)} }

// With returns the table with p after the named pass, or an error if there is
// no such pass or the result breaks a constraint.
func (t *Table) With(p *Pass, after string) (*Table, error) {
	i := slices.IndexFunc(t.Passes, func(q *Pass) bool { return q.Name == after })
	if i < 0 {
		return nil, unknownPass(after, t.Passes)
	}
	result := &Table{slices.Insert(slices.Clone(t.Passes), i+1, p), t.Order}
	return result, result.Check()
}

var passName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Check returns an error if a pass lacks its name, doc or run function, has the
// name of another, or if the order is against a constraint. It names passes and
// constraint.
func (t *Table) Check() error {
	at := map[string]int{}
	optional := ""
	for i, p := range t.Passes {
		switch _, twice := at[p.Name]; {
		case !passName.MatchString(p.Name):
			return fmt.Errorf("pass %q: a name is lower-case words joined by hyphens", p.Name)
		case twice:
			return fmt.Errorf("two passes are named %q", p.Name)
		case p.Doc == "" || p.Run == nil:
			return fmt.Errorf("pass %q: a pass has a doc and a run function", p.Name)
		case p.Required && optional != "":
			return fmt.Errorf("required pass %q comes after %q, which is optional", p.Name, optional)
		case !p.Required:
			optional = p.Name
		}
		at[p.Name] = i
	}
	for _, c := range t.Order {
		before, ok := at[c.Before]
		if !ok {
			return fmt.Errorf("constraint %q before %q: there is no pass %q", c.Before, c.After, c.Before)
		}
		after, ok := at[c.After]
		if !ok {
			return fmt.Errorf("constraint %q before %q: there is no pass %q", c.Before, c.After, c.After)
		}
		if c.Reason == "" {
			return fmt.Errorf("constraint %q before %q has no reason", c.Before, c.After)
		}
		if before >= after {
			return c.violated()
		}
	}
	return nil
}

func (c Constraint) violated() error {
	return fmt.Errorf("pass %q must run before %q: %s", c.Before, c.After, c.Reason)
}

// Pipeline returns the passes that a program of the family goes through:
// the required ones, then the named optional ones in the order given. Names are
// separated by commas; "none" is no optional pass.
func (t *Table) Pipeline(family, names string) ([]*Pass, error) {
	var pipeline []*Pass
	for _, p := range t.Passes {
		if p.Required && (p.Family == "" || p.Family == family) {
			pipeline = append(pipeline, p)
		}
	}
	seen := map[string]bool{}
	for _, name := range strings.Split(names, ",") {
		if name = strings.TrimSpace(name); name == "" || name == "none" {
			continue
		}
		i := slices.IndexFunc(t.Passes, func(p *Pass) bool { return p.Name == name })
		if i < 0 {
			return nil, unknownPass(name, t.Passes)
		}
		p := t.Passes[i]
		switch {
		case seen[name]:
			return nil, fmt.Errorf("pass %q is named twice", name)
		case p.Required:
			continue // it is there already
		}
		for _, c := range t.Order {
			if c.After != name && c.Before == name && seen[c.After] {
				return nil, c.violated()
			}
		}
		seen[name] = true
		if p.Family == "" || p.Family == family {
			pipeline = append(pipeline, p)
		}
	}
	return pipeline, nil
}

// Levels returns the pipeline of each optimization level.
func Levels() []string { return slices.Clone(levels) }

func unknownPass(name string, passes []*Pass) error {
	var all, near []string
	for _, p := range passes {
		all = append(all, p.Name)
		if strings.Contains(p.Name, name) || strings.Contains(name, p.Name) || distance(name, p.Name) <= 3 {
			near = append(near, p.Name)
		}
	}
	if len(near) > 0 {
		return fmt.Errorf("unknown pass %q; did you mean %s?", name, strings.Join(near, ", "))
	}
	return fmt.Errorf("unknown pass %q; the passes are %s", name, strings.Join(all, ", "))
}

// distance is Levenshtein's; long names are far from all.
func distance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := min(row[j]+1, row[j+1]+1)
			if a[i] == b[j] {
				next = min(next, diagonal)
			} else {
				next = min(next, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
