package ops

// comparisonOps returns the elementwise ops that give bools.
func comparisonOps() []*Op {
	and := binaryKernels{boolean: eachPair(func(a, b bool) bool { return a && b })}
	or := binaryKernels{boolean: eachPair(func(a, b bool) bool { return a || b })}
	not := unaryKernels{boolean: each(func(x bool) bool { return !x })}
	isnan := testKernels{f32: each(isNaN[float32]), f64: each(isNaN[float64])}
	isfinite := testKernels{f32: each(isFinite[float32]), f64: each(isFinite[float64])}
	const compared = " Operands of different dtypes are compared in the dtype they promote to; NaN is unequal to everything."
	const truth = " Numbers count as true unless they are 0."
	return []*Op{
		binaryOp("equal", "Whether x1 = x2, elementwise."+compared, comparisonRule, equalKernels.eval, noGradient(2)),
		binaryOp("not_equal", "Whether x1 differs from x2, elementwise."+compared, comparisonRule, notEqualKernels.eval, noGradient(2)),
		binaryOp("less", "Whether x1 < x2, elementwise."+compared, comparisonRule, lessKernels.eval, noGradient(2)),
		binaryOp("less_equal", "Whether x1 <= x2, elementwise."+compared, comparisonRule, lessEqualKernels.eval, noGradient(2)),
		binaryOp("greater", "Whether x1 > x2, elementwise."+compared, comparisonRule, greaterKernels.eval, noGradient(2)),
		binaryOp("greater_equal", "Whether x1 >= x2, elementwise."+compared, comparisonRule, greaterEqualKernels.eval, noGradient(2)),
		binaryOp("logical_and", "Whether x1 and x2 are both true, elementwise."+truth, logicalRule, and.eval, noGradient(2)),
		binaryOp("logical_or", "Whether x1 or x2 is true, elementwise."+truth, logicalRule, or.eval, noGradient(2)),
		unaryOp("logical_not", "Whether x is false, elementwise."+truth, unaryLogical, not.eval, noGradient(1)),
		unaryOp("isnan", "Whether x is NaN, elementwise.", unaryTest, isnan.eval, noGradient(1)),
		unaryOp("isfinite", "Whether x is neither infinite nor NaN, elementwise.", unaryTest, isfinite.eval, noGradient(1)),
	}
}

func isNaN[T float](x T) bool { return x != x }

func isFinite[T float](x T) bool { return x-x == 0 }
