package ir

// An idTable finds nodes by their IDs. IDs that are as dense as a compiler gives
// them are slots of a list; those that a stranger chose are not.
type idTable struct {
	dense  []*Node
	sparse map[ID]*Node
}

func (t *idTable) get(id ID) *Node {
	if int(id) < len(t.dense) {
		return t.dense[id]
	}
	if t.sparse == nil {
		return nil
	}
	return t.sparse[id]
}

// has reports whether n is in the table, or the one statement of a node that is.
func (t *idTable) has(n *Node) bool {
	if t == nil || n.ID == 0 {
		return false
	}
	found := t.get(n.ID)
	return found == n || found != nil && standsFor(found, n)
}

// reserve makes room for the nodes that a pass makes of so many, whose largest ID
// is given.
func (t *idTable) reserve(nodes int, largest ID) {
	if room := int(min(2*int64(largest), spread*int64(nodes))) + 1024; len(t.dense) < room {
		t.dense = make([]*Node, room+room/8)
	}
}

// clear empties the table and keeps its memory.
func (t *idTable) clear() {
	clear(t.dense)
	t.sparse = nil
}

// spread is how many slots there may be to a node.
const spread = 8

// set notes n, the count-th node of the program.
func (t *idTable) set(id ID, n *Node, count int) {
	switch {
	case int(id) < len(t.dense):
		t.dense[id] = n
	case int64(id) < spread*int64(count)+1024:
		grown := make([]*Node, 2*int(id)+64)
		copy(grown, t.dense)
		for id, n := range t.sparse {
			if int(id) < len(grown) {
				grown[id] = n
				delete(t.sparse, id)
			}
		}
		t.dense = grown
		t.dense[id] = n
	default:
		if t.sparse == nil {
			t.sparse = map[ID]*Node{}
		}
		t.sparse[id] = n
	}
}
