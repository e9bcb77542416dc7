package ops

import (
	"testing"

	"flowc.dev/flowc/ir"
)

const promotionTable = `          bool      weak i64  u8        i32       i64       weak f64  f32       f64
bool      bool      weak i64  u8        i32       i64       weak f64  f32       f64
weak i64  weak i64  weak i64  u8        i32       i64       weak f64  f32       f64
u8        u8        u8        u8        i32       i64       weak f64  f32       f64
i32       i32       i32       i32       i32       i64       weak f64  f32       f64
i64       i64       i64       i64       i64       i64       weak f64  f32       f64
weak f64  weak f64  weak f64  weak f64  weak f64  weak f64  weak f64  f32       f64
f32       f32       f32       f32       f32       f32       f32       f32       f64
f64       f64       f64       f64       f64       f64       f64       f64       f64
`

func TestPromotionTable(t *testing.T) {
	if got := PromotionTable(); got != promotionTable {
		t.Errorf("got\n%s\nwant\n%s", got, promotionTable)
	}
}

// TestPromotionLaws: promotion is the join of a lattice.
func TestPromotionLaws(t *testing.T) {
	for _, a := range lattice {
		if Promote(a, a) != a {
			t.Errorf("%s with itself is %s", a, Promote(a, a))
		}
		for _, b := range lattice {
			if Promote(a, b) != Promote(b, a) {
				t.Errorf("%s and %s do not commute", a, b)
			}
			for _, c := range lattice {
				if Promote(Promote(a, b), c) != Promote(a, Promote(b, c)) {
					t.Errorf("%s, %s and %s do not associate", a, b, c)
				}
			}
		}
	}
}

// TestPromotionOfOps: what ops make of the promoted type.
func TestPromotionOfOps(t *testing.T) {
	ops := Standard()
	yes, i, u, weakI, weakF, f := ir.BoolValue(true), ir.Int(3), ir.Scalar(ir.U8, 200), ir.WeakInt(300), ir.WeakFloat(0.1), ir.Float32(1)
	for _, c := range []struct {
		op   string
		args []ir.Value
		want ir.Value
	}{
		{"add", []ir.Value{yes, yes}, ir.WeakInt(2)},
		{"add", []ir.Value{u, weakI}, ir.Scalar(ir.U8, (200+300)%256)},
		{"add", []ir.Value{f, weakF}, ir.Float32(1 + float32(0.1))},
		{"add", []ir.Value{f, i}, ir.Float32(4)},
		{"add", []ir.Value{i, weakF}, ir.WeakFloat(3 + 0.1)},
		{"multiply", []ir.Value{weakI, weakI}, ir.WeakInt(90000)},
		{"divide", []ir.Value{i, i}, ir.WeakFloat(1)},
		{"divide", []ir.Value{f, i}, ir.Float32(1.0 / 3)},
		{"sqrt", []ir.Value{ir.Int(4)}, ir.WeakFloat(2)},
		{"negative", []ir.Value{yes}, ir.WeakInt(-1)},
		{"less", []ir.Value{ir.BoolValue(false), yes}, yes},
		{"where", []ir.Value{yes, yes, ir.BoolValue(false)}, yes},
		{"where", []ir.Value{yes, weakF, f}, ir.Float32(0.1)},
		{"logical_and", []ir.Value{weakF, i}, yes},
		{"power", []ir.Value{weakI, weakI}, ir.WeakInt(0)},
		{"full", []ir.Value{ints(), weakF, {}}, ir.Float32(0.1)},
		{"full", []ir.Value{ints(), weakI, {}}, ir.Int(300)},
		{"zeros_like", []ir.Value{weakF}, ir.WeakFloat(0)},
		{"cast", []ir.Value{weakF, ir.String("f64")}, ir.Float(0.1)},
	} {
		got, err := eval(ops.Lookup(c.op), c.args)
		if err != nil || !ir.SameValue(got[0], c.want) {
			t.Errorf("%s%v = %s, %v, want %s", c.op, c.args, got[0].Type(), err, c.want.Type())
		}
	}
}
