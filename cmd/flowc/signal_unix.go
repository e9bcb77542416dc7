//go:build unix

package main

import (
	"os"
	"syscall"
)

// saveSignal asks a run for a snapshot.
var saveSignal os.Signal = syscall.SIGUSR1
