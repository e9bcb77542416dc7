package ops

import (
	"fmt"
	"math"

	"flowc.dev/flowc/ir"
)

// prepareAnalyze copies the rows, less the shift and each with a 1 after it, to
// the block, whose rows have stride numbers. All that can be wrong with the rows
// is found on the way.
func prepareAnalyze(self Object, _, args []ir.Value) error {
	p := self.(*pca)
	t := args[0].Tensor()
	if t == nil || t.Rank() > 2 || t.DType() == ir.Bool {
		return fmt.Errorf("learn.pca.analyze: x is %s: want a row [cols] or a block [rows,cols] of numbers", args[0].Type())
	}
	rows, cols := 1, t.Shape()[t.Rank()-1]
	if t.Rank() == 2 {
		rows = t.Shape()[0]
	}
	if p.count > 0 && cols != len(p.shift) {
		return fmt.Errorf("learn.pca.analyze: x has %d columns, but the rows before it had %d", cols, len(p.shift))
	}
	if p.count == 0 {
		// Nothing of this shows before the commit.
		if err := p.allocate(cols); err != nil {
			return fmt.Errorf("learn.pca.analyze: %w", err)
		}
	}
	p.blockRows = rows
	if size := rows * p.stride; cap(p.block) < size {
		p.block = make([]float64, size)
	}
	p.block = p.block[:rows*p.stride]
	switch t.DType() {
	case ir.U8:
		return shiftRows(p, ir.Data[uint8](t))
	case ir.I32:
		return shiftRows(p, ir.Data[int32](t))
	case ir.I64:
		return shiftRows(p, ir.Data[int64](t))
	case ir.F32:
		return shiftRows(p, ir.Data[float32](t))
	}
	return shiftRows(p, ir.Data[float64](t))
}

// prepareAnalyzeRows prepares k calls with rows or blocks.
func prepareAnalyzeRows(self Object, args []ir.Value, k int) error {
	x := args[0]
	if t := x.Tensor(); t.Rank() == 3 {
		flat, err := t.View([]int{k * t.Shape()[1], t.Shape()[2]})
		if err != nil {
			return err
		}
		x = ir.TensorValue(flat)
	} else if t.Rank() == 1 {
		return fmt.Errorf("learn.pca.analyze: x is a number")
	}
	rows := [1]ir.Value{x}
	return prepareAnalyze(self, nil, rows[:])
}

func shiftRows[T number](p *pca, rows []T) error {
	cols := len(p.shift)
	if p.count == 0 && p.blockRows > 0 {
		for j, x := range rows[:cols] {
			p.shift[j] = float64(x)
		}
	}
	for r := range p.blockRows {
		row := rows[r*cols:][:cols]
		line := p.block[r*p.stride:][:p.stride]
		for j, s := range p.shift {
			d := float64(row[j]) - s
			if !(math.Abs(d) <= math.MaxFloat64) {
				return rowError(r, j, float64(row[j]))
			}
			line[j] = d
		}
		line[cols] = 1
		clear(line[cols+1:])
	}
	return nil
}

func rowError(row, col int, x float64) error {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return fmt.Errorf("learn.pca.analyze: x[%d, %d] is %v: want finite numbers (isfinite finds the others)", row, col, x)
	}
	return fmt.Errorf("learn.pca.analyze: x[%d, %d] is %v, too far from the first row to subtract it: scale the rows", row, col, x)
}

// commitAnalyze adds the block to the sums.
func commitAnalyze(self Object) {
	p := self.(*pca)
	for first := 0; first < p.blockRows; first += chunkRows {
		m := min(chunkRows, p.blockRows-first)
		chunk := p.block[first*p.stride:][:m*p.stride]
		if m == 1 {
			addProducts(p.products, chunk, len(p.shift), p.stride)
		} else {
			addChunkProducts(p.products, chunk, len(p.shift), p.stride, m)
		}
	}
	p.count += int64(p.blockRows)
}
