package collapse

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// A run is body[start:end] with what its statements compute.
type run struct {
	body       []*ir.Node
	start, end int
	b          *dataflow.Builder
	frame      *dataflow.Frame
	stored     []string // registers, in the order of their first stores
	isStored   map[string]bool
	results    []*dataflow.Value // of the last statement
	steps      int64
	stores     int                 // that the statements do
	types      *typer              // nil until it is asked for
	choices    map[*ir.Node]choice // switches
	multiplies bool                // some leaf of it multiplies matrices
	dynamic    error               // why its leaf could not be compiled, nil if it can
	stop       error               // why the statement after the run is not in it, nil at the end
}

func (r *run) statements() []*ir.Node { return r.body[r.start:r.end] }

func (r *run) graph() *dataflow.Graph { return r.b.Graph }

// longest returns the longest run that starts at body[start]. One that multiplies
// matrices ends where cheap statements do, which gain nothing in a leaf that
// is dear; those in front of it are a run of their own.
func (k *collapser) longest(s *pass.Scope, body []*ir.Node, start int) *run {
	r := k.read(s, body, start, len(body))
	if !r.multiplies {
		return r
	}
	first, last := r.start, r.end
	for k.cheap(s, body[first]) {
		first++
	}
	for k.cheap(s, body[last-1]) {
		last--
	}
	switch {
	case first > r.start:
		return k.read(s, body, start, first)
	case last < r.end:
		return k.read(s, body, start, last)
	}
	return r
}

// cheap reports whether the statement, which may be in a run, computes on no
// tensors.
func (k *collapser) cheap(s *pass.Scope, n *ir.Node) bool {
	return n.Op == "switch" || n.Op == "call" && (cost.Copies(n) || k.scalarsOf(s.Function).Expr(n))
}

// read reads statements from body[start] on, up to body[limit], as long as they
// may be part of one leaf.
func (k *collapser) read(s *pass.Scope, body []*ir.Node, start, limit int) *run {
	k.graph.Reset()
	k.frame.Reset()
	r := &run{body: body, start: start, end: start, frame: k.frame, isStored: map[string]bool{}}
	r.b = k.builder
	for ; r.end < limit; r.end++ {
		n := body[r.end]
		if r.end > start && len(pass.HooksBefore(n)) > 0 {
			r.stop = errors.New("hooks run before it")
			break
		}
		multiplied, dynamic := r.multiplies, r.dynamic
		if n.Op != "switch" {
			r.stop = k.joins(r, n)
		} else if r.end+1 == len(body) && k.used[s.Parent] {
			r.stop = errors.New("its value is used")
		}
		if r.stop == nil {
			r.stop = r.converted(k.fixedIn(s), n)
		}
		if r.stop != nil {
			r.multiplies, r.dynamic = multiplied, dynamic
			break
		}
		stores := n.Stores()
		if n.Op == "switch" {
			stores = slices.Sorted(maps.Keys(ir.StoresIn([]*ir.Node{n})))
		}
		mark, restore := r.graph().Mark(), r.frame.Save(stores)
		results, steps, err := k.statement(s, r, n)
		if most := cost.MaxCalls(k.c.Family, r.multiplies); err == nil && r.end > start && r.graph().Calls() > most {
			err = fmt.Errorf("a graph has at most %d calls", most)
		}
		if err != nil {
			r.multiplies, r.dynamic = multiplied, dynamic
			r.graph().Rollback(mark)
			restore()
			r.stop = err
			break
		}
		r.results, r.steps = results, r.steps+steps
		for _, name := range stores {
			if name == ir.Discard {
				continue
			}
			if r.stores++; !r.isStored[name] {
				r.isStored[name] = true
				r.stored = append(r.stored, name)
			}
		}
		if len(pass.HooksAfter(n)) > 0 {
			if r.end++; r.end < len(body) {
				r.stop = errors.New("hooks run between them")
			}
			break
		}
	}
	return r
}

// joins returns why the call or leaf n may not join the run, as far as it tells
// by itself: a product of matrices would be evaluated by reference if a type in
// the graph is only known when it runs. Otherwise it notes by which kernels the run
// computes with n in it.
func (k *collapser) joins(r *run, n *ir.Node) error {
	if err := member(k.c, k.names, n); err != nil {
		return err
	}
	multiplies, dynamic := r.multiplies || k.multiplies(n), cmp.Or(r.dynamic, k.dynamic(n))
	if multiplies && dynamic != nil {
		return dynamic
	}
	r.multiplies, r.dynamic = multiplies, dynamic
	return nil
}

// statement reads the statement n into the run.
func (k *collapser) statement(s *pass.Scope, r *run, n *ir.Node) (results []*dataflow.Value, steps int64, err error) {
	if n.Op != "switch" {
		return r.b.Statement(r.frame, n)
	}
	c, err := k.choose(s, r, n)
	if err == nil {
		if r.choices == nil {
			r.choices = map[*ir.Node]choice{}
		}
		r.choices[n] = c
	}
	return nil, c.steps, err
}

func refuse(n *ir.Node) (*ir.Node, error) {
	return nil, &dataflow.Obstacle{Node: n, Reason: "it calls the function " + n.Text("call")}
}

// converted returns why n may not follow the statements of the run: it reads or
// stores again a register with a declared type, where each store checks and
// converts the value.
func (r *run) converted(fixed map[string]bool, n *ir.Node) error {
	if len(fixed) == 0 || len(r.isStored) == 0 {
		return nil
	}
	check := func(name string) error {
		if r.isStored[name] && fixed[name] {
			return fmt.Errorf("it uses register %s, whose declared type the store before checks", name)
		}
		return nil
	}
	names := n.Stores()
	visit := func(inner *ir.Node) bool {
		if inner.Op == "reg" {
			name, _, _ := strings.Cut(inner.Text("reg"), ".")
			names = append(names, name)
		}
		return true
	}
	if n.Op == "graph" {
		names = append(names, n.Names("yield")...)
		for _, c := range n.Body("graph") {
			pass.WalkOperands(c, visit)
		}
	} else {
		pass.WalkOperands(n, visit)
	}
	for _, name := range names {
		if err := check(name); err != nil {
			return err
		}
	}
	return nil
}

// countCalls returns how many calls of ops a statement makes.
func countCalls(n *ir.Node) int {
	count := 0
	visit := func(inner *ir.Node) bool {
		if inner.Op == "call" || inner.Op == "index" {
			count++
		}
		return true
	}
	if n.Op == "graph" {
		for _, c := range n.Body("graph") {
			pass.WalkOperands(c, visit)
		}
	} else {
		pass.WalkOperands(n, visit)
	}
	return count
}

// leaf describes the leaf that computes the run. Its last yields are the results
// of the last statement, which make up the value.
func (r *run) leaf() dataflow.Leaf {
	statements := r.statements()
	last := statements[len(statements)-1]
	results, stores := r.results, last.Stores()
	if last.Op == "graph" {
		stores = stores[len(stores)-len(results):]
	}
	switch {
	case len(stores) == 0:
		stores = slices.Repeat([]string{ir.Discard}, len(results))
	case len(stores) == 1 && len(results) > 1:
		results = []*dataflow.Value{r.graph().List(last, results...)}
	case len(stores) > 1 && len(results) == 1:
		results = results[0].Args // a list that the registers take apart
	}
	// A switch in the end has no result: nothing uses the leaf's value.
	l := dataflow.Leaf{Statement: &ir.Node{Pos: statements[0].Pos}, Values: max(len(results), 1), Steps: r.steps, Source: statements}
	for _, name := range r.stored {
		if !slices.Contains(stores, name) {
			l.Stores = append(l.Stores, name)
			l.Yields = append(l.Yields, r.frame.Get(name))
		}
	}
	l.Stores = append(l.Stores, stores...)
	l.Yields = append(l.Yields, results...)
	l.Keep = r.graph().Dead(l.Yields...)
	for _, n := range statements {
		if n.Op == "graph" && len(n.Origins) > 0 {
			l.Origins = append(l.Origins, n.Origins...)
		} else {
			l.Origins = append(l.Origins, n.ID)
		}
	}
	return l
}
