package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// solve finds the principal axes of the rows so far, once for each number of
// rows.
func (p *pca) solve(method string) error {
	if err := p.needRows(method, 2); err != nil {
		return err
	}
	if p.solved == p.count {
		return nil
	}
	cols := len(p.shift)
	matrix := make([]float64, cols*cols)
	p.covariance(matrix)
	for _, c := range matrix {
		if c-c != 0 {
			return fmt.Errorf("learn.pca.%s: the covariance overflows: scale the rows", method)
		}
	}
	values, vectors, err := symmetricEigen(matrix, cols)
	if err != nil {
		return fmt.Errorf("learn.pca.%s: %w", method, err)
	}
	p.variances, p.axes, p.center = make([]float64, cols), matrix, make([]float64, cols)
	for k := range cols {
		column := cols - 1 - k
		p.variances[k] = max(0, values[column]) // rounding may give less than 0
		for j := range cols {
			p.axes[k*cols+j] = vectors[j*cols+column]
		}
	}
	p.mean(p.center)
	p.solved = p.count
	return nil
}

// f64Result sets *dst to an f64 tensor that fill fills.
func f64Result(dst *ir.Value, method string, shape []int, fill func([]float64)) error {
	t, err := output(dst, ir.F64, shape)
	if err != nil {
		return fmt.Errorf("learn.pca.%s: %w", method, err)
	}
	fill(ir.Data[float64](t))
	finish(dst, t, false)
	return nil
}

func prepareTransform(self Object, dst, args []ir.Value) error {
	p := self.(*pca)
	if err := p.solve("transform"); err != nil {
		return err
	}
	x := args[0].Tensor()
	cols := len(p.shift)
	if x == nil || x.Rank() > 2 || x.DType() == ir.Bool || x.Shape()[x.Rank()-1] != cols {
		return fmt.Errorf("learn.pca.transform: x is %s: want a row [%d] or a block [rows,%d] of numbers", args[0].Type(), cols, cols)
	}
	rows, err := operandAs(args[0], ir.F64)
	if err != nil {
		return fmt.Errorf("learn.pca.transform: %w", err)
	}
	defer freeOperand(rows, args[0])
	shape := []int{p.kept()}
	if x.Rank() == 2 {
		shape = []int{x.Shape()[0], p.kept()}
	}
	return f64Result(&dst[0], "transform", shape, func(out []float64) {
		p.project(out, ir.Data[float64](rows))
	})
}

// project sets out to the coordinates of rows: each is the sum, in order of the
// columns, of the differences from the mean times the numbers of an axis.
func (p *pca) project(out, rows []float64) {
	cols := len(p.center)
	kept := p.kept()
	for at := range out {
		row := rows[at/kept*cols:][:cols]
		axis := p.axes[at%kept*cols:][:cols]
		s := 0.0
		for j, x := range row {
			s += float64((x - p.center[j]) * axis[j])
		}
		out[at] = s
	}
}

// pcaResult makes a method that reads an f64 tensor.
func pcaResult(name, doc string, prepare func(p *pca, dst *ir.Value) error) *Method {
	return &Method{
		Signature: ir.Signature{Name: name, Results: 1, Effects: reads},
		Doc:       doc,
		Prepare:   func(self Object, dst, _ []ir.Value) error { return prepare(self.(*pca), &dst[0]) },
	}
}

func pcaClass() *Class {
	return &Class{
		Signature: ir.Signature{Name: "learn.pca", Params: []ir.Param{
			optional("components", ir.Value{}, "number of principal components, at least 1 and at most the columns of the rows; null keeps all")}},
		Doc: "Principal component analysis of rows that are seen once, in f64. Rows one by one and in blocks of any size give the same bits.",
		New: newPCA, Restore: restorePCA,
		Methods: []*Method{
			{
				Signature: ir.Signature{Name: "analyze", Effects: writes, Params: []ir.Param{
					required("x", "row [cols] or block of rows [rows,cols], finite numbers")}},
				Doc:     "Takes rows in. All have the number of columns that the first had. A number that is not finite is an error, and nothing is taken in.",
				Prepare: prepareAnalyze, Commit: commitAnalyze, PrepareRows: prepareAnalyzeRows,
			},
			pcaResult("components", "The principal axes, largest variance first: f64[components,cols]. Each has length 1, and its "+
				"number of the largest magnitude (the first of equal ones) is positive. Needs 2 rows.",
				func(p *pca, dst *ir.Value) error {
					if err := p.solve("components"); err != nil {
						return err
					}
					shape := []int{p.kept(), len(p.shift)}
					return f64Result(dst, "components", shape, func(out []float64) { copy(out, p.axes) })
				}),
			pcaResult("variances", "The variance along each component, largest first: f64[components]. Needs 2 rows.",
				func(p *pca, dst *ir.Value) error {
					if err := p.solve("variances"); err != nil {
						return err
					}
					return f64Result(dst, "variances", []int{p.kept()}, func(out []float64) { copy(out, p.variances) })
				}),
			pcaResult("mean", "The mean of each column: f64[cols]. Needs 1 row.",
				func(p *pca, dst *ir.Value) error {
					if err := p.needRows("mean", 1); err != nil {
						return err
					}
					return f64Result(dst, "mean", []int{len(p.shift)}, p.mean)
				}),
			pcaResult("covariance", "The unbiased covariance of the columns: f64[cols,cols]. Needs 2 rows.",
				func(p *pca, dst *ir.Value) error {
					if err := p.needRows("covariance", 2); err != nil {
						return err
					}
					return f64Result(dst, "covariance", []int{len(p.shift), len(p.shift)}, p.covariance)
				}),
			pcaResult("count", "The number of rows taken in, i64.",
				func(p *pca, dst *ir.Value) error {
					*dst = ir.Int(p.count)
					return nil
				}),
			{
				Signature: ir.Signature{Name: "transform", Results: 1, Effects: reads, Params: []ir.Param{
					required("x", "row [cols] or block of rows [rows,cols]")}},
				Doc:     "Coordinates of rows along the components, from the mean: f64[components] or f64[rows,components]. Needs 2 rows.",
				Prepare: prepareTransform,
			},
		},
	}
}
