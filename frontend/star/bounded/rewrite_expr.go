package bounded

import "go.starlark.net/syntax"

// expr rewrites an expression whose value is used.
func (r *rewriter) expr(x syntax.Expr) syntax.Expr {
	defer func() { r.depth-- }()
	if !r.enter(x) {
		return x
	}
	switch x := x.(type) {
	case *syntax.Literal:
		r.literal(x)
	case *syntax.ParenExpr:
		x.X = r.expr(x.X)
	case *syntax.BinaryExpr:
		return r.binary(x)
	case *syntax.UnaryExpr:
		return r.unary(x)
	case *syntax.CallExpr:
		return r.call(x)
	case *syntax.DotExpr:
		return call(guardAttr, x.Name.NamePos, r.expr(x.X), text(x.Name.Name, x.Name.NamePos))
	case *syntax.IndexExpr:
		return call(guardIndex, x.Lbrack, r.expr(x.X), r.expr(x.Y))
	case *syntax.SliceExpr:
		return call(guardSlice, x.Lbrack, r.expr(x.X), r.bound(x.Lo, x.Lbrack), r.bound(x.Hi, x.Lbrack), r.bound(x.Step, x.Lbrack))
	case *syntax.ListExpr:
		r.exprs(x.List)
	case *syntax.TupleExpr:
		r.exprs(x.List)
	case *syntax.DictExpr:
		for _, entry := range x.List {
			r.entry(entry)
		}
		return call(guardDict, x.Lbrace, x)
	case *syntax.CondExpr:
		x.Cond = r.condition(x.Cond)
		x.True, x.False = r.expr(x.True), r.expr(x.False)
	case *syntax.LambdaExpr:
		r.params(x.Params)
		x.Body = r.expr(x.Body)
	case *syntax.Comprehension:
		return r.comprehension(x)
	}
	return x
}

// bound rewrites a bound of a slice that may be left out.
func (r *rewriter) bound(x syntax.Expr, pos syntax.Position) syntax.Expr {
	if x == nil {
		return &syntax.Ident{NamePos: pos, Name: "None"}
	}
	return r.expr(x)
}

func (r *rewriter) entry(x syntax.Expr) {
	if entry, ok := x.(*syntax.DictEntry); ok {
		entry.Key, entry.Value = r.key(entry.Key, entry.Colon), r.expr(entry.Value)
	}
}

func (r *rewriter) binary(x *syntax.BinaryExpr) syntax.Expr {
	switch x.Op {
	case syntax.AND, syntax.OR:
		x.X, x.Y = r.condition(x.X), r.expr(x.Y)
		return x
	}
	return call(guardBinary(x.Op), x.OpPos, r.expr(x.X), r.expr(x.Y))
}

func (r *rewriter) unary(x *syntax.UnaryExpr) syntax.Expr {
	switch {
	case x.Op == syntax.NOT:
		x.X = r.condition(x.X)
		return x
	case isScalar(x.X):
		x.X = r.expr(x.X)
		return x
	}
	return call(guardUnary(x.Op), x.OpPos, r.expr(x.X))
}

// call rewrites a call. It is placed where it begins rather than at its
// parenthesis.
func (r *rewriter) call(x *syntax.CallExpr) syntax.Expr {
	start := syntax.Start(leftmost(x.Fn))
	x.Fn = r.expr(x.Fn)
	for i, arg := range x.Args {
		switch arg := arg.(type) {
		case *syntax.BinaryExpr:
			if arg.Op == syntax.EQ {
				arg.Y = r.expr(arg.Y)
				continue
			}
		case *syntax.UnaryExpr:
			if arg.Op == syntax.STAR || arg.Op == syntax.STARSTAR {
				arg.X = call(guardSpread, arg.OpPos, r.expr(arg.X))
				continue
			}
		}
		x.Args[i] = r.expr(arg)
	}
	x.Lparen = start
	return x
}

func (r *rewriter) comprehension(x *syntax.Comprehension) syntax.Expr {
	for _, clause := range x.Clauses {
		switch clause := clause.(type) {
		case *syntax.ForClause:
			clause.Vars, clause.X = r.target(clause.Vars), r.expr(clause.X)
		case *syntax.IfClause:
			clause.Cond = r.condition(clause.Cond)
		}
	}
	if _, ok := x.Body.(*syntax.DictEntry); ok {
		r.entry(x.Body)
		return call(guardDict, x.Lbrack, x)
	}
	x.Body = r.expr(x.Body)
	return x
}

// assigned returns the names that the top level of a file binds, in order.
func assigned(f *syntax.File) []string {
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	var target func(x syntax.Expr)
	target = func(x syntax.Expr) {
		switch x := x.(type) {
		case *syntax.Ident:
			add(x.Name)
		case *syntax.ParenExpr:
			target(x.X)
		case *syntax.TupleExpr:
			for _, item := range x.List {
				target(item)
			}
		case *syntax.ListExpr:
			for _, item := range x.List {
				target(item)
			}
		}
	}
	var visit func(stmts []syntax.Stmt)
	visit = func(stmts []syntax.Stmt) {
		for _, s := range stmts {
			switch s := s.(type) {
			case *syntax.AssignStmt:
				target(s.LHS)
			case *syntax.DefStmt:
				add(s.Name.Name)
			case *syntax.ForStmt:
				target(s.Vars)
				visit(s.Body)
			case *syntax.IfStmt:
				for s != nil { // elif nests without bound
					visit(s.True)
					if len(s.False) == 1 {
						if next, ok := s.False[0].(*syntax.IfStmt); ok {
							s = next
							continue
						}
					}
					visit(s.False)
					break
				}
			}
		}
	}
	visit(f.Stmts)
	return names
}
