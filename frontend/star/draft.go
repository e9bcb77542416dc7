package star

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/ir"
)

// This file has the names of the draft of 2010 that are not elements of the
// language: its registers, its data set and learner, and NumPy's generator.

// draws are numbers that will be drawn: numpy.random.RandomState(seed).randn(rows, cols).
type draws struct {
	seed, rows, cols int64
}

func (d *draws) String() string        { return fmt.Sprintf("randn(%d, %d)", d.rows, d.cols) }
func (d *draws) Type() string          { return "draws" }
func (d *draws) Freeze()               {}
func (d *draws) Truth() starlark.Bool  { return starlark.True }
func (d *draws) Hash() (uint32, error) { return 0, errors.New("unhashable: draws") }

// newRegisters makes Registers(), whose calls give registers.
func newRegisters(c *call) (starlark.Value, error) {
	if len(c.args)+len(c.kwargs) > 0 {
		return nil, fmt.Errorf("takes no arguments: registers are declared by REGISTER or program(registers=..)")
	}
	return c.constructor("reg", newReg), nil
}

// newRandomState makes RandomState(seed), which has randn(rows, cols).
func newRandomState(c *call) (starlark.Value, error) {
	var seed int64
	if err := starlark.UnpackArgs(c.name, c.args, c.kwargs, "seed?", &seed); err != nil {
		return nil, unpackError(err)
	}
	return &namespace{"RandomState", starlark.StringDict{"randn": c.constructor("randn", func(c *call) (starlark.Value, error) {
		if len(c.args) != 2 || len(c.kwargs) > 0 {
			return nil, fmt.Errorf("got %d extents: want (rows, cols); draw other shapes by rng(seed=..).normal(shape)", len(c.args))
		}
		rows, ok1 := integer(c.args[0])
		cols, ok2 := integer(c.args[1])
		if !ok1 || !ok2 || rows < 1 || cols < 1 {
			return nil, fmt.Errorf("got (%s, %s): want two whole numbers of at least 1", describe(c.args[0]), describe(c.args[1]))
		}
		return &draws{seed, rows, cols}, nil
	})}}, nil
}

// newDataset makes Dataset(rows), a data set that begins again after its last
// row.
func newDataset(c *call) (starlark.Value, error) {
	var rows starlark.Value
	if err := starlark.UnpackArgs(c.name, c.args, c.kwargs, "rows", &rows); err != nil {
		return nil, unpackError(err)
	}
	o := &object{builder: c.builder, pos: c.pos}
	args := map[string]starlark.Value{"wrap": starlark.True}
	if d, ok := rows.(*draws); ok {
		o.class = "data.normal"
		args["rows"], args["cols"], args["seed"] = starlark.MakeInt64(d.rows), starlark.MakeInt64(d.cols), starlark.MakeInt64(d.seed)
	} else {
		o.class = "data.array"
		if _, list := items(rows); list {
			v, err := c.tensorData(ir.F64, rows, nil, false)
			if err != nil {
				return nil, err
			}
			if rows, err = c.constant(v); err != nil {
				return nil, err
			}
		}
		args["values"] = rows
	}
	for _, name := range []string{"cols", "rows", "seed", "values", "wrap"} {
		if v := args[name]; v != nil {
			if err := c.objectArg(o, name, v); err != nil {
				return nil, err
			}
		}
	}
	c.builder.objects = append(c.builder.objects, o)
	return o, nil
}

// newAnalysis makes PCA_Analysis(n_components=None).
func newAnalysis(c *call) (starlark.Value, error) {
	var components starlark.Value = starlark.None
	if err := starlark.UnpackArgs(c.name, c.args, c.kwargs, "n_components?", &components); err != nil {
		return nil, unpackError(err)
	}
	o := &object{builder: c.builder, class: "learn.pca", pos: c.pos}
	if components != starlark.None {
		if err := c.objectArg(o, "components", components); err != nil {
			return nil, err
		}
	}
	c.builder.objects = append(c.builder.objects, o)
	return o, nil
}
