package opstest

import (
	"fmt"
	"slices"
	"sync"

	"flowc.dev/flowc/ir"
)

// operands is the law of operands.
func (s *subject) operands(e Example) {
	given := allCopied(e.Args) // a wrong op must not change the examples
	args := ir.ListOf(given...)
	before := ir.ValueDigest(args)
	results, err := s.eval(given)
	s.must(given, err)
	if ir.ValueDigest(args) != before {
		s.fail("%s: an operand was modified", s.describe(given))
		return
	}
	for _, result := range results {
		scribble(result)
	}
	if ir.ValueDigest(args) != before {
		s.fail("%s: a result shares storage with an operand", s.describe(given))
	}
}

// destination is the law of destinations.
func (s *subject) destination(e Example) {
	fresh, err := s.eval(e.Args)
	s.must(e.Args, err)
	want := ir.ValueDigest(ir.ListOf(fresh...))
	for _, old := range []ir.Value{ir.Float(7), ones(ir.F64, 4000), ones(ir.I32, 1, 2), ir.String("text"),
		ir.RecordOf([]string{"a"}, []ir.Value{ones(ir.F64, 2, 3)}), ir.ListOf(ones(ir.F64, 2, 3))} {
		dst := make([]ir.Value, s.op.Results)
		for i := range dst {
			dst[i] = copied(old)
		}
		for range 2 { // once into old, once into the result
			s.must(e.Args, s.op.Eval(dst, e.Args))
			if ir.ValueDigest(ir.ListOf(dst...)) != want {
				s.fail("%s: the result depends on dst, which held %s", s.describe(e.Args), old.Type())
				return
			}
			for _, d := range dst {
				scribble(d)
			}
		}
	}
}

// again is the law of evaluations again.
func (s *subject) again(e Example) {
	want, err := s.eval(e.Args)
	s.must(e.Args, err)
	const times = 4
	var all [times][]ir.Value
	var failures [times]error
	var group sync.WaitGroup
	for k := range times {
		group.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					failures[k] = fmt.Errorf("it panics: %v", r)
				}
			}()
			all[k] = make([]ir.Value, s.op.Results)
			failures[k] = s.op.Eval(all[k], e.Args)
		})
	}
	group.Wait()
	for k := range times {
		if failures[k] != nil || !sameValues(all[k], want) {
			s.fail("%s: evaluations of several goroutines differ: %s, %v, want %s", s.describe(e.Args), formatAll(all[k]), failures[k], formatAll(want))
			return
		}
	}
}

func sameValues(a, b []ir.Value) bool { return slices.EqualFunc(a, b, ir.SameValue) }

func formatAll(values []ir.Value) string {
	var texts []string
	for _, v := range values {
		texts = append(texts, v.Type().String()+" "+ir.FormatShort(v))
	}
	return fmt.Sprint(texts)
}

// specials is the law of special values.
func (s *subject) specials(e Example) {
	specials := Specials()
	for k := range specials { // each of them is at each argument once
		args := slices.Clone(e.Args)
		some := false
		for i, arg := range args {
			if !arg.IsNumber() || !arg.DType().IsFloat() || static(s.op, i, arg) || arg.Boxed().Size() == 0 {
				continue
			}
			t := arg.Boxed().Clone()
			for j := range 1 + t.Size()/4 {
				t.SetAt(s.random.IntN(t.Size()), ir.Float(specials[(k+5*i+j)%len(specials)]))
			}
			args[i], some = ir.TensorValue(t).AsWeak(arg.Weak()), true
		}
		if !some {
			return
		}
		want, err := s.eval(args)
		if err != nil {
			if !s.op.CanFail {
				s.fail("%s: it fails for special values, and does not say CanFail: %w", s.describe(args), err)
			}
			continue
		}
		s.haveTypes(args, want)
		if got, err := s.eval(args); err != nil || !sameValues(got, want) {
			s.fail("%s: it gives %s, %v and then %s", s.describe(args), formatAll(want), err, formatAll(got))
		}
	}
}
