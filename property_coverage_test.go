package flowc_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/contract"
	"flowc.dev/flowc/passes/stabilize"
)

// rewrites are what each pass counts. Random programs must make all of it happen.
func rewrites() map[string][]string {
	all := map[string][]string{
		"lower-functions": {"statements lowered"},
		"lower-grad":      {"grads lowered", "calls made"},
		"outline":         {"statements outlined"},
		"canonicalize":    {"seqs flattened", "switches decided", "loops that never run removed", "dead strands removed", "unreachable statements removed"},
		"inline":          {"calls inlined"},
		"fuse-buffer":     {"buffers fused"},
		"collapse":        {"statements collapsed", "graphs made", "switches computed", "dead stores"},
		"vectorize":       {"iterations blocked", "buffers blocked"},
		"unroll":          {"loops unrolled"},
		"licm":            {"invariant calls hoisted", "invariant statements hoisted", "invariant operands hoisted", "loops unswitched"},

		"copy-propagation": {"copies propagated"},
		"fold":             {"constants folded"},
		"merge":            {"equal calls joined"},
		"dce":              {"dead calls removed"},
	}
	for _, rule := range contract.Rules {
		all["contract"] = append(all["contract"], rule.Name)
	}
	for _, rule := range stabilize.Rules {
		all["stabilize"] = append(all["stabilize"], rule.Name)
	}
	return all
}

// Every rewrite of every pass happens in some random program of each family.
func TestRandomProgramsReachEveryRewrite(t *testing.T) {
	for _, p := range passes.Standard().Passes {
		if rewrites()[p.Name] == nil {
			t.Errorf("nothing is said of what pass %s counts", p.Name)
		}
	}
	for _, family := range []string{flowc.Step, flowc.Gorgonia} {
		fired := map[string]int{}
		for seed := range uint64(300) {
			c, err := flowc.Compile(random(t, seed), flowc.Options{Level: 2, Backend: family})
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for _, p := range c.Report.Passes {
				for _, count := range p.Counts {
					fired[p.Name+": "+count.Name] += count.N
				}
			}
		}
		for name, counts := range rewrites() {
			for _, count := range counts {
				if fired[name+": "+count] == 0 && !(name == "outline" && family == flowc.Step) {
					t.Errorf("%s family: no random program makes pass %s count %q", family, name, count)
				}
				delete(fired, name+": "+count)
			}
		}
		for name := range fired {
			t.Errorf("%s family: nothing is said of the count %q", family, name)
		}
	}
}

// Random programs use every element, and nearly all of those that are not to
// fail run without an error.
func TestRandomProgramsAreWellDefined(t *testing.T) {
	const programs = 400
	elements := map[string]int{}
	failed, meant, ended := 0, 0, 0
	for seed := range uint64(programs) {
		o := randomOptions(seed)
		o.Failures = 0
		p, err := reread(irtest.Program(seed, o))
		if err != nil {
			t.Fatal(err)
		}
		ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool { elements[n.Op]++; return true })
		run := runPlain(t, p)
		if run.err != nil {
			failed++
			if failed < 4 {
				t.Logf("seed %d: %v", seed, run.err)
			}
		} else if run.machine.Status() == backend.Done {
			ended++
		}
		o.Failures = 1
		if p, err = reread(irtest.Program(seed, o)); err != nil {
			t.Fatal(err)
		}
		if runPlain(t, p).err != nil {
			meant++
		}
	}
	t.Logf("%d programs: %d failed, %d ended; of those that may fail, %d failed", programs, failed, ended, meant)
	if failed > programs/50 || ended < programs*3/4 || meant < programs/3 {
		t.Errorf("of %d programs %d failed and %d ended; of those that may fail, %d failed", programs, failed, ended, meant)
	}
	for _, s := range ir.Schemas() {
		if !slices.Contains([]string{"popen", "graph", "next_n", "block"}, s.Op) && elements[s.Op] < 5 {
			t.Errorf("%d random programs have %d times the element %s", programs, elements[s.Op], s.Op)
		}
	}
	t.Log(strings.Join(slices.Sorted(maps.Keys(elements)), " "))
}

// runPlain runs p at -O0 in the step family.
func runPlain(t *testing.T, p *ir.Program) *trial {
	t.Helper()
	s := &subject{p: p, family: flowc.Step}
	c, err := s.compile(p, 0)
	if err != nil {
		return &trial{err: err}
	}
	s.compiled[0] = c
	return s.whole()
}

// What -O3 makes of random programs runs, though its numbers may differ.
func TestRandomProgramsRunAtLevel3(t *testing.T) {
	for seed := range uint64(100) {
		rewrites := 0
		c, err := flowc.Compile(random(t, seed), flowc.Options{Level: 3, Backend: flowc.Gorgonia, Graphs: atOnce,
			OnGraphRewrite: func(string, *ir.Node) bool { rewrites++; return rewrites%7 > 0 }})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		m, err := c.Start(nil)
		if err == nil {
			_, err = m.Run(context.Background(), flowc.Budget{Steps: propertySteps})
		}
		if err != nil && strings.Contains(err.Error(), "bug") {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

// The rules for typed graphs meet random programs too: what runs in the family
// of graphs at -O2 is rewritten by them.
func TestRandomProgramsReachGraphRules(t *testing.T) {
	fired := map[string]int{}
	for seed := range uint64(100) {
		c, err := flowc.Compile(random(t, seed), flowc.Options{Level: 2, Backend: flowc.Gorgonia, Graphs: atOnce})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		m, err := c.Start(nil)
		if err == nil {
			m.Run(context.Background(), flowc.Budget{Steps: propertySteps})
		}
		for _, count := range c.Graphs.Counts() {
			fired[count.Rule] += count.N
		}
	}
	t.Logf("%d rules fired", len(fired))
	if len(fired) < 30 {
		t.Errorf("only %d rules fired: %v", len(fired), fired)
	}
}
