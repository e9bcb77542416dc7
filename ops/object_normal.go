package ops

import (
	"fmt"
	"math"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/philox"
)

// normalSource is a data set of normal numbers that is drawn when it is read.
type normalSource struct {
	generator philox.Generator
	cols      int
	rows      int64
	dtype     ir.DType
	wrap      bool
	row       int64 // the next one; rows at the end if it does not wrap
}

var normalSourceState = []string{"row"}

func (s *normalSource) State() ir.Value { return countState(normalSourceState, s.row) }

func newNormalSource(env Env, args []ir.Value) (Object, error) {
	const class = "data.normal"
	rows, err := countParam(class, "rows", args[0], 1, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	cols, err := countParam(class, "cols", args[1], 1, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	s := &normalSource{rows: int64(rows), cols: cols}
	if s.generator, err = newGenerator(class, env, args[2], domainNormalSource); err != nil {
		return nil, err
	}
	if s.dtype, err = floatDTypeParam(class, "dtype", args[3]); err != nil {
		return nil, err
	}
	if s.wrap, err = boolParam(class, "wrap", args[4]); err != nil {
		return nil, err
	}
	if _, err := ir.CheckShape(s.dtype, []int{cols}); err != nil {
		return nil, fmt.Errorf("%s: %w", class, err)
	}
	if s.rows > philox.MaxPosition/int64(cols) {
		return nil, fmt.Errorf("%s: rows is %d and cols %d: want at most 2^56 numbers in all", class, rows, cols)
	}
	return s, nil
}

func restoreNormalSource(env Env, args []ir.Value, state ir.Value) (Object, error) {
	object, err := newNormalSource(env, args)
	if err != nil {
		return nil, err
	}
	s := object.(*normalSource)
	last := s.rows
	if s.wrap {
		last--
	}
	counts, err := readCounts("data.normal", state, normalSourceState, last)
	if err != nil {
		return nil, err
	}
	s.row = counts[0]
	return s, nil
}

// peek draws the next k rows into a tensor of the given shape.
func (s *normalSource) peek(dst *ir.Value, k int, shape []int) (rows int, err error) {
	if left := s.rows - s.row; !s.wrap && int64(k) > left {
		return int(left), fmt.Errorf("data.normal: all %d rows have been drawn: give it more rows, or wrap=true, or rewind it", s.rows)
	}
	t, err := output(dst, s.dtype, shape)
	if err != nil {
		return 0, fmt.Errorf("data.normal: %w", err)
	}
	for done, row := 0, s.row; done < k; row = 0 {
		part := int(min(int64(k-done), s.rows-row))
		from, to := done*s.cols, (done+part)*s.cols
		position := uint64(row) * uint64(s.cols)
		if s.dtype == ir.F32 {
			philox.Normals(s.generator, ir.Data[float32](t)[from:to], position, 0, 1)
		} else {
			philox.Normals(s.generator, ir.Data[float64](t)[from:to], position, 0, 1)
		}
		done += part
	}
	finish(dst, t, false)
	return k, nil
}

func (s *normalSource) advance(k int) {
	s.row += int64(k)
	if s.wrap {
		s.row %= s.rows
	}
}

func normalSourceClass() *Class {
	return &Class{
		Signature: ir.Signature{Name: "data.normal", Params: []ir.Param{
			static("rows", "number of rows, at least 1"),
			static("cols", "numbers in a row, at least 1"),
			seedParam,
			optional("dtype", ir.String("f64"), "f32 or f64"),
			optional("wrap", ir.BoolValue(false), "whether the first row follows the last; otherwise a call after the last row is an error"),
		}},
		Doc: "A data set of independent standard normal numbers, drawn when they are read. Row r is the draws " +
			"r*cols, ..., r*cols+cols-1 of the stream of its seed, so it depends on the seeds and on cols only.",
		New:     newNormalSource,
		Restore: restoreNormalSource,
		Methods: []*Method{
			{
				Signature: ir.Signature{Name: "next", Results: 1, Effects: random},
				Doc:       "The next row, [cols].",
				Prepare: func(self Object, dst, _ []ir.Value) error {
					s := self.(*normalSource)
					_, err := s.peek(&dst[0], 1, []int{s.cols})
					return err
				},
				Commit: func(self Object) { self.(*normalSource).advance(1) },
				Source: &Source{
					Peek: func(self Object, dst, _ []ir.Value, k int) (int, error) {
						s := self.(*normalSource)
						return s.peek(&dst[0], k, []int{k, s.cols})
					},
					Advance: func(self Object, j int) { self.(*normalSource).advance(j) },
				},
			},
			{
				Signature: ir.Signature{Name: "rewind", Effects: writes},
				Doc:       "Goes back to the first row.",
				Prepare:   func(Object, []ir.Value, []ir.Value) error { return nil },
				Commit:    func(self Object) { self.(*normalSource).row = 0 },
			},
			{
				Signature: ir.Signature{Name: "position", Results: 1, Effects: reads},
				Doc:       "The number of rows read since the first one, i64.",
				Prepare: func(self Object, dst, _ []ir.Value) error {
					dst[0] = ir.Int(self.(*normalSource).row)
					return nil
				},
			},
		},
	}
}
