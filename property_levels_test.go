package flowc_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"flowc.dev/flowc/ir"
)

// Every level gives the same prints in the same order, the same errors at the
// same places, and the same registers, objects and number of steps.
func TestLevelsAgree(t *testing.T) {
	checkProperty(t, func(p *ir.Program, family string, _ *rand.Rand) string {
		plain := launch(p, 0, family).to(propertySteps)
		for level := 1; level <= 2; level++ {
			if diff := difference(plain, launch(p, level, family).to(propertySteps)); diff != "" {
				return fmt.Sprintf("-O0 and -O%d differ in %s", level, diff)
			}
		}
		return ""
	})
}

// A run of n steps and then m is a run of n+m.
func TestRunsAddUp(t *testing.T) {
	checkProperty(t, func(p *ir.Program, family string, r *rand.Rand) string {
		level := r.IntN(3)
		whole := launch(p, level, family).to(propertySteps)
		if whole.machine == nil {
			return ""
		}
		split := launch(p, level, family)
		for range 1 + r.IntN(3) {
			split.to(r.Int64N(whole.machine.Steps() + 2))
		}
		if diff := difference(whole, split.to(propertySteps)); diff != "" {
			return fmt.Sprintf("at -O%d, one run and one in parts differ in %s", level, diff)
		}
		return ""
	})
}
