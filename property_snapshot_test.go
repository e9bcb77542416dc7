package flowc_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"flowc.dev/flowc"
	"flowc.dev/flowc/snapshot"
)

// A run that is interrupted at any step, written to a file, read and resumed at
// any level goes on as if nothing had happened. So does one that has failed.
func resumedRunGoesOn(s *subject, r *rand.Rand) string {
	from, to := r.IntN(levels), r.IntN(levels)
	run := s.start(from).to(s.someStep(r))
	if s.whole().err != nil && r.IntN(2) == 0 || r.IntN(10) == 0 {
		run.to(propertySteps) // the error, or the end
	}
	if run.machine == nil {
		return ""
	}
	steps := run.machine.Steps()
	resumed, err := throughFile(run, to)
	if err != nil {
		return fmt.Sprintf("at -O%d after %d steps, resumed at -O%d: %v", from, steps, to, err)
	}
	if diff := difference(s.whole(), resumed.to(propertySteps)); diff != "" {
		return fmt.Sprintf("at -O%d after %d steps, resumed at -O%d: differs from the whole run in %s", from, steps, to, diff)
	}
	// To be asked for a snapshot changes nothing.
	if diff := difference(s.whole(), run.to(propertySteps)); diff != "" {
		return fmt.Sprintf("at -O%d after %d steps: the run that gave the snapshot differs from the whole run in %s", from, steps, diff)
	}
	return ""
}

// throughFile returns a run that goes on where run stands, from the bytes of a
// snapshot file alone.
func throughFile(run *trial, level int) (*trial, error) {
	taken, err := run.machine.Snapshot()
	if err != nil {
		return nil, err
	}
	data, err := encoded(taken)
	if err != nil {
		return nil, err
	}
	decoded, err := snapshot.Decode(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	c, err := run.subject.compile(decoded.Program, level)
	if err != nil {
		return nil, err
	}
	resumed := run.resumed(c, decoded)
	if resumed.machine == nil {
		return nil, resumed.err
	}
	return resumed, nil
}

func encoded(s *flowc.Snapshot) ([]byte, error) {
	var b bytes.Buffer
	err := snapshot.Encode(&b, s)
	return b.Bytes(), err
}

// A machine and its clone both go on as the machine alone would.
func clonesGoOn(s *subject, r *rand.Rand) string {
	level := r.IntN(levels)
	run := s.start(level).to(s.someStep(r))
	if run.machine == nil {
		return ""
	}
	steps := run.machine.Steps()
	machine, err := run.machine.Clone()
	if err != nil {
		return fmt.Sprintf("at -O%d after %d steps: %v", level, steps, err)
	}
	clone := s.trial()
	clone.machine, clone.prints = machine, append([]string(nil), run.prints...)
	for range r.IntN(3) { // in turns
		run.to(s.someStep(r))
		clone.to(s.someStep(r))
	}
	for name, t := range map[string]*trial{"clone": clone, "original": run} {
		if diff := difference(s.whole(), t.to(propertySteps)); diff != "" {
			return fmt.Sprintf("at -O%d after %d steps: the %s differs from the whole run in %s", level, steps, name, diff)
		}
	}
	return ""
}

// Snapshots of equal states are equal byte for byte, whatever the level. How far
// spawned fragments are is no more than a matter of time.
func equalStatesEqualBytes(s *subject, r *rand.Rand) string {
	at := s.someStep(r)
	var first []byte
	for level := range levels {
		run := s.start(level).to(at)
		if run.machine == nil {
			return ""
		}
		if taken, err := run.machine.Snapshot(); err == nil && len(taken.Run.Children) > 0 {
			return "" // how far fragments have got is no matter of steps
		}
		taken, err := run.machine.Snapshot()
		if err == nil && len(taken.Run.Children) > 0 {
			return ""
		}
		var data []byte
		if err == nil {
			data, err = encoded(taken)
		}
		switch {
		case err != nil:
			return fmt.Sprintf("at -O%d after %d steps: %v", level, at, err)
		case level == 0:
			first = data
		case !bytes.Equal(first, data):
			return fmt.Sprintf("the snapshots at -O0 and -O%d after %d steps differ: %s", level, at, stateDifference(first, data))
		}
	}
	return ""
}

func stateDifference(a, b []byte) string {
	read := func(data []byte) *flowc.Snapshot {
		s, err := snapshot.Decode(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return nil
		}
		return s
	}
	x, y := read(a), read(b)
	if x == nil || y == nil {
		return "one cannot be read"
	}
	return fmt.Sprintf("\n%+v\n%+v", x.Run, y.Run)
}
