package backend

import (
	"context"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// optimized returns a loop of two statements, of which a pipeline makes one.
func optimized(t *testing.T, pipeline string) (p, q *ir.Program) {
	t.Helper()
	p, err := text.Parse([]byte("register x = f64[2]{1, 2}\nregister w = f64[2]{3, 4}\nrepeat 3 {\n    x = x * exp(w)\n    x = x + 1.0\n}\n"), "loop.flow")
	if err != nil {
		t.Fatal(err)
	}
	p = p.Numbered()
	q, _, err = passes.Optimize(p, passes.Options{Registry: ops.Standard(), Passes: pipeline})
	if err != nil {
		t.Fatal(err)
	}
	if body := q.Body[0].Body("body"); len(body) != 1 || body[0].Op != "graph" {
		t.Fatalf("the loop has %d statements", len(body))
	}
	return p, q
}

// What a fused leaf stands for is linked when a run stops in it, and not
// otherwise.
func TestSourceIsLinkedWhenNeeded(t *testing.T) {
	p, q := optimized(t, "collapse")
	for _, c := range []struct {
		steps   int64
		profile bool
		linked  bool
	}{{0, false, false}, {2, false, false}, {3, false, true}, {0, true, true}} {
		m, err := NewMachine(q, Config{Registry: ops.Standard(), Source: p, Profile: c.profile}, nil)
		if err == nil {
			_, err = m.Run(context.Background(), Budget{Steps: c.steps})
		}
		if err != nil {
			t.Fatal(err)
		}
		if linked := m.code.body[0].body[0].source.linked; linked != c.linked {
			t.Errorf("a run of %d steps, profile %t: linked %t, want %t", c.steps, c.profile, linked, c.linked)
		}
	}
}

// Statements with hidden registers are linked at once: a scope has no more slots
// for these once it runs.
func TestHasHidden(t *testing.T) {
	_, plain := optimized(t, "collapse")
	_, split := optimized(t, "collapse,licm")
	if hasHidden(plain.Body) || !hasHidden(split.Body) {
		t.Errorf("hidden registers before hoisting: %t, after: %t", hasHidden(plain.Body), hasHidden(split.Body))
	}
	l := newLinker(&Machine{}, split, Config{Registry: ops.Standard()})
	c := &scopeCode{slots: map[string]int{}}
	l.loops = []*stmt{{}}
	fused := &ir.Node{Op: "graph", Regions: []ir.Region{{Field: "source", Body: split.Body[0].Body("body")}}}
	s, err := l.source(c, fused, false)
	if err != nil || !s.linked || len(l.loops[0].hidden) != 1 {
		t.Errorf("a source with hidden registers is linked: %v, error %v, %d hidden registers of the loop", s != nil && s.linked, err, len(l.loops[0].hidden))
	}
}
