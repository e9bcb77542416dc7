//go:build unix

package process

import (
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// pipePatience bounds the wait for the end of the output of a process that has
// ended, which others may hold open.
const pipePatience = time.Second

// A group is a process with those that it starts.
type group struct {
	cmd *exec.Cmd

	mu     sync.Mutex
	reaped bool
}

// startGroup starts a process as the leader of a group of its own, which gets
// the signal, where the system does that, when this process ends. The caller has
// locked its thread, and waits for the process on it.
func startGroup(cmd *exec.Cmd, orphaned syscall.Signal) (*group, error) {
	cmd.SysProcAttr, cmd.WaitDelay = groupAttributes(orphaned), pipePatience
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &group{cmd: cmd}, nil
}

// kill ends what is left of the group.
func (g *group) kill() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.reaped {
		_ = syscall.Kill(-g.cmd.Process.Pid, syscall.SIGKILL) // it may have ended
	}
}

// wait waits for the process, ends what is left of its group, and returns the
// exit status as a shell does: 128 + k after signal k.
func (g *group) wait() int64 {
	awaitExit(g.cmd)
	g.kill()
	g.mu.Lock()
	g.reaped = true
	g.mu.Unlock()
	_ = g.cmd.Wait() // the state tells all
	status := g.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return 128 + int64(status.Signal())
	}
	return int64(status.ExitStatus())
}
