package ir

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Verify reports everything that can be proved wrong with p without running it:
// nodes that do not fit their schema, unknown names, wrong arguments, misplaced
// break and continue, stores to a loop's counter, recursion, impure calls in
// expressions, reads of registers that nothing has set. The error is a
// [Problems] in source order.
func Verify(p *Program, lib Library) error { return verify(verifier{p: p, lib: lib}) }

// VerifyOptimized is [Verify] for a program that passes have rewritten. What
// would be set by statements that have been removed, because they never run,
// may be unset.
func VerifyOptimized(p *Program, lib Library) error {
	return verify(verifier{p: p, lib: lib, optimized: true})
}

// Kept says of each statement of after whether it is one of before, the very
// same node. Where many have moved it may say no of some that are.
func Kept(before, after []*Node) []bool {
	const window = 100 // statements that one may have replaced
	kept := make([]bool, len(after))
	j := 0
	for i, n := range after {
		for k := j; k < min(j+window, len(before)); k++ {
			if before[k] == n {
				kept[i], j = true, k+1
				break
			}
		}
	}
	return kept
}

func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// verify looks for problems without noting places, and only if there are any
// again to say where.
func verify(v verifier) error {
	quick := v
	quick.root = Nowhere
	if quick.program(); !quick.failed {
		return nil
	}
	v.program()
	return v.problems.Err()
}

func (v *verifier) program() {
	v.objects, v.functions = map[string]*Object{}, make(map[string]*Function, len(v.p.Functions))
	v.declarations()
	if v.nodes(); v.tooDeep || v.failed {
		return
	}
	v.functionScopes()
	if p := v.p; !v.failed {
		v.scope(&scope{registers: p.Registers, body: p.Body, inputs: p.Inputs, outputs: p.Outputs, what: "program", at: v.root})
	}
}

type verifier struct {
	p        *Program
	lib      Library
	problems Problems
	// root is [Nowhere] as long as nothing is found; failed then says that
	// something is.
	root   *Path
	failed bool
	// What the look at the nodes finds: by IDs, how many there are, the largest
	// ID, and whether a node has none or stands at several places.
	ids     idTable
	seen    int
	largest ID
	shared  bool
	spawns  int

	wellFormed forms
	// kept says which statements of the body have been verified by themselves,
	// before has all nodes that have. The same names are declared if surroundings
	// is set, so that statements of before are valid where they stand.
	kept         []bool
	before       *idTable
	surroundings bool

	tooDeep bool
	// optimized leaves out what is said of registers that nothing sets.
	optimized bool
	// registers are all that the program has, or that the source of an optimized
	// one has, nil if that is not known.
	registers map[string]bool

	objects   map[string]*Object
	functions map[string]*Function
	impurity  impurityCache
	loops     map[string]string // see looping
}

const maxProblems = 100

func (v *verifier) report(pos Pos, at *Path, format string, args ...any) {
	switch {
	case v.root == Nowhere:
		v.failed = true
	case len(v.problems) > maxProblems:
	case len(v.problems) == maxProblems:
		v.problems = append(v.problems, Problem{File: v.p.File, Pos: pos, Message: "too many problems; the rest is not listed"})
	default:
		v.problems = append(v.problems, Problem{File: v.p.File, Pos: pos, Pointer: at.Pointer(), Message: fmt.Sprintf(format, args...)})
	}
}

// IsName reports whether s may name a register, object, function or parameter:
// a letter or underscore, then letters, digits and underscores.
func IsName(s string) bool {
	for i, c := range s {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// IsLocal reports whether s names a value local to a graph leaf.
func IsLocal(s string) bool { return strings.HasPrefix(s, "%") }

// HiddenPrefix begins the names of hidden registers.
const HiddenPrefix = "%h"

// IsHidden reports whether s names a hidden register: a temporary of the
// compiler, which lives as long as a loop and is no part of a run's state.
// Hidden registers are locals of which several graph leaves may know.
//
// In an expression, the call %h1(x, k) is what the hidden register holds; where
// it is unset, x is evaluated and kept in it while the k-th of the loops and
// buffers around runs, counted from inside.
func IsHidden(s string) bool { return strings.HasPrefix(s, HiddenPrefix) }

// Carried returns the local of a block that has what a register, or the counter,
// holds when an iteration begins. No hidden register has the name.
func Carried(register string) string { return "%_" + register }

// Discard is the name in a store list that drops the result.
const Discard = "_"

func (v *verifier) declarations() {
	p := v.p
	seen := map[string]string{}
	declare := func(kind, name string, pos Pos, at *Path) {
		if !IsName(name) || name == Discard {
			v.report(pos, at, "%q is not a name for a %s: want letters, digits and underscores, not starting with a digit", name, kind)
		}
		if other, ok := seen[name]; ok {
			v.report(pos, at, "%s %q has the name of a %s", kind, name, other)
		}
		seen[name] = kind
	}
	for i := range p.Objects {
		o := &p.Objects[i]
		at := v.root.Child("objects").Child(o.Name)
		declare("object", o.Name, o.Pos, at)
		v.objects[o.Name] = o
		sig := v.lib.Constructor(o.Class)
		if sig == nil {
			v.report(o.Pos, at.Child("new"), "unknown class %q%s", o.Class, v.suggestion(o.Class))
			continue
		}
		_, problems := sig.Bind(nil, o.Args)
		for _, msg := range problems {
			v.report(o.Pos, at, "%s", msg)
		}
		for _, k := range o.Args {
			v.constant(k.Node, at.Child(k.Name), "an argument of a constructor")
		}
	}
	for i := range p.Registers {
		r := &p.Registers[i]
		declare("register", r.Name, r.Pos, v.root.Child("registers").Child(r.Name))
	}
	for _, f := range p.Functions {
		at := v.root.Child("functions").Child(f.Name)
		declare("function", f.Name, f.Pos, at)
		v.functions[f.Name] = f
		if v.lib.Op(f.Name) != nil {
			v.report(f.Pos, at, "function %q has the name of an op: choose another", f.Name)
		}
	}
	v.names("input", p.Inputs, Pos{}, v.root, "inputs")
}

// names checks a list of names for form and repetition.
func (v *verifier) names(kind string, names []string, pos Pos, at *Path, field string) {
	seen := make(map[string]bool, len(names))
	for i, name := range names {
		if !IsName(name) || name == Discard || seen[name] {
			v.report(pos, at.Item(field, i), "%s %q is not a name or is listed twice", kind, name)
		}
		seen[name] = true
	}
}

// constant reports operands that are more than literals.
func (v *verifier) constant(n *Node, at *Path, what string) {
	WalkNode(at, n, func(at *Path, n *Node) bool {
		switch n.Op {
		case "const", "tensor", "list", "record":
			return true
		}
		v.report(n.Pos, at, "%s is a literal, not %s", what, n.Op)
		return false
	})
}

// safeDepth is a depth of nodes whose paths, of at most three steps a node, are
// not too long.
const safeDepth = MaxNesting - 10

// nodes checks every node by itself: schema, ID, nesting, count.
func (v *verifier) nodes() {
	filled, depth, most := 0, 0, MaxNodes
	if v.optimized {
		most = MaxOptimizedNodes
	}
	check := func(at *Path, n *Node, known bool) bool {
		if v.seen++; v.seen == most+1 {
			v.tooDeep = true
			v.report(n.Pos, at, "the program has more than %d nodes: split it", most)
		}
		if v.seen > most {
			return false
		}
		if at.depth > 3*MaxNesting {
			v.tooDeep = true
			v.report(n.Pos, v.root, "nesting exceeds the limit of %d: flatten the program", MaxNesting)
			return false
		}
		if n.Op == "tensor" && filled <= MaxTensorBytes {
			if filled += filledBytes(n); filled > MaxTensorBytes {
				v.report(n.Pos, at, "the program's filled tensors take more than %d bytes in all", int64(MaxTensorBytes))
			}
		}
		if !known && !v.wellFormed.has(n) {
			s := SchemaOf(n.Op)
			if s == nil {
				v.report(n.Pos, at, "unknown element %q", n.Op)
				return false
			}
			for i := range n.Attrs {
				if !validText(n.Attrs[i].Value) {
					v.report(n.Pos, at, "a string in %s is not valid UTF-8", n.Op)
				}
			}
			problems := s.Check(n)
			for _, msg := range problems {
				v.report(n.Pos, at, "%s", msg)
			}
			if len(problems) == 0 && !v.failed {
				v.wellFormed.add(n)
			}
		}
		if n.Op == "spawn" {
			v.spawns++
		}
		switch other := v.ids.get(n.ID); {
		case n.ID == 0 || other == n:
			v.shared = true
		case other == nil:
			v.ids.set(n.ID, n, v.seen)
			v.largest = max(v.largest, n.ID)
		case !standsFor(other, n):
			v.report(n.Pos, at, "id %d is taken by the %s at %s", n.ID, other.Op, other.Pos)
		}
		return true
	}
	// again counts what has been verified with all that is below it.
	var again func(n *Node)
	again = func(n *Node) {
		if depth >= safeDepth {
			v.failed = true
		}
		if v.failed || !check(v.root, n, true) {
			return
		}
		depth++
		for _, arg := range n.Args {
			again(arg)
		}
		for i := range n.Kwargs {
			again(n.Kwargs[i].Node)
		}
		for i := range n.Regions {
			for _, inner := range n.Regions[i].Body {
				again(inner)
			}
		}
		depth--
	}
	var visit func(at *Path, n *Node)
	below := func(at *Path, _ *Field, child *Node) { visit(at, child) }
	visit = func(at *Path, n *Node) {
		if n == nil {
			v.tooDeep = true // for all that looks into it
			v.report(Pos{}, at, "the node is nil")
			return
		}
		if v.root == Nowhere && depth >= safeDepth {
			v.failed = true // perhaps: places tell
		}
		if v.before.has(n) {
			again(n)
			return
		}
		if v.failed || !check(at, n, false) {
			return
		}
		depth++
		if v.root == Nowhere { // in any order
			for _, arg := range n.Args {
				visit(at, arg)
			}
			for i := range n.Kwargs {
				visit(at, n.Kwargs[i].Node)
			}
			for i := range n.Regions {
				for _, inner := range n.Regions[i].Body {
					visit(at, inner)
				}
			}
		} else {
			Children(at, n, below)
		}
		depth--
	}
	outside := *v.p
	outside.Body = nil
	walk(v.root, &outside, func(at *Path, n *Node) bool {
		visit(at, n)
		return false
	})
	for i, n := range v.p.Body {
		if v.kept != nil && v.kept[i] {
			again(n)
		} else {
			visit(v.root.Item("body", i), n)
		}
	}
	if v.spawns > 0 {
		v.kept, v.surroundings = nil, false // what they give matters to statements elsewhere
	}
}

// filledBytes returns the size of a tensor literal with a fill.
func filledBytes(n *Node) int {
	want, ok := literalType(n)
	if !ok {
		return 0
	}
	size, err := CheckShape(want.DType, want.Shape)
	if err != nil {
		return 0
	}
	return size * want.DType.Size()
}

// standsFor reports whether n is the one statement that the optimized node
// replaced and whose ID it kept.
func standsFor(optimized, n *Node) bool {
	source := optimized.Body("source")
	return len(source) == 1 && source[0] == n
}

func (v *verifier) functionScopes() {
	v.impurity = impurityCache{p: v.p, lib: v.lib, functions: v.functions, known: map[string]string{}}
	v.recursion()
	for _, f := range v.p.Functions {
		at := v.root.Child("functions").Child(f.Name)
		v.names("parameter", f.Params, f.Pos, at, "params")
		v.scope(&scope{function: f, registers: f.Registers, body: f.Body, inputs: f.Params, outputs: f.Returns, what: "function " + f.Name, at: at})
	}
}

// recursion reports every cycle of the call graph once.
func (v *verifier) recursion() {
	const (
		active = 1
		done   = 2
	)
	state := map[string]int{}
	var path []string
	var visit func(f *Function)
	visit = func(f *Function) {
		state[f.Name] = active
		path = append(path, f.Name)
		for _, callee := range callees(f.Body) {
			g := v.functions[callee]
			switch {
			case g == nil || state[callee] == done:
			case state[callee] == active:
				cycle := append(slices.Clone(path[slices.Index(path, callee):]), callee)
				v.report(f.Pos, v.root.Child("functions").Child(f.Name),
					"functions call each other in a circle: %s; use a loop", strings.Join(cycle, " -> "))
				v.impurity.known[callee] = "it calls itself"
			case len(path) >= MaxNesting:
				v.report(f.Pos, v.root.Child("functions").Child(f.Name), "function calls nest deeper than %d", MaxNesting)
			default:
				visit(g)
			}
		}
		path = path[:len(path)-1]
		state[f.Name] = done
	}
	for _, f := range v.p.Functions {
		if state[f.Name] == 0 {
			visit(f)
		}
	}
}

func callees(body []*Node) []string {
	var names []string
	for _, n := range body {
		VisitNode(n, func(n *Node) bool {
			switch n.Op {
			case "call":
				names = append(names, n.Text("call"))
			case "grad":
				names = append(names, n.Text("grad"))
			}
			return true
		})
	}
	return names
}

func (v *verifier) suggestion(name string) string {
	names := v.lib.Suggest(name)
	for _, f := range v.p.Functions[:min(len(v.p.Functions), 1000)] {
		if strings.EqualFold(f.Name, name) {
			names = append(names, f.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, ", ") + "?"
}

// validText reports whether the strings in v are UTF-8, as the forms of programs
// are.
func validText(v Value) bool {
	switch v.Kind() {
	case Str:
		return utf8.ValidString(v.Text())
	case ListKind:
		return !slices.ContainsFunc(v.List().Items, func(v Value) bool { return !validText(v) })
	case RecordKind:
		return !slices.ContainsFunc(v.Record().Values, func(v Value) bool { return !validText(v) })
	}
	return true
}
