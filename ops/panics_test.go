package ops

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

func TestPanicked(t *testing.T) {
	r := Standard()
	op := &Op{
		Signature: ir.Signature{Name: "third", Params: []ir.Param{{Name: "x"}}, Results: 1}, Doc: "Panics.",
		Infer: func(args []Arg) ([]ir.Type, error) { panic("bug: no rule") },
		Eval:  func(dst, args []ir.Value) error { dst[0] = args[3]; return nil },
	}
	if err := r.Add(op); err != nil {
		t.Fatal(err)
	}
	panicked := func(called []string, do func()) (err error) {
		defer func() { err = r.Panicked(recover(), called) }()
		do()
		return nil
	}
	for _, c := range []struct {
		called []string
		do     func()
		want   string
	}{
		{nil, func() { op.Eval(make([]ir.Value, 1), nil) }, "bug: Eval of op third has panicked: runtime error: index out of range [3] with length 0\n  in ops.TestPanicked."},
		{nil, func() { op.Infer(nil) }, "bug: Infer of op third has panicked: no rule\n  in ops.TestPanicked."},
		// Ops of one kind have one function, which is told by what was called.
		{[]string{"subtract"}, func() { r.Lookup("subtract").Eval(nil, nil) }, "bug: Eval of op subtract has panicked: "},
		{nil, func() { panic("elsewhere") }, ""},
	} {
		err := panicked(c.called, c.do)
		if got := ""; err != nil {
			if got = err.Error(); c.want == "" || !strings.HasPrefix(got, c.want) {
				t.Errorf("the error is %q, want %q", got, c.want)
			}
		} else if c.want != "" {
			t.Errorf("there is no error, want %q", c.want)
		}
	}
}

func TestNamesOfOps(t *testing.T) {
	for name, want := range map[string]string{
		"": "want a name", "Bad Name": "want a name", "a.b": "want a name", "1st": "want a name", "f(": "want a name",
		"abs": "is there already", "print": "a statement of the language", "repeat": "a statement of the language", "fine_1": "",
	} {
		err := Standard().Add(&Op{
			Signature: ir.Signature{Name: name, Params: []ir.Param{{Name: "x"}}, Results: 1}, Doc: "d",
			Infer: func([]Arg) ([]ir.Type, error) { return nil, nil }, Eval: func(dst, args []ir.Value) error { return nil },
		})
		if got := ""; err != nil {
			if got = err.Error(); want == "" || !strings.Contains(got, want) {
				t.Errorf("%q: %s, want %q", name, got, want)
			}
		} else if want != "" {
			t.Errorf("%q is accepted, want %q", name, want)
		}
	}
	if Standard().Add(nil) == nil || Standard().AddClass(nil) == nil || Standard().AddClass(&Class{Signature: ir.Signature{Name: "a b"}}) == nil {
		t.Error("what is no op or class is added")
	}
}
