package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"flowc.dev/flowc/backend"
)

// maxStderr is how much of what a process writes to standard error is told when
// it fails.
const maxStderr = 4 << 10

// A talk is the parent's side of the conversation with the process of a
// fragment.
type talk struct {
	group  *group
	in     *os.File
	out    *os.File
	stderr *tail
	asks   chan struct{} // a question is to be sent
	over   chan struct{} // closed when the process has ended

	mu      sync.Mutex
	waiting []chan<- backend.FragmentState // for the answer to the question
}

// run has the process run the fragment, and waits until it has ended.
func (t *talk) run(start []byte) (backend.FragmentState, error) {
	var writer sync.WaitGroup
	writer.Go(func() { t.send(start) })
	kind, payload, err := t.receive()
	if err != nil {
		t.group.kill()
	}
	t.leave()
	status := t.group.wait()
	close(t.over)
	writer.Wait()
	t.in.Close()
	t.endAsking()
	switch {
	case err != nil:
		return backend.FragmentState{}, t.failure(err, status)
	case kind == frameFailure:
		return backend.FragmentState{}, errors.New(string(payload))
	}
	return decodeState(payload)
}

// send writes the state to start from, then questions, until the pipe is
// closed.
func (t *talk) send(start []byte) {
	err := writeFrame(t.out, frameStart, start)
	for err == nil {
		select {
		case <-t.asks:
			err = writeFrame(t.out, frameAsk, nil)
		case <-t.over:
			return
		}
	}
}

// leave closes the pipe to the process, which ends then, or is ended soon.
func (t *talk) leave() {
	t.out.Close() // a second time is no harm
	go func() {
		select {
		case <-t.over:
		case <-time.After(leavePatience + time.Second):
			t.group.kill()
		}
	}()
}

// receive reads what the process says up to its last word.
func (t *talk) receive() (kind byte, payload []byte, err error) {
	r := bufio.NewReader(t.in)
	hello := make([]byte, len(greeting))
	if _, err := io.ReadFull(r, hello); err != nil {
		return 0, nil, err
	}
	if string(hello) != greeting {
		return 0, nil, fmt.Errorf("it does not speak as the process of a fragment does, but begins with %q", hello)
	}
	for {
		kind, payload, err := readFrame(r)
		switch {
		case err != nil || kind == frameEnd || kind == frameFailure:
			return kind, payload, err
		case kind != frameState:
			return 0, nil, fmt.Errorf("it sent a message of the unknown kind %q", kind)
		}
		s, err := decodeState(payload)
		if err != nil {
			return 0, nil, err
		}
		t.answer(s)
	}
}

// ask returns the answer to a question.
func (t *talk) ask(ctx context.Context) (backend.FragmentState, error) {
	answer := make(chan backend.FragmentState, 1)
	t.mu.Lock()
	t.waiting = append(t.waiting, answer)
	t.mu.Unlock()
	select {
	case t.asks <- struct{}{}:
	default: // a question is about to be sent
	}
	select {
	case s := <-answer:
		return s, nil
	case <-t.over:
		return backend.FragmentState{}, errNotRunning
	case <-ctx.Done():
		return backend.FragmentState{}, ctx.Err()
	}
}

// answer passes a state on to all who wait for one.
func (t *talk) answer(s backend.FragmentState) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, waiting := range t.waiting {
		waiting <- s
	}
	t.waiting = nil
}

func (t *talk) endAsking() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting = nil
}

// failure says how a process has ended that has not answered.
func (t *talk) failure(err error, status int64) error {
	how := fmt.Sprintf("the process of the fragment ended with status %d", status)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		how += " and without an answer"
	} else {
		how = fmt.Sprintf("the process of the fragment failed: %s", err)
	}
	if said := strings.TrimSpace(t.stderr.text()); said != "" {
		how += "; its last words:\n" + said
	}
	return errors.New(how)
}
