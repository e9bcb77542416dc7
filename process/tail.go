package process

import (
	"fmt"
	"strings"
	"sync"
)

// tail keeps the beginning, the end, or both of what is written to it.
type tail struct {
	head, end int // bytes to keep

	mu    sync.Mutex
	first []byte
	last  []byte
	total int64
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(b)
	t.total += int64(n)
	k := min(n, t.head-len(t.first))
	t.first = append(t.first, b[:k]...)
	b = b[k:]
	if len(b) > t.end {
		t.last, b = t.last[:0], b[len(b)-t.end:]
	}
	if excess := len(t.last) + len(b) - t.end; excess > 0 {
		t.last = append(t.last[:0], t.last[excess:]...)
	}
	t.last = append(t.last, b...)
	return n, nil
}

// text returns what is kept as text, with a mark where something was cut off.
// What is no UTF-8 is replaced.
func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := strings.ToValidUTF8(string(t.first), "\uFFFD")
	if cut := t.total - int64(len(t.first)+len(t.last)); cut > 0 {
		s += fmt.Sprintf("\n[%d bytes cut off]\n", cut)
	}
	return s + strings.ToValidUTF8(string(t.last), "\uFFFD")
}
