//go:build !unix

package cli

import "os"

// saveSignal does not exist here: an interrupt saves, and flowc resume goes on.
var saveSignal os.Signal
