package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/digits"
)

// rowsOf returns tensors for n images and labels.
func (d *digitsSource) rowsOf(dst []ir.Value, n int) (x, y *ir.Tensor, err error) {
	if x, err = output(&dst[0], d.dtype, []int{n, digits.Pixels}); err != nil {
		return nil, nil, fmt.Errorf("data.digits: %w", err)
	}
	if y, err = output(&dst[1], ir.I64, []int{n}); err != nil {
		return nil, nil, fmt.Errorf("data.digits: %w", err)
	}
	return x, y, nil
}

// peek reads the next k rows as two stacks.
func (d *digitsSource) peek(dst []ir.Value, from cursor, k int) error {
	x, y, err := d.rowsOf(dst, k)
	if err != nil {
		return err
	}
	if err := d.read(from, k, x, ir.Data[int64](y)); err != nil {
		return err
	}
	finish(&dst[0], x, false)
	finish(&dst[1], y, false)
	return nil
}

func prepareNextDigit(self Object, dst, _ []ir.Value) error {
	d := self.(*digitsSource)
	x, err := output(&dst[0], d.dtype, []int{digits.Pixels})
	if err != nil {
		return err
	}
	var y [1]int64
	if err := d.read(d.at, 1, x, y[:]); err != nil {
		return err
	}
	finish(&dst[0], x, false)
	dst[1] = ir.Int(y[0])
	d.prepared = d.skip(d.at, 1)
	return nil
}

func prepareDigitsBatch(self Object, dst, args []ir.Value) error {
	d := self.(*digitsSource)
	_, n, err := d.countBatches("data.digits.next_batch", args[0])
	if err != nil {
		return err
	}
	from := d.start(d.at, n)
	if err := d.peek(dst, from, n); err != nil {
		return err
	}
	d.prepared = d.after(from, n)
	return nil
}

func commitDigits(self Object) {
	d := self.(*digitsSource)
	d.at = d.prepared
}

// digitsPart makes the method that gives a whole part of the data.
func digitsPart(name, doc string, rows func(s *digitsSplit) []int32) *Method {
	return &Method{
		Signature: ir.Signature{Name: name, Results: 2, Effects: reads},
		Doc:       doc,
		Prepare: func(self Object, dst, _ []ir.Value) error {
			d := self.(*digitsSource)
			part := rows(&d.split)
			x, y, err := d.rowsOf(dst, len(part))
			if err != nil {
				return err
			}
			if err := copyDigits(x, ir.Data[int64](y), 0, part); err != nil {
				return err
			}
			finish(&dst[0], x, false)
			finish(&dst[1], y, false)
			return nil
		},
	}
}

func digitsClass() *Class {
	n := required("n", "rows of a batch, at least 1 and at most those to train on")
	return &Class{
		Signature: ir.Signature{Name: "data.digits", Params: []ir.Param{
			seedParam,
			optional("test", ir.WeakFloat(0.2), "share of the images set aside for test"),
			optional("validation", ir.WeakFloat(0), "share of the images set aside for validation"),
			optional("dtype", ir.String("f32"), "dtype of the pixels, f32 or f64"),
		}},
		Doc: "The UCI handwritten digits: 1,797 images of 8 by 8 pixels from 0 to 1 with labels 0 to 9 " +
			"(E. Alpaydin and C. Kaynak, https://doi.org/10.24432/C50P49, CC BY 4.0). The seeds decide which images are test, " +
			"validation and training rows, with the same proportions of digits in each, and the order of the training rows in each epoch. " +
			"Epochs follow each other without end.",
		New:     newDigits,
		Restore: restoreDigits,
		Methods: []*Method{
			{
				Signature: ir.Signature{Name: "next", Results: 2, Effects: random},
				Doc:       "The next training row: x, its pixels [64], and y, its label, i64.",
				Prepare:   prepareNextDigit,
				Commit:    commitDigits,
				Source: &Source{
					Peek: func(self Object, dst, _ []ir.Value, k int) (int, error) {
						d := self.(*digitsSource)
						if err := d.peek(dst, d.at, k); err != nil {
							return 0, err
						}
						return k, nil
					},
					Advance: func(self Object, j int) {
						d := self.(*digitsSource)
						d.at = d.skip(d.at, j)
					},
				},
			},
			{
				Signature: ir.Signature{Name: "next_batch", Params: []ir.Param{n}, Results: 2, Effects: random},
				Doc: "The next n training rows: x [n,64] and y, i64[n]. Every batch is full and of one epoch: " +
					"an epoch is over when fewer than n rows are left, which are passed over.",
				Prepare: prepareDigitsBatch,
				Commit:  commitDigits,
			},
			digitsPart("train", "All training rows: x [rows,64] and y, i64[rows].", func(s *digitsSplit) []int32 { return s.training }),
			digitsPart("validation", "All validation rows: x [rows,64] and y, i64[rows].", func(s *digitsSplit) []int32 { return s.validation }),
			digitsPart("test", "All test rows: x [rows,64] and y, i64[rows].", func(s *digitsSplit) []int32 { return s.test }),
			{
				Signature: ir.Signature{Name: "epoch", Results: 1, Effects: reads},
				Doc:       "The number of epochs that are over, i64.",
				Prepare: func(self Object, dst, _ []ir.Value) error {
					dst[0] = ir.Int(self.(*digitsSource).at.epoch)
					return nil
				},
			},
			{
				Signature: ir.Signature{Name: "batches_per_epoch", Params: []ir.Param{n}, Results: 1, Effects: reads},
				Doc:       "The number of batches of n rows in an epoch, i64.",
				Prepare: func(self Object, dst, args []ir.Value) error {
					batches, _, err := self.(*digitsSource).countBatches("data.digits.batches_per_epoch", args[0])
					dst[0] = ir.Int(int64(batches))
					return err
				},
			},
		},
	}
}
