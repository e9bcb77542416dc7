package flowc_test

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/google/go-cmp/cmp"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
)

const levels = 3

// A subject is a program that properties are checked of, compiled at every
// level.
type subject struct {
	p        *ir.Program
	family   string
	atOnce   bool // graph leaves are compiled when they first run
	compiled [levels]*flowc.Compiled
	running  *trial // gets what is printed
	plain    *trial
	trials   []*trial
}

func newSubject(p *ir.Program, family string) (*subject, error) {
	return (&subject{p: p, family: family}).ready()
}

// ready returns the subject compiled at every level.
func (s *subject) ready() (*subject, error) {
	for level := range s.compiled {
		var err error
		if s.compiled[level], err = s.compile(s.p, level); err != nil {
			return s, fmt.Errorf("-O%d: %w", level, err)
		}
	}
	return s, nil
}

func (s *subject) compile(p *ir.Program, level int) (*flowc.Compiled, error) {
	o := flowc.Options{Level: level, Backend: s.family, Seed: 7, Print: func(line string) {
		s.running.prints = append(s.running.prints, line)
	}}
	// Leaves with small inputs are left to the reference evaluation at first. In
	// some programs of the gorgonia family all are compiled, in the others those
	// of -O2.
	if s.atOnce || s.family == flowc.Gorgonia && (level == 2 || len(p.Body)%2 == 0) {
		o.Graphs = atOnce
	}
	return flowc.Compile(p, o)
}

// whole is the run at -O0 without an interruption.
func (s *subject) whole() *trial {
	if s.plain == nil {
		s.plain = s.start(0).to(propertySteps)
	}
	return s.plain
}

// A trial is a run of a program that notes all that can be seen of it.
type trial struct {
	subject *subject
	machine *flowc.Machine
	prints  []string
	err     error
}

func (s *subject) start(level int) *trial {
	t := s.trial()
	t.machine, t.err = s.compiled[level].Start(nil)
	return t
}

func (s *subject) trial() *trial {
	t := &trial{subject: s}
	s.running = t
	s.trials = append(s.trials, t)
	return t
}

// close ends what the program's runs have spawned.
func (s *subject) close() {
	for _, t := range s.trials {
		if t.machine != nil {
			t.machine.Close()
		}
	}
	s.trials = nil
}

// to runs on until so many steps have been done in all, the end or an error.
func (t *trial) to(steps int64) *trial {
	if t.machine == nil || t.err != nil || t.machine.Status() == backend.Done {
		return t
	}
	if n := steps - t.machine.Steps(); n > 0 {
		t.subject.running = t
		_, t.err = runAll(t.machine, n)
	}
	return t
}

// resumed returns a run that goes on from a snapshot after what t has printed.
func (t *trial) resumed(c *flowc.Compiled, snapshot *flowc.Snapshot) *trial {
	u := t.subject.trial()
	u.prints = append([]string(nil), t.prints...)
	u.machine, u.err = c.Resume(snapshot)
	return u
}

// same reports whether there is no difference, at less cost than describing it.
// It may say no of runs that do not differ.
func same(want, got *trial) bool {
	if !slices.Equal(want.prints, got.prints) || fmt.Sprint(want.err) != fmt.Sprint(got.err) {
		return false
	}
	if want.machine == nil || got.machine == nil {
		return want.machine == got.machine
	}
	a, errA := want.machine.Snapshot()
	b, errB := got.machine.Snapshot()
	return errA == nil && errB == nil && a.Run.Steps == b.Run.Steps &&
		maps.EqualFunc(a.Run.Registers, b.Run.Registers, sameBits) && maps.EqualFunc(a.Run.Objects, b.Run.Objects, sameBits)
}

// sameBits reports whether two values have the same type and bits. It looks at
// tensors no closer than by their digest.
func sameBits(a, b ir.Value) bool {
	if !a.Type().Equal(b.Type()) {
		return false
	}
	if a.IsScalar() && b.IsScalar() && a.DType() == ir.F64 && a.Weak() == b.Weak() {
		return math.Float64bits(a.Float64()) == math.Float64bits(b.Float64())
	}
	return ir.SameValue(a, b)
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

// stateOf describes the registers of a machine, its objects' states and its
// steps.
func stateOf(m *flowc.Machine) map[string]string {
	snapshot, err := m.Snapshot()
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	s := map[string]string{"steps": fmt.Sprint(snapshot.Run.Steps)}
	describe := func(kind string, values map[string]ir.Value) {
		for name, v := range values {
			s[kind+" "+name] = v.Type().String() + " " + ir.FormatShort(v) + " " + ir.ValueDigest(v)[:16]
		}
	}
	describe("register", snapshot.Run.Registers)
	describe("object", snapshot.Run.Objects)
	return s
}
