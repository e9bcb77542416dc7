package ir

// An idTable finds nodes by their IDs. IDs that are as dense as a compiler gives
// them are slots of a list; those that a stranger chose are not.
type idTable struct {
	dense  []*Node
	sparse map[ID]*Node
}

func (t *idTable) get(id ID) *Node {
	if int(id) < len(t.dense) && t.dense[id] != nil {
		return t.dense[id]
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

// reserve makes room for as many IDs as the other table has, and some more.
func (t *idTable) reserve(other *idTable) {
	if len(t.dense) < len(other.dense) {
		t.dense = make([]*Node, len(other.dense)+len(other.dense)/8)
	}
}

// clear empties the table and keeps its memory.
func (t *idTable) clear() {
	clear(t.dense)
	t.sparse = nil
}

// set notes n, the count-th node of the program.
func (t *idTable) set(id ID, n *Node, count int) {
	const spread = 8 // how many slots there may be to a node
	if int64(id) < spread*int64(count)+1024 {
		if int(id) >= len(t.dense) {
			grown := make([]*Node, 2*int(id)+64)
			copy(grown, t.dense)
			t.dense = grown
		}
		t.dense[id] = n
		return
	}
	if t.sparse == nil {
		t.sparse = map[ID]*Node{}
	}
	t.sparse[id] = n
}
