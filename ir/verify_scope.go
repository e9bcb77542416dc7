package ir

import (
	"maps"
	"slices"
	"strings"
)

// A scope is a body with the registers it sees: the program's or a function's.
type scope struct {
	function  *Function
	registers []Register
	inputs    []string
	outputs   []string
	body      []*Node
	what      string
	at        *Path
	field     string          // of the body below at; empty is "body"
	outs      map[string]bool // see outsOfSpawns
}

// counts reports whether the declaration of a register lets it be a counter.
func (s *scope) counts(name string) bool {
	for i := range s.registers {
		if r := &s.registers[i]; r.Name == name && r.Fixed {
			return r.Type.Equal(NumberType(I64))
		}
	}
	return true
}

// place is what surrounds a statement within its scope.
type place struct {
	loop     bool     // break and continue have a target
	counters []string // registers that the enclosing repeats count in
	graph    bool     // inside a graph leaf, where locals are visible
}

func (v *verifier) scope(s *scope) {
	known := map[string]bool{}
	set := map[string]bool{} // known, and not declared only
	for i := range s.registers {
		r := &s.registers[i]
		known[r.Name] = true
		set[r.Name] = r.Init != nil
		at := s.at.Child("registers").Child(r.Name)
		if s.function != nil {
			if !IsName(r.Name) || r.Name == Discard {
				v.report(r.Pos, at, "%q is not a name for a register", r.Name)
			}
		}
		if r.Init == nil {
			continue
		}
		v.constant(r.Init, at, "a register's first value")
		if want, ok := literalType(r.Init); ok && r.Fixed && !Storable(r.Type, want) {
			v.report(r.Pos, at, "register %q is declared %s, its first value is %s", r.Name, r.Type, want)
		}
	}
	for _, name := range s.inputs {
		known[name], set[name] = true, true
	}
	if !v.optimized || len(v.objects) > 0 {
		for name := range StoresIn(s.body) {
			known[name], set[name] = true, true
		}
	}
	v.note(known)
	for i, n := range s.body {
		if s.function == nil && v.kept != nil && v.kept[i] {
			continue
		}
		v.statement(s, n, s.at.Item("body", i), place{}, known)
	}
	outputs := "outputs"
	if s.function != nil {
		outputs = "returns"
	}
	listed := make(map[string]bool, len(s.outputs))
	for i, name := range s.outputs {
		if listed[name] {
			v.report(v.scopePos(s), s.at.Item(outputs, i), "%q is listed twice", name)
		}
		listed[name] = true
		if !set[name] && !v.optimized {
			v.report(v.scopePos(s), s.at.Item(outputs, i), "nothing sets %q, which the %s is to give", name, s.what)
		}
	}
	if !v.optimized {
		v.unsetReads(s, known)
	}
	v.liveSpawns(s)
}

// note adds registers to those of a source program.
func (v *verifier) note(known map[string]bool) {
	if v.optimized {
		return
	}
	if v.registers == nil {
		v.registers = make(map[string]bool, len(known))
	}
	maps.Copy(v.registers, known)
}

func (v *verifier) scopePos(s *scope) Pos {
	if s.function != nil {
		return s.function.Pos
	}
	return Pos{}
}

// literalType returns the type of a literal operand if it is a number.
func literalType(n *Node) (Type, bool) {
	switch n.Op {
	case "const":
		return n.Attr("value").Type(), true
	case "tensor":
		d, err := ParseDType(n.Text("dtype"))
		if err != nil {
			return Type{}, false
		}
		return NumberType(d, Ints(n.Attr("shape"))...), true
	}
	return Type{}, false
}

// Ints returns a list of whole numbers as a slice.
func Ints(v Value) []int {
	list := v.List()
	if list == nil {
		return nil
	}
	ints := make([]int, len(list.Items))
	for i, item := range list.Items {
		ints[i] = int(item.Int64())
	}
	return ints
}

// Storable reports whether a register declared with the type declared takes a
// value of type t: the same shape, and the same dtype or a weak number that
// converts to it (an integer to any dtype but bool, a float to a float).
func Storable(declared, t Type) bool {
	if t.Kind != Number || !slices.Equal(declared.Shape, t.Shape) {
		return false
	}
	if t.Weak {
		return declared.DType.IsFloat() || declared.DType.IsInteger() && t.DType == I64
	}
	return declared.DType == t.DType
}

func (v *verifier) statement(s *scope, n *Node, at *Path, in place, known map[string]bool) {
	schema := SchemaOf(n.Op)
	if schema == nil {
		return
	}
	if schema.Class&Statement == 0 {
		v.report(n.Pos, at, "%s is an expression and cannot stand as a statement; store its value with a call", n.Op)
		return
	}
	v.stores(s, n, at, in)
	if v.checked(n) {
		return
	}
	switch n.Op {
	case "call", "next_n":
		v.call(s, n, at, in, known, true)
		return
	case "grad":
		v.grad(n, at)
	case "break", "continue":
		if !in.loop {
			v.report(n.Pos, at, "%s stands in no loop (or is cut off from it by a strand, hook or spawn)", n.Op)
		}
	case "weave":
		v.weave(n, at)
	case "spawn":
		v.spawn(s, n, at, in, known)
		return
	case "join":
		v.join(s, n, at, in)
	case "popen":
		v.popen(n, at)
	case "switch":
		v.cases(n, at)
	case "repeat", "buffer":
		v.count(n, at)
	}
	v.hooks(s, n, at, in, known)
	inner := in
	if schema.Loop {
		inner.loop = true
		if counter := n.Text("as"); n.Op == "repeat" && counter != "" {
			inner.counters = append(slices.Clip(in.counters), counter)
		}
	}
	if n.Op == "weave" {
		inner.loop = false
	}
	if n.Op == "graph" && v.root == Nowhere {
		for i := range n.Regions {
			r := &n.Regions[i]
			for _, child := range r.Body {
				v.inRegion(s, r.Field, child, at, inner, known)
			}
		}
		return
	}
	Children(at, n, func(at *Path, f *Field, child *Node) {
		if f.HoldsOperands() {
			v.operand(s, child, at, in, known)
		} else {
			v.inRegion(s, f.Name, child, at, inner, known)
		}
	})
}

// inRegion checks a statement in a region of another.
func (v *verifier) inRegion(s *scope, region string, n *Node, at *Path, in place, known map[string]bool) {
	switch {
	case n.Op == "hook":
		return // see hooks
	case region == "graph" || region == "each":
		v.graphCall(s, n, at, known)
	case region == "hoisted":
		v.hoisted(s, n, at, known)
	case region == "block":
		v.blockCall(s, n, at, known)
	default:
		v.statement(s, n, at, in, known)
	}
}

// stores checks the registers that n writes.
func (v *verifier) stores(s *scope, n *Node, at *Path, in place) {
	items := n.storeItems()
	var seen map[string]bool
	if len(items) > 1 {
		seen = make(map[string]bool, len(items))
	}
	for i, item := range items {
		name := item.Text()
		at := at.Item("store", i)
		twice := seen[name]
		if seen != nil {
			seen[name] = true
		}
		switch {
		case name == Discard:
			continue
		case !IsName(name):
			v.report(n.Pos, at, "%q is not a register to store to", name)
		case twice:
			v.report(n.Pos, at, "register %q is stored to twice by one statement", name)
		case slices.Contains(in.counters, name):
			v.report(n.Pos, at, "register %q counts an enclosing repeat: the body may not store to it", name)
		case s.function == nil && v.objects[name] != nil:
			v.report(n.Pos, at, "%q is an object, not a register", name)
		}
	}
	if n.Op == "repeat" {
		switch counter := n.Text("as"); {
		case counter == "":
		case !s.counts(counter):
			v.report(n.Pos, at.Child("as"), "register %q is declared with another type than the i64 that a counter is", counter)
		case !IsName(counter) || counter == Discard:
			v.report(n.Pos, at.Child("as"), "%q is not a register to count in", counter)
		case slices.Contains(in.counters, counter):
			v.report(n.Pos, at.Child("as"), "register %q counts an enclosing repeat already", counter)
		}
	}
}

func (v *verifier) weave(n *Node, at *Path) {
	strands := n.countRegions("weave")
	if require := n.Attr("require"); !require.IsNull() && (require.Int64() < 1 || require.Int64() > int64(strands)) {
		v.report(n.Pos, at.Child("require"), "require is %d: want 1 to %d, the number of strands", require.Int64(), strands)
	}
	weights := n.Attr("weights")
	if weights.List() == nil {
		return
	}
	if got := len(weights.List().Items); got != strands {
		v.report(n.Pos, at.Child("weights"), "there are %d weights for %d strands", got, strands)
	}
	for i, w := range weights.List().Items {
		if w.Int64() < 1 {
			v.report(n.Pos, at.Item("weights", i), "weight %d is not positive", w.Int64())
		}
	}
}

func (v *verifier) cases(n *Node, at *Path) {
	seen := map[string]bool{}
	index := -1
	for i := range n.Regions {
		r := &n.Regions[i]
		if r.Field != "cases" {
			continue
		}
		index++
		whole := r.When.IsScalar() && !r.When.DType().IsFloat()
		if !whole && r.When.Kind() != Str {
			v.report(n.Pos, at.Item("cases", index).Child("when"), "the label %s is not a whole number, bool or string", FormatShort(r.When))
			continue
		}
		key := r.When.Kind().String() + r.When.DType().String() + Format(r.When)
		if seen[key] {
			v.report(n.Pos, at.Item("cases", index).Child("when"), "the label %s occurs twice", Format(r.When))
		}
		seen[key] = true
	}
}

// count checks a literal number of iterations.
func (v *verifier) count(n *Node, at *Path) {
	if len(n.Args) == 1 {
		v.countOf(n.Args[0], at.Child(n.Op), n.Op)
	}
}

// countOf checks the operand that is the count of the named element.
func (v *verifier) countOf(operand *Node, at *Path, element string) {
	if operand.Op != "const" {
		return
	}
	count, err := operand.Attr("value").Count("the count of " + element)
	if err == nil && count < 0 {
		v.report(operand.Pos, at, "the count of %s is %d: want at least 0", element, count)
	} else if err != nil {
		v.report(operand.Pos, at, "%s", err)
	}
}

// operand checks an expression.
func (v *verifier) operand(s *scope, n *Node, at *Path, in place, known map[string]bool) {
	schema := SchemaOf(n.Op)
	if schema == nil {
		return
	}
	if schema.Class&Expression == 0 {
		v.report(n.Pos, at, "%s is a statement and cannot stand as an operand", n.Op)
		return
	}
	switch n.Op {
	case "reg":
		name, fields, _ := strings.Cut(n.Text("reg"), ".")
		switch {
		case in.graph && IsLocal(name):
		case s.function == nil && v.objects[name] != nil && !known[name]:
			v.report(n.Pos, at, "%q is an object: call one of its methods", name)
		case !IsName(name) || name == Discard:
			v.report(n.Pos, at, "%q is not a register", n.Text("reg"))
		case !known[name] && !v.optimized:
			v.report(n.Pos, at, "nothing sets register %q in the %s", name, s.what)
		case !known[name] && v.registers != nil && !v.registers[name]:
			v.report(n.Pos, at, "the program has no register %q", name)
		}
		if fields == "" {
			break
		}
		for _, field := range strings.Split(fields, ".") {
			if !IsName(field) {
				v.report(n.Pos, at, "%q is not a field of a register", n.Text("reg"))
			}
		}
	case "call":
		v.call(s, n, at, in, known, false)
		return
	case "tensor":
		if want, ok := literalType(n); ok {
			if _, err := CheckShape(want.DType, want.Shape); err != nil {
				v.report(n.Pos, at, "%s", err)
			}
		}
		if fill := n.Attr("fill"); !fill.IsScalar() {
			v.report(n.Pos, at.Child("fill"), "the fill is %s: want one number", fill.Type())
		}
	}
	Children(at, n, func(at *Path, _ *Field, child *Node) {
		if child.Op == "slice" && n.Op != "index" && !in.graph {
			v.report(child.Pos, at, "a slice stands inside an index only")
			return
		}
		v.operand(s, child, at, in, known)
	})
}
