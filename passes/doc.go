// Package passes turns programs into faster ones that do the same.
//
// [Optimize] runs the passes of one explicit table: the required lowerings,
// which the backends need and which run at every level, then the optional
// passes of a pipeline, such as the level's. Passes are values of type [Pass];
// each has a directory of its own with goldens that show what it does.
//
// Optimized code stands beside the source statements it replaces, never in
// their stead: a fused node carries them as a region, and a program can stop at
// any of its steps whatever the level. Passes are exact: outputs, the order of
// effects and errors stay the same, bit for bit within a numeric family.
//
// [Specialize] makes the typed dataflow of a graph leaf when a run comes to it;
// package graphs rewrites that: from level 2 on by rules that are exact in the
// same sense, at level 3 by rules that reassociate floats too.
//
// # Writing a pass
//
// A pass is a [pass.Pass] value with a name, a doc and either rules or a Run
// function. Rules are for what is replaced in its place: an operand by another,
// a call by another, in the syntax of .flow programs with metavariables.
//
//	var Pass = &pass.Pass{
//		Name: "simplify", Doc: "Takes away calls that change nothing.", Exact: true,
//		Rules: []pass.Rule{{Name: "abs(abs(x)) -> abs(x)", Doc: "it is positive already", Pattern: "abs(abs($x))", Replace: "abs($x)"}},
//	}
//
// A rule may have a guard, a Go function that looks at what the metavariables
// stand for, and a build function in the place of the replacement. Rules run
// until none applies; if that has no end, the compile stops and names the rules
// that repeat. [pass.Rule] says what they may do. A guard sees nodes, not types:
// those are known when a run comes to a graph, where package graphs has rules of
// its own. A pattern that stores (y = exp($x)) is for statements and finds nothing
// in graph leaves, an operand's pattern (exp($x)) does.
//
// A Run function gets the program and returns another, or the same one. Programs
// and nodes are immutable: copy what changes ([ir.Node.Copy]), share the rest.
// [pass.EditStatements] and [pass.EditBodies] go through all statements, with a
// [pass.Scope] that says where they stand; [pass.Context] has the ops, fresh IDs
// and the parameters that a pipeline sets; [pass.Get] gives what an
// [pass.Analysis] has found out, once for each program. Every rewrite is declared
// in Pass.Rewrites and asked for by [pass.Context.Fire] before it is made; a
// change that was not asked for stops the compile. Why something was left alone is
// said by [pass.Stats.Note].
//
// Nodes are told by Op, the element's name (print, call, repeat, graph, ...), and
// by attributes, named as in the JSON form; operands are in Args and Kwargs,
// statements inside in Regions:
//
//	func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
//		q, err := pass.EditStatements(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) {
//			if n.Op != "call" || n.Text("call") != "square" || len(n.Args) != 1 || n.Args[0].Op != "reg" || !c.Fire("square(x) -> x * x", n) {
//				return n, nil
//			}
//			again := n.Args[0].Copy()
//			again.ID = c.NewID() // no two nodes have the same
//			n = n.WithAttr("call", ir.String("multiply")) // a copy, with ID, stores and hooks
//			n.Args = append(n.Args, again)
//			return n, nil
//		})
//		return q, pass.Stats{}, err
//	}
//
// The calls of a graph leaf are no statements: they stand in its region "graph", one
// by one, with names such as %1 for what goes from one to the next. [leaves.EditAll]
// and [leaves.Edit] go through those; the example "leaves" has a pass for both.
//
// # What a pass must keep
//
// Exact passes keep outputs, effects, errors and every register at every step:
// a program can stop after each of its steps, be saved there and go on at another
// level. So an exact pass does one of these:
//
//   - keep: the same statement, with its ID and registers, has a cheaper
//     expression that gives the same bits, signed zeros, infinities, NaNs, dtype
//     and weakness included, and fails where the old one fails (so -(-x) -> x is
//     not exact: it makes unsigned numbers, which have no negatives, work);
//   - fuse: a node such as graph stands for several statements. It carries them in
//     its region "source", and counts their steps; they run when the program is to
//     stop among them, or when the node fails.
//
// A statement that stores never vanishes, nor does its step. Nothing is fused
// across hooks ([pass.Hooked]), nor among the statements of a strand of a weave
// (Scope.Strand), whose turns come between them. Prints, calls of methods and
// processes stay in their order. After each pass the manager verifies all of this
// that can be seen in a program, such as IDs, stores and the order of statements, and a pass that breaks it stops the compile with
// an [Error] that names the pass and what it has rewritten.
//
// In the numeric family gorgonia, which -O2 takes, the required pass outline makes
// each statement that multiplies matrices a graph leaf before the optional passes
// run; others become leaves later, in collapse. Rules look into leaves; a Run
// function meets nodes of the op graph there, whose region "graph" has the calls. A
// pass that is to run before that, at every level, is Required and stands before
// outline: it then defines what statements mean, as contract and stabilize do.
//
// # Running and testing it
//
// [Table.With] gives the table with the pass at a place, such as
// After("collapse"), and the levels at which it runs. It also runs where a
// pipeline names it; [Table.Pipeline] says how these are written.
//
//	table, err := passes.Standard().With(simplify.Pass, passes.After("canonicalize"), 1, 2, 3)
//	p, report, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Table: table, Level: 2})
//
// A command that has the pass is one call of cli.Main with that table; its flags
// --print-after-all, --passes and --fuel show the pass at work, flowc passes
// explains it, flowc bisect finds the rewrite that makes a run go wrong, and
// --check=run compares runs before and after each pass.
//
// Package passtest tests a pass by golden files, of which go test -update writes
// what is expected, and which are run before and after the pass and compared at
// every step. It also tells of a pass that modifies the nodes it is given, and of a
// rule that finds nothing in any program. Its Run returns how often each pass changed a program, so that
// a test can ask for at least one. A module of its own takes this one from a checkout
// by go mod edit -require=flowc.dev/flowc@v0.0.0 -replace=flowc.dev/flowc=../flowc
// and go mod tidy.
//
//	What is positive stays so.
//	-- cmd --
//	flowc --passes=simplify
//	-- input.flow --
//	x = -1.5
//	y = exp(abs(abs(x)))
//	-- want.flow --
//	x = -1.5
//	y = exp(abs(x))
//	-- stats --
//	simplify: abs(abs(x)) -> abs(x): 1
package passes
