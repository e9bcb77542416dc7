package ir

import (
	"strings"
	"testing"
)

func TestBind(t *testing.T) {
	null := Value{}
	sum := &Signature{Name: "sum", Params: []Param{{Name: "x"}, {Name: "axis", Default: &null}}}
	index := &Signature{Name: "index", Params: []Param{{Name: "x"}, {Name: "at", Variadic: true}}}
	one, two, three := Const(Int(1)), Const(Int(2)), Const(Int(3))
	for _, c := range []struct {
		name   string
		sig    *Signature
		args   []*Node
		kwargs []Kwarg
		want   []*Node // nil stands for a default
		err    string
	}{
		{"positional", sum, []*Node{one, two}, nil, []*Node{one, two}, ""},
		{"default", sum, []*Node{one}, nil, []*Node{one, nil}, ""},
		{"keyword", sum, []*Node{one}, []Kwarg{{"axis", two}}, []*Node{one, two}, ""},
		{"keywords only", sum, nil, []Kwarg{{"axis", two}, {"x", one}}, []*Node{one, two}, ""},
		{"variadic", index, []*Node{one, two, three}, nil, []*Node{one, two, three}, ""},
		{"too many", sum, []*Node{one, two, three}, nil, nil, "sum takes (x, axis=null), got 3 arguments"},
		{"twice", sum, []*Node{one}, []Kwarg{{"x", two}}, nil, `sum gets its parameter "x" twice`},
		{"unknown", sum, []*Node{one}, []Kwarg{{"axes", two}}, nil, `sum has no parameter "axes"`},
		{"missing", sum, nil, nil, nil, `sum lacks its argument "x"`},
		{"no variadic argument", index, []*Node{one}, nil, nil, `index lacks its argument "at"`},
	} {
		got, problems := c.sig.Bind(c.args, c.kwargs)
		if c.err != "" {
			if len(problems) == 0 || !strings.HasPrefix(problems[0], c.err) {
				t.Errorf("%s: problems %q, want %q", c.name, problems, c.err)
			}
			continue
		}
		if len(problems) > 0 || len(got) != len(c.want) {
			t.Errorf("%s: %d arguments, problems %q", c.name, len(got), problems)
			continue
		}
		for i := range got {
			if c.want[i] != nil && got[i] != c.want[i] || c.want[i] == nil && !got[i].Attr("value").IsNull() {
				t.Errorf("%s: argument %d is %v", c.name, i, got[i])
			}
		}
	}
}
