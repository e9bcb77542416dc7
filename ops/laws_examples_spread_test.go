package ops

import "flowc.dev/flowc/ir"

func init() {
	a, b := uniform(60, -1, 1, 2, 3), uniform(61, -1, 1, 2, 3)
	row := f32t([]int{1, 3}, 1, 2, 3)
	zero, one := ir.WeakInt(0), ir.WeakInt(1)
	addExamples("concat_items", call(zero, a, row), call(one, a, b), call(zero, a))
	addExamples("stack_items", call(zero, a, b), call(one, row, row))
	addExamples("concat_adjoint_items", call(uniform(62, -1, 1, 3, 3), one, zero, a, row))
	addExamples("stack_adjoint_items", call(uniform(63, -1, 1, 2, 2, 3), zero, zero, a, b))
}
