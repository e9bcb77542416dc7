package backend

import (
	"time"

	"flowc.dev/flowc/ir"
)

// A ProfileEntry says how often a leaf ran and how long it took in all. A leaf
// that stands for several source statements has one entry, at its first
// statement's position, that lists them.
type ProfileEntry struct {
	Node    *ir.Node
	Sources []*ir.Node
	Count   int64
	Time    time.Duration
	// Peak is the bytes that a compiled graph keeps for the values between its
	// ops, Apart what they would take without sharing.
	Peak, Apart int64
}

type profileCounter struct {
	st    *stmt
	count int64
	time  time.Duration
}

// Profile returns the entries of all leaves that ran, in source order, if the
// machine was configured to keep them.
func (m *Machine) Profile() []ProfileEntry {
	var entries []ProfileEntry
	for _, c := range m.profile {
		if c.count > 0 {
			e := ProfileEntry{Node: c.st.node, Sources: c.st.node.Body("source"), Count: c.count, Time: c.time}
			if leaf, ok := c.st.exec.(*compiledLeaf); ok {
				if code, ok := leaf.code.(PlannedCode); ok {
					e.Peak, e.Apart = code.Storage()
				}
			}
			entries = append(entries, e)
		}
	}
	return entries
}
