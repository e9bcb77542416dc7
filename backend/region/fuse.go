package region

import "slices"

// maxSearch bounds how many groups a step tries to join, so that laying out a
// graph takes time in proportion to its size.
const maxSearch = 32

// A group is a set of steps of one region that are evaluated together: one step
// alone, or elementwise steps with results of one shape.
type group struct {
	steps []int
	uses  map[int]bool // other groups whose values it needs
}

// fuse divides the steps of a region, which are in order of dependence, into
// groups and returns these in such an order. A step joins a group that computes
// or uses one of its arguments, unless that would make groups depend on each
// other in a circle.
func fuse(l *Layout, steps []int) [][]int {
	f := fuser{layout: l, groupOf: map[int]int{}}
	for _, i := range steps {
		f.add(i)
	}
	return f.ordered()
}

type fuser struct {
	layout  *Layout
	groups  []*group
	groupOf map[int]int // of the steps
}

func (f *fuser) add(i int) {
	uses := map[int]bool{}
	for _, v := range f.layout.Graph.Steps[i].Args {
		if v >= 0 && f.layout.Producer[v] >= 0 {
			if g, here := f.groupOf[f.layout.Producer[v]]; here {
				uses[g] = true
			}
		}
	}
	g := f.find(i, uses)
	if g < 0 {
		g = len(f.groups)
		f.groups = append(f.groups, &group{uses: map[int]bool{}})
	}
	f.groupOf[i] = g
	f.groups[g].steps = append(f.groups[g].steps, i)
	for other := range uses {
		if other != g {
			f.groups[g].uses[other] = true
		}
	}
}

// find returns the group that step i, which needs values of the groups in uses,
// can join, or -1.
func (f *fuser) find(i int, uses map[int]bool) int {
	if f.layout.Places[i] != Elementwise {
		return -1
	}
	for g := len(f.groups) - 1; g >= max(0, len(f.groups)-maxSearch); g-- {
		if f.fits(i, g) && (uses[g] || f.shareArgument(i, g)) && !f.circular(g, uses) {
			return g
		}
	}
	return -1
}

// fits reports whether step i has results of the same shape as group g.
func (f *fuser) fits(i, g int) bool {
	first := f.groups[g].steps[0]
	return f.layout.Places[first] == Elementwise && slices.Equal(f.shape(first), f.shape(i))
}

func (f *fuser) shape(i int) []int {
	return f.layout.Graph.Types[f.layout.Graph.Steps[i].First].Shape
}

// shareArgument reports whether step i reads a tensor that group g reads.
func (f *fuser) shareArgument(i, g int) bool {
	graph := f.layout.Graph
	for _, v := range graph.Steps[i].Args {
		if v < 0 || len(graph.Types[v].Shape) == 0 {
			continue
		}
		for _, other := range f.groups[g].steps {
			if slices.Contains(graph.Steps[other].Args, v) {
				return true
			}
		}
	}
	return false
}

// circular reports whether one of the groups in uses, other than g itself,
// needs a value of g.
func (f *fuser) circular(g int, uses map[int]bool) bool {
	seen := map[int]bool{}
	var reaches func(from int) bool
	reaches = func(from int) bool {
		if from == g {
			return true
		}
		if seen[from] {
			return false
		}
		seen[from] = true
		for next := range f.groups[from].uses {
			if reaches(next) {
				return true
			}
		}
		return false
	}
	for other := range uses {
		if other != g && reaches(other) {
			return true
		}
	}
	return false
}

// ordered returns the groups in an order in which each comes after those that
// it uses.
func (f *fuser) ordered() [][]int {
	var order [][]int
	done := make([]bool, len(f.groups))
	var visit func(g int)
	visit = func(g int) {
		if done[g] {
			return
		}
		done[g] = true
		needed := make([]int, 0, len(f.groups[g].uses))
		for other := range f.groups[g].uses {
			needed = append(needed, other)
		}
		slices.Sort(needed)
		for _, other := range needed {
			visit(other)
		}
		order = append(order, f.groups[g].steps)
	}
	for g := range f.groups {
		visit(g)
	}
	return order
}

// attach lets reductions over all elements follow the blocks of the group that
// computes what they reduce, and returns the groups that are left. A reduction
// needs that group alone, so it can run as early.
func attach(l *Layout, groups [][]int) [][]int {
	groupOf := map[int]int{}
	for g, group := range groups {
		for _, i := range group {
			groupOf[i] = g
		}
	}
	ends := map[int][]int{}
	left := groups[:0:0]
	for _, group := range groups {
		if len(group) == 1 && l.folds(group[0]) {
			if g, here := groupOf[l.Producer[l.Graph.Steps[group[0]].Args[0]]]; here {
				ends[g] = append(ends[g], group[0])
				groupOf[group[0]] = -1
			}
		}
	}
	for g, group := range groups {
		if groupOf[group[0]] >= 0 {
			left = append(left, append(slices.Clip(group), ends[g]...))
		}
	}
	return left
}

// folds reports whether step i reduces all elements of a large elementwise
// result, of a kind that can be reduced block by block.
func (l *Layout) folds(i int) bool {
	step := &l.Graph.Steps[i]
	if l.Places[i] != Reference || len(step.Args) != 3 || step.Args[0] < 0 || len(step.Static) != 3 ||
		step.Args[1] >= 0 || !step.Static[1].IsNull() || step.Args[2] >= 0 ||
		len(l.Graph.Types[step.First].Shape) != 0 {
		return false
	}
	from := l.Producer[step.Args[0]]
	t := l.Graph.Types[step.Args[0]]
	return from >= 0 && l.Places[from] == Elementwise && elements(t.Shape) > blockElements && l.Ops[i].Folder(t) != nil
}
