package passes_test

import (
	"errors"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
)

// parameters is a table with a pass that has parameters and one of the family
// gorgonia.
func parameters(t *testing.T) *passes.Table {
	t.Helper()
	table := passes.Standard()
	for _, p := range []*passes.Pass{
		{Name: "mine", Doc: "M.", Run: nothing, Params: []pass.Param{
			{Name: "max", Doc: "M.", Default: int64(3)}, {Name: "what", Doc: "W.", Default: "all"}, {Name: "deep", Doc: "D.", Default: false}}},
		{Name: "theirs", Doc: "T.", Run: nothing, Family: "gorgonia"},
	} {
		var err error
		if table, err = table.With(p, passes.After("collapse")); err != nil {
			t.Fatal(err)
		}
	}
	return table
}

func TestPipelineText(t *testing.T) {
	const required = "lower-functions,lower-grad,stabilize,contract,"
	for _, c := range []struct{ text, want, wantErr string }{
		{"mine{max=4096}", "mine{max=4096}", ""},
		{` mine { max = -1 , what = "a, b" , deep=true } `, `mine{max=-1,what="a, b",deep=true}`, ""},
		{"canonicalize,fixpoint(inline,mine{what=x}),collapse", "canonicalize,fixpoint(inline,mine{what=x}),collapse", ""},
		{"fixpoint{max=3}( inline , collapse )", "fixpoint{max=3}(inline,collapse)", ""},
		{"mine,inline,mine", "mine,inline,mine", ""},
		{"theirs,mine,fixpoint(theirs)", "mine", ""},
		{"none,mine", "mine", ""},
		{"mine,", "", "column 6: the pipeline ends where a pass is wanted"},
		{",mine", "", `column 1: found ",": want the name of a pass`},
		{"mine inline", "", `column 6: found "i": want a comma or the end`},
		{"mine{max=x}", "", "column 10: max=x: want an integer"},
		{"mine{deep=1}", "", "column 11: deep=1: want true or false"},
		{"mine{min=1}", "", `column 6: pass "mine" has no parameter "min": it has max, what, deep`},
		{"inline{min=1}", "", `column 8: pass "inline" has no parameter "min": it has max`},
		{"collapse{min=1}", "", `column 10: pass "collapse" has no parameter "min": it has none`},
		{"inline{max=7}", "inline{max=7}", ""},
		{"inline{max=0}", "", "column 12: max=0: want an integer from 1 to 10000"},
		{"mine{max=1,max=2}", "", `column 12: parameter "max" is set twice`},
		{"mine{max}", "", "column 9: want = and the value of max"},
		{"mine{max=}", "", "column 10: want a value"},
		{"mine{max=1", "", "column 11: want a comma or the } of the parameters"},
		{`mine{what="a}`, "", "column 11: a text that does not end"},
		{"mine{}", "", `column 6: want the name of a parameter of pass "mine"`},
		{"fixpoint", "", "column 9: want ( and the passes of the fixpoint"},
		{"inline,fixpoint(mine", "", "column 21: want a comma or the ) of the fixpoint at column 8"},
		{"fixpoint(fixpoint(mine))", "", "column 10: a fixpoint in a fixpoint"},
		{"fixpoint{max=0}(mine)", "", "column 1: fixpoint{max=0}: want 1 to 1000"},
		{"mine)", "", `column 5: found ")"`},
		{"fixpoint(colapse)", "", `column 10: unknown pass "colapse"; did you mean collapse?`},
		{"mine,mine", "", `column 6: pass "mine" is named twice in a row: fixpoint(mine)`},
		{"collapse,fixpoint(inline)", "", `column 19: pass "inline" must run before "collapse"`},
	} {
		got, err := parameters(t).Pipeline("step", c.text)
		wantError(t, err, c.wantErr)
		var where *passes.PipelineError
		if err != nil && !errors.As(err, &where) {
			t.Errorf("%s: error %T", c.text, err)
		}
		if err == nil && got.String() != required+c.want {
			t.Errorf("Pipeline(%q) = %s, want %s", c.text, got, c.want)
		}
		if err == nil {
			again, err := parameters(t).Pipeline("step", got[4:].String())
			if err != nil || again.String() != got.String() {
				t.Errorf("Pipeline(%q), read again, is %s, %v", c.text, again, err)
			}
		}
	}
}

// counting is a pass that replaces the first literal 1, 2, .. below its
// parameter by the next number, one each time that it runs.
var counting = &passes.Pass{Name: "counting", Doc: "Counts.", Params: []pass.Param{{Name: "to", Doc: "The last number.", Default: int64(4)}},
	Rewrites: []pass.Rewrite{{Name: "counted", Doc: "print 1 -> print 2"}},
	Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
		q, err := pass.EditStatements(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) {
			if n.Op != "print" || n.Args[0].Op != "const" || n.Args[0].Attr("value").Int64() >= c.Int("to") || !c.Fire("counted", n) {
				return n, nil
			}
			q := n.Copy()
			q.Args[0] = n.Args[0].WithAttr("value", ir.WeakInt(n.Args[0].Attr("value").Int64()+1))
			return q, nil
		})
		return q, pass.Stats{}, err
	}}

func TestFixpointAndFuel(t *testing.T) {
	table, err := passes.Standard().With(counting, passes.Before("collapse"))
	if err != nil {
		t.Fatal(err)
	}
	three := int64(3)
	for _, c := range []struct {
		pipeline string
		fuel     *int64
		last     int64
		runs     int
		note     string
	}{
		{"counting", nil, 2, 1, ""},
		{"fixpoint(counting)", nil, 4, 4, ""},
		{"fixpoint(counting{to=6})", nil, 6, 6, ""},
		{"fixpoint{max=3}(counting{to=6})", nil, 4, 3, "fixpoint{max=3}(counting{to=6}) stopped after 3 rounds, in the last of which the program still changed"},
		{"fixpoint(counting{to=6})", &three, 4, 4, ""},
	} {
		q, report, err := passes.Optimize(parse(t, `{"flowc": 1, "body": [{"print": [1]}]}`), passes.Options{Registry: ops.Standard(), Table: table, Passes: c.pipeline, Fuel: c.fuel})
		if err != nil {
			t.Fatal(err)
		}
		runs, note := 0, ""
		for _, p := range report.Passes {
			if p.Name == "counting" {
				runs++
				for _, n := range p.Notes {
					note += n.Text
				}
				if c.pipeline != "counting" && p.Round != runs {
					t.Errorf("%s: run %d is of round %d", c.pipeline, runs, p.Round)
				}
			}
		}
		if got := q.Body[0].Args[0].Attr("value").Int64(); got != c.last || runs != c.runs || note != c.note {
			t.Errorf("%s: the literal is %d after %d runs, remark %q", c.pipeline, got, runs, note)
		}
	}
}

func TestFuelIsNotForRequiredPasses(t *testing.T) {
	p := parse(t, `{"flowc": 1, "registers": {"x": 1.5}, "body": [
	  {"call": "log", "args": [{"call": "add", "args": [1, {"reg": "x"}]}], "store": "y"},
	  {"call": "add", "args": [{"reg": "x"}, 1], "store": "z"}, {"call": "add", "args": [{"reg": "z"}, 1], "store": "z"}]}`)
	none := int64(0)
	var fired []string
	_, report, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Level: 2, Fuel: &none,
		OnFire: func(p *passes.Pass, rewrite string, _ *ir.Node) { fired = append(fired, p.Name+": "+rewrite) }})
	if err != nil {
		t.Fatal(err)
	}
	if len(fired) != 1 || fired[0] != "stabilize: log(1 + x) -> log1p(x)" || report.String() != "stabilize: log(1 + x) -> log1p(x): 1\n" {
		t.Errorf("fired %q, report %q", fired, report.String())
	}
}

func TestBisect(t *testing.T) {
	for total := int64(0); total < 40; total++ {
		for first := int64(0); first <= total+1; first++ {
			asked := 0
			got, err := passes.Bisect(total, func(fuel int64) (bool, error) {
				asked++
				if fuel < 0 || fuel > total {
					t.Errorf("asked about %d of %d", fuel, total)
				}
				return fuel >= first, nil
			})
			want := first
			if first > total {
				want = -1
			}
			if got != want || err != nil || asked > 8 {
				t.Errorf("Bisect(%d) of what fails from %d on is %d, %v, after %d questions", total, first, got, err, asked)
			}
		}
	}
	cause := errors.New("cause")
	if _, err := passes.Bisect(9, func(fuel int64) (bool, error) { return fuel > 4, map[bool]error{true: cause}[fuel == 4] }); !errors.Is(err, cause) {
		t.Errorf("error %v", err)
	}
}

func TestReproducer(t *testing.T) {
	fuel := int64(7)
	r := &passes.Reproducer{Program: parse(t, printing), Passes: "canonicalize,fixpoint(inline)", Family: "gorgonia", Fuel: &fuel, Seed: 9, Error: "pass mine: bug: one\ntwo"}
	text, err := r.Format()
	if err != nil {
		t.Fatal(err)
	}
	got, err := passes.ParseReproducer(text, "r.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if ir.Digest(got.Program) != ir.Digest(r.Program) || got.Passes != r.Passes || got.Family != r.Family || *got.Fuel != fuel || got.Seed != 9 || got.Error != r.Error {
		t.Errorf("got %+v of\n%s", got, text)
	}
	for _, c := range []struct{ text, want string }{
		{"", "r.txtar: it is no reproducer: it has no input.flow"},
		{"-- input.flow --\nx = 1\n", "it has no error"},
		{"-- input.flow --\nx = 1\n-- error --\n", "names no passes"},
		{"passes: none\nfamily: step\nfuel: many\n-- input.flow --\nx = 1\n-- error --\n", `fuel: "many" is not a whole number`},
		{"passes: none\nfamily: step\n-- input.flow --\nx = \n-- error --\n", "r.txtar:1:5"},
	} {
		_, err := passes.ParseReproducer([]byte(c.text), "r.txtar")
		wantError(t, err, c.want)
	}
}

func TestBrokenPassesNameTheirRewrites(t *testing.T) {
	broken := &passes.Pass{Name: "broken", Doc: "Loses prints.", Rewrites: []pass.Rewrite{{Name: "prints lost", Doc: "print 1 -> nothing"}},
		Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
			q := p.Copy()
			q.Body = nil
			for _, n := range p.Body {
				if n.Op != "print" || !c.Fire("prints lost", n) {
					q.Body = append(q.Body, n)
				}
			}
			return q, pass.Stats{}, nil
		}}
	table, err := passes.Standard().With(broken, passes.After("collapse"))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = passes.Optimize(parse(t, printing), passes.Options{Registry: ops.Standard(), Table: table, Passes: "inline,fixpoint(broken)"})
	var e *passes.Error
	if !errors.As(err, &e) || !e.Bug || e.Pipeline != "inline,fixpoint(broken)" || len(e.Rewrites) != 1 || e.Pos.Line != 3 || e.ID == 0 {
		t.Fatalf("error %#v", err)
	}
	wantError(t, err, `prog.json:3:3: pass broken: bug: print`)
	wantError(t, err, "\n  it has made prints lost: 1, the last at node ")
	_, _, err = passes.Optimize(parse(t, `{"flowc": 1, "functions": {"f": {"params": ["a"], "returns": ["r"], "body": [{"call": "eigh", "args": [{"reg": "a"}], "store": ["w", "_"]}, {"call": "sum", "args": [{"reg": "w"}], "store": "r"}]}},
	 "registers": {"x": {"tensor": {"dtype": "f64", "data": [[1.0, 0.0], [0.0, 2.0]]}}}, "body": [{"grad": "f", "args": [{"reg": "x"}], "wrt": ["a"], "store": ["l", "g"]}]}`), passes.Options{Registry: ops.Standard()})
	if !errors.As(err, &e) || e.Bug {
		t.Errorf("a defect of the program is taken for one of the pass: %v", err)
	}
}
