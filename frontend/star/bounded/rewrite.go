package bounded

import (
	"fmt"
	"math/big"

	"go.starlark.net/syntax"
)

// The names of the guards. No source can spell them.
const (
	guardKnown    = "%known"
	guardKey      = "%key"
	guardAttr     = "%attr"
	guardIndex    = "%index"
	guardSlice    = "%slice"
	guardSpread   = "%spread"
	guardDict     = "%dict"
	guardSetIndex = "%setindex"
)

func guardBinary(op syntax.Token) string  { return "%" + op.String() }
func guardUnary(op syntax.Token) string   { return "%unary" + op.String() }
func guardInPlace(op syntax.Token) string { return "%" + op.String() + "=" }

// A rewriter puts guards into a syntax tree. The first error stops it.
type rewriter struct {
	depth int
	err   *Error
}

// rewrite puts guards into f, in place.
func rewrite(f *syntax.File) *Error {
	r := &rewriter{}
	r.stmts(f.Stmts)
	return r.err
}

func (r *rewriter) fail(pos syntax.Position, format string, args ...any) {
	if r.err == nil {
		r.err = &Error{Pos: pos, Message: fmt.Sprintf(format, args...)}
	}
}

// enter counts one more level of nesting; the caller takes it back. The trees
// of long chains of operators are deep although the parser's recursion is not.
func (r *rewriter) enter(n syntax.Node) bool {
	r.depth++
	if r.err == nil && r.depth > 4*maxDepth {
		start := syntax.Start(leftmost(n))
		r.fail(start, "statements and expressions are nested more than %d deep: give parts names, or build them in a loop", 4*maxDepth)
	}
	return r.err == nil
}

// leftmost bounds the search for the start of a deep chain.
func leftmost(n syntax.Node) syntax.Node {
	for {
		switch x := n.(type) {
		case *syntax.BinaryExpr:
			n = x.X
		case *syntax.CallExpr:
			n = x.Fn
		case *syntax.DotExpr:
			n = x.X
		case *syntax.IndexExpr:
			n = x.X
		case *syntax.SliceExpr:
			n = x.X
		case *syntax.CondExpr:
			n = x.True
		default:
			return n
		}
	}
}

func call(guard string, pos syntax.Position, args ...syntax.Expr) *syntax.CallExpr {
	return &syntax.CallExpr{Fn: &syntax.Ident{NamePos: pos, Name: guard}, Lparen: pos, Args: args, Rparen: pos}
}

func text(s string, pos syntax.Position) *syntax.Literal {
	return &syntax.Literal{Token: syntax.STRING, TokenPos: pos, Raw: syntax.Quote(s, false), Value: s}
}

func (r *rewriter) stmts(stmts []syntax.Stmt) {
	for i := range stmts {
		stmts[i] = r.stmt(stmts[i])
	}
}

func (r *rewriter) stmt(s syntax.Stmt) syntax.Stmt {
	defer func() { r.depth-- }()
	if !r.enter(s) {
		return s
	}
	switch s := s.(type) {
	case *syntax.AssignStmt:
		return r.assign(s)
	case *syntax.DefStmt:
		r.params(s.Params)
		r.stmts(s.Body)
	case *syntax.ExprStmt:
		s.X = r.expr(s.X)
	case *syntax.ForStmt:
		s.Vars = r.target(s.Vars)
		s.X = r.expr(s.X)
		r.stmts(s.Body)
	case *syntax.IfStmt:
		s.Cond = r.condition(s.Cond)
		r.stmts(s.True)
		r.stmts(s.False)
	case *syntax.WhileStmt:
		r.fail(s.While, "Starlark has no while: write for i in range(n), or WHILE(condition, body) for a loop of the program")
	case *syntax.LoadStmt:
		r.fail(s.Load, "load is not available: a program is one file; library functions come by program(imports=[...])")
	case *syntax.ReturnStmt:
		if s.Result != nil {
			s.Result = r.expr(s.Result)
		}
	}
	return s
}

// assign rewrites an assignment. x op= y becomes x = guard(x, y), and a[i] op= y
// a call that evaluates a and i once.
func (r *rewriter) assign(s *syntax.AssignStmt) syntax.Stmt {
	if s.Op == syntax.EQ {
		s.RHS = r.expr(s.RHS)
		s.LHS = r.target(s.LHS)
		return s
	}
	op := s.Op - syntax.PLUS_EQ + syntax.PLUS
	rhs := r.expr(s.RHS)
	switch lhs := unparen(s.LHS).(type) {
	case *syntax.Ident:
		again := *lhs
		s.LHS, s.Op, s.RHS = lhs, syntax.EQ, call(guardInPlace(op), s.OpPos, &again, rhs)
		return s
	case *syntax.IndexExpr:
		return &syntax.ExprStmt{X: call(guardSetIndex, s.OpPos, r.expr(lhs.X), r.expr(lhs.Y), text(op.String(), s.OpPos), rhs)}
	}
	r.fail(s.OpPos, "cannot assign by %s to this: want a name or an element", s.Op)
	return s
}

// target rewrites what is assigned to.
func (r *rewriter) target(x syntax.Expr) syntax.Expr {
	defer func() { r.depth-- }()
	if !r.enter(x) {
		return x
	}
	switch x := x.(type) {
	case *syntax.ParenExpr:
		x.X = r.target(x.X)
	case *syntax.TupleExpr:
		r.targets(x.List)
	case *syntax.ListExpr:
		r.targets(x.List)
	case *syntax.IndexExpr:
		x.X, x.Y = r.expr(x.X), r.key(x.Y, x.Lbrack)
	case *syntax.DotExpr:
		r.fail(x.Dot, "cannot assign to the attribute %s: values of programs do not change", x.Name.Name)
	}
	return x
}

func (r *rewriter) targets(list []syntax.Expr) {
	for i := range list {
		list[i] = r.target(list[i])
	}
}

// params rewrites the defaults of parameters.
func (r *rewriter) params(params []syntax.Expr) {
	for _, p := range params {
		if b, ok := p.(*syntax.BinaryExpr); ok {
			b.Y = r.expr(b.Y)
		}
	}
}

func (r *rewriter) condition(x syntax.Expr) syntax.Expr {
	start := syntax.Start(leftmost(x))
	return call(guardKnown, start, r.expr(x))
}

func (r *rewriter) key(x syntax.Expr, pos syntax.Position) syntax.Expr {
	if isScalar(x) {
		return r.expr(x)
	}
	return call(guardKey, pos, r.expr(x))
}

func isScalar(x syntax.Expr) bool {
	l, ok := x.(*syntax.Literal)
	return ok && l.Token != syntax.BYTES
}

func (r *rewriter) exprs(list []syntax.Expr) {
	for i := range list {
		list[i] = r.expr(list[i])
	}
}

func (r *rewriter) literal(x *syntax.Literal) {
	if big, ok := x.Value.(*big.Int); ok && big.BitLen() > maxIntBits {
		r.fail(x.TokenPos, "a whole number has more than %d bits", maxIntBits)
	}
}

func unparen(x syntax.Expr) syntax.Expr {
	for {
		p, ok := x.(*syntax.ParenExpr)
		if !ok {
			return x
		}
		x = p.X
	}
}
