package ops

import "slices"

// standardOps returns the ops that flowc comes with.
func standardOps() []*Op {
	return slices.Concat(
		elementwiseOps(),
		comparisonOps(),
		creationOps(),
		linalgOps(),
		shapeOps(),
		reductionOps(),
		neuralOps(),
		indexOps(),
		gradOps(),
		spreadOps(),
		[]*Op{identityOp(), assertFiniteOp(), histogramOp(), summaryOp()},
	)
}
