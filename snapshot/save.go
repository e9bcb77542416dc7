package snapshot

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir/state"
)

// Options say how files are saved. The zero value keeps one previous snapshot.
type Options struct {
	// Previous is the number of previous snapshots that are kept beside the
	// file, as path.1 (the newest), path.2, ...: 0 is one, negative none.
	Previous int
}

func (o Options) previous() int {
	if o.Previous == 0 {
		return 1
	}
	return max(o.Previous, 0)
}

// Save writes a snapshot to a file that appears, whole and durable, or not at
// all. The file that was there before, if it is a whole snapshot, is kept as
// path.1. Whenever the process or the machine dies, and whatever call fails,
// [Load] finds the old snapshot or the new one.
func Save(path string, s *state.Snapshot) error {
	return newSaver(path, Options{}, osFS{}).save(s)
}

// A saver saves to one path.
type saver struct {
	path     string
	previous int
	fs       fileSystem
	encoder  encoder
	// own says that what is at path was saved by this saver.
	own bool
}

func newSaver(path string, o Options, fs fileSystem) *saver {
	return &saver{path: path, previous: o.previous(), fs: fs}
}

// attempts bounds how often a save begins again when another process that saves
// to the same path has taken its temporary file for an abandoned one.
const attempts = 5

func (s *saver) save(snapshot *state.Snapshot) error {
	var err error
	for range attempts {
		if err = s.replace(snapshot); err == nil || !isMissing(err) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("cannot save the snapshot %s: %w", s.path, err)
	}
	return nil
}

func (s *saver) replace(snapshot *state.Snapshot) error {
	if err := s.fs.check(s.path); err != nil && !isMissing(err) {
		return err
	}
	parts, err := s.encoder.file(snapshot, 0)
	if err != nil {
		return err
	}
	s.clean()
	temporary := s.temporary()
	if err := s.write(temporary, parts); err != nil {
		s.fs.remove(temporary) // what failed first is the error
		return err
	}
	if err := s.rotate(); err != nil {
		s.fs.remove(temporary)
		return err
	}
	if err := s.fs.rename(temporary, s.path); err != nil {
		s.fs.remove(temporary)
		return err
	}
	s.own = true
	return s.fs.syncDir(filepath.Dir(s.path))
}

func (s *saver) write(name string, parts []part) error {
	f, err := s.fs.create(name)
	if err != nil {
		return err
	}
	err = writeParts(f, parts)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// rotate keeps what is at path as path.1, and what was there as path.2, ...
// There is a file at path all the time where the file system has links.
func (s *saver) rotate() error {
	if s.previous == 0 || !s.isWhole() {
		return nil
	}
	for i := s.previous; i > 1; i-- {
		if err := s.fs.rename(previousPath(s.path, i-1), previousPath(s.path, i)); err != nil && !isMissing(err) {
			return err
		}
	}
	first := previousPath(s.path, 1)
	second := s.temporary()
	if s.fs.link(s.path, second) != nil {
		s.fs.remove(second) // in case it has been made all the same
		if err := s.fs.rename(s.path, first); err != nil && !isMissing(err) {
			return err
		}
		return nil
	}
	if err := s.fs.rename(second, first); err != nil {
		s.fs.remove(second)
		return err
	}
	return nil
}

// isWhole reports whether there is a whole snapshot at path: a damaged one must
// not take the place of a good previous one.
func (s *saver) isWhole() bool {
	if s.own {
		return true
	}
	f, err := s.fs.open(s.path)
	if err != nil {
		return false
	}
	defer f.Close()
	size, err := f.size()
	return err == nil && verify(f, size) == nil
}

func previousPath(path string, i int) string { return path + "." + strconv.Itoa(i) }

// Temporary files are named .NAME.NUMBER.tmp.
const temporaryEnd = ".tmp"

func (s *saver) temporaryStart() string { return "." + filepath.Base(s.path) + "." }

func (s *saver) temporary() string {
	name := s.temporaryStart() + strconv.FormatUint(rand.Uint64(), 36) + temporaryEnd
	return filepath.Join(filepath.Dir(s.path), name)
}

// clean removes what saves that were killed have left. It does not matter if it
// cannot.
func (s *saver) clean() {
	dir := filepath.Dir(s.path)
	names, err := s.fs.list(dir)
	if err != nil {
		return
	}
	for _, name := range names {
		middle, ok := strings.CutPrefix(name, s.temporaryStart())
		if middle, end := strings.CutSuffix(middle, temporaryEnd); ok && end && isNumber(middle) {
			s.fs.removeAbandoned(filepath.Join(dir, name))
		}
	}
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 36, 64)
	return err == nil
}
