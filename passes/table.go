package passes

import (
	"flowc.dev/flowc/passes/canonicalize"
	"flowc.dev/flowc/passes/collapse"
	"flowc.dev/flowc/passes/contract"
	"flowc.dev/flowc/passes/copypropagation"
	"flowc.dev/flowc/passes/dce"
	"flowc.dev/flowc/passes/fold"
	"flowc.dev/flowc/passes/fusebuffer"
	"flowc.dev/flowc/passes/inline"
	"flowc.dev/flowc/passes/licm"
	"flowc.dev/flowc/passes/lowerfunctions"
	"flowc.dev/flowc/passes/lowergrad"
	"flowc.dev/flowc/passes/merge"
	"flowc.dev/flowc/passes/outline"
	"flowc.dev/flowc/passes/stabilize"
	"flowc.dev/flowc/passes/unroll"
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
	unroll.Pass,
	collapse.Pass,
	copypropagation.Pass,
	fold.Pass,
	merge.Pass,
	dce.Pass,
	vectorize.Pass,
	licm.Pass,
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
	{"outline", "inline", "a function's products of matrices are leaves of their own, with the bits that they have at -O0"},
	{"contract", "inline", "contraction and stabilization stop at the ends of statements, which inlining takes away"},
	{"canonicalize", "inline", "a function whose switch is decided is straight-line"},
	{"canonicalize", "collapse", "sequences inside sequences cut runs of statements"},
	{"inline", "collapse", "an inlined call joins the run around it"},
	{"outline", "collapse", "products of matrices are joined as leaves only, which keep their bits"},
	{"contract", "collapse", "contraction and stabilization stop at the ends of statements, which collapsing takes away"},
	{"contract", "merge", "a product that two sums use is contracted into neither"},
	{"collapse", "copy-propagation", "literals and copies go through registers where statements have become one leaf"},
	{"copy-propagation", "fold", "calls on copies of literals are calls on literals"},
	{"copy-propagation", "merge", "calls on a value and on its copy are equal"},
	{"fold", "merge", "what is folded to equal literals is equal"},
	{"copy-propagation", "dce", "calls whose results nobody uses are found when nobody copies them"},
	{"fuse-buffer", "collapse", "the body of a buffer is a run, which would hide the call of its source"},
	{"canonicalize", "unroll", "a loop in sequences and decided switches is a loop of statements"},
	{"inline", "unroll", "a loop that calls a function is left alone, whether or not the call is inlined"},
	{"unroll", "collapse", "unrolled loops join the runs around them, which fuses loops that follow each other"},
	{"dce", "licm", "what is made again in another form has nothing hoisted any more"},
	{"collapse", "licm", "a leaf that is split is joined with no other; the larger the leaves, the fewer values are kept between them"},
	{"collapse", "vectorize", "where a block does not run, its statements do, as few leaves as may be"},
	{"inline", "vectorize", "calls of functions are not for blocks, what they do is"},
	{"dce", "vectorize", "where a block does not run, its statements do, as good as they may be"},
	{"vectorize", "licm", "a block keeps what does not change by itself; it is made of leaves in which nothing is hoisted"},
}

// levels are the optional passes of each level, as pipelines. Besides, graphs
// are rewritten when their types are known, see [GraphRules]: at level 2 by the
// rules that keep every bit, at level 3 by those that reassociate floats too.
var levels = []string{
	0: "",
	1: "canonicalize,inline,copy-propagation,fold,merge,dce",
	2: "canonicalize,inline,fuse-buffer,unroll,collapse,copy-propagation,fold,merge,dce,vectorize,licm",
	3: "canonicalize,inline,fuse-buffer,unroll,collapse,copy-propagation,fold,merge,dce,vectorize,licm",
}
