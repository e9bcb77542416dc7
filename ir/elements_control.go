package ir

func init() {
	body := Field{Name: "body", Kind: RegionField, Doc: "statements to run"}

	register(Schema{Op: "seq", Class: Statement, Valued: true,
		Doc:    "Runs its statements in order. Its value is the last one's, null if empty.",
		Fields: []Field{{Name: "seq", Kind: RegionField, Doc: "statements to run in order"}}})

	register(Schema{Op: "repeat", Class: Statement, Valued: true, Loop: true,
		Doc: "Runs its body a number of times, evaluated once at entry. The counter holds the completed iterations.",
		Fields: []Field{
			{Name: "repeat", Kind: OperandField, Doc: "whole number of iterations, at least 0"},
			{Name: "as", Kind: AttrField, Attr: NameAttr, Optional: true, Doc: "register of the counter"},
			body}})

	register(Schema{Op: "loop", Class: Statement, Valued: true, Loop: true,
		Doc:    "Runs its body without end; a break, a budget or a signal leaves it.",
		Fields: []Field{{Name: "loop", Kind: RegionField, Doc: "statements to run"}}})

	register(Schema{Op: "while", Class: Statement, Valued: true, Loop: true,
		Doc:    "Runs its body as long as the condition, evaluated before each iteration, is true.",
		Fields: []Field{{Name: "while", Kind: OperandField, Doc: "condition, a bool of rank 0"}, body}})

	register(Schema{Op: "until", Class: Statement, Valued: true, Loop: true,
		Doc:    "Runs its body until the condition, evaluated after each iteration, is true.",
		Fields: []Field{{Name: "until", Kind: OperandField, Doc: "condition, a bool of rank 0"}, body}})

	register(Schema{Op: "break", Class: Statement,
		Doc:    "Leaves the nearest loop.",
		Fields: []Field{{Name: "break", Kind: NoField}}})

	register(Schema{Op: "continue", Class: Statement,
		Doc:    "Goes on with the next iteration of the nearest loop.",
		Fields: []Field{{Name: "continue", Kind: NoField}}})

	register(Schema{Op: "switch", Class: Statement, Valued: true,
		Doc: "Evaluates its selector once and runs the case that equals it, else the default.",
		Fields: []Field{
			{Name: "switch", Kind: OperandField, Doc: "selector: whole number, bool or string"},
			{Name: "cases", Kind: CasesField, Doc: "labelled branches"},
			{Name: "default", Kind: RegionField, Optional: true, Doc: "branch when no case matches"}}})

	register(Schema{Op: "weave", Class: Statement, Valued: true,
		Doc: "Interleaves its strands deterministically and ends when enough of them are done.",
		Fields: []Field{
			{Name: "weave", Kind: RegionsField, Doc: "strands"},
			{Name: "require", Kind: AttrField, Attr: IntAttr, Optional: true, Doc: "strands that must be done, default all"},
			{Name: "weights", Kind: AttrField, Attr: IntsAttr, Optional: true, Doc: "turns of each strand in a round, default 1"},
			{Name: "turn", Kind: AttrField, Attr: EnumAttr, Enum: []string{"step", "statement"}, Optional: true, Doc: "what a turn is, default step"}}})

	register(Schema{Op: "buffer", Class: Statement, Valued: true,
		Doc:    "Runs its body a number of times and stacks the values along a new leading axis.",
		Loop:   false,
		Fields: []Field{{Name: "buffer", Kind: OperandField, Doc: "whole number of values"}, body}})
}
