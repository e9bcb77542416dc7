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

// set notes n, the count-th node of the program.
func (t *idTable) set(id ID, n *Node, count int) {
	const spread = 8 // how many slots there may be to a node
	if int64(id) < spread*int64(count)+1024 {
		if int(id) >= len(t.dense) {
			t.dense = append(t.dense, make([]*Node, int(id)+1-len(t.dense)+len(t.dense)/2)...)
		}
		t.dense[id] = n
		return
	}
	if t.sparse == nil {
		t.sparse = map[ID]*Node{}
	}
	t.sparse[id] = n
}
