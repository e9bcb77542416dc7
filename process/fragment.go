package process

import (
	"context"
	"errors"
	"sync"

	"flowc.dev/flowc/backend"
)

// fragment is a fragment that runs, or is to run, in another process.
type fragment struct {
	cancel context.CancelFunc
	over   chan struct{} // closed when nothing of it is left

	mu   sync.Mutex
	talk *talk // with its process, while there is one
	end  backend.FragmentState
	err  error
}

func (f *fragment) Ended() bool { return isClosed(f.over) }

func (f *fragment) Result() (backend.FragmentState, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.end, f.err
}

var errNotRunning = errors.New("the fragment has no process")

func (f *fragment) Snapshot(ctx context.Context) (backend.FragmentState, error) {
	f.mu.Lock()
	t := f.talk
	f.mu.Unlock()
	if t == nil {
		return backend.FragmentState{}, errNotRunning
	}
	return t.ask(ctx)
}

func (f *fragment) Close() {
	f.cancel()
	<-f.over
}
