package ir

// HasMoreParts reports, in time proportional to limit, whether v consists of
// more than limit values when each is counted wherever it stands: lists may share
// parts, so that one that takes little room may have more than can be counted.
func (v Value) HasMoreParts(limit int) bool { return v.countParts(0, limit) > limit }

func (v Value) countParts(count, limit int) int {
	var parts []Value
	switch ref := v.ref.(type) {
	case *List:
		parts = ref.Items
	case *Record:
		parts = ref.Values
	}
	count++
	for _, part := range parts {
		if count > limit {
			break
		}
		count = part.countParts(count, limit)
	}
	return count
}
