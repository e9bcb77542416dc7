//go:build !windows

package main

import "github.com/google/renameio/v2"

// replaceFile writes a file as a whole or not at all. A file that was there
// keeps its permissions.
func replaceFile(path string, text []byte) error {
	return renameio.WriteFile(path, text, 0o644, renameio.WithExistingPermissions())
}
