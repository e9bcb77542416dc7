package ops

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

func TestRecordsWithRecords(t *testing.T) {
	add := Standard().Lookup("add")
	a := ir.RecordOf([]string{"W", "b"}, []ir.Value{f32t([]int{2}, 1, 2), ir.Float32(3)})
	b := ir.RecordOf([]string{"b", "W"}, []ir.Value{ir.WeakFloat(30), f32t([]int{1}, 10)})
	got, err := eval(add, []ir.Value{a, b})
	want := ir.RecordOf([]string{"W", "b"}, []ir.Value{f32t([]int{2}, 11, 12), ir.Float32(33)})
	if err != nil || !ir.SameValue(got[0], want) {
		t.Errorf("got %s, %v, want %s: fields meet by name", ir.Format(got[0]), err, ir.Format(want))
	}
}

func TestRecordErrors(t *testing.T) {
	add := Standard().Lookup("add")
	a := ir.RecordOf([]string{"W", "b"}, []ir.Value{f32t([]int{2}, 1, 2), ir.Float32(3)})
	for _, c := range []struct {
		b    ir.Value
		want string
	}{
		{ir.RecordOf([]string{"W"}, []ir.Value{ir.Float32(3)}), "add: records with the fields [W b] and [W] do not match"},
		{ir.RecordOf([]string{"W", "c"}, []ir.Value{ir.Float32(3), ir.Float32(3)}), "add: records with the fields [W b] and [W c] do not match"},
		{f32t([]int{3}, 1, 2, 3), `field "W": add: shapes [2] and [3] do not broadcast`},
	} {
		args := []ir.Value{a, c.b}
		_, evalErr := eval(add, args)
		_, inferErr := add.Infer(add.ArgsOf(args))
		for _, err := range []error{evalErr, inferErr} {
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		}
	}
}

// TestRecordStorage: fields reuse storage that nobody owns and leave alone what
// somebody does; the old record itself is left as it was.
func TestRecordStorage(t *testing.T) {
	negative := Standard().Lookup("negative")
	free, owned := f32t([]int{2}, 7, 7), f32t([]int{2}, 8, 8)
	owned.Retain()
	old := ir.RecordOf([]string{"a", "b"}, []ir.Value{free, owned})
	dst := []ir.Value{old}
	x := ir.RecordOf([]string{"a", "b"}, []ir.Value{f32t([]int{2}, 1, 2), f32t([]int{2}, 3, 4)})
	if err := negative.Eval(dst, []ir.Value{x}); err != nil {
		t.Fatal(err)
	}
	fields := dst[0].Record().Values
	if fields[0].Tensor() != free.Tensor() {
		t.Error("storage without an owner is not reused")
	}
	if fields[1].Tensor() == owned.Tensor() || owned.Boxed().At(0).Float64() != 8 {
		t.Error("storage with an owner is overwritten")
	}
	if dst[0].Record() == old.Record() {
		t.Error("the old record is overwritten")
	}
}
