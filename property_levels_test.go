package flowc_test

import (
	"fmt"
	"math/rand/v2"
)

// Every level gives the same prints in the same order, the same errors at the
// same places, and the same registers, objects and number of steps.
func levelsAgree(s *subject, _ *rand.Rand) string {
	for level := 1; level < levels; level++ {
		if diff := difference(s.whole(), s.start(level).to(propertySteps)); diff != "" {
			return fmt.Sprintf("-O0 and -O%d differ in %s", level, diff)
		}
	}
	return ""
}

// A run of n steps and then m is a run of n+m.
func runsAddUp(s *subject, r *rand.Rand) string {
	level := r.IntN(levels)
	split := s.start(level)
	for range 1 + r.IntN(3) {
		split.to(s.someStep(r))
	}
	if diff := difference(s.whole(), split.to(propertySteps)); diff != "" {
		return fmt.Sprintf("a run at -O0 and one in parts at -O%d differ in %s", level, diff)
	}
	return ""
}

// someStep returns a number of steps that the program does.
func (s *subject) someStep(r *rand.Rand) int64 {
	if s.whole().machine == nil {
		return 0
	}
	return r.Int64N(s.whole().machine.Steps() + 1)
}
