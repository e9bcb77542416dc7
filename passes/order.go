package passes

import (
	"errors"
	"fmt"
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
	// Levels are the pipelines of the optimization levels 0 to 3, see
	// [Table.Pipeline].
	Levels []string
}

// Standard returns the table of all passes that flowc has.
func Standard() *Table { return &Table{slices.Clone(standard), slices.Clone(order), Levels()} }

// A Position is a place in a table.
type Position struct {
	name  string
	after bool
}

// After is the place right after the named pass.
func After(name string) Position { return Position{name, true} }

// Before is the place right before the named pass.
func Before(name string) Position { return Position{name, false} }

// With returns the table with p at a place, such as After("collapse"), or an
// error if there is no such pass or the result breaks a constraint. A pass that
// is not required runs where a pipeline names it. It is added to those of the
// levels that are given, at the same place, or at the end where the pass that
// tells the place does not run.
func (t *Table) With(p *Pass, at Position, levels ...int) (*Table, error) {
	if p == nil {
		return nil, errors.New("the pass is nil: a table holds passes")
	}
	if at.name == "" {
		return nil, fmt.Errorf("pass %q has no place: want one such as passes.After(\"collapse\")", p.Name)
	}
	i := slices.IndexFunc(t.Passes, func(q *Pass) bool { return q.Name == at.name })
	if i < 0 {
		return nil, unknownPass(at.name, t.Passes)
	}
	if at.after {
		i++
	}
	result := &Table{slices.Insert(slices.Clone(t.Passes), i, p), slices.Clone(t.Order), slices.Clone(t.Levels)}
	for _, level := range levels {
		if level < 0 || level >= len(result.Levels) {
			return nil, fmt.Errorf("there is no optimization level %d: want 0 to %d", level, len(result.Levels)-1)
		}
		if p.Required {
			return nil, fmt.Errorf("required pass %q runs at every level", p.Name)
		}
		stages, err := result.optional(anyFamily, result.Levels[level])
		if err != nil {
			return nil, fmt.Errorf("the pipeline of level %d: %w", level, err)
		}
		result.Levels[level] = stages.with(Stage{Pass: p}, at).String()
	}
	return result, result.Check()
}

// Pass returns the named pass, or an error that tells what there is.
func (t *Table) Pass(name string) (*Pass, error) {
	i := slices.IndexFunc(t.Passes, func(p *Pass) bool { return p.Name == name })
	if i < 0 {
		return nil, unknownPass(name, t.Passes)
	}
	return t.Passes[i], nil
}

// Check returns an error if a pass is not as [pass.Pass.Check] wants it, has the
// name of another, if the order is against a constraint, or if a level's pipeline
// is wrong. It names passes and constraint.
func (t *Table) Check() error {
	at := map[string]int{}
	optional := ""
	for i, p := range t.Passes {
		if p == nil {
			return fmt.Errorf("pass %d of the table is nil", i+1)
		}
		if err := p.Check(); err != nil {
			return err
		}
		switch _, twice := at[p.Name]; {
		case twice:
			return fmt.Errorf("two passes are named %q", p.Name)
		case p.Name == "none" || p.Name == "fixpoint":
			return fmt.Errorf("a pass is named %q, which means something else in pipelines", p.Name)
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
	for level, text := range t.Levels {
		if _, err := t.Pipeline(pass.FamilyStep, text); err != nil {
			return fmt.Errorf("the pipeline of level %d: %w", level, err)
		}
	}
	return nil
}

func (c Constraint) violated() error {
	return fmt.Errorf("pass %q must run before %q: %s", c.Before, c.After, c.Reason)
}

// Levels returns the pipeline of each optimization level.
func Levels() []string { return slices.Clone(levels) }

func unknownPass(name string, passes []*Pass) error {
	var all, near []string
	for _, p := range passes {
		all = append(all, p.Name)
		if len(name) > 2 && (strings.Contains(p.Name, name) || strings.Contains(name, p.Name)) || distance(name, p.Name) <= min(len(name)/3, 3) {
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
