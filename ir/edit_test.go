package ir_test

import (
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
)

// program parses the statements of a body in the JSON form.
func program(t *testing.T, body string) *ir.Program {
	t.Helper()
	p, err := json.Parse([]byte(`{"flowc": 1, "body": [`+body+`]}`), "")
	if err != nil {
		t.Fatalf("%s: %s", body, err)
	}
	return p
}

// pattern parses statements in which {"reg": "$x"} stands for the metavariable
// $x and the statement {"call": "$x"} too; "$x..." is a rest. An operand is the
// argument of {"call": "OPERAND"}.
func pattern(t *testing.T, src string) []*ir.Node {
	t.Helper()
	body := metavariables(program(t, src).Body)
	if len(body) == 1 && body[0].Text("call") == "OPERAND" {
		return body[0].Args
	}
	return body
}

func metavariables(nodes []*ir.Node) []*ir.Node {
	var result []*ir.Node
	for _, n := range nodes {
		n = n.Copy()
		n.ID = 0
		name, ok := strings.CutPrefix(n.Text("reg")+n.Text("call"), "$")
		if ok && !strings.Contains(strings.TrimSuffix(name, "..."), ".") && len(n.Args)+len(n.Kwargs) == 0 && n.Attr("store").IsNull() {
			n = ir.Metavariable(strings.TrimSuffix(name, "..."), strings.HasSuffix(name, "..."))
		}
		n.Args = metavariables(n.Args)
		for i := range n.Kwargs {
			n.Kwargs[i].Node = metavariables([]*ir.Node{n.Kwargs[i].Node})[0]
		}
		for i := range n.Regions {
			n.Regions[i].Body = metavariables(n.Regions[i].Body)
		}
		result = append(result, n)
	}
	return result
}

const (
	f1   = `{"call": "f", "args": [1]}`
	addS = `{"call": "add", "args": [{"reg": "a"}, {"reg": "b"}], "store": "s"}`
)

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name, body, pattern string
		want                int
	}{
		{"call by name", f1 + `,{"call": "g", "args": [1]}`, `{"call": "f", "args": [{"reg": "$x"}]}`, 1},
		{"call in an operand", `{"print": [` + f1 + `]}`, `{"call": "f", "args": [{"reg": "$x"}]}`, 1},
		{"stores match statements only", addS + `,{"print": [{"call": "add", "args": [1, 2]}]}`,
			`{"call": "add", "args": [{"reg": "$x"}, {"reg": "$y"}], "store": "$z"}`, 1},
		{"arguments are counted", f1, `{"call": "f"}`, 0},
		{"rest takes none", f1, `{"call": "f", "args": [1, {"reg": "$r..."}]}`, 1},
		{"rest takes keywords", `{"call": "f", "args": [1], "kwargs": {"k": 2}}`, `{"call": "f", "args": [{"reg": "$r..."}]}`, 1},
		{"keywords are not ignored", `{"call": "f", "args": [1], "kwargs": {"k": 2}}`, `{"call": "f", "args": [{"reg": "$x"}]}`, 0},
		{"keyword by name", `{"call": "f", "args": [1], "kwargs": {"k": 2}}`, `{"call": "f", "args": [{"reg": "$x"}], "kwargs": {"k": {"reg": "$k"}}}`, 1},
		{"same twice", `{"print": [{"call": "add", "args": [{"reg": "a"}, {"reg": "a"}]}, {"call": "add", "args": [{"reg": "a"}, {"reg": "b"}]}]}`,
			`{"call": "add", "args": [{"reg": "$x"}, {"reg": "$x"}]}`, 1},
		{"any twice", `{"call": "add", "args": [1, 2]}`, `{"call": "add", "args": [{"reg": "$_"}, {"reg": "$_"}]}`, 1},
		{"name and register", `{"call": "add", "args": [{"reg": "s"}, 1], "store": "s"}, ` + addS,
			`{"call": "add", "args": [{"reg": "$x"}, {"reg": "$y"}], "store": "$x"}`, 1},
		{"method of any object", `{"call": "o.step"}, {"call": "q.step"}, {"call": "o.next"}`, `{"call": "$o.step", "store": "$y"}`, 0},
		{"method of any object without stores", `{"call": "o.step", "store": "y"}, {"call": "q.step"}, {"call": "o.next"}`, `{"call": "$o.step", "args": [{"reg": "$a..."}]}`, 2},
		{"any call", `{"call": "o.step", "args": [1]}, {"call": "f"}`, `{"call": "$f", "args": [{"reg": "$a..."}]}`, 2},
		{"types of literals", `{"call": "f", "args": [1.0]}`, f1, 0},
		{"unwritten attributes", `{"repeat": 3, "as": "i", "body": [` + f1 + `]}`, `{"repeat": {"reg": "$n"}, "body": [{"call": "$b..."}]}`, 1},
		{"body is all of it", `{"repeat": 3, "body": [` + f1 + `,` + addS + `]}`, `{"repeat": 3, "body": [` + f1 + `]}`, 0},
		{"rests around", `{"repeat": 3, "body": [` + addS + `,` + f1 + `,` + addS + `]}`, `{"repeat": 3, "body": [{"call": "$a..."},` + f1 + `,{"call": "$b..."}]}`, 1},
		{"rests around nothing", `{"repeat": 3, "body": [` + f1 + `]}`, `{"repeat": 3, "body": [{"call": "$a..."},` + f1 + `,{"call": "$b..."}]}`, 1},
		{"two statements", f1 + `,` + addS + `,` + f1 + `,` + f1 + `,` + addS, f1 + `,{"call": "add", "args": [{"reg": "$_..."}]}`, 2},
		{"statements apart", f1 + `,` + f1 + `,` + addS, f1 + `,{"call": "$mid..."},{"call": "add", "args": [{"reg": "$_..."}]}`, 1},
		{"every statement", `{"seq": [` + f1 + `,` + f1 + `]}`, `{"call": "$s"}`, 3},
		{"nested repeats", `{"repeat": 2, "body": [{"repeat": 3, "body": []}]}`, `{"repeat": {"reg": "$n"}, "body": [{"call": "$b..."}]}`, 2},
		{"nested operands do not overlap", `{"print": [{"call": "add", "args": [{"call": "add", "args": [{"call": "add", "args": [1, 2]}, 3]}, 4]}]}`,
			`{"call": "add", "args": [{"call": "add", "args": [{"reg": "$a"}, {"reg": "$b"}]}, {"reg": "$c"}]}`, 1},
		{"register", addS, `{"call": "OPERAND", "args": [{"reg": "a"}]}`, 1},
		{"in hooks", `{"call": "g", "hooks": [{"after": [` + f1 + `]}]}`, f1, 1},
		{"hooks do not matter", `{"call": "f", "args": [1], "hooks": [{"after": [{"print": [1]}]}]}`, f1, 1},
		{"switch", `{"switch": 1, "cases": [{"when": 1, "body": [` + f1 + `]}, {"when": 2, "body": []}]}`,
			`{"switch": {"reg": "$v"}, "cases": [{"when": 1, "body": [{"call": "$a..."}]}, {"when": 2, "body": []}]}`, 1},
		{"switch with another label", `{"switch": 1, "cases": [{"when": 1, "body": []}]}`, `{"switch": {"reg": "$v"}, "cases": [{"when": 2, "body": []}]}`, 0},
		{"what stores to a register", addS + `,` + f1, "s = $x", 1},
		{"a text with a dollar is a text", `{"print": ["$x"]}, {"print": ["y"]}`, `{"print": ["$x"]}`, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			nodes := []*ir.Node{ir.Metavariable("x", false).StoringTo("s")}
			if c.pattern != "s = $x" {
				nodes = pattern(t, c.pattern)
			}
			matches, err := ir.Find(program(t, c.body), nodes)
			if err != nil {
				t.Fatal(err)
			}
			if len(matches) != c.want {
				t.Errorf("%d matches, want %d", len(matches), c.want)
			}
		})
	}
}

func edited(t *testing.T, p *ir.Program, err error) string {
	t.Helper()
	if err != nil {
		return "error: " + err.Error()
	}
	text, err := json.Print(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReplace(t *testing.T) {
	for _, c := range []struct{ name, body, pattern, replacement, want string }{
		{"operand", `{"print": [{"call": "add", "args": [1, 2]}]}`, `{"call": "add", "args": [{"reg": "$a"}, {"reg": "$b"}]}`,
			`{"call": "mul", "args": [{"reg": "$b"}, {"reg": "$a"}]}`, `{"print": [{"call": "mul", "args": [2, 1]}]}`},
		{"an operand in the place of a statement", addS, `{"call": "add", "args": [{"reg": "$a"}, {"reg": "$b"}]}`,
			`{"call": "$a"}`, `{"call": "identity", "args": [{"reg": "a"}], "store": "s"}`},
		{"a literal in the place of a statement", addS, `{"call": "add", "args": [{"reg": "$a"}, {"reg": "$b"}]}`,
			`{"call": "OPERAND", "args": [1.5]}`, `{"call": "identity", "args": [1.5], "store": "s"}`},
		{"a call bound in the place of a statement", `{"call": "neg", "args": [{"call": "f"}], "store": "s"}`, `{"call": "neg", "args": [{"reg": "$a"}]}`,
			`{"call": "$a"}`, `{"call": "f", "store": "s"}`},
		{"statement keeps stores", addS, `{"call": "add", "args": [{"reg": "$a"}, {"reg": "$b"}]}`,
			`{"call": "mul", "args": [{"reg": "$b"}, {"reg": "$a"}]}`, `{"call": "mul", "args": [{"reg": "b"}, {"reg": "a"}], "store": "s"}`},
		{"nested", `{"print": [{"call": "add", "args": [{"call": "add", "args": [1, 2]}, 3]}]}`, `{"call": "add", "args": [{"reg": "$a"}, {"reg": "$b"}]}`,
			`{"call": "mul", "args": [{"reg": "$a"}, {"reg": "$b"}]}`, `{"print": [{"call": "mul", "args": [{"call": "mul", "args": [1, 2]}, 3]}]}`},
		{"nested bodies", `{"repeat": 2, "as": "i", "body": [{"repeat": 3, "body": [` + f1 + `]}]}`, `{"repeat": {"reg": "$n"}, "body": [{"call": "$b..."}]}`,
			`{"repeat": 5, "body": [{"call": "$b..."}, {"print": [{"reg": "$n"}]}]}`,
			`{"repeat": 5, "as": "i", "body": [{"repeat": 5, "body": [` + f1 + `, {"print": [3]}]}, {"print": [2]}]}`},
		{"arguments", `{"call": "f", "args": [1, 2, 3], "kwargs": {"k": 4}}`, `{"call": "f", "args": [{"reg": "$x"}, {"reg": "$r..."}]}`,
			`{"call": "g", "args": [{"reg": "$r..."}, {"reg": "$x"}], "kwargs": {"l": 5}}`, `{"call": "g", "args": [2, 3, 1], "kwargs": {"k": 4, "l": 5}}`},
		{"names", `{"call": "o.step", "args": [1], "store": "y"}`, `{"call": "$o.step", "args": [{"reg": "$x"}], "store": "$y"}`,
			`{"call": "$o.next", "store": "$y"}, {"print": [{"reg": "$y"}, {"reg": "$x"}]}`, `{"call": "o.next", "store": "y"}, {"print": [{"reg": "y"}, 1]}`},
		{"whole", addS, `{"call": "add", "args": [{"reg": "$_..."}]}`, `{"print": [1]}, {"call": "$0"}`, `{"print": [1]},` + addS},
		{"sequence", f1 + `,` + addS + `,` + f1, f1 + `,` + addS, `{"print": [2]}`, `{"print": [2]},` + f1},
		{"hooks move to a seq", `{"call": "f", "args": [1], "store": "y", "hooks": [{"after": [{"print": [{"reg": "y"}]}]}]}`, f1, `{"print": [3]}, {"call": "g"}`,
			`{"seq": [{"print": [3]}, {"call": "g"}], "store": "y", "hooks": [{"after": [{"print": [{"reg": "y"}]}]}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _, err := ir.Replace(program(t, c.body), pattern(t, c.pattern), pattern(t, c.replacement))
			if got, want := edited(t, p, err), edited(t, program(t, c.want), nil); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestHooks(t *testing.T) {
	after := func(p *ir.Program, pattern, body []*ir.Node) (*ir.Program, *ir.EditMap, error) {
		return ir.After(p, pattern, body, ir.Every(ir.Int(10)), ir.When(ir.Metavariable("x", false)))
	}
	plain := func(edit func(*ir.Program, []*ir.Node, []*ir.Node, ...ir.EditOption) (*ir.Program, *ir.EditMap, error)) func(*ir.Program, []*ir.Node, []*ir.Node) (*ir.Program, *ir.EditMap, error) {
		return func(p *ir.Program, pattern, body []*ir.Node) (*ir.Program, *ir.EditMap, error) {
			return edit(p, pattern, body)
		}
	}
	fx := `{"call": "f", "args": [{"reg": "$x"}]}`
	for _, c := range []struct {
		name                string
		edit                func(*ir.Program, []*ir.Node, []*ir.Node) (*ir.Program, *ir.EditMap, error)
		body, pattern, with string
		want                string
	}{
		{"after", after, f1, fx, `{"print": [{"reg": "$x"}]}`, `{"call": "f", "args": [1], "hooks": [{"after": [{"print": [1]}], "every": 10, "when": 1}]}`},
		{"of the statement of an operand", plain(ir.Before), `{"repeat": 2, "body": [{"print": [` + f1 + `]}]}`, fx, `{"print": [2]}`,
			`{"repeat": 2, "body": [{"print": [` + f1 + `], "hooks": [{"before": [{"print": [2]}]}]}]}`},
		{"nested", plain(ir.After), `{"repeat": 2, "body": [{"loop": [` + f1 + `]}]}`, `{"call": "$s"}`, `{"print": [2]}`,
			`{"repeat": 2, "body": [{"loop": [{"call": "f", "args": [1], "hooks": [{"after": [{"print": [2]}]}]}], "hooks": [{"after": [{"print": [2]}]}]}], "hooks": [{"after": [{"print": [2]}]}]}`},
		{"not in hooks", plain(ir.After), `{"call": "g", "hooks": [{"after": [` + f1 + `]}]}`, fx, `{"print": [2]}`, `{"call": "g", "hooks": [{"after": [` + f1 + `]}]}`},
		{"beside others", plain(ir.After), `{"call": "f", "args": [1], "hooks": [{"before": [{"print": [1]}]}]}`, fx, `{"print": [2]}`,
			`{"call": "f", "args": [1], "hooks": [{"before": [{"print": [1]}]}, {"after": [{"print": [2]}]}]}`},
		{"no loops", plain(ir.After), f1, fx, `{"repeat": 2, "body": []}`, "error: a hook may not contain repeat: put it beside the match by a replacement with $0"},
		{"not the statement once more", plain(ir.After), f1, fx, `{"call": "$0"}`,
			"error: 1:23: /body/0: call f (id 1): $0 in a hook would run the statement once more: use what the metavariables stand for"},
		{"around by hooks", plain(ir.Around), addS, `{"call": "add", "args": [{"reg": "$_..."}]}`, `{"print": [1]}, {"call": "$0"}, {"print": [2]}`,
			strings.TrimSuffix(addS, "}") + `, "hooks": [{"before": [{"print": [1]}], "after": [{"print": [2]}]}]}`},
		{"around by statements", plain(ir.Around), addS, `{"call": "add", "args": [{"reg": "$_..."}]}`, `{"loop": [{"break": null}]}, {"call": "$0"}, {"print": [2]}`,
			`{"loop": [{"break": null}]}, ` + addS + `, {"print": [2]}`},
		{"around inside of an element", plain(ir.Around), addS, `{"call": "add", "args": [{"reg": "$_..."}]}`, `{"repeat": 3, "body": [{"call": "$0"}]}`,
			`{"repeat": 3, "body": [` + addS + `]}`},
		{"around needs the match", plain(ir.Around), addS, `{"call": "add", "args": [{"reg": "$_..."}]}`, `{"print": [1]}`,
			"error: $0, the match, stands 0 times in what is to be around it: want it once"},
		{"sequence", plain(ir.Around), f1 + `,` + addS, f1 + `,` + addS, `{"print": [1]}, {"call": "$0"}, {"print": [2]}`,
			`{"call": "f", "args": [1], "hooks": [{"before": [{"print": [1]}]}]},` + strings.TrimSuffix(addS, "}") + `, "hooks": [{"after": [{"print": [2]}]}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _, err := c.edit(program(t, c.body), pattern(t, c.pattern), pattern(t, c.with))
			want := c.want
			if !strings.HasPrefix(want, "error: ") {
				want = edited(t, program(t, c.want), nil)
			}
			if got := edited(t, p, err); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestDelete(t *testing.T) {
	body := `{"call": "g", "hooks": [{"after": [` + f1 + `]}, {"before": [{"print": [1]}]}]},` + f1 + `,` + addS
	p, m, err := ir.Delete(program(t, body), pattern(t, f1), ir.Expect(2))
	want := `{"call": "g", "hooks": [{"before": [{"print": [1]}]}]},` + addS
	if got, want := edited(t, p, err), edited(t, program(t, want), nil); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(m.Removed) != 5 { // the hook, and twice the call with its operand
		t.Errorf("removed %v", m.Removed)
	}
	if _, _, err := ir.Delete(program(t, `{"print": [`+f1+`]}`), pattern(t, f1)); err == nil || !strings.Contains(err.Error(), "is an operand") {
		t.Errorf("deleting an operand: %v", err)
	}
}

func TestExpect(t *testing.T) {
	p := program(t, f1+`,`+f1)
	_, _, err := ir.Delete(p, pattern(t, f1), ir.Expect(1))
	want := "the pattern has 2 matches, not 1\n  1:23: /body/0: call f (id 1)\n  1:50: /body/1: call f (id 3)"
	if err == nil || err.Error() != want {
		t.Errorf("the error is\n%v\nwant\n%s", err, want)
	}
	if _, _, err := ir.Delete(p, pattern(t, f1), ir.Expect(2)); err != nil {
		t.Error(err)
	}
}

func TestBadPatterns(t *testing.T) {
	p := program(t, addS)
	for _, c := range []struct{ pattern, replacement, want string }{
		{``, f1, "the pattern is empty"},
		{f1, ``, "the replacement is empty"},
		{`{"call": "$r..."}`, f1, "begin or end with a rest"},
		{`{"call": "$0"}`, f1, "$0 is the whole match"},
		{`{"print": [{"reg": "$x"}, {"reg": "$x..."}]}`, f1, "name one differently"},
		{`{"print": [], "hooks": [{"after": []}]}`, `{"call": "$y"}`, "the pattern has no $y"},
		{`{"call": "$s"}`, `{"call": "$_"}`, "$_ stands for nothing"},
		{`{"call": "$s"}`, `{"print": [{"reg": "$s"}]}`, "stands for a statement"},
		{`{"call": "add", "args": [{"reg": "$r..."}]}`, `{"repeat": 2, "body": [{"call": "$r..."}]}`, "would stand as a statement"},
		{`{"call": "add", "args": [{"reg": "$r..."}]}`, `{"print": [1]}`, "has no value"},
		{`{"call": "add", "args": [{"reg": "$r..."}]}`, `{"call": "f", "store": "x"}`, "write the stores into the pattern"},
		{`{"call": "add", "args": [1, 2], "kwargs": {"x": {"reg": "$r..."}}}`, f1, "stands among the positional arguments"},
		{`{"repeat": {"reg": "$n..."}, "body": []}`, f1, "cannot be a rest"},
		{`{"call": "add", "args": [{"call": "$f", "args": [1]}, {"reg": "$y"}], "store": "$z"}`, `{"call": "f", "store": "$z"}`, ""},
		{`{"call": "add", "args": [{"reg": "$x"}, {"reg": "$y"}], "store": "$z"}`, `{"call": "f", "store": "$x"}`, ""},
	} {
		_, _, err := ir.Replace(p, pattern(t, c.pattern), pattern(t, c.replacement))
		if c.want == "" {
			if err != nil {
				t.Errorf("%s to %s: %s", c.pattern, c.replacement, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s to %s: the error is %v, want %q in it", c.pattern, c.replacement, err, c.want)
		}
	}
}

// What is left keeps its ID, what is new has one above the others, whatever the
// edit copies.
func TestEditedIDs(t *testing.T) {
	p := program(t, `{"seq": [`+addS+`,`+f1+`]}`) // seq 1, add 2, a 3, b 4, f 5, 1 6
	for _, c := range []struct {
		name                   string
		pattern, replacement   string
		added, removed, edited []ir.ID
	}{
		{"the whole", `{"call": "$s"}`, `{"call": "$0"}`, nil, nil, nil},
		{"changed", `{"call": "f", "args": [{"reg": "$x"}]}`, `{"call": "g", "args": [{"reg": "$x"}, 5]}`, []ir.ID{7}, nil, []ir.ID{5}},
		{"another op", f1, `{"print": [1]}`, []ir.ID{7, 8}, []ir.ID{5, 6}, nil},
		{"copies", `{"call": "add", "args": [{"reg": "$x"}, {"reg": "$y"}]}`, `{"call": "add", "args": [{"reg": "$x"}, {"reg": "$x"}]}`, []ir.ID{7}, []ir.ID{4}, []ir.ID{2}},
		{"the whole twice", f1, `{"call": "$0"}, {"call": "$0"}`, []ir.ID{7, 8}, nil, nil},
		{"a part", `{"seq": [{"call": "$a"}, {"call": "$b"}]}`, `{"call": "$b"}`, nil, []ir.ID{1, 2, 3, 4}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, m, err := ir.Replace(p, pattern(t, c.pattern), pattern(t, c.replacement))
			if err != nil {
				t.Fatal(err)
			}
			if c.added == nil && c.removed == nil && ir.Digest(got) != ir.Digest(p) {
				t.Error("the program is another")
			}
			if !slices.Equal(m.Added, c.added) || !slices.Equal(m.Removed, c.removed) || !slices.Equal(m.Edited, c.edited) {
				t.Errorf("added %v, removed %v, edited %v; want %v, %v, %v", m.Added, m.Removed, m.Edited, c.added, c.removed, c.edited)
			}
		})
	}
}

// The time of an edit is bounded, whatever the pattern.
func TestEditsAreBounded(t *testing.T) {
	many := strings.Repeat(f1+`,`, 20000) + f1
	rests := strings.Repeat(f1+`,{"call": "$_..."},`, 20) + `{"call": "g"}`
	if _, err := ir.Find(program(t, many), pattern(t, rests)); err == nil || !strings.Contains(err.Error(), "takes too long") {
		t.Errorf("a search with rests: %v", err)
	}
	deep := strings.Repeat(`{"call": "neg", "args": [`, 200) + `1` + strings.Repeat(`]}`, 200)
	_, _, err := ir.Replace(program(t, `{"print": [`+deep+`]}`), pattern(t, `{"call": "neg", "args": [{"reg": "$x"}]}`),
		pattern(t, `{"call": "add", "args": [{"reg": "$x"}, {"reg": "$x"}]}`))
	if err == nil || !strings.Contains(err.Error(), "more than 1000000 nodes") {
		t.Errorf("doubling: %v", err)
	}
}

// A hook that repeats an operand of a later statement leaves the ID to that.
func TestHooksAreCopies(t *testing.T) {
	p := program(t, f1+`,{"call": "g", "args": [{"reg": "a"}]}`) // f 1, 1 2, g 3, a 4
	edited, m, err := ir.Before(p, pattern(t, f1+`,{"call": "g", "args": [{"reg": "$x"}]}`), pattern(t, `{"print": [{"reg": "$x"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := edited.Body[1].Args[0].ID; got != 4 || !slices.Equal(m.Edited, []ir.ID{1}) {
		t.Errorf("the operand has ID %d, edited are %v", got, m.Edited)
	}
}
