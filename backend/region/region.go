package region

import (
	"fmt"
	"runtime/debug"
	"strings"

	"flowc.dev/flowc/ir"
)

// A region is the kernels of one stage, in the order in which they run.
type Region struct {
	Stage   int
	Imports []int // values of products that are first used here

	kernels []Kernel
	family  string
}

// newRegions returns the region of each stage, nil for stages that need none.
// copies maps yielded products to the slots that get copies of them.
// The uses are those of the kernels, in the order in which they run.
func newRegions(l *Layout, copies map[int]int) (regions []*Region, uses []use, err error) {
	regions = make([]*Region, l.Stages)
	imported := map[int]bool{}
	for stage := range regions {
		r := &Region{Stage: stage, family: l.family.Name}
		steps := l.regionSteps(stage)
		for _, group := range l.divide(steps) {
			if len(group) > 1 && !l.worthBlocks(group) {
				for _, i := range group {
					r.kernels = append(r.kernels, newReferenceKernel(l, i))
					uses = append(uses, l.useOf([]int{i}))
				}
				continue
			}
			k, err := newKernel(l, group)
			if err != nil {
				return nil, nil, err
			}
			r.kernels = append(r.kernels, k)
			uses = append(uses, l.useOf(group))
		}
		need := func(v int) {
			if l.IsProduct(v) && !imported[v] {
				imported[v] = true
				r.Imports = append(r.Imports, v)
			}
		}
		for _, i := range steps {
			for _, v := range l.Graph.Steps[i].Args {
				if v >= 0 {
					need(v)
				}
			}
		}
		for v := range l.Graph.Types {
			if to, yielded := copies[v]; yielded && l.availableTo(Reference, v) == stage {
				need(v)
				r.kernels = append(r.kernels, copyKernel{from: v, to: to})
				uses = append(uses, use{})
			}
		}
		if len(r.kernels) > 0 {
			regions[stage] = r
		}
	}
	return regions, uses, nil
}

// useOf returns what the kernel of a group reads and computes.
func (l *Layout) useOf(group []int) use {
	var u use
	if len(group) == 1 && l.Places[group[0]] == Elementwise {
		u.op = l.Graph.Steps[group[0]].Op
	}
	for _, i := range group {
		step := &l.Graph.Steps[i]
		for _, v := range step.Args {
			if v >= 0 && !(len(group) > 1 && l.Producer[v] >= 0 && l.group[l.Producer[v]] == l.group[i]) {
				u.reads = append(u.reads, v)
			}
		}
		for v := step.First; v < step.First+step.Results; v++ {
			if len(group) == 1 || l.escapes(l.group[i], v) {
				u.writes = append(u.writes, v)
			}
		}
	}
	return u
}

// worthBlocks reports whether the results of a group of elementwise steps are
// larger than the nearest cache holds: smaller ones stay in it by themselves.
func (l *Layout) worthBlocks(group []int) bool {
	return elements(l.Graph.Types[l.Graph.Steps[group[0]].First].Shape) > blockElements
}

// newKernel returns the kernel for a group of steps.
func newKernel(l *Layout, group []int) (Kernel, error) {
	if len(group) > 1 {
		return newElementwiseKernel(l, group)
	}
	if l.Places[group[0]] == Own {
		return l.family.Kernel(&l.Graph.Steps[group[0]]), nil
	}
	return newReferenceKernel(l, group[0]), nil
}

// Run evaluates the kernels. A panic becomes an error: under Gorgonia's own
// RunAll it would end the process.
func (r *Region) Run(slots []ir.Value) (err error) {
	at := 0
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicError{kernel: r.kernels[at].Name(), family: r.family, cause: cause, stack: debug.Stack()}
		}
	}()
	for at = range r.kernels {
		if err := r.kernels[at].Run(slots); err != nil {
			return err
		}
	}
	return nil
}

// String lists the kernels.
func (r *Region) String() string {
	names := make([]string, len(r.kernels))
	for i, k := range r.kernels {
		names[i] = k.Name()
	}
	return fmt.Sprintf("flowc.region(%s)", strings.Join(names, "; "))
}

// A panicError is a panic inside a kernel.
type panicError struct {
	kernel string
	family string
	cause  any
	stack  []byte
}

// Error names the kernel and the cause.
func (e *panicError) Error() string {
	return fmt.Sprintf("bug in the %s backend: %s: %v; -O0 --backend=step runs the program without it\n%s",
		e.family, e.kernel, e.cause, e.stack)
}
