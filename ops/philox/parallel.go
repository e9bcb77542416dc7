package philox

import (
	"runtime"
	"sync"
)

// serialDraws is the number of draws up to which starting goroutines costs more
// than it gains.
const serialDraws = 32 << 10

// parallel calls fill for the parts of [0, n) on several goroutines and returns
// when all of them are done.
func parallel(n int, fill func(from, to int)) {
	parts := max(1, min(runtime.GOMAXPROCS(0), n/(serialDraws/2)))
	size := (n + parts - 1) / parts
	var group sync.WaitGroup
	for from := size; from < n; from += size {
		group.Go(func() { fill(from, min(from+size, n)) })
	}
	fill(0, min(size, n))
	group.Wait()
}
