package passes

import (
	"flowc.dev/flowc/passes/canonicalize"
	"flowc.dev/flowc/passes/collapse"
	"flowc.dev/flowc/passes/contract"
	"flowc.dev/flowc/passes/fusebuffer"
	"flowc.dev/flowc/passes/inline"
	"flowc.dev/flowc/passes/lowerfunctions"
	"flowc.dev/flowc/passes/lowergrad"
	"flowc.dev/flowc/passes/outline"
	"flowc.dev/flowc/passes/stabilize"
	"flowc.dev/flowc/passes/vectorize"
)

// standard is every pass there is, in the order in which they run.
var standard = []*Pass{
	lowerfunctions.Pass,
	lowergrad.Pass,
	stabilize.Pass,
	contract.Pass,
	outline.Pass,
	canonicalize.Pass,
	inline.Pass,
	fusebuffer.Pass,
	collapse.Pass,
	vectorize.Pass,
}

// order says which passes must not change places, and why.
var order = []Constraint{
	{"lower-functions", "stabilize", "a weak form may begin in a statement and end in the function that it calls"},
	{"lower-functions", "contract", "a product and the sum with it may be on both sides of a function call"},
	{"lower-functions", "lower-grad", "a function that is expanded into a statement is read as written, with its grad statements"},
	{"lower-grad", "stabilize", "adjoints have weak forms of their own"},
	{"lower-grad", "contract", "sums of adjoints are the products that gain most; gradient rules are given for single ops"},
	{"stabilize", "contract", "weak forms are known in the ops that are written"},
	{"contract", "outline", "what a statement means is settled before it is given to the kernels of a family"},
	{"outline", "canonicalize", "required lowerings come first, so that each level gives the same leaves to a family"},
	{"outline", "inline", "a function's statements are leaves of their own, with the bits that they have at -O0"},
	{"contract", "inline", "contraction and stabilization stop at the ends of statements, which inlining takes away"},
	{"canonicalize", "inline", "a function whose switch is decided is straight-line"},
	{"canonicalize", "collapse", "sequences inside sequences cut runs of statements"},
	{"inline", "collapse", "an inlined call joins the run around it"},
	{"outline", "collapse", "in a family of graphs only leaves are joined"},
	{"contract", "collapse", "contraction and stabilization stop at the ends of statements, which collapsing takes away"},
	{"fuse-buffer", "collapse", "the body of a buffer is a run, which would hide the call of its source"},
	{"collapse", "vectorize", "where a block does not run, its statements do, as few leaves as may be"},
	{"inline", "vectorize", "calls of functions are not for blocks, what they do is"},
}

// levels are the optional passes of each level, as pipelines.
var levels = []string{
	0: "",
	1: "canonicalize,inline",
	2: "canonicalize,inline,fuse-buffer,collapse,vectorize",
	3: "canonicalize,inline,fuse-buffer,collapse,vectorize",
}
