package ops

import "sync"

// A pool keeps values for reuse that would otherwise be allocated on every
// call. What get returns is unset.
type pool[T any] struct{ free sync.Pool }

func (p *pool[T]) get() *T {
	if x, ok := p.free.Get().(*T); ok {
		return x
	}
	return new(T)
}

func (p *pool[T]) put(x *T) { p.free.Put(x) }
