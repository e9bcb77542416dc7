package flowc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"

	"flowc.dev/flowc/ops"
)

// LogDir returns what keeps the metric logs of programs in files below dir,
// which need not exist before the first log is begun. Nothing outside dir is
// touched, whatever names and symbolic links say, and no file that is not a log.
func LogDir(dir string) ops.Logs { return logDir(dir) }

type logDir string

// firstBytes begin every line of a log.
var firstBytes = []byte(`{"step":`)

// open opens a log. The caller closes it.
func (d logDir) open(name string, flag int) (*os.File, error) {
	if flag&os.O_CREATE != 0 {
		if err := os.MkdirAll(string(d), 0o777); err != nil {
			return nil, err
		}
	}
	root, err := os.OpenRoot(string(d))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if flag&os.O_CREATE != 0 {
		if err := root.MkdirAll(path.Dir(name), 0o777); err != nil {
			return nil, err
		}
	}
	f, err := root.OpenFile(name, flag, 0o666)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no regular file", name)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Begin implements [ops.Logs].
func (d logDir) Begin(name string) error {
	f, err := d.open(name, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return err
	}
	defer f.Close()
	start := make([]byte, len(firstBytes))
	n, err := io.ReadFull(f, start)
	switch {
	case err == io.EOF:
		return nil
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case !bytes.Equal(start[:n], firstBytes):
		return fmt.Errorf("%s is there already and is no log: move it away or choose another name", name)
	}
	return f.Truncate(0)
}

// Cut implements [ops.Logs].
func (d logDir) Cut(name string, size int64) (int64, error) {
	f, err := d.open(name, os.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	// What the file begins with tells whether it is a log, also where nothing of
	// it stays: the size is that of a snapshot, which may come from anywhere.
	start := make([]byte, min(info.Size(), int64(len(firstBytes))))
	if _, err := f.ReadAt(start, 0); err != nil && err != io.EOF {
		return 0, err
	}
	if !bytes.Equal(start, firstBytes[:len(start)]) {
		return 0, fmt.Errorf("%s is no log: move it away", name)
	}
	if size, err = wholeLines(f, min(size, info.Size())); err != nil {
		return 0, err
	}
	return size, f.Truncate(size)
}

// wholeLines returns the end of the last line that ends within the first size
// bytes of f.
func wholeLines(f *os.File, size int64) (int64, error) {
	block := make([]byte, 4096)
	for size > 0 {
		from := max(0, size-int64(len(block)))
		part := block[:size-from]
		if _, err := f.ReadAt(part, from); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
		size = from
	}
	return 0, nil
}

// Write implements [ops.Logs].
func (d logDir) Write(name string, offset int64, line []byte) error {
	f, err := d.open(name, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && info.Size() < offset {
		err = fmt.Errorf("%s has become shorter since its last line was written: something else writes to it", name)
	}
	if err == nil {
		_, err = f.WriteAt(line, offset)
	}
	if err == nil {
		err = f.Truncate(offset + int64(len(line)))
	}
	return errors.Join(err, f.Close())
}
