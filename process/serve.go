package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir/state"
)

// A Runner runs a fragment from a state to its end, and passes the run to
// started when it can be asked for its state.
type Runner func(ctx context.Context, s *state.Snapshot, started func(*backend.FragmentRun)) (backend.FragmentState, error)

// leavePatience bounds the time that a run takes to give up.
const leavePatience = 2 * time.Second

var errNoParent = errors.New("the process that asked for the fragment has ended")

// Serve runs the fragment that comes in, and writes what becomes of it, for the
// [Fragments] of another process. It returns when the answer is written, or with
// an error when the other side has gone or ctx is done. The process should end
// then: a run that does not give up is left running.
func Serve(ctx context.Context, in io.Reader, out io.Writer, run Runner) error {
	c := &server{out: out, begun: make(chan struct{})}
	if _, err := io.WriteString(out, greeting); err != nil {
		return err
	}
	r := bufio.NewReader(in)
	kind, payload, err := readFrame(r)
	if err != nil {
		return errNoParent
	}
	if kind != frameStart {
		return fmt.Errorf("found a message of kind %q: want a fragment to run", kind)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	answered := make(chan error, 1)
	go func() { answered <- c.run(ctx, payload, run) }()
	go c.listen(ctx, r, cancel)
	select {
	case err := <-answered:
		return err
	case <-ctx.Done():
		select {
		case <-answered:
		case <-time.After(leavePatience):
		}
		return context.Cause(ctx)
	}
}

// A server is the child's side of the conversation.
type server struct {
	begun   chan struct{} // closed when current is there
	current *backend.FragmentRun

	mu  sync.Mutex // of out
	out io.Writer
}

// run runs the fragment and writes the answer.
func (c *server) run(ctx context.Context, payload []byte, run Runner) error {
	s, err := decodeSnapshot(payload)
	var end backend.FragmentState
	if err == nil {
		end, err = run(ctx, s, func(current *backend.FragmentRun) {
			c.current = current
			close(c.begun)
		})
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err == nil {
		err = c.write(frameEnd, end)
	}
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		return writeFrame(c.out, frameFailure, []byte(err.Error()))
	}
	return nil
}

// listen answers the parent's questions until the parent has gone.
func (c *server) listen(ctx context.Context, r *bufio.Reader, cancel context.CancelCauseFunc) {
	for {
		kind, _, err := readFrame(r)
		if err != nil {
			cancel(errNoParent)
			return
		}
		if kind != frameAsk {
			cancel(fmt.Errorf("found a message of kind %q: want a question", kind))
			return
		}
		select {
		case <-c.begun:
		case <-ctx.Done():
			return
		}
		s, err := c.current.Snapshot(ctx)
		if err == nil {
			err = c.write(frameState, s)
		}
		if err != nil {
			continue // the end of the run is the answer
		}
	}
}

func (c *server) write(kind byte, s backend.FragmentState) error {
	payload, err := encodeState(s)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return writeFrame(c.out, kind, payload)
}
