package main

import "strings"

// An optimization is a line of the list in the documentation of
// passes/graphs, or a pass, under its name.
type optimization struct {
	name string
	// programs are what is timed for it.
	programs []string
	// goldens show before and after: files, or tests as "file: name".
	goldens []string
	// rules are rewrites that are made in one of the programs and that one of the
	// goldens shows. To those of a pass belong all that it declares.
	rules []string
	// absent is set for what the documentation gives the reason of not having.
	absent bool
}

// ruleGoldens returns the golden files of rules of typed graphs.
func ruleGoldens(names ...string) []string {
	for i, name := range names {
		names[i] = "passes/graphs/testdata/rules/" + name + ".txtar"
	}
	return names
}

// passGoldens returns golden files of passes, given as "pass/file".
func passGoldens(names ...string) []string {
	for i, name := range names {
		dir, file, _ := strings.Cut(name, "/")
		names[i] = "passes/" + dir + "/testdata/" + file + ".txtar"
	}
	return names
}

const kernelGoldens = "backend/region/testdata/kernels.txtar"

// optimizations are in the order of that list; passes that are none of it follow.
var optimizations = []optimization{
	{name: "merge", programs: []string{"graph-merge", "merge"},
		goldens: append(ruleGoldens("merge"), passGoldens("merge/step", "merge/gorgonia", "merge/fixpoint")...),
		rules:   []string{"f(x), f(x) -> one call"}},
	{name: "constant folding", programs: []string{"graph-constant-folding"}, goldens: ruleGoldens("fold"),
		rules: []string{"f(literals) -> literal"}},
	{name: "shape lifting", programs: []string{"graph-shape-lifting", "graph-fill-cut"}, goldens: ruleGoldens("fold", "fill"),
		rules: []string{"size(x) -> literal", "zeros_like(x) -> broadcast_to(0)", "mean_adjoint(x, d) -> broadcast_to(d / n)"}},
	{name: "fill cut", programs: []string{"graph-fill-cut"}, goldens: ruleGoldens("fill"),
		rules: []string{"full(shape, x) -> broadcast_to(x)", "f(broadcast_to(x), y) -> f(x, y)"}},
	{name: "reshape chain", programs: []string{"graph-reshape-chain"}, goldens: ruleGoldens("shape"),
		rules: []string{"reshape(reshape(x)) -> reshape(x)", "transpose(x), no axis moves -> x", "transpose(transpose(x)) -> transpose(x)"}},
	{name: "constant elimination", programs: []string{"graph-constant-elimination", "graph-constant-elimination-floats"},
		goldens: ruleGoldens("sum", "product", "sign"),
		rules: []string{"x - 0 -> x", "x * 1 -> x", "x / 1 -> x", "x / 2 -> x * 0.5",
			"x + 0.0 -> x", "x * 0.0 -> 0.0", "0.0 - x -> -x"}},
	{name: "add/mul canonicalization", programs: []string{"graph-add-mul-canonicalization"}, goldens: ruleGoldens("sum", "product"),
		rules: []string{"(x + 1.0) + 2.0 -> x + 3.0", "(x * 2.0) * 3.0 -> x * 6.0", "x / 3 -> x * (1 / 3)", "x * a + x * b -> x * (a + b)"}},
	{name: "pow specialization", programs: []string{"graph-pow", "graph-pow-floats"}, goldens: ruleGoldens("product"),
		rules: []string{"x ** 1 -> x", "x ** 2 -> square(x)", "x ** -1 -> reciprocal(x)", "x ** 3.0 -> square(x) * x", "x ** 0.5 -> sqrt(x)"}},
	{name: "neg_neg, neg_div_neg", programs: []string{"graph-signs"}, goldens: ruleGoldens("sign", "product", "sum"),
		rules: []string{"-(-x) -> x", "-x / -y -> x / y", "-x * -y -> x * y", "x - -y -> x + y"}},
	{name: "choices and truth", programs: []string{"graph-choice"}, goldens: ruleGoldens("logic"),
		rules: []string{"where(true, x, y) -> x", "x < x -> false", "not not x -> x"}},
	{name: "reductions", programs: []string{"graph-reduction", "graph-reduction-floats"}, goldens: ruleGoldens("reduction"),
		rules: []string{"max(transpose(x)) -> max(x)", "max(max(x, 0), 1) -> max(x, [0, 1])", "sum(reshape(x)) -> sum(x)",
			"max(x), one element -> x", "sum(transpose(x)) -> sum(x)", "sum(sum(x, 0), 1) -> sum(x, [0, 1])", "sum(x, axis) / n -> mean(x, axis)"}},
	{name: "sum of scaled", programs: []string{"graph-sum-of-scaled", "graph-sum-of-scaled-floats"}, goldens: ruleGoldens("reduction"),
		rules: []string{"sum(2 * x) -> 2 * sum(x)", "sum(2.0 * x) -> 2.0 * sum(x)"}},
	{name: "inverse functions", programs: []string{"graph-inverse"}, goldens: ruleGoldens("inverse"),
		rules: []string{"log(exp(x)) -> x", "square(sqrt(x)) -> x", "sqrt(square(x)) -> abs(x)", "exp(x) * exp(y) -> exp(x + y)"}},
	{name: "dot22", programs: []string{"graph-transposed-product"}, goldens: ruleGoldens("matmul"),
		rules: []string{"matmul(x.T, y.T) -> matmul(y, x).T"}},
	{name: "gemm", programs: []string{"product-bias", "graph-gemm"}, goldens: append(ruleGoldens("matmul"), passGoldens("contract/sums")...),
		rules: []string{"c + matmul(a, b) -> gemm(c, a, b)", "c + matmul(x, y) -> gemm(c, x, y)"}},
	{name: "ger", programs: []string{"product-outer", "graph-ger"}, goldens: append(ruleGoldens("matmul"), passGoldens("contract/sums")...),
		rules: []string{"s + outer(x, y) -> ger(s, x, y)", "c + outer(x, y) -> ger(c, x, y)"}},
	{name: "alpha", programs: []string{"graph-alpha"}, goldens: ruleGoldens("matmul"), rules: []string{"matmul(a * x, y) -> a * matmul(x, y)"}},
	{name: "broadcasting kept virtual", programs: []string{"graph-broadcast"}, goldens: append(ruleGoldens("fill"), kernelGoldens),
		rules: []string{"f(broadcast_to(x), y) -> f(x, y)", "f(broadcast_to(x)) -> broadcast_to(f(x))"}},
	{name: "set/inc-subtensor in place", programs: []string{"subtensor"}, goldens: []string{kernelGoldens}},
	{name: "in-place elementwise", programs: []string{"in-place"}, goldens: []string{kernelGoldens}},
	{name: "in-place random", programs: []string{"random"}, goldens: []string{"ops/object_rng_test.go: TestDrawsInPlace"}},
	{name: "elementwise fusion", programs: []string{"chain_big", "chain_small"}, goldens: []string{kernelGoldens}},
	{name: "reduction at the end", programs: []string{"reduction_end"}, goldens: []string{kernelGoldens}},
	{name: "buffer plan", programs: []string{"buffer-plan"}, goldens: []string{kernelGoldens}},
	{name: "stabilization", programs: []string{"stable-cross-entropy", "stable-mixture", "stable-logistic", "stable-growth", "graph-stable"},
		goldens: append(ruleGoldens("stable"), passGoldens("stabilize/rules")...),
		rules: []string{"log(softmax(x)) -> log_softmax(x)", "log(1 - sigmoid(x)) -> -softplus(x)", "1 / (1 + exp(-x)) -> sigmoid(x)",
			"exp(x) / sum(exp(x)) -> softmax(x)"}},
	{name: "assertions removed", programs: []string{"graph-assertions"}, goldens: ruleGoldens("inverse"), rules: []string{"assert_finite(x) -> x"}},
	{name: "scan: push out", programs: []string{"loop_invariant"}, goldens: passGoldens("licm/gorgonia", "licm/step"),
		rules: []string{"invariant calls hoisted"}},
	{name: "scan: merge loops", programs: []string{"loop_unroll"}, goldens: passGoldens("unroll/gorgonia"),
		rules: []string{"loops unrolled", "graphs made"}},
	{name: "scan: save memory", absent: true},

	{name: "lower-functions", programs: []string{"expression-functions"}, goldens: passGoldens("lowerfunctions/expression")},
	{name: "lower-grad", programs: []string{"gradient"}, goldens: passGoldens("lowergrad/regression")},
	{name: "stabilize", programs: []string{"stable-cross-entropy", "stable-mixture", "stable-logistic", "stable-growth"},
		goldens: passGoldens("stabilize/rules")},
	{name: "contract", programs: []string{"product-bias", "product-outer"}, goldens: passGoldens("contract/sums")},
	{name: "outline", programs: []string{"gradient"}, goldens: passGoldens("outline/family")},
	{name: "canonicalize", programs: []string{"canonicalize", "control"}, goldens: passGoldens("canonicalize/control", "canonicalize/dead")},
	{name: "inline", programs: []string{"inline"}, goldens: passGoldens("inline/calls")},
	{name: "fuse-buffer", programs: []string{"fuse-buffer"}, goldens: passGoldens("fusebuffer/rows")},
	{name: "unroll", programs: []string{"loop_unroll"}, goldens: passGoldens("unroll/gorgonia")},
	{name: "collapse", programs: []string{"collapse", "dce"}, goldens: passGoldens("collapse/switch", "collapse/step")},
	{name: "copy-propagation", programs: []string{"copy-propagation"}, goldens: passGoldens("copypropagation/leaf")},
	{name: "fold", programs: []string{"fold"}, goldens: passGoldens("fold/expressions", "fold/leaf")},
	{name: "dce", programs: []string{"dce"}, goldens: passGoldens("dce/leaf")},
	{name: "vectorize", programs: []string{"pca_rows", "score_rows", "buffer_rows", "draw_pairs"},
		goldens: passGoldens("vectorize/rows", "vectorize/buffers")},
	{name: "licm", programs: []string{"loop_invariant", "loop_operands", "loop_unswitch"},
		goldens: passGoldens("licm/gorgonia", "licm/operands", "licm/step")},
}
