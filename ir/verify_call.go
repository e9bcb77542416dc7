package ir

import (
	"slices"
	"strings"
)

// call checks a call as a statement or as an operand.
func (v *verifier) call(s *scope, n *Node, at *Path, in place, known map[string]bool, statement bool) {
	name := n.Text("call")
	args := n.Args
	if n.Op == "next_n" {
		name = n.Text("next_n")
		args = args[min(1, len(args)):]
		if len(n.Body("source")) == 0 {
			v.report(n.Pos, at.Child("source"), "a next_n carries the buffer it stands for")
		}
		for i, child := range n.Body("source") {
			v.statement(s, child, at.Item("source", i), in, known)
		}
	}
	for i, arg := range n.Args {
		v.operand(s, arg, at.Item("args", i), in, known)
	}
	for _, k := range n.Kwargs {
		v.operand(s, k.Node, at.Child("kwargs").Child(k.Name), in, known)
	}
	if statement {
		v.hooks(s, n, at, in, known)
	} else if n.Region("hooks") != nil {
		v.report(n.Pos, at, "hooks are attached to statements, not to an operand")
	}
	results := 1
	switch object, method, isMethod := strings.Cut(name, "."); {
	case IsHidden(name) && !statement:
		if len(n.Args) != 2 || len(n.Kwargs) > 0 || n.Args[1].Attr("value").Int64() < 1 {
			v.report(n.Pos, at, "a call of a hidden register has what it keeps and a number of loops as arguments")
		}
		return
	case isMethod:
		o := v.objects[object]
		if o == nil {
			v.report(n.Pos, at.Child(n.Op), "there is no object %q", object)
			return
		}
		sig := v.lib.Method(o.Class, method)
		if sig == nil {
			if v.lib.Constructor(o.Class) != nil {
				v.report(n.Pos, at.Child(n.Op), "%s has no method %q", o.Class, method)
			}
			return
		}
		if !statement {
			v.report(n.Pos, at, "%s has effects (%s) and cannot stand in an expression; make it a statement that stores to a register", name, sig.Effects)
		}
		v.bind(sig, n, args, at)
		results = sig.Results
	case v.functions[name] != nil:
		f := v.functions[name]
		v.bind(f.Signature(), n, args, at)
		results = len(f.Returns)
		if why := v.impurity.of(f); !statement && why != "" {
			v.report(n.Pos, at, "function %s cannot be called in an expression: %s; make it a statement", name, why)
		}
		if !statement && results != 1 {
			v.report(n.Pos, at, "function %s gives %d results: an operand needs one", name, results)
		}
	default:
		sig := v.lib.Op(name)
		if sig == nil {
			v.report(n.Pos, at.Child(n.Op), "unknown op or function %q%s", name, v.suggestion(name))
			return
		}
		v.bind(sig, n, args, at)
		results = sig.Results
	}
	if stores := len(n.Stores()); n.Op == "call" && stores > 1 && stores != results {
		v.report(n.Pos, at.Child("store"), "%s gives %d results, and %d registers are to take them", name, results, stores)
	}
}

func (v *verifier) bind(sig *Signature, n *Node, args []*Node, at *Path) {
	if len(n.Kwargs) == 0 && sig.Takes(len(args)) {
		return
	}
	_, problems := sig.Bind(args, n.Kwargs)
	for _, msg := range problems {
		v.report(n.Pos, at, "%s", msg)
	}
}

// Signature returns f's parameters as a signature for [Signature.Bind].
func (f *Function) Signature() *Signature {
	sig := &Signature{Name: f.Name, Results: len(f.Returns)}
	for _, name := range f.Params {
		sig.Params = append(sig.Params, Param{Name: name})
	}
	return sig
}

func (v *verifier) grad(n *Node, at *Path) {
	name := n.Text("grad")
	f := v.functions[name]
	if f == nil {
		v.report(n.Pos, at.Child("grad"), "there is no function %q to differentiate", name)
		return
	}
	v.bind(f.Signature(), n, n.Args, at)
	if why := v.impurity.of(f); why != "" {
		v.report(n.Pos, at, "function %s cannot be differentiated: %s", name, why)
	}
	if len(f.Returns) != 1 {
		v.report(n.Pos, at, "function %s gives %d results: grad needs one, the loss", name, len(f.Returns))
	}
	wrt := n.Names("wrt")
	v.names("parameter", wrt, n.Pos, at, "wrt")
	for i, param := range wrt {
		if !slices.Contains(f.Params, param) {
			v.report(n.Pos, at.Item("wrt", i), "%s has no parameter %q; it has %s", name, param, strings.Join(f.Params, ", "))
		}
	}
	if stores := len(n.Stores()); stores > 1 && stores != 1+len(wrt) {
		v.report(n.Pos, at.Child("store"), "grad gives the loss and %d gradients, and %d registers are to take them", len(wrt), stores)
	}
}

// hoisted checks a graph that a graph leaf evaluates once for a loop.
func (v *verifier) hoisted(s *scope, n *Node, at *Path, known map[string]bool) {
	if n.Op != "graph" || n.Region("hoisted") != nil || n.Region("source") != nil || n.Region("hooks") != nil {
		v.report(n.Pos, at, "what is hoisted is a graph without source and hooks")
		return
	}
	if n.Attr("loops").Int64() < 1 {
		v.report(n.Pos, at, "a hoisted graph is kept by 1 loop or more, not by %d", n.Attr("loops").Int64())
	}
	for i, name := range n.Stores() {
		if !IsHidden(name) {
			v.report(n.Pos, at.Item("store", i), "a hoisted graph stores to hidden registers, whose names start with %s, not to %q", HiddenPrefix, name)
		}
	}
	for i, c := range n.Body("graph") {
		v.graphCall(s, c, at.Item("graph", i), known)
	}
}

// graphCall checks a statement inside a graph leaf: a call of an op whose
// results go to locals.
func (v *verifier) graphCall(s *scope, n *Node, at *Path, known map[string]bool) {
	if n.Op != "call" {
		v.report(n.Pos, at, "a graph consists of calls, not of %s", n.Op)
		return
	}
	sig := v.lib.Op(n.Text("call"))
	if sig == nil {
		v.report(n.Pos, at, "a graph calls ops only, not %q", n.Text("call"))
		return
	}
	if items := n.storeItems(); len(items) > 0 && IsLocal(items[0].Text()) && v.checked(n) {
		return
	}
	v.localCall(s, sig, n, n.Args, at, known)
}

// maxBlockDraw bounds the rows that an iteration of a block draws at once.
const maxBlockDraw = 1 << 16

// BlockDraw returns the literal number of rows that the next_n n takes, 0 if it
// is not known.
func BlockDraw(n *Node) int64 {
	if len(n.Args) == 0 || n.Args[0].Op != "const" {
		return 0
	}
	if v := n.Args[0].Attr("value"); v.IsScalar() && v.DType() == I64 {
		return v.Int64()
	}
	return 0
}

// blockCall checks a statement of a block: what may stand in a graph, or a call
// of a method.
func (v *verifier) blockCall(s *scope, n *Node, at *Path, known map[string]bool) {
	name, args := n.Text("call"), n.Args
	if n.Op == "next_n" {
		name = n.Text("next_n")
		if rows := BlockDraw(n); rows < 1 || rows > maxBlockDraw || len(n.Body("source")) > 0 {
			v.report(n.Pos, at, "a next_n in a block has a literal number of rows, 1 to %d, and no source", maxBlockDraw)
			return
		}
		args = args[1:]
	}
	object, method, isMethod := strings.Cut(name, ".")
	if !isMethod {
		v.graphCall(s, n, at, known)
		return
	}
	var sig *Signature
	if o := v.objects[object]; o != nil {
		sig = v.lib.Method(o.Class, method)
	}
	if sig == nil {
		v.report(n.Pos, at, "there is no method %q", name)
		return
	}
	v.localCall(s, sig, n, args, at, known)
}

func (v *verifier) localCall(s *scope, sig *Signature, n *Node, args []*Node, at *Path, known map[string]bool) {
	v.bind(sig, n, args, at)
	if n.Region("hooks") != nil {
		v.report(n.Pos, at, "a call in a graph has no hooks: attach them to a statement that the graph stands for")
	}
	for i, item := range n.storeItems() {
		if name := item.Text(); !IsLocal(name) && name != Discard {
			v.report(n.Pos, at.Item("store", i), "a call in a graph stores to names that start with %%, not to %q", name)
		}
	}
	for i, arg := range n.Args {
		v.operand(s, arg, at.Item("args", i), place{graph: true}, known)
	}
}
