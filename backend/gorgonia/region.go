package gorgonia

import (
	"fmt"
	"runtime/debug"
	"strings"

	"flowc.dev/flowc/ir"
)

// A region is the kernels of one stage, in the order in which they run.
type region struct {
	stage   int
	kernels []kernel
	imports []int // values of Gorgonia products that are first used here
}

// newRegions returns the region of each stage, nil for stages that need none.
// copies maps yielded products to the slots that get copies of them.
func newRegions(l *layout, copies map[int]int) ([]*region, error) {
	regions := make([]*region, l.stages)
	imported := map[int]bool{}
	for stage := range regions {
		r := &region{stage: stage}
		steps := l.regionSteps(stage)
		for _, group := range fuse(l, steps) {
			k, err := newKernel(l, group)
			if err != nil {
				return nil, err
			}
			r.kernels = append(r.kernels, k)
		}
		need := func(v int) {
			if l.isProduct(v) && !imported[v] {
				imported[v] = true
				r.imports = append(r.imports, v)
			}
		}
		for _, i := range steps {
			for _, v := range l.graph.Steps[i].Args {
				if v >= 0 {
					need(v)
				}
			}
		}
		for v := range l.graph.Types {
			if to, yielded := copies[v]; yielded && l.availableTo(byReference, v) == stage {
				need(v)
				r.kernels = append(r.kernels, copyKernel{from: v, to: to})
			}
		}
		if len(r.kernels) > 0 {
			regions[stage] = r
		}
	}
	return regions, nil
}

// newKernel returns the kernel for a group of steps.
func newKernel(l *layout, group []int) (kernel, error) {
	if len(group) > 1 {
		return newElementwiseKernel(l, group, func(v int) bool { return escapes(l, group, v) })
	}
	step := &l.graph.Steps[group[0]]
	switch l.places[group[0]] {
	case byAccumulation:
		return &accumulationKernel{c: step.Args[0], a: step.Args[1], b: step.Args[2], to: step.First}, nil
	case byTransposition:
		return transpositionKernel{from: step.Args[0], to: step.First}, nil
	}
	return newReferenceKernel(l, group[0]), nil
}

// escapes reports whether value v of a group is used outside of it.
func escapes(l *layout, group []int, v int) bool {
	if l.isYielded(v) {
		return true
	}
	next := 0 // position in the group, whose steps are ascending
	for i := range l.graph.Steps {
		if next < len(group) && group[next] == i {
			next++
			continue
		}
		for _, arg := range l.graph.Steps[i].Args {
			if arg == v {
				return true
			}
		}
	}
	return false
}

// run evaluates the kernels. A panic becomes an error: under Gorgonia's own
// RunAll it would end the process.
func (r *region) run(slots []ir.Value) (err error) {
	at := 0
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicError{kernel: r.kernels[at].name(), cause: cause, stack: debug.Stack()}
		}
	}()
	for at = range r.kernels {
		if err := r.kernels[at].run(slots); err != nil {
			return err
		}
	}
	return nil
}

// String lists the kernels.
func (r *region) String() string {
	names := make([]string, len(r.kernels))
	for i, k := range r.kernels {
		names[i] = k.name()
	}
	return fmt.Sprintf("flowc.region(%s)", strings.Join(names, "; "))
}

// A panicError is a panic inside a kernel.
type panicError struct {
	kernel string
	cause  any
	stack  []byte
}

// Error names the kernel and the cause.
func (e *panicError) Error() string {
	return fmt.Sprintf("bug in the gorgonia backend: %s: %v; --backend=step runs the program without it\n%s",
		e.kernel, e.cause, e.stack)
}
