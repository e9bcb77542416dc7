package ir_test

import (
	"testing"

	"flowc.dev/flowc/ir"
)

// TestCarriedNamesAreTheirOwn checks that what a block calls a register is a
// local, and neither a hidden register nor a numbered local, whatever the
// register's name.
func TestCarriedNamesAreTheirOwn(t *testing.T) {
	for _, register := range []string{"hits", "h1", "h", "i", "x1", "_1"} {
		name := ir.Carried(register)
		if !ir.IsLocal(name) || ir.IsHidden(name) || name[1] >= '0' && name[1] <= '9' {
			t.Errorf("%s is carried as %s", register, name)
		}
	}
}
