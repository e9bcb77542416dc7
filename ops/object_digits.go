package ops

import (
	"fmt"
	"math"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/digits"
)

// digitsSource gives the handwritten digits in three parts: training rows in a
// new order every epoch, validation and test rows as they are.
type digitsSource struct {
	split    digitsSplit
	dtype    ir.DType
	at       cursor
	prepared cursor // after the prepared call
	orders   [2]digitsOrder
}

// A cursor is a place in the training rows.
type cursor struct {
	epoch int64
	row   int // of the epoch's order
}

// An order is the training rows of an epoch as they are read.
type digitsOrder struct {
	epoch int64 // -1 if there is none yet
	rows  []int32
}

// orderDraws is the number of draws set aside for the order of an epoch.
const orderDraws = 2048

// maxEpoch is the last epoch that has draws.
const maxEpoch = 1<<45 - 1

var digitsState = []string{"epoch", "row"}

func (d *digitsSource) State() ir.Value {
	return countState(digitsState, d.at.epoch, int64(d.at.row))
}

func newDigits(env Env, args []ir.Value) (Object, error) {
	const class = "data.digits"
	generator, err := newGenerator(class, env, args[0], domainDigitsSplit)
	if err != nil {
		return nil, err
	}
	test, err := fractionParam(class, "test", args[1])
	if err != nil {
		return nil, err
	}
	validation, err := fractionParam(class, "validation", args[2])
	if err != nil {
		return nil, err
	}
	d := &digitsSource{}
	if d.dtype, err = floatDTypeParam(class, "dtype", args[3]); err != nil {
		return nil, err
	}
	if d.split, err = splitDigits(generator, test, validation); err != nil {
		return nil, fmt.Errorf("%s: %w", class, err)
	}
	for i := range d.orders {
		d.orders[i] = digitsOrder{epoch: -1, rows: make([]int32, len(d.split.training))}
	}
	return d, nil
}

// fractionParam reads a number of [0, 1).
func fractionParam(class, param string, v ir.Value) (float64, error) {
	x, err := realParam(class, param, v)
	if err == nil && (x < 0 || x >= 1) {
		err = fmt.Errorf("%s: %s is %v: want a share of the images, at least 0 and less than 1", class, param, x)
	}
	return x, err
}

func restoreDigits(env Env, args []ir.Value, state ir.Value) (Object, error) {
	object, err := newDigits(env, args)
	if err != nil {
		return nil, err
	}
	d := object.(*digitsSource)
	counts, err := readCounts("data.digits", state, digitsState, maxEpoch, int64(len(d.split.training)-1))
	if err != nil {
		return nil, err
	}
	d.at = cursor{counts[0], int(counts[1])}
	return d, nil
}

// order returns the rows of an epoch. The last two orders are kept: a block of
// rows begins in one epoch and may end in the next.
func (d *digitsSource) order(epoch int64) []int32 {
	o := &d.orders[epoch&1]
	if o.epoch != epoch {
		o.epoch = epoch
		d.split.shuffle(o.rows, epoch)
	}
	return o.rows
}

// start returns where a batch of n rows that is read at c begins: an epoch that
// has fewer rows left is over.
func (d *digitsSource) start(c cursor, n int) cursor {
	if c.row+n > len(d.split.training) {
		return cursor{epoch: c.epoch + 1}
	}
	return c
}

// after returns the place after the batch of n rows that begins at c.
func (d *digitsSource) after(c cursor, n int) cursor {
	c.row += n
	return d.start(c, n)
}

// skip returns the place k rows after c.
func (d *digitsSource) skip(c cursor, k int) cursor {
	row, size := int64(c.row)+int64(k), int64(len(d.split.training))
	return cursor{c.epoch + row/size, int(row % size)}
}

// read copies the k rows from c on, epoch after epoch, to x and y.
func (d *digitsSource) read(c cursor, k int, x *ir.Tensor, y []int64) error {
	for done := 0; done < k; {
		if c.epoch > maxEpoch {
			return fmt.Errorf("data.digits: 2^45 epochs are over: take another seed")
		}
		rows := d.order(c.epoch)[c.row:]
		rows = rows[:min(len(rows), k-done)]
		if err := copyDigits(x, y, done, rows); err != nil {
			return err
		}
		done += len(rows)
		c = cursor{epoch: c.epoch + 1}
	}
	return nil
}

// copyDigits copies images and labels to rows first, first+1, ... of x and y.
func copyDigits(x *ir.Tensor, y []int64, first int, rows []int32) error {
	set, err := digits.Load()
	if err != nil {
		return err
	}
	if x.DType() == ir.F32 {
		copyImages(ir.Data[float32](x)[first*digits.Pixels:], digitPixels32(), rows)
	} else {
		copyImages(ir.Data[float64](x)[first*digits.Pixels:], digitPixels64(), rows)
	}
	for i, row := range rows {
		y[first+i] = int64(set.Labels[row])
	}
	return nil
}

func copyImages[T float](dst, images []T, rows []int32) {
	for i, row := range rows {
		copy(dst[i*digits.Pixels:(i+1)*digits.Pixels], images[int(row)*digits.Pixels:])
	}
}

// countBatches returns the number of batches of n rows in an epoch.
func (d *digitsSource) countBatches(method string, n ir.Value) (batches, rows int, err error) {
	rows, err = countParam(method, "n", n, 1, math.MaxInt64)
	if err == nil && rows > len(d.split.training) {
		err = fmt.Errorf("%s: n is %d, but there are %d training rows: want at most that", method, rows, len(d.split.training))
	}
	if err != nil {
		return 0, 0, err
	}
	return len(d.split.training) / rows, rows, nil
}
