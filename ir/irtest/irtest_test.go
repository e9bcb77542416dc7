package irtest_test

import (
	"bytes"
	"testing"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ops"
)

// programs is how many of each kind there are.
const programs = 200

// options are the kinds of program that the tests here look at.
var options = []irtest.Options{
	{},
	{Size: 60, Failures: 1, Digits: true},
	{Hooks: true, Spawn: true},
}

func TestProgramsAreValid(t *testing.T) {
	lib := ops.Standard().Library()
	for i, o := range options {
		for seed := range uint64(programs) {
			p := irtest.Program(seed, o)
			if err := ir.Verify(p, lib); err != nil {
				text, _ := json.Print(p)
				t.Fatalf("options %d, seed %d: %v\n%s", i, seed, err, text)
			}
		}
	}
}

func TestASeedGivesOneProgram(t *testing.T) {
	for seed := range uint64(programs / 2) {
		o := options[seed%3]
		if a, b := ir.Digest(irtest.Program(seed, o)), ir.Digest(irtest.Program(seed, o)); a != b {
			t.Fatalf("seed %d gives two programs", seed)
		}
	}
}

func TestJSONKeepsPrograms(t *testing.T) {
	for i, o := range options {
		for seed := range uint64(programs) {
			p := irtest.Program(seed, o)
			text, err := json.Print(p)
			if err != nil {
				t.Fatalf("options %d, seed %d: %v", i, seed, err)
			}
			q, err := json.Parse(text, "random.json")
			if err != nil {
				t.Fatalf("options %d, seed %d: %v\n%s", i, seed, err, text)
			}
			again, err := json.Print(q)
			if err != nil {
				t.Fatal(err)
			}
			if ir.Digest(p) != ir.Digest(q) || !bytes.Equal(text, again) {
				t.Fatalf("options %d, seed %d: the program read is another than the one written\n%s", i, seed, text)
			}
		}
	}
}
