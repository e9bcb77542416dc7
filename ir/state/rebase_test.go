package state_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
	"flowc.dev/flowc/ops"
)

// halfRun runs steps of the program with the body and returns its snapshot.
func halfRun(t *testing.T, rest string, steps int64) *flowc.Snapshot {
	t.Helper()
	p, err := flowc.Parse([]byte(`{"flowc": 1, `+rest+`}`), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := flowc.Compile(p, flowc.Options{Backend: flowc.Step})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Start(nil)
	if err != nil {
		t.Fatal(err)
	}
	if steps > 0 {
		if _, err := m.Run(context.Background(), flowc.Budget{Steps: steps}); err != nil {
			t.Fatal(err)
		}
	}
	s, err := m.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// finish runs a half-run program to its end and returns what it prints.
func finish(t *testing.T, s *flowc.Snapshot) []string {
	t.Helper()
	if err := ir.Verify(s.Program, ops.Standard().Library()); err != nil {
		t.Fatal(err)
	}
	var printed []string
	c, err := flowc.Compile(s.Program, flowc.Options{Level: 2, Backend: flowc.Step, Print: func(line string) { printed = append(printed, line) }})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Resume(s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Run(context.Background(), flowc.Budget{Steps: 1000}); err != nil {
		t.Fatal(err)
	}
	return printed
}

func statement(t *testing.T, src string) []*ir.Node {
	t.Helper()
	p, err := flowc.Parse([]byte(`{"flowc": 1, "body": [`+src+`]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	return mark(p.Body)
}

// mark makes {"reg": "$x"} and {"call": "$x"} metavariables.
func mark(nodes []*ir.Node) []*ir.Node {
	nodes = slices.Clone(nodes)
	for i, n := range nodes {
		if name, ok := strings.CutPrefix(n.Text("reg")+n.Text("call"), "$"); ok {
			nodes[i] = ir.Metavariable(strings.TrimSuffix(name, "..."), strings.HasSuffix(name, "..."))
			continue
		}
		n = n.Copy()
		n.Args = mark(n.Args)
		for j := range n.Regions {
			n.Regions[j].Body = mark(n.Regions[j].Body)
		}
		nodes[i] = n
	}
	return nodes
}

const counting = `"registers": {"s": 0}, "functions": {"f": {"params": ["x"], "returns": [], "body": [{"print": ["f", {"reg": "x"}]}, {"print": ["g", {"reg": "x"}]}]},
	"h": {"params": ["x"], "returns": ["y"], "body": [{"print": ["h"]}, {"call": "subtract", "args": [{"reg": "x"}, -100], "store": "y"}]}},
	"body": [{"repeat": 3, "as": "i", "body": [
		{"call": "add", "args": [{"reg": "s"}, 1], "store": "s"},
		{"print": [{"reg": "s"}]},
		{"call": "f", "args": [{"reg": "s"}]}]}]`

func TestRebase(t *testing.T) {
	replace := func(pattern, replacement string) func(*testing.T, *ir.Program) (*ir.Program, *ir.EditMap, error) {
		return func(t *testing.T, p *ir.Program) (*ir.Program, *ir.EditMap, error) {
			return ir.Replace(p, statement(t, pattern), statement(t, replacement))
		}
	}
	add := `{"call": "add", "args": [{"reg": "$x"}, {"reg": "$y"}]}`
	for _, c := range []struct {
		name  string
		steps int64
		edit  func(*testing.T, *ir.Program) (*ir.Program, *ir.EditMap, error)
		want  string // printed after the edit, joined, or the error
	}{
		{"unchanged", 6, replace(`{"print": [{"reg": "$x"}]}`, `{"call": "$0"}`), "f 2;g 2;3;f 3;g 3"},
		{"the statement it stands at, changed", 4, replace(add, `{"call": "add", "args": [{"reg": "$x"}, 10]}`), "11;f 11;g 11;21;f 21;g 21"},
		{"a function in the place of an op", 4, replace(add, `{"call": "h", "args": [{"reg": "$x"}]}`), "h;101;f 101;g 101;h;201;f 201;g 201"},
		{"elsewhere", 5, replace(add, `{"call": "add", "args": [{"reg": "$x"}, 10]}`), "2;f 2;g 2;12;f 12;g 12"},
		{"removed where it stands", 5, replace(`{"print": [{"reg": "$x"}]}`, `{"call": "f", "args": [0]}`), "error: p.json:5:3: print (id 18): the edit removes or replaces the statement, which the run stands at"},
		{"removed elsewhere", 4, replace(`{"print": [{"reg": "$x"}]}`, `{"print": ["s", {"reg": "$x"}]}`), "s 2;f 2;g 2;s 3;f 3;g 3"},
		{"into a seq", 5, replace(`{"print": [{"reg": "s"}]}`, `{"seq": [{"print": ["a"]}, {"call": "$0"}, {"print": ["b"]}]}`), "2;b;f 2;g 2;a;3;b;f 3;g 3"},
		{"into a switch in a seq", 5, replace(`{"print": [{"reg": "s"}]}`, `{"seq": [{"switch": {"reg": "i"}, "cases": [{"when": 0, "body": [{"call": "$0"}]}], "default": []}, {"print": ["b"]}]}`), "2;b;f 2;g 2;b;f 3;g 3"},
		{"into a loop", 5, replace(`{"print": [{"reg": "s"}]}`, `{"repeat": 2, "body": [{"call": "$0"}]}`), "error: the edit puts the statement into a repeat"},
		{"into a loop elsewhere", 4, replace(`{"print": [{"reg": "s"}]}`, `{"repeat": 2, "body": [{"call": "$0"}]}`), "2;2;f 2;g 2;3;3;f 3;g 3"},
		{"the loop's count", 4, replace(`{"repeat": {"reg": "$n"}, "body": [{"call": "$b..."}]}`, `{"repeat": 1000, "body": [{"call": "$b..."}]}`), "2;f 2;g 2;3;f 3;g 3"},
		{"the loop", 4, replace(`{"repeat": {"reg": "$n"}, "body": [{"call": "$b..."}]}`, `{"loop": [{"call": "$b..."}]}`), "error: repeat (id 13): the edit removes or replaces the statement"},
		{"the loop's counter", 4, replace(`{"repeat": {"reg": "$n"}, "as": "i", "body": [{"call": "$b..."}]}`, `{"repeat": {"reg": "$n"}, "as": "j", "body": [{"call": "$b..."}]}`), "error: the edit changes the counter of the loop"},
		{"the loop's value", 4, replace(`{"repeat": {"reg": "$n"}, "as": "i", "body": [{"call": "$b..."}]}`, `{"repeat": {"reg": "$n"}, "as": "i", "body": [{"call": "$b..."}], "store": "v"}`), "error: the edit makes use of the value of a repeat"},
		{"the call it is in", 6, replace(`{"call": "f", "args": [{"reg": "$x"}]}`, `{"print": [{"reg": "$x"}]}`), "error: call f (id 20): the edit removes"},
		{"in the function", 7, replace(`{"print": ["f", {"reg": "$x"}]}`, `{"print": ["F", {"reg": "$x"}]}`), "g 2;3;F 3;g 3"},
		{"hooks", 5, func(t *testing.T, p *ir.Program) (*ir.Program, *ir.EditMap, error) {
			return ir.Before(p, statement(t, `{"print": [{"reg": "$x"}]}`), statement(t, `{"print": ["before", {"reg": "$x"}]}`))
		}, "before 2;2;f 2;g 2;before 3;3;f 3;g 3"},
		{"twice", 5, replace(`{"print": [{"reg": "s"}]}, {"call": "f", "args": [{"reg": "$x"}]}`, `{"call": "$0"}, {"call": "$0"}`), "2;f 2;g 2;2;f 2;g 2;3;f 3;g 3;3;f 3;g 3"},
		{"a new register", 4, func(t *testing.T, p *ir.Program) (*ir.Program, *ir.EditMap, error) {
			p, m, err := ir.Replace(p, statement(t, add), statement(t, `{"call": "add", "args": [{"reg": "$x"}, {"reg": "by"}]}`))
			if err == nil {
				p = p.Copy()
				p.Registers = append(p.Registers, ir.Register{Name: "by", Init: ir.Const(ir.WeakInt(100))})
			}
			return p, m, err
		}, "101;f 101;g 101;201;f 201;g 201"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := halfRun(t, counting, c.steps)
			before := ir.Digest(s.Program)
			p, m, err := c.edit(t, s.Program)
			var rebased *flowc.Snapshot
			if err == nil {
				rebased, err = state.Rebase(s, p, m)
			}
			if want, ok := strings.CutPrefix(c.want, "error: "); ok {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("the error is %v, want %q in it", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(finish(t, rebased), ";"); got != c.want {
				t.Errorf("it prints %s, want %s", got, c.want)
			}
			if e := rebased.Edits; len(e) != 1 || e[0].Step != c.steps || e[0].Before != before || e[0].What == "" {
				t.Errorf("the record is %+v", e)
			}
			if len(s.Edits) != 0 || ir.Digest(s.Program) != before {
				t.Error("the snapshot that was edited has changed")
			}
		})
	}
}
