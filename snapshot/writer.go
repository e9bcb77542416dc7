package snapshot

import (
	"errors"
	"sync"

	"flowc.dev/flowc/ir/state"
)

// A Writer saves snapshots to one file in the background, one at a time. While
// it is saving one, the newest that comes in waits and takes the place of an
// older one that does. It may be used by several goroutines.
type Writer struct {
	saver *saver
	saved func(error)

	mutex   sync.Mutex
	changed *sync.Cond
	waiting *state.Snapshot
	busy    bool
	err     error // of the last save
	closed  bool
	done    chan struct{}
}

// NewWriter returns a writer to path. saved, if not nil, is called after every
// save, in the background, with its error.
func NewWriter(path string, o Options, saved func(error)) *Writer {
	return newWriter(newSaver(path, o, osFS{}), saved)
}

func newWriter(s *saver, saved func(error)) *Writer {
	if saved == nil {
		saved = func(error) {}
	}
	w := &Writer{saver: s, saved: saved, done: make(chan struct{})}
	w.changed = sync.NewCond(&w.mutex)
	go w.run()
	return w
}

var errClosed = errors.New("the writer of snapshots is closed")

// Save hands a snapshot over and returns at once.
func (w *Writer) Save(s *state.Snapshot) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.closed {
		return errClosed
	}
	w.waiting = s
	w.changed.Broadcast()
	return nil
}

// Wait waits until the snapshots that were handed over are saved or replaced,
// and returns the error of the last save.
func (w *Writer) Wait() error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for w.waiting != nil || w.busy {
		w.changed.Wait()
	}
	return w.err
}

// Idle reports whether nothing is being saved.
func (w *Writer) Idle() bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.waiting == nil && !w.busy
}

// Close saves what waits and ends the writer. It returns the error of the last
// save.
func (w *Writer) Close() error {
	w.mutex.Lock()
	w.closed = true
	w.changed.Broadcast()
	w.mutex.Unlock()
	<-w.done
	return w.err
}

func (w *Writer) run() {
	defer close(w.done)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for {
		for w.waiting == nil && !w.closed {
			w.changed.Wait()
		}
		s := w.waiting
		if s == nil {
			return
		}
		w.waiting, w.busy = nil, true
		w.mutex.Unlock()
		err := w.saver.save(s)
		w.saved(err)
		w.mutex.Lock()
		w.busy, w.err = false, err
		w.changed.Broadcast()
	}
}
