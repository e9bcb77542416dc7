package flowc_test

import (
	"bytes"
	"context"
	"math"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/snapshot"
)

// interrupted runs digits_mlp for the given steps, and the rest in another
// machine, which gets the state as a file has it.
func interrupted(t *testing.T, steps int64, first, then flowc.Options) *flowc.Machine {
	t.Helper()
	m := startExample(t, "digits_mlp", first)
	if status, err := m.Run(context.Background(), flowc.Budget{Steps: steps}); err != nil || status != flowc.Ready {
		t.Fatalf("%s, %v", status, err)
	}
	s, err := m.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := snapshot.Encode(&file, s); err != nil {
		t.Fatal(err)
	}
	s, err = snapshot.Decode(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	c, err := flowc.Compile(s.Program, then)
	if err != nil {
		t.Fatal(err)
	}
	m, err = c.Resume(s)
	if err != nil {
		t.Fatal(err)
	}
	finish(t, m)
	return m
}

func TestTrainingGoesOnAtAnotherLevelBitForBit(t *testing.T) {
	t.Parallel()
	whole := startExample(t, "digits_mlp", flowc.Options{Level: 2, Backend: flowc.Step})
	finish(t, whole)
	m := interrupted(t, 1234, flowc.Options{Level: 2, Backend: flowc.Step}, flowc.Options{Level: 0, Backend: flowc.Step})
	if got, want := seen(m), seen(whole); got != want {
		t.Errorf("interrupted at -O2 and resumed at -O0:\n%s\nin one go:\n%s", got, want)
	}
}

func TestTrainingGoesOnInAnotherFamily(t *testing.T) {
	t.Parallel()
	whole := startExample(t, "digits_mlp", flowc.Options{Level: 2, Backend: flowc.Gorgonia})
	finish(t, whole)
	m := interrupted(t, 2345, flowc.Options{Level: 2, Backend: flowc.Gorgonia}, flowc.Options{Level: 2, Backend: flowc.Step})
	const half = 0.005
	got, want := register(t, m, "test_accuracy").Float64(), register(t, whole, "test_accuracy").Float64()
	if math.Abs(got-want) > half {
		t.Errorf("accuracy %v after going from gorgonia to step, %v in one go", got, want)
	}
}
