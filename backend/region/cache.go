package region

import (
	"container/list"
	"slices"
	"sync"

	"flowc.dev/flowc/ir"
)

// Bounds on the machines that are kept. Past them, the one that was looked up
// longest ago is dropped; it is made again when it is needed.
const (
	maxMachinesPerLeaf = 64
	maxMachines        = 1024
)

// A cache bounds the machines of all code of a compiler. Its lock also guards
// the list of machines of each code.
type cache struct {
	mu     sync.Mutex
	recent list.List // of *Machine, the most recently looked up first
}

// lookup returns the machine of c that accepts the inputs, or nil.
func (k *cache) lookup(c *Code, inputs []ir.Value) *Machine {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, m := range c.machines {
		if m.accepts(inputs) {
			c.machines = slices.Insert(slices.Delete(c.machines, i, i+1), 0, m)
			k.recent.MoveToFront(m.cached)
			return m
		}
	}
	return nil
}

// add takes in a new machine of c.
func (k *cache) add(c *Code, m *Machine) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(c.machines) >= maxMachinesPerLeaf {
		k.removeLocked(c.machines[len(c.machines)-1])
	}
	if k.recent.Len() >= maxMachines {
		k.removeLocked(k.recent.Back().Value.(*Machine))
	}
	m.owner = c
	m.cached = k.recent.PushFront(m)
	c.machines = slices.Insert(c.machines, 0, m)
}

// remove drops a machine.
func (k *cache) remove(m *Machine) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.removeLocked(m)
}

func (k *cache) removeLocked(m *Machine) {
	if m.cached == nil {
		return
	}
	k.recent.Remove(m.cached)
	m.cached = nil
	c := m.owner
	if i := slices.Index(c.machines, m); i >= 0 {
		c.machines = slices.Delete(c.machines, i, i+1)
	}
}
