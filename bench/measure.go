package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// A config is a way to compile an example.
type config struct {
	level   int
	backend string
}

// configs are the columns of the table; the first is what the others are
// compared with.
var configs = []config{{0, flowc.Step}, {2, flowc.Step}, {0, flowc.Gorgonia}, {2, flowc.Gorgonia}}

func (c config) String() string { return fmt.Sprintf("-O%d %s", c.level, c.backend) }

// load returns the program of the given name: one of bench/programs, or an
// example.
func load(root, name string) (*ir.Program, error) {
	if own := filepath.Join(root, "bench", "programs", name+".flow"); exists(own) {
		return flowc.Load(own)
	}
	return flowc.Load(filepath.Join(root, "examples", name+".json"))
}

// compile compiles an example for a configuration.
func compile(p *ir.Program, c config) (*flowc.Compiled, error) {
	return flowc.Compile(p, flowc.Options{Level: c.level, Backend: c.backend})
}

// run starts the program and runs it to its end, waiting for what it spawns.
func run(c *flowc.Compiled) error {
	m, err := c.Start(nil)
	if err != nil {
		return err
	}
	defer m.Close()
	status, err := m.Run(context.Background(), flowc.Budget{})
	for err == nil && status == flowc.Blocked {
		if err = m.Wait(context.Background()); err == nil {
			status, err = m.Run(context.Background(), flowc.Budget{})
		}
	}
	if err == nil && status != flowc.Done {
		err = fmt.Errorf("the program stopped, %s", status)
	}
	return err
}

// measure times an example: rounds runs of each configuration after one that
// does not count. The configurations take turns.
func measure(name string, rounds int) ([][]time.Duration, error) {
	p, err := load(".", name)
	if err != nil {
		return nil, err
	}
	compiled := make([]*flowc.Compiled, len(configs))
	for i, c := range configs {
		if compiled[i], err = compile(p, c); err != nil {
			return nil, fmt.Errorf("%s, %s: %w", name, c, err)
		}
	}
	times := make([][]time.Duration, len(configs))
	for round := range rounds + 1 {
		for i, c := range configs {
			start := time.Now()
			if err := run(compiled[i]); err != nil {
				return nil, fmt.Errorf("%s, %s: %w", name, c, err)
			}
			if round > 0 {
				times[i] = append(times[i], time.Since(start))
			}
		}
	}
	return times, nil
}
