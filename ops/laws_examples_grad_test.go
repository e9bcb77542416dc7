package ops

import "flowc.dev/flowc/ir"

func init() {
	x := uniform(50, -1, 1, 2, 3)
	p := ir.RecordOf([]string{"W", "b"}, []ir.Value{x, ir.Float32(1)})
	addExamples("identity", call(x), call(ir.WeakInt(3)), call(boolt([]int{2}, true, false)), call(ir.String("text")),
		call(ir.ListOf(x, ir.Value{})), call(p))
	addExamples("scalar_loss", call(ir.Float(2)), call(ir.WeakFloat(2)), call(ir.Float32(2)))
	addExamples("record_like", call(p, ir.RecordOf([]string{"W"}, []ir.Value{constant(x, 2)})),
		call(p, ir.RecordOf([]string{"b", "W"}, []ir.Value{ir.Float32(2), x})), call(p, ir.RecordOf(nil, nil)))
}
