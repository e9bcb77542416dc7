package json

import (
	"iter"
	"slices"
)

// keySet finds keys that an object has twice.
type keySet struct {
	few  []member
	many map[string]int32
}

// add notes a key and returns the offset of its first occurrence when it is
// there already.
func (s *keySet) add(m member) (first int32, again bool) {
	if s.many == nil {
		for i := range s.few {
			if s.few[i].key == m.key {
				return s.few[i].keyPos, true
			}
		}
		s.few = append(s.few, m)
		if len(s.few) > 16 {
			s.many = make(map[string]int32, 64)
			for _, m := range s.few {
				s.many[m.key] = m.keyPos
			}
		}
		return 0, false
	}
	if first, again = s.many[m.key]; !again {
		s.many[m.key] = m.keyPos
	}
	return first, again
}

// uniqueMembers yields the members of an object, with their key entered, and
// reports keys that are there twice.
func (d *decoder) uniqueMembers(object place) iter.Seq[member] {
	return func(yield func(member) bool) {
		var keys keySet
		for m := range d.members(object) {
			if d.stopped {
				return
			}
			d.enter(m.key)
			more := true
			if first, again := keys.add(m); again {
				d.duplicate(m, first)
			} else {
				more = yield(m)
			}
			d.leave()
			if !more {
				return
			}
		}
	}
}

func (d *decoder) duplicate(m member, first int32) {
	d.report(int(m.keyPos), "duplicate key %s: the first one is at %s", quote(m.key), d.lines.pos(int(first)))
}

// fixedMembers returns the members of an object that has few possible keys, so
// that they can be read in any order. It is used until release is called with
// it, last in first out.
func (d *decoder) fixedMembers(object place) []member {
	base := len(d.arena)
	if d.count(object) > maxKeys {
		d.report(int(object.pos), "found an object with %d keys: want at most %d", d.count(object), maxKeys)
		d.stopped = true
		return nil
	}
	for m := range d.members(object) {
		if d.stopped {
			break
		}
		if i := slices.IndexFunc(d.arena[base:], func(o member) bool { return o.key == m.key }); i >= 0 {
			d.enter(m.key)
			d.duplicate(m, d.arena[base+i].keyPos)
			d.leave()
			continue
		}
		d.arena = append(d.arena, m)
	}
	return d.arena[base:len(d.arena):len(d.arena)]
}

func (d *decoder) release(members []member) { d.arena = d.arena[:len(d.arena)-len(members)] }

// listItems yields the items of a list, with their index entered.
func (d *decoder) listItems(list place) iter.Seq2[int, place] {
	return func(yield func(int, place) bool) {
		for i, item := range d.items(list) {
			if d.stopped {
				return
			}
			d.enterItem(i)
			more := yield(i, item)
			d.leave()
			if !more {
				return
			}
		}
	}
}
