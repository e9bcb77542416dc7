package cli

import "os"

// replaceFile writes a file. Windows has no way to replace one at once.
func replaceFile(path string, text []byte) error { return os.WriteFile(path, text, 0o644) }
