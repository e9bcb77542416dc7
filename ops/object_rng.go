package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/philox"
)

// rng draws random numbers one after the other from its stream.
type rng struct {
	generator philox.Generator
	position  uint64 // of the next draw
	prepared  uint64 // position after the prepared call
	split     bool   // the stream is no longer that of the seed
	stream    uint64 // stream after the prepared split
}

var (
	rngState      = []string{"position"}
	rngSplitState = []string{"position", "stream"}
)

// State returns the position and, once the generator has been split, the
// stream, whose bits are those of an i64.
func (r *rng) State() ir.Value {
	if r.split {
		return countState(rngSplitState, int64(r.position), int64(r.generator.Stream))
	}
	return countState(rngState, int64(r.position))
}

func newRNG(env Env, args []ir.Value) (Object, error) {
	generator, err := newGenerator("rng", env, args[0], domainRNG)
	if err != nil {
		return nil, err
	}
	return &rng{generator: generator}, nil
}

func restoreRNG(env Env, args []ir.Value, state ir.Value) (Object, error) {
	object, err := newRNG(env, args)
	if err != nil {
		return nil, err
	}
	r := object.(*rng)
	if record := state.Record(); record != nil && slices.Equal(record.Names, rngSplitState) && record.Values[1].HasType(ir.NumberType(ir.I64)) {
		r.split, r.generator.Stream = true, uint64(record.Values[1].Int64())
		state = ir.RecordOf(rngState, record.Values[:1])
	}
	counts, err := readCounts("rng", state, rngState, philox.MaxPosition)
	if err != nil {
		return nil, err
	}
	r.position = uint64(counts[0])
	return object, nil
}

// reserve prepares to move past n draws of the given number of 64-bit words.
func (r *rng) reserve(n, words int) error {
	end := r.position + uint64(n)*uint64(words)
	if end > philox.MaxPosition {
		return fmt.Errorf("rng: its stream of 2^56 draws is used up: take a generator with another seed")
	}
	r.prepared = end
	return nil
}

func commitRNG(self Object) {
	r := self.(*rng)
	r.position = r.prepared
}

// prepareSplit finds the stream of a number. It depends on all that the next
// draw depends on, so that splits of split generators are unrelated too.
func prepareSplit(self Object, _, args []ir.Value) error {
	r := self.(*rng)
	n, err := args[0].Count("stream")
	if err != nil {
		return fmt.Errorf("rng.split: %w", err)
	}
	var word [1]uint64
	g := r.generator
	g.Domain = domainSplit
	g.Words(word[:], r.position)
	philox.Generator{Seed: word[0], Stream: uint64(n), Domain: domainSplit}.Words(word[:], 0)
	r.stream = word[0]
	return nil
}

func commitSplit(self Object) {
	r := self.(*rng)
	r.generator.Stream, r.split, r.position = r.stream, true, 0
}

// draws makes a method of rng that fills one tensor.
func draws(name, doc string, params []ir.Param, prepare func(r *rng, dst, args []ir.Value) error) *Method {
	return &Method{
		Signature: ir.Signature{Name: name, Params: params, Results: 1, Effects: random},
		Doc:       doc,
		Prepare:   func(self Object, dst, args []ir.Value) error { return prepare(self.(*rng), dst, args) },
		Commit:    commitRNG,
	}
}

func rngClass() *Class {
	shape := static("shape", "shape of the result, a list of extents or one extent; [] gives a rank-0 number")
	dtype := optional("dtype", ir.String("f32"), "f32 or f64")
	number := func(name string, value int64, doc string) ir.Param {
		p := optional(name, ir.WeakInt(value), doc)
		p.Static = false
		return p
	}
	return &Class{
		Signature: ir.Signature{Name: "rng", Params: []ir.Param{seedParam}},
		Doc: "A random generator: Philox4x32-10 keyed by the run's seed, on a stream of its own per seed. " +
			"What a call draws depends on the seeds and on how many numbers were drawn before.",
		New:     newRNG,
		Restore: restoreRNG,
		Methods: []*Method{
			draws("normal", "Draws normal numbers with mean loc and standard deviation scale, by the inverse of the distribution function.",
				[]ir.Param{shape, dtype, number("loc", 0, "mean"), number("scale", 1, "standard deviation, at least 0")}, prepareNormal),
			draws("uniform", "Draws uniform numbers of [low, high) with 24 random bits for f32 and 53 for f64; low if high equals it.",
				[]ir.Param{shape, dtype, number("low", 0, "smallest number"), number("high", 1, "bound above, at least low")}, prepareUniform),
			draws("bernoulli", "Draws bools that are true with probability p.",
				[]ir.Param{required("p", "probability, 0 to 1"), shape}, prepareBernoulli),
			draws("integers", "Draws i64 numbers low, ..., high-1, all equally likely.",
				[]ir.Param{required("low", "smallest number"), required("high", "bound above, not drawn"), shape}, prepareIntegers),
			draws("permutation", "Draws a random order of 0, ..., n-1: i64[n].",
				[]ir.Param{static("n", "number of items, at least 0")}, preparePermutation),
			{
				Signature: ir.Signature{Name: "split", Params: []ir.Param{required("stream", "number of the stream, any i64")}, Effects: writes | ir.Splits},
				Doc: "Moves the generator to a stream of its own, which the number, the generator's stream and its position decide. " +
					"Spawned fragments, which get equal copies of a generator, split them before they draw.",
				Prepare: prepareSplit,
				Commit:  commitSplit,
			},
		},
	}
}
