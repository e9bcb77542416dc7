package gorgonia

import (
	"fmt"
	"reflect"
	"runtime"
	"unsafe"

	gg "gorgonia.org/gorgonia"

	// Gorgonia imports this; the version that it asks for by itself refuses to
	// start under newer versions of Go.
	_ "go4.org/unsafe/assume-no-moving-gc"
)

// newTape compiles the graph for Gorgonia's TapeMachine and returns the function
// that runs it once.
//
// RunAll hands each run to a goroutine and locks the thread, which costs 18 to
// 60 us. The machine's Run is exported and does the same work on the caller's
// goroutine, but its argument is in an unexported field; where a version of
// Gorgonia has no such field, RunAll is used.
func newTape(g *gg.ExprGraph) (run func() error, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("bug: Gorgonia does not compile the graph: %v", cause)
		}
	}()
	m := gg.NewTapeMachine(g, gg.WithEngine(engine{}))
	// The finalizer frees memory of devices, of which there is none, and keeps the
	// machine for ever: its graph has ops of ours, which know the machine.
	runtime.SetFinalizer(m, nil)
	if run := fragmentRunner(m, m.Prog()); run != nil {
		return run, nil
	}
	return allRunner(m), nil
}

// allRunner returns a function that runs vm on another goroutine.
func allRunner(vm gg.VM) func() error {
	return func() error {
		vm.Reset() // without it a second run does nothing
		return vm.RunAll()
	}
}

// fragmentRunner returns a function that runs the instructions of program on
// vm, or nil if they are not where they are expected.
//
// Without a Reset between runs, registers keep their values and products are
// computed in the storage of the previous run. Gorgonia's slices and
// convolutions go wrong that way; products and flowc's own ops do not.
func fragmentRunner(vm gg.VM, program any) func() error {
	p := reflect.ValueOf(program)
	if p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() != reflect.Struct {
		return nil
	}
	field := p.Elem().FieldByName("instructions")
	method := reflect.ValueOf(vm).MethodByName("Run")
	if !field.IsValid() || !method.IsValid() || method.Type().NumIn() != 1 || method.Type().In(0) != field.Type() {
		return nil
	}
	instructions := reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
	args := []reflect.Value{instructions}
	return func() error {
		if result := method.Call(args)[0]; !result.IsNil() {
			return result.Interface().(error)
		}
		return nil
	}
}
