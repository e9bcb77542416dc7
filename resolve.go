package flowc

import (
	"flowc.dev/flowc/frontend/library"
	"flowc.dev/flowc/ir"
)

// resolved returns p with the functions of the libraries that it imports and an
// ID of its own on every node, or all defects of p.
func resolved(p *ir.Program, lib ir.Library) (*ir.Verified, error) {
	p, err := library.Resolve(p)
	if err != nil {
		return nil, err
	}
	known, err := ir.VerifyKnown(p, lib)
	if err != nil {
		return nil, err
	}
	return known.Numbered(), nil
}
