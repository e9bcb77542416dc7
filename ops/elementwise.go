package ops

// transcendental is the tolerance of functions that backends approximate in
// their own way.
var transcendental = Tolerance{F32: 2e-6, F64: 1e-14}

// elementwiseOps returns the elementwise arithmetic and functions.
func elementwiseOps() []*Op {
	ops := []*Op{
		binaryOp("add", "x1 + x2, elementwise. Integers wrap.", arithmeticRule, addKernels.eval, addGradient),
		binaryOp("subtract", "x1 - x2, elementwise. Integers wrap.", arithmeticRule, subtractKernels.eval, subtractGradient),
		binaryOp("multiply", "x1 times x2, elementwise. Integers wrap.", arithmeticRule, multiplyKernels.eval, multiplyGradient),
		binaryOp("divide", "x1 / x2, elementwise, as floats: integers become weak f64.", inexactRule, divideKernels.eval, divideGradient),
		canFail(binaryOp("floor_divide", "The quotient x1 / x2 rounded down, elementwise. Integer division by zero is an error.",
			arithmeticRule, floorDivideKernels.eval, noGradient(2))),
		canFail(binaryOp("remainder", "What x1 has left over floor_divide(x1, x2) times x2, elementwise; it has the sign of x2. Integer division by zero is an error.",
			arithmeticRule, remainderKernels.eval, remainderGradient)),
		tolerating(transcendental, canFail(binaryOp("power", "x1 to the power x2, elementwise. A negative power of integers is an error; integers wrap.",
			arithmeticRule, powerKernels.eval, powerGradient))),
		binaryOp("maximum", "The greater of x1 and x2, elementwise; NaN if one is.", arithmeticRule, maximumKernels.eval, extremeGradient("greater")),
		binaryOp("minimum", "The lesser of x1 and x2, elementwise; NaN if one is.", arithmeticRule, minimumKernels.eval, extremeGradient("less")),

		unaryOp("negative", "-x, elementwise. Integers wrap.", unaryArithmetic, negativeKernels.eval, negativeGradient),
		unaryOp("abs", "The absolute value of x, elementwise. Integers wrap.", unaryArithmetic, absKernels.eval, absGradient),
		unaryOp("sign", "1, 0 or -1 with the sign of x, elementwise; zeros and NaN stay as they are.", unaryArithmetic, signKernels.eval, noGradient(1)),
		unaryOp("square", "x times x, elementwise. Integers wrap.", unaryArithmetic, squareKernels.eval, squareGradient),
		unaryOp("relu", "The greater of x and 0, elementwise. Its gradient at 0 is 0.", unaryArithmetic, reluKernels.eval, reluGradient),
		unaryOp("floor", "x rounded down to a whole number, elementwise.", unaryArithmetic, floorKernels.eval, noGradient(1)),
		unaryOp("ceil", "x rounded up to a whole number, elementwise.", unaryArithmetic, ceilKernels.eval, noGradient(1)),
		unaryOp("sqrt", "The square root of x, elementwise.", unaryInexact, sqrtKernels.eval, sqrtGradient),
		unaryOp("reciprocal", "1 / x, elementwise.", unaryInexact, reciprocalKernels.eval, reciprocalGradient),
		whereOp(),
		clipOp(),
		castOp(),
	}
	for _, op := range []*Op{
		unaryOp("exp", "e to the power x, elementwise.", unaryInexact, expKernels.eval, expGradient),
		unaryOp("expm1", "e to the power x, minus 1, elementwise; accurate near 0.", unaryInexact, expm1Kernels.eval, expm1Gradient),
		unaryOp("log", "The natural logarithm of x, elementwise.", unaryInexact, logKernels.eval, logGradient),
		unaryOp("log1p", "The natural logarithm of 1 + x, elementwise; accurate near 0.", unaryInexact, log1pKernels.eval, log1pGradient),
		unaryOp("tanh", "The hyperbolic tangent of x, elementwise.", unaryInexact, tanhKernels.eval, tanhGradient),
		unaryOp("sigmoid", "1 / (1 + exp(-x)), elementwise, without overflow.", unaryInexact, sigmoidKernels.eval, sigmoidGradient),
		unaryOp("softplus", "log(1 + exp(x)), elementwise, without overflow.", unaryInexact, softplusKernels.eval, softplusGradient),
	} {
		ops = append(ops, tolerating(transcendental, op))
	}
	return ops
}

func canFail(op *Op) *Op {
	op.CanFail = true
	return op
}

func tolerating(t Tolerance, op *Op) *Op {
	op.Tolerance = t
	return op
}
