package passes

import (
	"errors"
	"strings"
	"testing"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/pass"
)

// What a pass of our own made is verified while the next pass runs: a defect is
// that pass's all the same, whatever the next one does with the program.
func TestAPassIsBlamedWhileTheNextOneRuns(t *testing.T) {
	rewrites := []pass.Rewrite{{Name: "edits", Doc: "x -> y"}}
	broken := &Pass{Name: "broken", Doc: "Breaks the program.", Rewrites: rewrites,
		Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
			if !c.Fire("edits", p.Body[0]) {
				return p, pass.Stats{}, nil
			}
			q := p.Copy()
			q.Body = []*ir.Node{p.Body[0].WithAttr("call", ir.String("nothing"))}
			return q, pass.Stats{}, nil
		}}
	next := map[string]func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error){
		"keeps it": func(_ *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) { return p, pass.Stats{}, nil },
		"fails": func(*pass.Context, *ir.Program) (*ir.Program, pass.Stats, error) {
			return nil, pass.Stats{}, errors.New("it cannot be read")
		},
		"panics": func(*pass.Context, *ir.Program) (*ir.Program, pass.Stats, error) { panic("nil") },
		"changes it": func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
			c.Fire("edits", p.Body[0])
			return p.Copy(), pass.Stats{}, nil
		},
	}
	for what, run := range next {
		follows := &Pass{Name: "follows", Doc: "Runs next.", Rewrites: rewrites, Run: run}
		before, small := standard, smallProgram
		smallProgram = 0
		standard = append(standard[:len(standard):len(standard)], broken, follows)
		table := Standard() // with both at the end
		p, err := json.Parse([]byte(`{"flowc": 1, "registers": {"x": 1}, "body": [{"call": "add", "args": [{"reg": "x"}, 1], "store": "x"}]}`), "p.json")
		if err != nil {
			t.Fatal(err)
		}
		_, report, err := Optimize(p, Options{Registry: ops.Standard(), Table: table, Passes: "broken,follows"})
		standard, smallProgram = before, small
		var of *Error
		if !errors.As(err, &of) || of.Pass != "broken" || !of.Bug || !strings.Contains(of.Error(), `"nothing"`) || !strings.Contains(of.Error(), "edits: 1") {
			t.Errorf("the next pass %s: got %v", what, err)
		}
		if last := report.Passes[len(report.Passes)-1]; last.Name != "broken" {
			t.Errorf("the next pass %s: the report ends with %s", what, last.Name)
		}
	}
}
