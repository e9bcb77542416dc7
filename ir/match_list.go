package ir

import "slices"

// list matches all of items and of the keyword arguments. A rest takes as few
// items as let what follows it match, up to the next rest; this is not gone
// back on, so the work is at most the product of the sizes.
func (m *matcher) list(pattern, items []*Node, kwargs []Kwarg) bool {
	first := nextRest(pattern)
	if first == len(pattern) {
		return len(items) == len(pattern) && len(kwargs) == 0 && m.run(pattern, items)
	}
	if !m.run(pattern[:first], items) {
		return false
	}
	items = items[first:]
	for pattern = pattern[first:]; len(pattern) > 0; {
		rest := pattern[0].Text("name")
		end := 1 + nextRest(pattern[1:])
		segment, last := pattern[1:end], end == len(pattern)
		at := 0
		if last {
			at = max(0, len(items)-len(segment))
		}
		for ; !m.run(segment, items[at:]); at++ {
			if last || len(items)-at <= len(segment) || m.work > maxMatchWork {
				return false
			}
		}
		taken := Binding{Nodes: items[:at:at], Rest: true}
		if last {
			taken.Kwargs = kwargs
		}
		if !m.bind(rest, taken) {
			return false
		}
		pattern, items = pattern[end:], items[at+len(segment):]
	}
	return true
}

func nextRest(pattern []*Node) int {
	if i := slices.IndexFunc(pattern, (*Node).IsRest); i >= 0 {
		return i
	}
	return len(pattern)
}

// run matches items, one for one, from the first; it binds nothing unless all
// of the patterns match.
func (m *matcher) run(pattern, items []*Node) bool {
	if len(items) < len(pattern) {
		return false
	}
	bound, claimed := len(m.bound), len(m.claimed)
	for i, p := range pattern {
		if !m.node(p, items[i]) {
			m.bound, m.claimed = m.bound[:bound], m.claimed[:claimed]
			return false
		}
	}
	return true
}

// sequence matches a run of statements that begins with the first of items and
// returns its length. Pattern begins and ends with no rest.
func (m *matcher) sequence(pattern, items []*Node) (length int, ok bool) {
	first := nextRest(pattern)
	if !m.run(pattern[:first], items) {
		return 0, false
	}
	length = first
	for pattern = pattern[first:]; len(pattern) > 0; {
		end := 1 + nextRest(pattern[1:])
		segment, at := pattern[1:end], length
		for ; !m.run(segment, items[at:]); at++ {
			if len(items)-at <= len(segment) || m.work > maxMatchWork {
				return 0, false
			}
		}
		if !m.bind(pattern[0].Text("name"), Binding{Nodes: items[length:at:at], Rest: true}) {
			return 0, false
		}
		pattern, length = pattern[end:], at+len(segment)
	}
	return length, true
}
