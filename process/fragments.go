package process

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir/state"
)

// Fragments runs fragments in processes that call [Serve], so many at a time; the
// others wait in the order in which they were spawned. It implements
// [backend.Fragments].
type Fragments struct {
	path  string
	args  []string
	slots chan struct{}
}

// NewFragments returns what runs the executable with the given argument vector,
// its name included, for each fragment, at most jobs at a time, or as many as
// there are CPUs if jobs is 0.
func NewFragments(jobs int, path string, args ...string) *Fragments {
	if jobs <= 0 {
		jobs = runtime.NumCPU()
	}
	return &Fragments{path: path, args: args, slots: make(chan struct{}, jobs)}
}

// Spawn starts a process for the fragment, when there is a place for it.
func (e *Fragments) Spawn(s *state.Snapshot, ended func()) (backend.Fragment, error) {
	ctx, cancel := context.WithCancel(context.Background())
	f := &fragment{cancel: cancel, over: make(chan struct{})}
	go func() {
		defer cancel()
		end, err := f.do(ctx, e, s)
		f.mu.Lock()
		f.end, f.err, f.talk = end, err, nil
		f.mu.Unlock()
		close(f.over)
		if ctx.Err() == nil {
			ended()
		}
	}()
	return f, nil
}

// do runs the fragment when there is a slot.
func (f *fragment) do(ctx context.Context, e *Fragments, s *state.Snapshot) (backend.FragmentState, error) {
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return backend.FragmentState{}, ctx.Err()
	}
	payload, err := encodeSnapshot(s)
	if err != nil {
		return backend.FragmentState{}, err
	}
	defer lockThread()()
	t, err := e.start()
	if err != nil {
		return backend.FragmentState{}, err
	}
	f.mu.Lock()
	f.talk = t
	f.mu.Unlock()
	stop := context.AfterFunc(ctx, t.leave)
	defer stop()
	return t.run(payload)
}

// start starts a process with pipes to and from it.
func (e *Fragments) start() (*talk, error) {
	childIn, toChild, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	fromChild, childOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, childIn.Close(), toChild.Close())
	}
	t := &talk{in: fromChild, out: toChild, stderr: &tail{end: maxStderr}, asks: make(chan struct{}, 1), over: make(chan struct{})}
	cmd := &exec.Cmd{Path: e.path, Args: e.args, Stdin: childIn, Stdout: childOut, Stderr: t.stderr}
	t.group, err = startGroup(cmd, syscall.SIGTERM) // it has processes of its own to end
	closed := errors.Join(childIn.Close(), childOut.Close())
	if err != nil {
		return nil, errors.Join(err, closed, fromChild.Close(), toChild.Close())
	}
	return t, closed
}
