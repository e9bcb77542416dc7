package cli

import (
	"errors"
	"testing"

	"flowc.dev/flowc/passes"
)

func TestSameFailure(t *testing.T) {
	const was = "pass mine: bug: the program it made is not valid:\ne.flow:4:16: maximum takes (x1, x2), got 3 arguments"
	for message, same := range map[string]bool{
		"bug: the program it made is not valid:\nr.txtar:12:5: maximum takes (x1, x2), got 3 arguments":         true,
		"bug: the program it made is not valid:\nr.txtar:12:5: maximum takes (x1, x2), got 3 arguments\n  in x": true,
		"bug: the program it made is not valid:\nr.txtar:12:5: maximum takes (x1, x2), got 4 arguments":         false,
	} {
		if got := sameFailure(&passes.Error{Pass: "mine", Err: errors.New(message)}, was); got != same {
			t.Errorf("%q is the same failure: %t", message, got)
		}
	}
}
