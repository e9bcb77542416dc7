package ir

// Clone returns a copy of p that has no node in common with it. Values, which
// never change, are shared.
func (p *Program) Clone() *Program { return mapNodes(p, (*Node).Copy) }
