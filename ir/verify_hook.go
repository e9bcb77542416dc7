package ir

import (
	"fmt"
	"strings"
	"time"
)

// hooks checks the hooks of the statement n.
func (v *verifier) hooks(s *scope, n *Node, at *Path, in place, known map[string]bool) {
	for i, h := range n.Body("hooks") {
		at := at.Item("hooks", i)
		switch {
		case optimized(n):
			v.report(h.Pos, at, "%s has no hooks of its own: attach them to a statement that it stands for", n.Op)
		case (n.Op == "break" || n.Op == "continue") && len(h.Body("after")) > 0:
			v.report(h.Pos, at.Child("after"), "nothing runs after %s: attach the hook before it, or to the loop", n.Op)
		}
		v.hook(s, h, at, place{counters: in.counters}, known)
	}
}

// hook checks a hook: it takes a bounded time, and one that the clock starts
// does not change what the program computes.
func (v *verifier) hook(s *scope, h *Node, at *Path, in place, known map[string]bool) {
	timed := false
	if every := h.Attr("every"); every.Kind() == Str {
		timed = true
		if period, err := time.ParseDuration(every.Text()); err != nil || period <= 0 {
			v.report(h.Pos, at.Child("every"), "every is %q: want a positive whole number or a positive duration such as \"10s\"", every.Text())
		}
	}
	for _, k := range h.Kwargs {
		v.operand(s, k.Node, at.Child(k.Name), in, known)
	}
	for _, field := range []string{"before", "after"} {
		for i, child := range h.Body(field) {
			v.inHook(child, at.Item(field, i), timed)
			v.statement(s, child, at.Item(field, i), in, known)
		}
	}
}

// inHook checks that the statement n may stand in a hook.
func (v *verifier) inHook(n *Node, at *Path, timed bool) {
	if n.Region("hooks") != nil {
		v.report(n.Pos, at, "a hook may not have hooks on its own statements: put their statements beside them")
	}
	if why := v.unhookable(n); why != "" {
		v.report(n.Pos, at, "a hook may not contain %s", why)
		return
	}
	if why := v.untimed(n); timed && why != "" {
		v.report(n.Pos, at, "a hook that the clock starts may only print, log and snapshot, not %s: count arrivals instead, such as every 100", why)
		return
	}
	Children(at, n, func(at *Path, field *Field, child *Node) {
		if !field.HoldsOperands() && field.Name != "hooks" && field.Name != "graph" {
			v.inHook(child, at, timed)
		}
	})
}

// endless are the elements that may take any time or turns of their own.
var endless = map[string]bool{
	"repeat": true, "loop": true, "while": true, "until": true, "buffer": true, "weave": true, "popen": true, "spawn": true, "join": true,
}

// unhookable returns what about n may not stand in a hook, or "".
func (v *verifier) unhookable(n *Node) string {
	if endless[n.Op] {
		return n.Op
	}
	if f := v.functions[n.Text("call")]; n.Op == "call" && f != nil {
		if why := v.looping(f); why != "" {
			return fmt.Sprintf("a call of %s, which contains %s", f.Name, why)
		}
	}
	return ""
}

// looping returns what about the function keeps it out of hooks, or "". Calls in
// expressions are bounded by themselves.
func (v *verifier) looping(f *Function) string {
	if why, known := v.loops[f.Name]; known {
		return why
	}
	if v.loops == nil {
		v.loops = map[string]string{}
	}
	v.loops[f.Name] = "" // ends the search in a program with recursion
	why := ""
	var visit func(body []*Node)
	visit = func(body []*Node) {
		for _, n := range body {
			if why != "" {
				return
			}
			why = v.unhookable(n)
			Children(Nowhere, n, func(_ *Path, field *Field, child *Node) {
				if !field.HoldsOperands() && field.Name != "graph" {
					visit([]*Node{child})
				}
			})
		}
	}
	visit(f.Body)
	v.loops[f.Name] = why
	return why
}

// untimed returns what about n may not stand in a hook that the clock starts,
// or "".
func (v *verifier) untimed(n *Node) string {
	if len(n.Stores()) > 0 {
		return "store to a register"
	}
	switch n.Op {
	case "print", "seq", "switch", "graph":
		return ""
	case "call":
		name := n.Text("call")
		object, method, _ := strings.Cut(name, ".")
		f, o := v.functions[name], v.objects[object]
		switch {
		case f != nil:
			if v.impurity.of(f) == "" {
				return ""
			}
		case o == nil:
			return "" // an op, or a name that is reported elsewhere
		default:
			if sig := v.lib.Method(o.Class, method); sig == nil || sig.Effects&IO != 0 {
				return ""
			}
		}
		return "call " + name
	}
	return "contain " + n.Op
}
