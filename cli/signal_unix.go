//go:build unix

package cli

import (
	"os"
	"syscall"
)

// saveSignal asks a run for a snapshot.
var saveSignal os.Signal = syscall.SIGUSR1
