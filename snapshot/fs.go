package snapshot

import (
	"errors"
	"io"
	"os"
)

// A fileSystem is what saving and loading needs of one. Tests make its calls
// fail.
type fileSystem interface {
	// create makes a new file that only its owner removes while it is open.
	create(name string) (outFile, error)
	// check reports a name that is missing or stands for anything but a file.
	check(name string) error
	open(name string) (inFile, error)
	link(old, name string) error
	rename(old, name string) error
	remove(name string) error
	// removeAbandoned removes a file that create made, unless the process that
	// did so is still writing it.
	removeAbandoned(name string) error
	// list returns the names in a directory.
	list(dir string) ([]string, error)
	// syncDir makes the directory's entries durable.
	syncDir(dir string) error
}

type outFile interface {
	io.WriteCloser
	Sync() error
}

type inFile interface {
	io.ReaderAt
	io.Closer
	size() (int64, error)
}

// osFS is the file system of the operating system.
type osFS struct{}

type osFile struct{ *os.File }

func (f osFile) size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

var errNoFile = errors.New("not a regular file")

func (osFS) check(name string) error {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = &os.PathError{Op: "use", Path: name, Err: errNoFile}
	}
	return err
}

func (osFS) create(name string) (outFile, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		f.Close()
		os.Remove(name)
		return nil, err
	}
	return f, nil
}

func (osFS) open(name string) (inFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (osFS) link(old, name string) error   { return os.Link(old, name) }
func (osFS) rename(old, name string) error { return os.Rename(old, name) }
func (osFS) remove(name string) error      { return os.Remove(name) }

func (osFS) removeAbandoned(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := lock(f); err != nil {
		return err
	}
	return os.Remove(name)
}

func (osFS) list(dir string) ([]string, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}
