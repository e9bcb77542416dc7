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
	programCount = flag.Int("flowc.programs", 2000, "random programs that the property tests run")
	firstSeed    = flag.Uint64("flowc.seed", 0, "seed of the first random program")
)

// propertySteps bounds the runs of random programs, some of which are endless.
const propertySteps = 500

// gorgoniaShare is how many random programs there are to one that runs in the
// gorgonia family, whose graphs take long to compile.
const gorgoniaShare = 10

// randomOptions returns what the random program of the seed has in it.
func randomOptions(seed uint64) irtest.Options {
	return irtest.Options{
		Size:     8 + int(seed%3)*8,
		Failures: 0.3,
		Hooks:    seed%2 == 0,
		Spawn:    seed%6 == 1,
		Digits:   seed%8 == 0,
		Rows:     seed%4 == 1,
	}
}

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

// TestRandomPrograms checks every property of every random program and makes
// programs that contradict one small.
func TestRandomPrograms(t *testing.T) {
	const shards = 4
	var contradicted [16]atomic.Bool // by property: one program for each is enough
	var mu sync.Mutex
	t.Cleanup(func() {
		if runs, fired := hookedRuns.Load(), firedHooks.Load(); runs < int64(*programCount)*3/4 || fired < runs/4 && runs > 100 {
			t.Errorf("of %d programs %d went on with a hook, and %d of the hooks printed", *programCount, runs, fired)
		}
	})
	for shard := range shards {
		t.Run(fmt.Sprint(shard), func(t *testing.T) {
			t.Parallel()
			for i := shard; i < *programCount; i += shards {
				seed := *firstSeed + uint64(i)
				p := random(t, seed)
				s, err := newSubject(p, familyOf(seed))
				if err != nil {
					mu.Lock()
					explain(t, seed, s, property{"the program compiles", nil}, err.Error())
					mu.Unlock()
					continue
				}
				for k, property := range properties {
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
		smaller, err := newSubject(q, s.family)
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
