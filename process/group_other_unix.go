//go:build unix && !linux

package process

import (
	"os/exec"
	"syscall"
)

func lockThread() func() { return func() {} }

func groupAttributes(syscall.Signal) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// awaitExit returns when the process has ended.
func awaitExit(cmd *exec.Cmd) { _ = cmd.Wait() }
