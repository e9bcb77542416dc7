package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// arraySource is a data set whose rows are given.
type arraySource struct {
	values *ir.Tensor
	wrap   bool
	row    int64 // the next one; all rows at the end if it does not wrap
}

var arraySourceState = []string{"row"}

func (s *arraySource) State() ir.Value { return countState(arraySourceState, s.row) }

func newArraySource(_ Env, args []ir.Value) (Object, error) {
	const class = "data.array"
	values := args[0].Tensor()
	if values == nil || values.Shape()[0] == 0 {
		return nil, fmt.Errorf("%s: values is %s: want a tensor [rows,...] of at least one row", class, args[0].Type())
	}
	wrap, err := boolParam(class, "wrap", args[1])
	if err != nil {
		return nil, err
	}
	values.Retain() // the rows are read as long as the object lives
	return &arraySource{values: values, wrap: wrap}, nil
}

func restoreArraySource(env Env, args []ir.Value, state ir.Value) (Object, error) {
	object, err := newArraySource(env, args)
	if err != nil {
		return nil, err
	}
	s := object.(*arraySource)
	last := s.rows()
	if s.wrap {
		last--
	}
	counts, err := readCounts("data.array", state, arraySourceState, last)
	if err != nil {
		return nil, err
	}
	s.row = counts[0]
	return s, nil
}

func (s *arraySource) rows() int64 { return int64(s.values.Shape()[0]) }

// rowShape returns the shape of a row.
func (s *arraySource) rowShape() []int { return s.values.Shape()[1:] }

// peek copies the next k rows into a tensor of the given shape.
func (s *arraySource) peek(dst *ir.Value, k int, shape []int) (rows int, err error) {
	if left := s.rows() - s.row; !s.wrap && int64(k) > left {
		return int(left), fmt.Errorf("data.array: all %d rows have been read: give it more rows, or wrap=true, or rewind it", s.rows())
	}
	t, err := output(dst, s.values.DType(), shape)
	if err != nil {
		return 0, fmt.Errorf("data.array: %w", err)
	}
	size := s.values.Size() / int(s.rows())
	for done, row := 0, int(s.row); done < k; row = 0 {
		part := min(k-done, int(s.rows())-row)
		copyRun(t, done*size, s.values, row*size, part*size)
		done += part
	}
	finish(dst, t, false)
	return k, nil
}

func (s *arraySource) advance(k int) {
	s.row += int64(k)
	if s.wrap {
		s.row %= s.rows()
	}
}

func arraySourceClass() *Class {
	return &Class{
		Signature: ir.Signature{Name: "data.array", Params: []ir.Param{
			static("values", "the rows, a tensor [rows,...] of at least one row"),
			optional("wrap", ir.BoolValue(false), "whether the first row follows the last; otherwise a call after the last row is an error"),
		}},
		Doc:     "A data set of rows that are given, in their order.",
		New:     newArraySource,
		Restore: restoreArraySource,
		Methods: []*Method{
			{
				Signature: ir.Signature{Name: "next", Results: 1, Effects: writes},
				Doc:       "The next row, of the shape of values without its first extent.",
				Prepare: func(self Object, dst, _ []ir.Value) error {
					s := self.(*arraySource)
					_, err := s.peek(&dst[0], 1, s.rowShape())
					return err
				},
				Commit: func(self Object) { self.(*arraySource).advance(1) },
				Source: &Source{
					Peek: func(self Object, dst, _ []ir.Value, k int) (int, error) {
						s := self.(*arraySource)
						return s.peek(&dst[0], k, append([]int{k}, s.rowShape()...))
					},
					Advance: func(self Object, j int) { self.(*arraySource).advance(j) },
				},
			},
			{
				Signature: ir.Signature{Name: "rewind", Effects: writes},
				Doc:       "Goes back to the first row.",
				Prepare:   func(Object, []ir.Value, []ir.Value) error { return nil },
				Commit:    func(self Object) { self.(*arraySource).row = 0 },
			},
			{
				Signature: ir.Signature{Name: "position", Results: 1, Effects: reads},
				Doc:       "The number of rows read since the first one, i64.",
				Prepare: func(self Object, dst, _ []ir.Value) error {
					dst[0] = ir.Int(self.(*arraySource).row)
					return nil
				},
			},
			{
				Signature: ir.Signature{Name: "rows", Results: 1, Effects: reads},
				Doc:       "The number of rows, i64.",
				Prepare: func(self Object, dst, _ []ir.Value) error {
					dst[0] = ir.Int(self.(*arraySource).rows())
					return nil
				},
			},
		},
	}
}
