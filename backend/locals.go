package backend

// locals are the names that the calls of a graph give to what they compute. Few
// are looked for one by one: most graphs are small, and linked each time that a
// program is started. Nil has none.
type locals struct {
	names  []string
	yields []yield
	index  map[string]int // of the names, once there are many
}

// fewLocals is the number of names up to which there is no index.
const fewLocals = 16

func newLocals(n int) *locals {
	l := &locals{names: make([]string, 0, n), yields: make([]yield, 0, n)}
	if n > fewLocals {
		l.index = make(map[string]int, n)
	}
	return l
}

func (l *locals) find(name string) int {
	if l == nil {
		return -1
	}
	if l.index != nil {
		if i, ok := l.index[name]; ok {
			return i
		}
		return -1
	}
	for i := len(l.names) - 1; i >= 0; i-- { // what was named last is read first
		if l.names[i] == name {
			return i
		}
	}
	return -1
}

func (l *locals) get(name string) (yield, bool) {
	i := l.find(name)
	if i < 0 {
		return yield{}, false
	}
	return l.yields[i], true
}

func (l *locals) set(name string, y yield) {
	if i := l.find(name); i >= 0 {
		l.yields[i] = y
		return
	}
	if l.index == nil && len(l.names) == fewLocals {
		l.index = make(map[string]int, 2*fewLocals)
		for i, name := range l.names {
			l.index[name] = i
		}
	}
	if l.index != nil {
		l.index[name] = len(l.names)
	}
	l.names, l.yields = append(l.names, name), append(l.yields, y)
}
