package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// A faultyFS is a file system in memory. One of its calls, counted from 0,
// fails; with crash, all after it fail too, as if the machine had died: what was
// not synced is then lost.
type faultyFS struct {
	entries map[string]*faultyInode
	calls   []string
	fault   int // the call that fails
	how     fault
	noLinks bool
	crashed bool
}

type fault struct {
	err   error
	crash bool
	done  bool // the call has its effect all the same
}

type faultyInode struct {
	data   []byte
	synced int // bytes that survive a crash
	open   bool
}

type faultyFile struct {
	*faultyInode
	fs   *faultyFS
	name string
}

// call notes a call and returns the error that it ends with.
func (f *faultyFS) call(what, name string) (failed bool, err error) {
	if f.crashed {
		return true, errors.New("the machine is down")
	}
	f.calls = append(f.calls, what)
	if len(f.calls)-1 != f.fault {
		return false, nil
	}
	f.crashed = f.how.crash
	return !f.how.done, &fs.PathError{Op: what, Path: name, Err: f.how.err}
}

// reboot loses what was not synced and locks no more.
func (f *faultyFS) reboot() {
	if f.how.crash {
		for _, inode := range f.entries {
			inode.data = inode.data[:inode.synced]
			inode.open = false
		}
	}
	f.crashed, f.fault = false, -1
}

func (f *faultyFS) create(name string) (outFile, error) {
	failed, err := f.call("create", name)
	if failed {
		return nil, err
	}
	if f.entries[name] != nil {
		return nil, fs.ErrExist
	}
	inode := &faultyInode{open: true}
	f.entries[name] = inode
	if err != nil {
		return nil, err
	}
	return &faultyFile{inode, f, name}, nil
}

func (f *faultyFile) Write(b []byte) (int, error) {
	failed, err := f.fs.call("write", f.name)
	n := len(b)
	if failed {
		n /= 2
	}
	if !f.fs.crashed || err != nil {
		f.data = append(f.data, b[:n]...)
	}
	return n, err
}

func (f *faultyFile) Sync() error {
	failed, err := f.fs.call("sync", f.name)
	if !failed {
		f.synced = len(f.data)
	}
	return err
}

func (f *faultyFile) Close() error {
	_, err := f.fs.call("close", f.name)
	f.open = false
	return err
}

func (f *faultyFS) check(name string) error {
	failed, err := f.call("check", name)
	if !failed && f.entries[name] == nil {
		return fs.ErrNotExist
	}
	return err
}

func (f *faultyFS) open(name string) (inFile, error) {
	if failed, err := f.call("open", name); failed || err != nil {
		return nil, err
	}
	inode := f.entries[name]
	if inode == nil {
		return nil, fs.ErrNotExist
	}
	return &faultyReader{inode, f, name}, nil
}

type faultyReader struct {
	*faultyInode
	fs   *faultyFS
	name string
}

func (r *faultyReader) ReadAt(b []byte, offset int64) (int, error) {
	if _, err := r.fs.call("read", r.name); err != nil {
		return 0, err
	}
	return bytes.NewReader(r.data).ReadAt(b, offset)
}

func (r *faultyReader) size() (int64, error) {
	_, err := r.fs.call("size", r.name)
	return int64(len(r.data)), err
}

func (r *faultyReader) Close() error { return nil }

func (f *faultyFS) link(old, name string) error {
	failed, err := f.call("link", name)
	switch {
	case failed:
		return err
	case f.noLinks:
		return syscall.EPERM
	case f.entries[old] == nil:
		return fs.ErrNotExist
	case f.entries[name] != nil:
		return fs.ErrExist
	}
	f.entries[name] = f.entries[old]
	return err
}

func (f *faultyFS) rename(old, name string) error {
	failed, err := f.call("rename", name)
	if failed {
		return err
	}
	if f.entries[old] == nil {
		return fs.ErrNotExist
	}
	f.entries[name] = f.entries[old]
	delete(f.entries, old)
	return err
}

func (f *faultyFS) remove(name string) error {
	failed, err := f.call("remove", name)
	if !failed {
		delete(f.entries, name)
	}
	return err
}

func (f *faultyFS) removeAbandoned(name string) error {
	if inode := f.entries[name]; inode != nil && inode.open {
		return syscall.EWOULDBLOCK
	}
	return f.remove(name)
}

func (f *faultyFS) list(dir string) ([]string, error) {
	if _, err := f.call("list", dir); err != nil {
		return nil, err
	}
	var names []string
	for name := range f.entries {
		names = append(names, filepath.Base(name))
	}
	return names, nil
}

func (f *faultyFS) syncDir(dir string) error {
	_, err := f.call("syncDir", dir)
	return err
}

const faultyPath = "/run/f.flowsnap"

// numbered returns a snapshot that is told from others by its steps.
func numbered(t testing.TB, steps int64) *state.Snapshot {
	return &state.Snapshot{Program: smallProgram(t), Family: "step", Run: state.Run{Steps: steps, Main: state.Strand{Next: state.Done},
		Registers: map[string]ir.Value{"W": ir.TensorValue(ir.MustTensor(make([]float64, 100), 100))}}}
}

func faultySave(t testing.TB, s *saver, steps int64) error { return s.save(numbered(t, steps)) }

// After a fault in any call of a save there is a good snapshot, the old one or
// the new one, and saving goes on when the fault is over.
func TestEveryFaultLeavesAGoodSnapshot(t *testing.T) {
	faults := map[string]fault{
		"EIO":    {err: syscall.EIO},
		"ENOSPC": {err: syscall.ENOSPC},
		"late":   {err: syscall.EIO, done: true},
		"crash":  {err: syscall.EIO, crash: true},
		"down":   {err: syscall.EIO, crash: true, done: true},
	}
	for name, how := range faults {
		for _, noLinks := range []bool{false, true} {
			for _, fresh := range []bool{false, true} { // a saver that has not saved before
				for _, previous := range []int{-1, 1, 3} {
					t.Run(fmt.Sprintf("%s noLinks=%v fresh=%v previous=%d", name, noLinks, fresh, previous), func(t *testing.T) {
						count := len(saveWithFault(t, how, -1, noLinks, fresh, previous))
						if count < 8 {
							t.Fatalf("a save makes %d calls", count)
						}
						for call := range count {
							saveWithFault(t, how, call, noLinks, fresh, previous)
						}
					})
				}
			}
		}
	}
}

// saveWithFault saves twice, has a call of the third save fail, and saves once
// more. It returns the calls of the third save.
func saveWithFault(t *testing.T, how fault, call int, noLinks, fresh bool, previous int) []string {
	f := &faultyFS{entries: map[string]*faultyInode{}, how: how, fault: -1, noLinks: noLinks}
	s := newSaver(faultyPath, Options{Previous: previous}, f)
	for i := range 2 {
		if err := faultySave(t, s, int64(i+1)); err != nil {
			t.Fatal(err)
		}
	}
	if fresh {
		s = newSaver(faultyPath, Options{Previous: previous}, f)
	}
	f.calls, f.fault = nil, call
	err := faultySave(t, s, 3)
	calls := f.calls
	f.reboot()
	what := "no fault"
	if call >= 0 {
		what = fmt.Sprintf("fault in call %d, %s", call, calls[call])
	}
	loaded, source, loadErr := load(f, faultyPath)
	switch {
	case loadErr != nil:
		t.Fatalf("%s: nothing can be loaded: %s; there are %v", what, loadErr, slices.Sorted(maps.Keys(f.entries)))
	case loaded.Run.Steps < 2 || err == nil && loaded.Run.Steps != 3:
		t.Errorf("%s: the save gives %v, and %s has the snapshot of step %d", what, err, source.File, loaded.Run.Steps)
	case source.Refused != nil && !errors.Is(source.Refused, fs.ErrNotExist):
		t.Errorf("%s: %s", what, source.Refused)
	}
	if !how.crash {
		f.noTemporaries(t, what)
	}
	if how.crash {
		s = newSaver(faultyPath, Options{Previous: previous}, f)
	}
	if err := faultySave(t, s, 4); err != nil {
		t.Errorf("%s: the next save fails: %s", what, err)
	}
	if loaded, source, err := load(f, faultyPath); err != nil || loaded.Run.Steps != 4 || source.File != faultyPath {
		t.Errorf("%s: the next save is not there: %v, %+v", what, err, source)
	}
	f.noTemporaries(t, what)
	return calls
}

func (f *faultyFS) noTemporaries(t *testing.T, what string) {
	t.Helper()
	for name := range f.entries {
		if strings.HasSuffix(name, temporaryEnd) {
			t.Errorf("%s: %s is left", what, name)
		}
	}
}
