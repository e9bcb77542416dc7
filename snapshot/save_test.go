package snapshot

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func names(t *testing.T, dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func steps(t *testing.T, path string) int64 {
	s, _, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return s.Run.Steps
}

func TestSaveKeepsThePreviousOnes(t *testing.T) {
	for previous, want := range map[int][]string{
		-1: {"f"}, 0: {"f", "f.1"}, 1: {"f", "f.1"}, 3: {"f", "f.1", "f.2", "f.3"}} {
		dir := t.TempDir()
		path := filepath.Join(dir, "f")
		for i := range 6 {
			if err := newSaver(path, Options{Previous: previous}, osFS{}).save(numbered(t, int64(i))); err != nil {
				t.Fatal(err)
			}
		}
		if got := names(t, dir); !slices.Equal(got, want) {
			t.Errorf("previous = %d leaves %v, want %v", previous, got, want)
		}
		for i, name := range want {
			if got := steps(t, filepath.Join(dir, name)); got != int64(5-i) {
				t.Errorf("previous = %d: %s is of step %d, want %d", previous, name, got, 5-i)
			}
		}
	}
}

func TestLoadFallsBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for i := range 2 {
		if err := Save(path, numbered(t, int64(i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Truncate(path, 500); err != nil {
		t.Fatal(err)
	}
	s, source, err := Load(path)
	if err != nil || s.Run.Steps != 0 || source.File != path+".1" {
		t.Fatalf("%v, %+v", err, source)
	}
	if source.Refused == nil || !strings.Contains(source.Refused.Error(), path+": ") || !strings.Contains(source.Refused.Error(), "cut short") {
		t.Errorf("the reason is %v", source.Refused)
	}

	// The damaged one does not replace the good one.
	if err := Save(path, numbered(t, 7)); err != nil {
		t.Fatal(err)
	}
	if got := steps(t, path+".1"); got != 0 {
		t.Errorf("the previous one is of step %d now", got)
	}

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, source, err = Load(path); err != nil || !errors.Is(source.Refused, fs.ErrNotExist) {
		t.Errorf("without the file: %v, %+v", err, source)
	}
	if err := os.Remove(path + ".1"); err != nil {
		t.Fatal(err)
	}
	if _, _, err = Load(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without any: %v", err)
	}
}

func TestTemporariesOfOthersAreCleaned(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	mine := []string{".f.1abc.tmp", ".f.zz.tmp"}
	others := []string{".f.tmp", ".f.a-b.tmp", ".g.1.tmp", "f.1.tmp"}
	for _, name := range append(slices.Clone(mine), others...) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	live, err := osFS{}.create(filepath.Join(dir, ".f.live.tmp"))
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	if err := Save(path, numbered(t, 1)); err != nil {
		t.Fatal(err)
	}
	want := append(slices.Clone(others), "f", ".f.live.tmp")
	slices.Sort(want)
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("there are %v, want %v", got, want)
	}
}

func TestSaveReplacesFilesOnly(t *testing.T) {
	dir := t.TempDir()
	if err := Save(dir, numbered(t, 1)); !errors.Is(err, errNoFile) {
		t.Errorf("saving to a directory: %v", err)
	}
	if err := Save(os.DevNull, numbered(t, 1)); !errors.Is(err, errNoFile) {
		t.Errorf("saving to a device: %v", err)
	}
	if _, _, err := Load(dir); !errors.Is(err, errNoFile) {
		t.Errorf("loading a directory: %v", err)
	}
	if err := Save(filepath.Join(dir, "missing", "f"), numbered(t, 1)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("saving to a missing directory: %v", err)
	}
}
