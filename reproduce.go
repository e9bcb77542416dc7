package flowc

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
)

// reproducible writes the file that repeats the failure of a pass, if one is
// asked for and the pass is wrong, not the program. It returns the error with the
// file's name.
func (o *Options) reproducible(p *ir.Program, family string, err error) error {
	var failed *passes.Error
	if o.Reproducers == "" || !errors.As(err, &failed) || !failed.Bug {
		return err
	}
	r := passes.Reproducer{Program: p, Passes: failed.Pipeline, Family: family, Fuel: o.Fuel, Seed: o.Seed, Error: failed.Message()}
	text, formatErr := r.Format()
	sum := sha256.Sum256(text) // less the stack, which differs from time to time
	if r.Stack = failed.Stack; formatErr == nil && r.Stack != "" {
		text, formatErr = r.Format()
	}
	if formatErr != nil {
		return errors.Join(err, fmt.Errorf("the reproducer: %w", formatErr))
	}
	path := filepath.Join(o.Reproducers, fmt.Sprintf("flowc-repro-%x.txtar", sum[:6]))
	if writeErr := os.WriteFile(path, text, 0o644); writeErr != nil {
		return errors.Join(err, fmt.Errorf("the reproducer: %w", writeErr))
	}
	failed.Reproducer = path
	return err
}

// Reproduce compiles what a reproducer holds, in the way in which it failed. Of
// the options, the registry and the table count.
func Reproduce(r *passes.Reproducer, o Options) error {
	_, err := Compile(r.Program, Options{Backend: r.Family, Passes: r.Passes, Fuel: r.Fuel, Seed: r.Seed, Registry: o.Registry, Table: o.Table, Strict: true})
	return err
}
