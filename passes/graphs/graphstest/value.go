package graphstest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ops"
)

// Registers returns values of the types: of numbers that are special or any, or,
// tame, of numbers between 0.25 and 1.75.
func (c *Case) Registers(types map[string]ir.Type, r *rand.Rand, tame bool) (map[string]ir.Value, error) {
	registers := map[string]ir.Value{}
	for _, name := range c.Order {
		v, err := Value(types[name], r, tame, c.registry)
		if err != nil {
			return nil, err
		}
		registers[name] = v
	}
	return registers, nil
}

// Value returns a number of type t, see [Case.Registers].
func Value(t ir.Type, r *rand.Rand, tame bool, registry *ops.Registry) (ir.Value, error) {
	wide, err := ir.NewTensor(ir.F64, t.Shape...)
	if err != nil {
		return ir.Value{}, err
	}
	for i := range ir.Data[float64](wide) {
		ir.Data[float64](wide)[i] = element(r, tame)
	}
	dst := make([]ir.Value, 1)
	if err := registry.Lookup("cast").Eval(dst, []ir.Value{ir.TensorValue(wide), ir.String(t.DType.String())}); err != nil {
		return ir.Value{}, err
	}
	return dst[0].AsWeak(t.Weak), nil
}

func element(r *rand.Rand, tame bool) float64 {
	switch {
	case tame:
		return 0.25 + 1.5*r.Float64()
	case r.IntN(3) == 0:
		return math.Ldexp(r.Float64()-0.5, r.IntN(20)-8)
	}
	return irtest.Specials[r.IntN(len(irtest.Specials))]
}

// Evaluate returns the outputs of a graph, each op evaluated as it is defined.
func Evaluate(g *ir.Graph, registers map[string]ir.Value, registry *ops.Registry) ([]ir.Value, error) {
	values := make([]ir.Value, len(g.Types))
	for i, in := range g.Inputs {
		if values[i] = registers[in.Register]; in.Const != nil {
			values[i] = *in.Const
		}
	}
	for _, s := range g.Steps {
		args := make([]ir.Value, len(s.Args))
		for i, v := range s.Args {
			if args[i] = s.Static[i]; v >= 0 {
				args[i] = values[v]
			}
		}
		results := make([]ir.Value, s.Results)
		if err := registry.Lookup(s.Op).Eval(results, args); err != nil {
			return nil, err
		}
		copy(values[s.First:], results)
	}
	for i, v := range values {
		if !v.HasType(g.Types[i]) {
			return nil, fmt.Errorf("bug: value %d is %s, inferred is %s", i, v.Type(), g.Types[i])
		}
	}
	var out []ir.Value
	for _, o := range g.Outputs {
		out = append(out, values[o.Value])
	}
	return out, nil
}
