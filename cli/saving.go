package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"flowc.dev/flowc"
	"flowc.dev/flowc/snapshot"
)

const snapshotExtension = ".flowsnap"

// saveSnapshot saves a snapshot to a file unless that holds something else.
func saveSnapshot(path string, s *flowc.Snapshot) error {
	if err := checkTarget(path); err != nil {
		return err
	}
	return snapshot.Save(path, s)
}

// checkTarget reports a file that snapshots cannot be saved to, and one that
// holds something else, which would be lost.
func checkTarget(path string) error {
	err := writable(path)
	if err == nil {
		err = replaceable(path)
	}
	if err != nil {
		return usageError{fmt.Errorf("cannot save the snapshot %s: %w", path, err)}
	}
	return nil
}

// writable reports a directory that no file can be made in.
func writable(path string) error {
	// The name is one that saving removes if this process dies here.
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	f.Close()
	os.Remove(f.Name()) // may have been removed as an abandoned one
	return nil
}

// replaceable reports what is at path and is neither a snapshot nor what is left
// of one.
func replaceable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("it is there and not a regular file: name a file")
	}
	head, err := readHead(path)
	if err == nil && !beginsSnapshot(head) {
		err = errors.New("the file is there and is no snapshot: name another file, or remove this one first")
	}
	return err
}

// A snapshot begins as a ZIP file whose first member is the manifest.
const (
	zipMagic   = "PK\x03\x04"
	nameOffset = 30
	firstName  = "manifest.json"
)

func readHead(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, nameOffset+int64(len(firstName))))
}

// beginsSnapshot reports whether a file that begins with head may be a snapshot,
// also one that was cut short.
func beginsSnapshot(head []byte) bool {
	if len(head) < len(zipMagic) {
		return len(head) == 0
	}
	name := head[min(nameOffset, len(head)):]
	return bytes.HasPrefix(head, []byte(zipMagic)) && bytes.HasPrefix([]byte(firstName), name[:min(len(firstName), len(name))])
}

// holdsSnapshot reports whether a file is a snapshot by its name or its
// contents.
func holdsSnapshot(path string) bool {
	if path == "-" {
		return false
	}
	if filepath.Ext(path) == snapshotExtension {
		return true
	}
	head, err := readHead(path)
	return err == nil && len(head) > 0 && beginsSnapshot(head)
}

// checkProgramTarget reports a file that is for snapshots, not for programs.
func checkProgramTarget(path string) error {
	if filepath.Ext(path) == snapshotExtension {
		return usageError{fmt.Errorf("-o %s: that is the name of a snapshot, and a program is written: want an extension such as .flow or .json", path)}
	}
	return nil
}
