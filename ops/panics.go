package ops

import (
	"fmt"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// Panicked returns the error for what an op, or a class's function, has panicked
// with, nil if it was none of r's. It names the op, its function, and the place in
// the Go code; called are the names that may have been called, to tell ops apart that
// have the same code. A deferred function calls it.
func (r *Registry) Panicked(value any, called []string) error {
	owners := r.owners()
	pcs := make([]uintptr, 256)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	place, panicking := "", false
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			place, panicking = "", true
		case panicking && place == "" && !strings.HasPrefix(f.Function, "runtime."):
			place = fmt.Sprintf("%s (%s/%s:%d)", path.Base(f.Function), path.Base(path.Dir(f.File)), path.Base(f.File), f.Line)
		}
		if who := owners[f.Entry]; place != "" && len(who) > 0 {
			return fmt.Errorf("bug: %s has panicked: %s\n  in %s", whose(who, called), strings.TrimPrefix(fmt.Sprint(value), "bug: "), place)
		}
	}
	return nil
}

// Attempt is Eval for a compiler, which evaluates what may never run: a panic is an
// error.
func (op *Op) Attempt(dst, args []ir.Value) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s has panicked: %v", op.Name, r)
		}
	}()
	return op.Eval(dst, args)
}

// whose names the owners, those that may have been called if there are any.
func whose(who []owner, called []string) string {
	likely := slices.DeleteFunc(slices.Clone(who), func(o owner) bool { return !slices.Contains(called, o.name) })
	if len(likely) == 0 {
		likely = who
	}
	const most = 3
	var texts []string
	for i, o := range likely {
		if i == most {
			texts = append(texts, "another")
			break
		}
		texts = append(texts, o.text)
	}
	return strings.Join(texts, " or ")
}

// An owner is what a function belongs to.
type owner struct{ name, text string }

// owners returns the owners of the functions of r, by where their code begins.
func (r *Registry) owners() map[uintptr][]owner {
	all := map[uintptr][]owner{}
	add := func(function any, name, text string) {
		if v := reflect.ValueOf(function); v.IsValid() && !v.IsNil() {
			entry := runtime.FuncForPC(v.Pointer()).Entry()
			all[entry] = append(all[entry], owner{name, text})
		}
	}
	for _, op := range r.Ops() {
		add(op.Infer, op.Name, "Infer of op "+op.Name)
		add(op.Eval, op.Name, "Eval of op "+op.Name)
		add(op.Gradient, op.Name, "Gradient of op "+op.Name)
	}
	for _, c := range r.Classes() {
		add(c.New, c.Name, "New of class "+c.Name)
		add(c.Restore, c.Name, "Restore of class "+c.Name)
		for _, m := range c.Methods {
			name := " of method " + c.Name + "." + m.Name
			add(m.Prepare, m.Name, "Prepare"+name)
			add(m.Commit, m.Name, "Commit"+name)
			add(m.PrepareRows, m.Name, "PrepareRows"+name)
			if m.Source != nil {
				add(m.Source.Peek, m.Name, "Peek"+name)
				add(m.Source.Advance, m.Name, "Advance"+name)
			}
		}
	}
	return all
}
