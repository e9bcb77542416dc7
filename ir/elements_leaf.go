package ir

func init() {
	register(Schema{Op: "call", Class: Statement | Expression, Valued: true,
		Doc: "Calls an op, an object's method or a function.",
		Fields: []Field{
			{Name: "call", Kind: AttrField, Attr: NameAttr, Doc: "op, object.method or function"},
			{Name: "args", Kind: OperandsField, Optional: true, Doc: "positional arguments"},
			{Name: "kwargs", Kind: KeywordsField, Optional: true, Doc: "named arguments"}}})

	register(Schema{Op: "grad", Class: Statement, Valued: true,
		Doc: "Calls a pure function whose first result is a scalar and stores that result and its gradients.",
		Fields: []Field{
			{Name: "grad", Kind: AttrField, Attr: NameAttr, Doc: "function to differentiate"},
			{Name: "args", Kind: OperandsField, Optional: true, Doc: "arguments of the function"},
			{Name: "wrt", Kind: AttrField, Attr: NamesAttr, Doc: "parameters to differentiate by"}}})

	register(Schema{Op: "print", Class: Statement,
		Doc:    "Prints its operands on one line, separated by spaces.",
		Fields: []Field{{Name: "print", Kind: OperandsField, Doc: "values to print"}}})

	register(Schema{Op: "popen", Class: Statement, Valued: true,
		Doc: "Runs a process without a shell and waits for it. It has two results: status, the exit status, which is 128 + k if " +
			"signal k ended the process and -1 if the timeout did; and output, one text of what it wrote to standard output and " +
			"standard error together, as it came.",
		Fields: []Field{
			{Name: "popen", Kind: OperandsField, Min: 1, Doc: "argument vector"},
			{Name: "timeout", Kind: AttrField, Attr: DurationAttr, Optional: true, Doc: "time after which the process is killed"},
			{Name: "on_restore", Kind: AttrField, Attr: EnumAttr, Enum: []string{"rerun", "fail"}, Optional: true,
				Doc: "what a run does that was saved while the process ran, and is resumed: fail, the default, stops with an error " +
					"at this statement; rerun launches the process again with the same arguments"}}})

	register(Schema{Op: "spawn", Class: Statement, Valued: true,
		Doc: "Runs its body elsewhere, at the same time, on copies of its in-registers and of the objects; join merges its out-registers. " +
			"Its value is the handle that join takes.",
		Fields: []Field{
			{Name: "spawn", Kind: RegionField, Doc: "fragment to run"},
			{Name: "in", Kind: AttrField, Attr: NamesAttr, Optional: true, Doc: "registers the fragment gets"},
			{Name: "out", Kind: AttrField, Attr: NamesAttr, Optional: true, Doc: "registers the fragment gives"},
			{Name: "n", Kind: NamedField, Optional: true, Doc: "number of copies, whose out-registers are stacked along a new leading axis"},
			{Name: "as", Kind: AttrField, Attr: NameAttr, Optional: true, Doc: "register of the copy's index"},
			{Name: "on", Kind: AttrField, Attr: TextAttr, Optional: true, Doc: "where to run; local, the default, is this machine"}}})

	register(Schema{Op: "join", Class: Statement, Valued: true,
		Doc: "Waits for a spawned fragment, prints what it printed and stores its out-registers. Its value is what they hold: " +
			"the one, or a list.",
		Fields: []Field{{Name: "join", Kind: OperandField, Doc: "handle of the spawn"}}})

	register(Schema{Op: "hook", Class: HookClause,
		Doc: "Runs before or after the statement it is attached to, without a step of its own.",
		Fields: []Field{
			{Name: "before", Kind: RegionField, Optional: true, Doc: "statements to run first"},
			{Name: "after", Kind: RegionField, Optional: true, Doc: "statements to run afterwards"},
			{Name: "every", Kind: AttrField, Attr: EveryAttr, Optional: true, Doc: "firings or time between runs"},
			{Name: "when", Kind: NamedField, Optional: true, Doc: "condition"}}})

	register(Schema{Op: "graph", Class: Statement, Valued: true,
		Doc: "Pure tensor dataflow that stands for the source statements it carries. Made by the compiler; " +
			"the body's calls store to names local to the graph.",
		Fields: []Field{
			{Name: "graph", Kind: RegionField, Doc: "calls in order, each storing to local names"},
			{Name: "yield", Kind: AttrField, Attr: NamesAttr, Doc: "names whose values are the results, local or register"},
			{Name: "steps", Kind: AttrField, Attr: IntAttr, Doc: "steps of the source"},
			{Name: "values", Kind: AttrField, Attr: IntAttr, Optional: true, Doc: "how many of the last yields make up the value, as a list unless 1, the default"},
			{Name: "source", Kind: RegionField, Optional: true, Doc: "the statements it stands for"},
			{Name: "hoisted", Kind: RegionField, Optional: true, Doc: "graphs that do not change while a loop around runs, each storing to hidden " +
				"registers; evaluated first, where their registers are unset"},
			{Name: "loops", Kind: AttrField, Attr: IntAttr, Optional: true, Doc: "of a hoisted graph, how many of the loops and buffers around keep its registers"}}})

	register(Schema{Op: "next_n", Class: Statement, Valued: true,
		Doc: "Takes a number of rows from a bufferable source at once, in place of the buffer it carries or, in a block, in each iteration. Made by the compiler.",
		Fields: []Field{
			{Name: "next_n", Kind: AttrField, Attr: NameAttr, Doc: "object.method"},
			{Name: "args", Kind: OperandsField, Min: 1, Doc: "number of rows, then the arguments of the method"},
			{Name: "kwargs", Kind: KeywordsField, Optional: true, Doc: "named arguments of the method"},
			{Name: "source", Kind: RegionField, Optional: true, Doc: "the buffer it stands for, outside of blocks"}}})

	register(Schema{Op: "block", Class: Statement, Valued: true,
		Doc: "The body of a repeat or buffer, which it can also run for many iterations at once, on their rows stacked along a new leading axis. " +
			"Made by the compiler. Calls store to names local to the block; %_r is what the register r of carry holds when an iteration begins.",
		Fields: []Field{
			{Name: "block", Kind: RegionField, Doc: "calls that are made once for all rows, in order: of ops, of sources and of methods that take rows in"},
			{Name: "each", Kind: RegionField, Optional: true, Doc: "calls of ops that are made row after row, afterwards"},
			{Name: "carry", Kind: AttrField, Attr: NamesAttr, Optional: true, Doc: "registers that an iteration reads and the one before stored to"},
			{Name: "counter", Kind: AttrField, Attr: NameAttr, Optional: true, Doc: "counter of the repeat, if the block reads it: as %_i if it is i"},
			{Name: "value", Kind: AttrField, Attr: NamesAttr, Optional: true, Doc: "local or register that is the value of an iteration of a buffer; of several, their list"},
			{Name: "fields", Kind: AttrField, Attr: NamesAttr, Optional: true, Doc: "names of the fields, if the value is a record of them"},
			{Name: "yield", Kind: AttrField, Attr: NamesAttr, Optional: true, Doc: "local or register for each store"},
			{Name: "steps", Kind: AttrField, Attr: IntAttr, Doc: "steps of one iteration"},
			{Name: "source", Kind: RegionField, Doc: "the statements of one iteration"}}})
}
