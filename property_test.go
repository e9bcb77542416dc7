package flowc_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
)

var (
	programCount = flag.Int("flowc.programs", 10_000, "random programs that the property tests run")
	levelsOnly   = flag.Bool("flowc.levels", false, "compare only the levels of random programs, and print how often each rewrite was made")
	firstSeed    = flag.Uint64("flowc.seed", 0, "seed of the first random program")
)

// propertySteps bounds the runs of random programs, some of which are endless.
const propertySteps = 500

// gorgoniaShare is how many random programs there are to one that runs in the
// gorgonia family, whose graphs take long to compile.
const gorgoniaShare = 10

// propertyShare is how many random programs there are to one of which every
// property is checked. Of the others it is that the levels agree.
const propertyShare = 5

// shards is how many goroutines run random programs; GOMAXPROCS of them at once.
const shards = 4

// randomOptions returns what the random program of the seed has in it.
func randomOptions(seed uint64) irtest.Options {
	o := irtest.Options{
		Size:     8 + int(seed%3)*8,
		Failures: 0.3,
		Hooks:    seed%2 == 0,
		Spawn:    seed%6 == 1,
		Digits:   seed%8 == 0,
		Rows:     seed%4 == 1,
	}
	if hasPatterns(seed) {
		o.Patterns, o.Size = exactPatterns(), 8 // most statements are several
	}
	return o
}

// hasPatterns reports whether the random program of the seed has statements for
// the rules of typed graphs.
func hasPatterns(seed uint64) bool { return seed%11 < 2 }

// familyOf returns the numeric family that the random program of the seed runs in.
func familyOf(seed uint64) string {
	if seed%gorgoniaShare == gorgoniaShare-1 {
		return flowc.Gorgonia
	}
	return flowc.Step
}

// A property is a claim about all programs. Holds returns what contradicts it,
// "" if nothing does; it makes its choices by r.
type property struct {
	name  string
	holds func(s *subject, r *rand.Rand) string
}

var properties = []property{
	{"levels agree", levelsAgree},
	{"runs add up", runsAddUp},
	{"a resumed run goes on", resumedRunGoesOn},
	{"clones go on", clonesGoOn},
	{"a register set half-run is what counts", setRegisterCounts},
	{"equal states have equal snapshots", equalStatesEqualBytes},
	{"a hook that prints changes nothing else", hookChangesNothing},
}

// TestRandomPrograms checks that levels agree in every random program, every
// property of some, and that each rewrite is made often enough. It makes
// programs that contradict a property small.
func TestRandomPrograms(t *testing.T) {
	var made firings
	var contradicted [16]atomic.Bool // by property: one program for each is enough
	var mu sync.Mutex
	t.Cleanup(func() {
		whole := int64(*programCount / propertyShare)
		if runs, fired := hookedRuns.Load(), firedHooks.Load(); !*levelsOnly && runs < whole*3/4 || fired < runs/4 && runs > 100 {
			t.Errorf("of %d programs %d went on with a hook, and %d of the hooks printed", whole, runs, fired)
		}
		if *levelsOnly {
			t.Logf("rewrites made in %d programs:\n%s", *programCount, &made)
		}
		if rare := made.rare(*programCount); rare != "" && !t.Failed() {
			t.Errorf("these rewrites were made too seldom in %d random programs:\n%s", *programCount, rare)
		}
	})
	for shard := range shards {
		t.Run(fmt.Sprint(shard), func(t *testing.T) {
			t.Parallel()
			for i := shard; i < *programCount; i += shards {
				seed := *firstSeed + uint64(i)
				all := i/shards%propertyShare == 0 && !*levelsOnly
				var p *ir.Program
				if all {
					p = random(t, seed)
				} else {
					p = irtest.Program(seed, randomOptions(seed))
				}
				s, err := (&subject{p: p, family: familyOf(seed), atOnce: hasPatterns(seed)}).ready()
				if err != nil {
					mu.Lock()
					explain(t, seed, s, property{"the program compiles", nil}, err.Error())
					mu.Unlock()
					continue
				}
				made.add(s.compiled[levels-1])
				for k, property := range properties {
					if !all && k > 0 {
						break
					}
					if contradicted[k].Load() {
						continue
					}
					problem := property.holds(s, choices(seed))
					s.close()
					if problem != "" && !contradicted[k].Swap(true) {
						mu.Lock()
						explain(t, seed, s, property, problem)
						mu.Unlock()
					}
				}
				made.addGraphs(s.compiled[levels-1])
			}
		})
	}
}

// choices returns the source of a property's choices for the program of a seed.
func choices(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// random returns the random program of the seed as it is read from its text, so
// that errors have positions.
func random(t *testing.T, seed uint64) *ir.Program {
	t.Helper()
	p, err := reread(irtest.Program(seed, randomOptions(seed)))
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	return p
}

func reread(p *ir.Program) (*ir.Program, error) {
	src, err := flowc.Print(p)
	if err != nil {
		return nil, err
	}
	q, err := flowc.Parse(src, "random.json")
	if err == nil && ir.Digest(p) != ir.Digest(q) {
		err = fmt.Errorf("the program that is read differs from the one printed")
	}
	return q, err
}

// explain reports a program that contradicts the property, and a small one.
func explain(t *testing.T, seed uint64, s *subject, property property, problem string) {
	t.Helper()
	small := irtest.Shrink(s.p, func(q *ir.Program) bool {
		q, err := reread(q)
		if err != nil {
			return false
		}
		smaller, err := (&subject{p: q, family: s.family, atOnce: s.atOnce}).ready()
		if err != nil || property.holds == nil {
			// Not for what has been left out.
			return err != nil && strings.Contains(err.Error(), "bug:") && strings.Contains(problem, "bug:")
		}
		defer smaller.close()
		// In a smaller program the same choices mean other places.
		for k := range uint64(5) {
			if found := property.holds(smaller, choices(seed+k)); found != "" {
				problem = found
				return true
			}
		}
		return false
	})
	src, err := flowc.Print(small)
	if err != nil {
		t.Error(err)
	}
	t.Errorf("seed %d, %s family (again with -flowc.seed=%d -flowc.programs=1): %s:\n%s\nthe program, made small:\n%s",
		seed, s.family, seed, property.name, problem, src)
}
