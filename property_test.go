package flowc_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
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
		Size:     20 + int(seed%3)*10,
		Failures: 0.3,
		Hooks:    seed%2 == 0,
		Digits:   seed%8 == 0,
	}
}

// familyOf returns the numeric family that the random program of the seed runs in.
func familyOf(seed uint64) string {
	if seed%gorgoniaShare == gorgoniaShare-1 {
		return flowc.Gorgonia
	}
	return flowc.Step
}

// A property is a claim about all programs in a numeric family. It returns what
// contradicts it, "" if nothing does. It makes its choices by r.
type property func(p *ir.Program, family string, r *rand.Rand) string

// checkProperty checks the property of every random program, in parallel, and
// makes the first program that contradicts it small.
func checkProperty(t *testing.T, holds property) {
	t.Helper()
	const shards = 4
	var once sync.Once
	t.Run("programs", func(t *testing.T) {
		for shard := range shards {
			t.Run(fmt.Sprint(shard), func(t *testing.T) {
				t.Parallel()
				for i := shard; i < *programCount && !t.Failed(); i += shards {
					seed := *firstSeed + uint64(i)
					p := random(t, seed)
					family := familyOf(seed)
					problem := compiles(p, family)
					if problem == "" {
						problem = holds(p, family, choices(seed))
					}
					if problem != "" {
						once.Do(func() { explain(t, seed, p, family, problem, holds) })
						t.Fail()
					}
				}
			})
		}
	})
}

// compiles says why p does not compile, "" if it does.
func compiles(p *ir.Program, family string) string {
	for level := range 3 {
		if _, err := flowc.Compile(p, flowc.Options{Level: level, Backend: family}); err != nil {
			return fmt.Sprintf("-O%d: %v", level, err)
		}
	}
	return ""
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
func explain(t *testing.T, seed uint64, p *ir.Program, family string, problem string, holds property) {
	t.Helper()
	small := irtest.Shrink(p, func(q *ir.Program) bool {
		q, err := reread(q)
		if err != nil {
			return false
		}
		found := compiles(q, family)
		switch {
		case found == "":
			found = holds(q, family, choices(seed))
		case !strings.Contains(found, "bug:"):
			return false // for what has been left out
		}
		if found != "" {
			problem = found
		}
		return found != ""
	})
	src, err := flowc.Print(small)
	if err != nil {
		t.Error(err)
	}
	t.Errorf("seed %d, %s family (again with -flowc.seed=%d -flowc.programs=1):\n%s\nthe program, made small:\n%s", seed, family, seed, problem, src)
}

// A trial is a run of a program that notes all that can be seen of it.
type trial struct {
	machine *flowc.Machine
	prints  []string
	err     error
}

// launch compiles p and starts a machine.
func launch(p *ir.Program, level int, family string) *trial {
	t := &trial{}
	c, err := flowc.Compile(p, flowc.Options{Level: level, Backend: family, Seed: 7, Print: t.print})
	if err == nil {
		t.machine, err = c.Start(nil)
	}
	t.err = err
	return t
}

func (t *trial) print(line string) { t.prints = append(t.prints, line) }

// to runs on until so many steps have been done in all, the end or an error.
func (t *trial) to(steps int64) *trial {
	if t.machine == nil || t.err != nil || t.machine.Status() == backend.Done {
		return t
	}
	if n := steps - t.machine.Steps(); n > 0 {
		_, t.err = t.machine.Run(context.Background(), backend.Budget{Steps: n})
	}
	return t
}

// difference describes how two runs differ in what can be seen of them, "" if
// they do not.
func difference(want, got *trial) string {
	if diff := cmp.Diff(want.prints, got.prints); diff != "" {
		return "prints (-want +got):\n" + diff
	}
	if a, b := fmt.Sprint(want.err), fmt.Sprint(got.err); a != b {
		return "errors (-want +got):\n" + cmp.Diff(a, b)
	}
	if want.machine == nil || got.machine == nil {
		return ""
	}
	if diff := cmp.Diff(stateOf(want.machine), stateOf(got.machine)); diff != "" {
		return "state (-want +got):\n" + diff
	}
	return ""
}
