package ir

import "testing"

// Nodes are found whatever their IDs, and IDs that a stranger chose cost no
// memory for the ones between.
func TestIDTable(t *testing.T) {
	var ids idTable
	nodes := map[ID]*Node{}
	for i, id := range []ID{1, 2, 5000, 1 << 31, 3, 1500, 1<<32 - 1} {
		nodes[id] = &Node{ID: id}
		ids.set(id, nodes[id], i+1)
	}
	for i := range 1000 { // makes 5000 an ID that the list holds
		id := ID(6000 + i)
		nodes[id] = &Node{ID: id}
		ids.set(id, nodes[id], 1000+i)
	}
	for id, n := range nodes {
		if ids.get(id) != n {
			t.Errorf("id %d is not found", id)
		}
	}
	if ids.get(4) != nil || ids.get(1<<30) != nil {
		t.Error("an ID that no node has is found")
	}
	if len(ids.dense) > 20_000 {
		t.Errorf("the list has %d slots", len(ids.dense))
	}
}
