package leaves

// Locals is a set of local names of a leaf. It keeps its memory from one leaf to
// the next.
type Locals struct {
	numbered []bool          // %1, %2, ...
	others   map[string]bool // nil if there are none
}

// maxNumbered bounds the numbers that are kept apart from other names.
const maxNumbered = 1 << 16

// number returns the number that the name is, 0 if it is no such name.
func number(name string) int {
	if len(name) < 2 || name[0] != '%' || name[1] == '0' {
		return 0
	}
	k := 0
	for _, digit := range []byte(name[1:]) {
		if digit < '0' || digit > '9' || k >= maxNumbered {
			return 0
		}
		k = 10*k + int(digit-'0')
	}
	return k
}

// Clear empties the set.
func (l *Locals) Clear() { l.numbered, l.others = l.numbered[:0], nil }

// Add adds the name.
func (l *Locals) Add(name string) {
	k := number(name)
	if k == 0 {
		if l.others == nil {
			l.others = map[string]bool{}
		}
		l.others[name] = true
		return
	}
	if k >= len(l.numbered) {
		l.numbered = append(l.numbered, make([]bool, k+1-len(l.numbered))...)
	}
	l.numbered[k] = true
}

// Has reports whether the name is in the set.
func (l *Locals) Has(name string) bool {
	if k := number(name); k > 0 {
		return k < len(l.numbered) && l.numbered[k]
	}
	return l.others[name]
}
