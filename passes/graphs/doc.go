// Package graphs rewrites typed dataflow: the graph of a leaf for one set of
// input types, as [flowc.dev/flowc/passes.Specialize] makes it. Dtypes, shapes
// and weakness are known there, so that what other passes cannot decide is
// decided: whether x * 1 has the type of x, whether a broadcast is needed, what
// shape(x) is.
//
// A [Rule] has a level. Rules of level 2 keep every bit of every result, over
// signed zeros, infinities, NaN and subnormals, integers that wrap and empty
// shapes, and every error: the tests run each of them over such values, in both
// numeric families. Rules of level 3 keep the value of real arithmetic only:
// they may change rounding, signs of zeros, NaN, and give up the errors of
// guards. Below level 2 a graph stays as it is. Each rule is shown at work in
// testdata/rules.
//
// The list of Theano's optimizations, and where each is. bench/optimizations.go names for
// each line a golden that shows before and after, and a program that is timed.
//
//	merge                        here, O2; of statements by collapse too
//	constant folding             here, O2, not of matrix products, whose bits are a family's own
//	shape lifting                here, O2: shape, size, and every op that took the shape of an
//	                             operand (reshape_like, zeros_like, sum_adjoint, ...)
//	fill cut                     here, O2: a filled tensor is broadcast_to of a number
//	reshape chain                here, O2; also transpose, broadcast_to, cast, x[:]
//	constant elimination         here; O2 where exact (x * 1, x - 0, x + -0.0, x / 2 as x * 0.5,
//	                             integers), O3 else (x + 0, x * 0, 0 - x)
//	add/mul canonicalization     here; O2 of integers, O3 of floats ((x + 1) + 2, x / 3, x * 2 + x * 3)
//	pow specialization           here; exponents 0, 1, 2 and -1 O2, for the kernel computes just
//	                             that; 0.5 (another answer for -0 and -infinity) and 3, 4 O3
//	neg_neg, neg_div_neg         here, O2; also of products and differences
//	choices and truth            here, O2; x < x is false of floats too, x == x is not true
//	reductions                   here: of views and of reductions; max, min, any, all and integers O2, sums
//	                             of floats O3. A sum of all elements of a reshape is exact: the order
//	                             is row-major in any shape
//	sum of scaled                here; O2 for i64, O3 for floats
//	inverse functions            here, O3: log(exp(x)), square(sqrt(x)), ...
//	dot22                        transposes leave products in pairs here, O2. One transposed operand
//	                             stays: no op of the language is a product with it, except the adjoints,
//	                             which read it transposed already, and a copy costs less than the product
//	gemm                         the required pass contract within a statement, c being the bias or any
//	                             other term; across statements here, O3. beta is no part of the op: the
//	                             scaling of c joins the elementwise ops around it
//	ger                          as gemm
//	alpha                        is taken out of the operands of products here, O3
//	broadcasting kept virtual    here, O2: elementwise ops broadcast themselves, or run before
//	set/inc-subtensor in place   no op of the language stores into a part of a tensor; getitem_adjoint,
//	                             which does, writes into storage that it owns
//	in-place elementwise         matters of storage, which is the executors': an op may write over an
//	                             operand that is not used any more
//	in-place random              the same: numbers are drawn into the storage of those they replace
//	elementwise fusion           the executors': groups run block by block
//	reduction at the end         of such a group: the executors', of all elements
//	buffer plan                  the executors': values that are not needed at the same time share storage
//	stabilization                the required pass stabilize within a statement; across statements
//	                             here, O3. Cross entropy by one_hot does not become cross_entropy:
//	                             that fails on labels that are no class, where one_hot gives zeros
//	assertions removed           here, O3: assert_finite. At O2 guards that cannot fail go
//	                             if nothing uses them (a literal divisor or index)
//	scan: push out               the pass licm: what does not change in a loop is computed once for it
//	scan: merge loops            the passes unroll and collapse: loops of few iterations become one leaf
//	scan: save memory            nothing to do: a loop keeps no step but what a buffer stacks
package graphs
