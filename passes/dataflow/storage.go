package dataflow

// A storage has the values of a graph and the lists of their operands, in blocks
// that the next values take when the graph is emptied.
type storage struct {
	values [][]Value
	lists  [][]*Value
	// The next value is values[block][next], the next list begins at
	// lists[listBlock][nextList].
	block, next         int
	listBlock, nextList int
}

// Blocks begin small, since most graphs are, and double up to the largest.
const (
	smallestBlock = 16
	largestBlock  = 1024
)

func blockSize(blocks int) int { return min(smallestBlock<<min(blocks, 10), largestBlock) }

// reset makes all of it free.
func (s *storage) reset() {
	s.block, s.next, s.listBlock, s.nextList = 0, 0, 0, 0
}

func (s *storage) value() *Value {
	if s.block == len(s.values) {
		s.values = append(s.values, make([]Value, blockSize(s.block)))
	}
	v := &s.values[s.block][s.next]
	if s.next++; s.next == len(s.values[s.block]) {
		s.block, s.next = s.block+1, 0
	}
	return v
}

// list returns a list of n values, all of which are to be set. There is no room
// to append to it.
func (s *storage) list(n int) []*Value {
	if n > smallestBlock {
		return make([]*Value, n)
	}
	if s.listBlock < len(s.lists) && s.nextList+n > len(s.lists[s.listBlock]) {
		s.listBlock, s.nextList = s.listBlock+1, 0
	}
	if s.listBlock == len(s.lists) {
		s.lists = append(s.lists, make([]*Value, blockSize(s.listBlock)))
	}
	list := s.lists[s.listBlock][s.nextList : s.nextList+n : s.nextList+n]
	s.nextList += n
	return list
}
