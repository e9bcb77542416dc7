package region

import (
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// blockElements is the number of elements, about, that an elementwise kernel
// computes before it goes on to the next step. The few blocks that are live at
// a time fit the second-level cache, and the fixed cost of evaluating an op is
// small against that of a block.
const blockElements = 4096

// blockAlignment is a number of elements whose size is a multiple of 8 bytes
// for every dtype, and by which reductions can be divided.
const blockAlignment = ops.FoldBlock

// An elementwiseKernel evaluates several elementwise steps with results of one
// shape block by block: all steps on the first block, then all on the next.
// Each step is evaluated by its reference evaluation, which computes every
// element by itself, so blocks do not change a bit.
type elementwiseKernel struct {
	label  string
	result []int // shape of the results
	shape  []int // the same, or of rank 1 when every operand is flat
	rows   int   // extent of a block along the first axis
	values []ir.Value
	reads  []blockRead
	steps  []blockStep
	writes []blockWrite
	ends   []blockEnd
	block  []int // shape of the current block
}

// A blockRead is a value from outside: values[local] is all of it, or the
// current block of it.
type blockRead struct {
	slot, local int
	whole       bool
	shape       []int // of a block; its first extent is set for each block
	view        *ir.Tensor
}

// A blockWrite is a result that is used outside.
type blockWrite struct {
	slot, local int
	typ         ir.Type
	full, view  *ir.Tensor
}

// A blockEnd reduces all elements of values[from], block by block.
type blockEnd struct {
	from, slot int
	folder     ops.Folder
}

// A blockStep computes values[to] from others, in scratch when the value stays
// inside, in a view of the result when it does not.
type blockStep struct {
	op      string
	eval    func(dst, args []ir.Value) error
	args    []ir.Value
	from    []int // locals, -1 for arguments that stay
	to      int
	scratch *ir.Tensor
	write   int // index of the blockWrite, -1 if the value stays inside
}

// newElementwiseKernel returns the kernel for a group of steps of the layout.
func newElementwiseKernel(l *Layout, steps []int) (*elementwiseKernel, error) {
	g, group := l.Graph, l.group[steps[0]]
	k := &elementwiseKernel{result: slices.Clone(g.Types[g.Steps[steps[0]].First].Shape)}
	k.shape = k.result
	locals := map[int]int{}
	for _, i := range steps {
		for _, v := range g.Steps[i].Args {
			if v >= 0 && (l.Producer[v] < 0 || l.group[l.Producer[v]] != group) {
				if _, known := locals[v]; !known {
					locals[v] = len(locals)
					k.reads = append(k.reads, blockRead{slot: v, local: locals[v]})
				}
			}
		}
	}
	var names []string
	for _, i := range steps {
		step := &g.Steps[i]
		names = append(names, step.Op)
		if l.Places[i] != Elementwise {
			k.ends = append(k.ends, blockEnd{from: locals[step.Args[0]], slot: step.First,
				folder: l.Ops[i].Folder(g.Types[step.Args[0]])})
			continue
		}
		s := blockStep{op: step.Op, eval: l.Ops[i].Eval, args: make([]ir.Value, len(step.Args)),
			from: make([]int, len(step.Args)), to: len(locals), write: -1}
		for j, v := range step.Args {
			s.from[j] = -1
			if v >= 0 {
				s.from[j] = locals[v]
			} else if j < len(step.Static) {
				s.args[j] = step.Static[j]
			}
		}
		locals[step.First] = s.to
		if l.escapes(group, step.First) {
			s.write = len(k.writes)
			k.writes = append(k.writes, blockWrite{slot: step.First, local: s.to,
				typ: g.Types[step.First], view: new(ir.Tensor)})
		}
		k.steps = append(k.steps, s)
	}
	k.label = strings.Join(names, ",")
	k.values = make([]ir.Value, len(locals))
	k.divide(g)
	wide := slices.ContainsFunc(steps, func(i int) bool { return g.Types[g.Steps[i].First].DType.Size() == 8 })
	if err := k.shareScratch(wide); err != nil {
		return nil, err
	}
	return k, nil
}

// divide chooses the blocks. Operands of the full shape and of rank 0 let the
// tensors be taken as flat; otherwise blocks are made of whole rows.
func (k *elementwiseKernel) divide(g *ir.Graph) {
	flat := true
	for i := range k.reads {
		shape := g.Types[k.reads[i].slot].Shape
		flat = flat && (len(shape) == 0 || slices.Equal(shape, k.shape))
	}
	elements := 1
	for _, extent := range k.shape {
		elements *= extent
	}
	for i := range k.reads {
		r := &k.reads[i]
		shape := g.Types[r.slot].Shape
		r.whole = len(shape) == 0 || !flat && (len(shape) < len(k.shape) || shape[0] == 1)
		r.shape, r.view = slices.Clone(shape), new(ir.Tensor)
		if flat && !r.whole {
			r.shape = []int{elements}
		}
	}
	if flat {
		k.shape = []int{elements}
	}
	k.block = slices.Clone(k.shape)
	row := elements / k.shape[0]
	k.rows = max(blockElements/row, 1)
	k.rows = (k.rows + blockAlignment - 1) / blockAlignment * blockAlignment
}

// shareScratch gives each value that stays inside storage for a block, which
// later values use again once the value is no longer needed. A result never
// shares it with an argument.
func (k *elementwiseKernel) shareScratch(wide bool) error {
	dtype := ir.F32
	if wide {
		dtype = ir.F64
	}
	elements := min(k.rows, k.shape[0]) * rowSize(k.shape)
	last := make([]int, len(k.values))
	for i := range k.steps {
		for _, v := range k.steps[i].from {
			if v >= 0 {
				last[v] = i
			}
		}
	}
	for i := range k.ends {
		last[k.ends[i].from] = len(k.steps) // its storage is not used again
	}
	scratch := make([]*ir.Tensor, len(k.values))
	var free []*ir.Tensor
	for i := range k.steps {
		s := &k.steps[i]
		if s.write < 0 {
			if len(free) > 0 {
				s.scratch, free = free[len(free)-1], free[:len(free)-1]
			} else {
				t, err := ir.NewTensor(dtype, elements)
				if err != nil {
					return err
				}
				s.scratch = t
			}
			scratch[s.to] = s.scratch
		}
		for _, v := range append(slices.Clone(s.from), s.to) {
			if v >= 0 && scratch[v] != nil && last[v] <= i {
				free = append(free, scratch[v])
				scratch[v] = nil
			}
		}
	}
	return nil
}

func (k *elementwiseKernel) Name() string { return k.label }

func (k *elementwiseKernel) Run(slots []ir.Value) error {
	for i := range k.writes {
		w := &k.writes[i]
		full, err := slots[w.slot].Tensor().Resize(w.typ.DType, k.result)
		if err != nil {
			return err
		}
		w.full = full
	}
	for i := range k.reads {
		if r := &k.reads[i]; r.whole {
			k.values[r.local] = slots[r.slot]
		}
	}
	for i := range k.ends {
		k.ends[i].folder.Start()
	}
	for start := 0; start < k.shape[0]; start += k.rows {
		if err := k.runBlock(slots, start, min(k.rows, k.shape[0]-start)); err != nil {
			return err
		}
	}
	k.finish(slots)
	return nil
}

// runBlock evaluates all steps on the given rows.
func (k *elementwiseKernel) runBlock(slots []ir.Value, start, rows int) error {
	k.block[0] = rows
	for i := range k.reads {
		r := &k.reads[i]
		if r.whole {
			continue
		}
		from := slots[r.slot]
		r.shape[0] = rows
		r.view.SetView(from.Tensor(), start*rowSize(r.shape), r.shape...)
		k.values[r.local] = ir.TensorValue(r.view).AsWeak(from.Weak())
	}
	for i := range k.steps {
		s := &k.steps[i]
		for j, v := range s.from {
			if v >= 0 {
				s.args[j] = k.values[v]
			}
		}
		storage := s.scratch
		if s.write >= 0 {
			storage = k.writes[s.write].view
			storage.SetView(k.writes[s.write].full, start*rowSize(k.block), k.block...)
		}
		k.values[s.to] = ir.TensorValue(storage)
		if err := s.eval(k.values[s.to:s.to+1], s.args); err != nil {
			return err
		}
		if got := k.values[s.to]; got.Tensor() != storage && s.write >= 0 {
			copyElements(storage, got.Tensor())
			k.values[s.to] = ir.TensorValue(storage).AsWeak(got.Weak())
		}
	}
	for i := range k.ends {
		k.ends[i].folder.Add(k.values[k.ends[i].from].Tensor())
	}
	return nil
}

// finish hands the results over and lets go of the operands, which are the
// caller's.
func (k *elementwiseKernel) finish(slots []ir.Value) {
	for i := range k.writes {
		w := &k.writes[i]
		slots[w.slot] = ir.TensorValue(w.full).AsWeak(w.typ.Weak)
		w.full = nil
		w.view.ClearView()
	}
	for i := range k.ends {
		slots[k.ends[i].slot] = k.ends[i].folder.Result()
	}
	for i := range k.reads {
		k.reads[i].view.ClearView()
	}
	clear(k.values)
	for i := range k.steps {
		s := &k.steps[i]
		for j, v := range s.from {
			if v >= 0 {
				s.args[j] = ir.Value{}
			}
		}
	}
}

// rowSize returns the number of elements of one row.
func rowSize(shape []int) int {
	n := 1
	for _, extent := range shape[1:] {
		n *= extent
	}
	return n
}
