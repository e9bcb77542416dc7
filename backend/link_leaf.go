package backend

import (
	"strings"

	"flowc.dev/flowc/ir"
)

// callStatement links a call as a leaf or, of a function, as an element that is
// entered.
func (l *linker) callStatement(c *scopeCode, st *stmt) error {
	n := st.node
	name := n.Text("call")
	if strings.Contains(name, ".") {
		leaf, err := l.method(c, n, name, n.Args, nil)
		st.exec = leaf
		return err
	}
	if l.declared[name] == nil {
		root, err := l.operand(c, n, nil)
		if err == nil && root.kind == exprOp && root.op.Name == identity {
			root = root.args[0]
		}
		st.exec = &opLeaf{root: root}
		return err
	}
	callee, err := l.function(name)
	if err != nil {
		return err
	}
	bound, problems := l.declared[name].Signature().Bind(n.Args, n.Kwargs)
	if len(problems) > 0 {
		return l.problem(n, "%s", problems[0])
	}
	args := &expr{kind: exprList, node: n}
	if err := l.operands(c, args, bound, nil); err != nil {
		return err
	}
	st.kind, st.call = kindCall, &callCode{callee: callee, args: args.args}
	return nil
}

// identity names the op whose result may be its operand itself: registers that
// hold the same value share its storage.
const identity = "identity"

func (l *linker) method(c *scopeCode, n *ir.Node, name string, args []*ir.Node, locals *locals) (*methodLeaf, error) {
	object, method, _ := strings.Cut(name, ".")
	self := l.objects[object]
	if self == nil {
		return nil, l.problem(n, "there is no object %q", object)
	}
	decl := self.class.Method(method)
	if decl == nil {
		return nil, l.problem(n, "%s has no method %q", self.class.Name, method)
	}
	bound, problems := decl.Bind(args, n.Kwargs)
	if len(problems) > 0 {
		return nil, l.problem(n, "%s", problems[0])
	}
	leaf := &methodLeaf{self: self, method: decl, args: &expr{kind: exprList, node: n}, out: make([]ir.Value, decl.Results)}
	if decl.Commit != nil {
		leaf.commit = func() { decl.Commit(self.object) }
	}
	return leaf, l.operands(c, leaf.args, bound, locals)
}

func (l *linker) nextN(c *scopeCode, st *stmt) error {
	n := st.node
	if len(n.Body("source")) == 0 {
		return l.problem(n, "a next_n has no source")
	}
	method, err := l.method(c, n, n.Text("next_n"), n.Args[1:], nil)
	if err != nil {
		return err
	}
	if method.method.Source == nil {
		return l.problem(n, "%s is no bufferable source", n.Text("next_n"))
	}
	leaf := &nextLeaf{methodLeaf: *method}
	leaf.commit = func() { leaf.method.Source.Advance(leaf.self.object, int(leaf.taken)) }
	if leaf.count, err = l.operand(c, n.Args[0], nil); err != nil {
		return err
	}
	st.kind, st.exec = kindFused, leaf
	st.source, err = l.source(c, n, st.want)
	return err
}
