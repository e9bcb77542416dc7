//go:build !windows

package cli

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// replaceFile writes a file as a whole or not at all. A file that was there
// keeps its permissions; one that a symbolic link names is replaced itself.
func replaceFile(path string, text []byte) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	return renameio.WriteFile(path, text, 0o644, renameio.WithExistingPermissions())
}
