package passes

import (
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
)

// A panicError is what a pass has panicked with.
type panicError struct{ text, stack string }

// Error returns the text.
func (e panicError) Error() string { return e.text }

// panicked returns the error for what a pass, or what looks at its program, has
// panicked with. It says in which functions, innermost first, and in which rule, if
// in one. A deferred function calls it.
func panicked(value any, rule string) error {
	const most = 4 // functions that it names
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var in []string
	for more := true; more && len(in) < most; {
		var f runtime.Frame
		f, more = frames.Next()
		name := path.Base(f.Function)
		if name == "pass.(*Pass).Apply" || name == "passes.apply" || name == "passes.(*manager).check" {
			break
		}
		if f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") {
			in = append(in, fmt.Sprintf("%s (%s/%s:%d)", name, path.Base(path.Dir(f.File)), path.Base(f.File), f.Line))
		}
	}
	text := "bug: "
	if rule != "" {
		text += fmt.Sprintf("rule %q: ", rule)
	}
	text += strings.TrimPrefix(fmt.Sprint(value), "bug: ")
	if len(in) > 0 {
		text += "\n  in " + strings.Join(in, "\n  in ")
	}
	return panicError{text, string(debug.Stack())}
}
