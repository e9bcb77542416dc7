package checkrun

import (
	"fmt"
	"slices"
	"sync"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// A watch looks at each evaluation of ops, methods and graph leaves: before and
// after, and again.
type watch struct {
	mu     sync.Mutex // fragments run at the same time
	step   int64      // done before the portion that runs, -1 before the first
	faults []Fault
	seen   map[string]bool
}

func newWatch() *watch { return &watch{seen: map[string]bool{}} }

// maxFaults bounds the faults that are told.
const maxFaults = 100

func (w *watch) at(step int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.step = step
}

func (w *watch) fault(who, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := Fault{Who: who, What: fmt.Sprintf(format, args...), Step: w.step}
	if key := who + " " + f.What; !w.seen[key] && len(w.faults) < maxFaults {
		w.seen[key] = true
		w.faults = append(w.faults, f)
	}
}

// found returns the faults in the order of their steps.
func (w *watch) found() []Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	faults := slices.Clone(w.faults)
	slices.SortStableFunc(faults, func(a, b Fault) int { return int(a.Step - b.Step) })
	return faults
}

// An evaluation computes results into dst, whose old storage it may reuse.
type evaluation func(dst []ir.Value) error

// evaluate does an evaluation twice and compares: operands before and after, and
// the results of both. The results that count are the first ones. Where the
// caller gives the storage of an operand for a result, that operand is meant to
// change, and is not there for a second evaluation.
func (w *watch) evaluate(who string, names func(i int) string, args, dst []ir.Value, do evaluation) error {
	if inPlace(args, dst) {
		return do(dst)
	}
	before := keysOf(args)
	err := do(dst)
	for i, key := range keysOf(args) {
		if key != before[i] {
			w.fault(who, "changes its operand %s", names(i))
			return err // a second evaluation would get another operand
		}
	}
	again := make([]ir.Value, len(dst))
	switch err2 := do(again); {
	case fmt.Sprint(err) != fmt.Sprint(err2):
		w.fault(who, "gives another error when it is evaluated again")
	case err == nil:
		for i, key := range keysOf(again) {
			if key != keyOf(dst[i]) {
				w.fault(who, "gives other bits when it is evaluated again")
			}
		}
	}
	return err
}

// inPlace reports whether a result is to take the storage of an operand.
func inPlace(args, dst []ir.Value) bool {
	for _, d := range dst {
		at := storageOf(d)
		if at != nil && slices.ContainsFunc(args, func(a ir.Value) bool { return storageOf(a) == at }) {
			return true
		}
	}
	return false
}

// storageOf returns the place of a tensor's first element, nil if there is none.
func storageOf(v ir.Value) any {
	t := v.Tensor()
	if t == nil || t.Size() == 0 {
		return nil
	}
	switch t.DType() {
	case ir.F64:
		return &ir.Data[float64](t)[0]
	case ir.F32:
		return &ir.Data[float32](t)[0]
	case ir.I64:
		return &ir.Data[int64](t)[0]
	case ir.I32:
		return &ir.Data[int32](t)[0]
	case ir.U8:
		return &ir.Data[uint8](t)[0]
	}
	return &ir.Data[bool](t)[0]
}

func keysOf(values []ir.Value) []string {
	keys := make([]string, len(values))
	for i, v := range values {
		keys[i] = keyOf(v)
	}
	return keys
}

// registry returns r with every op and method watched.
func (w *watch) registry(r *ops.Registry) (*ops.Registry, error) {
	watched := ops.NewRegistry()
	for _, op := range r.Ops() {
		if err := watched.Add(w.op(op)); err != nil {
			return nil, err
		}
	}
	for _, class := range r.Classes() {
		c := *class
		c.Methods = make([]*ops.Method, len(class.Methods))
		for i, m := range class.Methods {
			c.Methods[i] = w.method(class.Name, m)
		}
		if err := watched.AddClass(&c); err != nil {
			return nil, err
		}
	}
	return watched, nil
}

// parameter names the operands of a signature for messages.
func parameter(s *ir.Signature) func(i int) string {
	return func(i int) string {
		if i < len(s.Params) {
			return s.Params[i].Name
		}
		return fmt.Sprint(i + 1)
	}
}

func (w *watch) op(op *ops.Op) *ops.Op {
	o := *op
	who := "op " + op.Name
	o.Eval = func(dst, args []ir.Value) error {
		defer w.panics(who)
		known := make([]ops.Arg, len(args)) // as of a call with literals
		for i, v := range args {
			known[i] = ops.Arg{Type: v.Type(), Value: &v}
		}
		types, inferErr := op.Infer(known)
		err := w.evaluate(who, parameter(&op.Signature), args, dst, func(dst []ir.Value) error { return op.Eval(dst, args) })
		w.typed(who, dst, types, inferErr, err)
		return err
	}
	o.Infer = func(args []ops.Arg) ([]ir.Type, error) {
		defer w.panics(who)
		return op.Infer(args)
	}
	return &o
}

// panics notes a panic of what a deferred call of it watches.
func (w *watch) panics(who string) {
	if r := recover(); r != nil {
		w.fault(who, "panics: %v", r)
		panic(r)
	}
}

// typed compares what an op gives with what its type rule says of it.
func (w *watch) typed(who string, results []ir.Value, types []ir.Type, inferErr, err error) {
	switch {
	case err != nil:
	case inferErr != nil:
		w.fault(who, "evaluates what its type rule refuses: %v", inferErr)
	case len(types) != len(results):
		w.fault(who, "has a type rule that gives %d types for %d results", len(types), len(results))
	default:
		for i, v := range results {
			if !v.HasType(types[i]) {
				w.fault(who, "gives %s where its type rule says %s", v.Type(), types[i])
			}
		}
	}
}

func (w *watch) method(class string, method *ops.Method) *ops.Method {
	m := *method
	who := "method " + class + "." + method.Name
	m.Prepare = func(self ops.Object, dst, args []ir.Value) error {
		defer w.panics(who)
		return w.prepared(who, self, func() error {
			return w.evaluate(who, parameter(&method.Signature), args, dst, func(dst []ir.Value) error { return method.Prepare(self, dst, args) })
		})
	}
	if method.Source != nil {
		source := *method.Source
		source.Peek = func(self ops.Object, dst, args []ir.Value, k int) (rows int, err error) {
			defer w.panics(who)
			err = w.prepared(who, self, func() error {
				return w.evaluate(who, parameter(&method.Signature), args, dst, func(dst []ir.Value) error {
					var err error
					rows, err = method.Source.Peek(self, dst, args, k)
					return err
				})
			})
			return rows, err
		}
		m.Source = &source
	}
	return &m
}

// prepared checks that do changes nothing of the object: its method does that
// when it commits.
func (w *watch) prepared(who string, self ops.Object, do func() error) error {
	before := keyOf(self.State())
	err := do()
	if keyOf(self.State()) != before {
		w.fault(who, "changes its object before its results are stored")
	}
	return err
}

// graphs returns the compiler of graph leaves whose code is watched.
func (w *watch) graphs(c backend.GraphCompiler) backend.GraphCompiler { return &graphs{c, w} }

type graphs struct {
	backend.GraphCompiler
	watch *watch
}

func (g *graphs) Compile(leaf *ir.Node) (backend.GraphCode, error) {
	code, err := g.GraphCompiler.Compile(leaf)
	if err != nil {
		return nil, err
	}
	return &graphCode{code, fmt.Sprintf("the %s kernels of the graph at %s", g.Family(), leaf.Pos), g.watch}, nil
}

type graphCode struct {
	backend.GraphCode
	who   string
	watch *watch
}

func (g *graphCode) Exec(dst, inputs []ir.Value) error {
	names := g.Inputs()
	return g.watch.evaluate(g.who, func(i int) string { return names[i] }, inputs, dst, func(dst []ir.Value) error { return g.GraphCode.Exec(dst, inputs) })
}

// unchanged checks that the values which were handed out at a sync point are
// still what they were.
func (w *watch) unchanged(v *view) {
	for _, p := range v.parts {
		if p.valued && keyOf(p.value) != p.key {
			w.fault("a statement", "writes into a value that was handed out: %s has changed since", p.what)
		}
	}
}
