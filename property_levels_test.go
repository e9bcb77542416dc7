package flowc_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"

	"flowc.dev/flowc/ir"
)

// Every level gives the same prints in the same order, the same errors at the
// same places, and the same registers, objects and number of steps.
func levelsAgree(s *subject, _ *rand.Rand) string {
	if problem := s.foreignID(s.whole().err); problem != "" {
		return problem
	}
	for level := 1; level < levels; level++ {
		run := s.start(level).to(propertySteps)
		if same(s.whole(), run) {
			continue
		}
		if diff := difference(s.whole(), run); diff != "" {
			return fmt.Sprintf("-O0 and -O%d differ in %s", level, diff)
		}
	}
	return ""
}

var errorID = regexp.MustCompile(`\(id (\d+)\)`)

// foreignID says that an error names a statement or expression that the source
// program does not have, "" if it does not.
func (s *subject) foreignID(err error) string {
	match := errorID.FindStringSubmatch(fmt.Sprint(err))
	if match == nil {
		return ""
	}
	found := false
	ir.Walk(s.p, func(_ *ir.Path, n *ir.Node) bool {
		found = found || fmt.Sprint(n.ID) == match[1]
		return !found
	})
	if found {
		return ""
	}
	return fmt.Sprintf("the program has no node with the ID of the error %v", err)
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
