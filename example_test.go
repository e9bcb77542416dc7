package flowc_test

import (
	"context"
	"fmt"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// A program that finds the minimum of (w - 3)^2 by gradient descent.
const descent = `{"flowc": 1, "name": "descent",
  "registers": {"w": 0.0, "rate": 0.25},
  "inputs": ["rate"],
  "functions": {"loss": {"params": ["w"], "returns": ["l"], "body": [
    {"call": "square", "args": [{"call": "subtract", "args": [{"reg": "w"}, 3]}], "store": "l"}]}},
  "outputs": ["w"],
  "body": [{"loop": [
    {"grad": "loss", "args": [{"reg": "w"}], "wrt": ["w"], "store": ["l", "g"]},
    {"call": "subtract", "args": [{"reg": "w"}, {"call": "multiply", "args": [{"reg": "rate"}, {"reg": "g"}]}], "store": "w"}]}]}`

// The machine does two steps at a time; between them its registers can be read.
func Example() {
	program, err := flowc.Parse([]byte(descent), "descent.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	compiled, err := flowc.Compile(program, flowc.Options{Level: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	machine, err := compiled.Start(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 4 {
		if _, err := machine.Run(context.Background(), flowc.Budget{Steps: 2}); err != nil {
			fmt.Println(err)
			return
		}
		w, err := machine.Register("w")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("after %d steps w = %s\n", machine.Steps(), ir.Format(w))
	}
	// Output:
	// after 2 steps w = 1.5
	// after 4 steps w = 2.25
	// after 6 steps w = 2.625
	// after 8 steps w = 2.8125
}

func ExampleCompiled_Start() {
	program, err := flowc.Parse([]byte(descent), "descent.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	compiled, err := flowc.Compile(program, flowc.Options{Level: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	machine, err := compiled.Start(map[string]ir.Value{"rate": ir.WeakFloat(0.5)})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := machine.Run(context.Background(), flowc.Budget{Steps: 2}); err != nil {
		fmt.Println(err)
		return
	}
	w, err := machine.Register("w")
	fmt.Println(ir.Format(w), err)
	// Output: 3.0 <nil>
}

// An op of one's own is added to a registry. It is elementwise addition here,
// with a weight.
func ExampleOptions_registry() {
	registry := ops.Standard()
	err := registry.Add(&ops.Op{
		Signature: ir.Signature{Name: "plus_twice", Params: []ir.Param{{Name: "x"}, {Name: "y"}}, Results: 1},
		Doc:       "x + 2 y of rank-0 numbers.",
		Infer: func(args []ops.Arg) ([]ir.Type, error) {
			for _, arg := range args {
				if arg.Type.Kind != ir.Number || len(arg.Type.Shape) > 0 {
					return nil, fmt.Errorf("plus_twice of %s: want numbers of rank 0", arg.Type)
				}
			}
			return []ir.Type{ir.NumberType(ir.F64)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			dst[0] = ir.Float(args[0].Float64() + 2*args[1].Float64())
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := flowc.Parse([]byte(`{"flowc": 1, "body": [{"call": "plus_twice", "args": [1, 20], "store": "z"}]}`), "own.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	compiled, err := flowc.Compile(program, flowc.Options{Registry: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	machine, err := compiled.Start(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := machine.Step(); err != nil {
		fmt.Println(err)
		return
	}
	z, err := machine.Register("z")
	fmt.Println(ir.Format(z), err)
	// Output: 41.0 <nil>
}
