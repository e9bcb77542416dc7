package snapshot

import (
	"errors"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"go.uber.org/goleak"
)

// A gateFS holds every creation of a file until it is let through.
type gateFS struct {
	osFS
	entered, leave chan struct{}
	err            error
}

func (g *gateFS) create(name string) (outFile, error) {
	g.entered <- struct{}{}
	<-g.leave
	if g.err != nil {
		return nil, g.err
	}
	return g.osFS.create(name)
}

func newGate() *gateFS { return &gateFS{entered: make(chan struct{}), leave: make(chan struct{})} }

func TestWriterSavesTheNewest(t *testing.T) {
	defer goleak.VerifyNone(t)
	path := filepath.Join(t.TempDir(), "f")
	gate := newGate()
	count := 0
	w := newWriter(newSaver(path, Options{}, gate), func(error) { count++ })
	if !w.Idle() {
		t.Error("a new writer is busy")
	}
	for i := range 10 {
		if err := w.Save(numbered(t, int64(i))); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			<-gate.entered // the others come while it is being saved
		}
	}
	if w.Idle() {
		t.Error("the writer is idle while it saves")
	}
	gate.leave <- struct{}{}
	<-gate.entered
	gate.leave <- struct{}{}
	if err := w.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if count != 2 || steps(t, path) != 9 || steps(t, path+".1") != 0 {
		t.Errorf("%d snapshots were saved; those of step %d and %d are there", count, steps(t, path), steps(t, path+".1"))
	}
	if err := w.Save(numbered(t, 1)); err == nil {
		t.Error("a closed writer takes a snapshot")
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestWriterReportsErrorsAndGoesOn(t *testing.T) {
	defer goleak.VerifyNone(t)
	path := filepath.Join(t.TempDir(), "f")
	gate := newGate()
	gate.err = syscall.ENOSPC
	var mutex sync.Mutex
	var reported []error
	w := newWriter(newSaver(path, Options{}, gate), func(err error) {
		mutex.Lock()
		defer mutex.Unlock()
		reported = append(reported, err)
	})
	for range 2 {
		if err := w.Save(numbered(t, 1)); err != nil {
			t.Fatal(err)
		}
		<-gate.entered
		gate.leave <- struct{}{}
		if err := w.Wait(); errors.Is(err, syscall.ENOSPC) != (gate.err != nil) {
			t.Errorf("the error is %v", err)
		}
		gate.err = nil
	}
	if err := w.Close(); err != nil {
		t.Errorf("the last save went well, but closing gives %s", err)
	}
	if len(reported) != 2 || !errors.Is(reported[0], syscall.ENOSPC) || reported[1] != nil {
		t.Errorf("the reports are %v", reported)
	}
}

func TestWriterSavesWhatWaitsBeforeItCloses(t *testing.T) {
	defer goleak.VerifyNone(t)
	path := filepath.Join(t.TempDir(), "f")
	w := NewWriter(path, Options{}, nil)
	for i := range 5 {
		if err := w.Save(numbered(t, int64(i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := steps(t, path); got != 4 {
		t.Errorf("the snapshot is of step %d, want 4", got)
	}
}
