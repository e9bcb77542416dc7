//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package snapshot

import "os"

// lock does nothing: an open file is not removed on these systems.
func lock(*os.File) error { return nil }

// syncDir does nothing: directories cannot be opened on these systems.
func (osFS) syncDir(string) error { return nil }
