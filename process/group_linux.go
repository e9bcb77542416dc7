package process

import (
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// lockThread keeps the calling goroutine on its thread and returns what lets it
// go: the system kills a process together with the thread that started it.
func lockThread() func() {
	runtime.LockOSThread()
	return runtime.UnlockOSThread
}

func groupAttributes(orphaned syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: orphaned}
}

// awaitExit returns when the process has ended, but leaves its number taken: its
// group can be killed then without hitting another.
func awaitExit(cmd *exec.Cmd) {
	for {
		err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			return
		}
	}
}
