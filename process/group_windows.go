package process

import (
	"os/exec"
	"syscall"
	"time"
)

const pipePatience = time.Second

// A group is a process alone here: what it starts is not ended with it.
type group struct{ cmd *exec.Cmd }

func lockThread() func() { return func() {} }

func startGroup(cmd *exec.Cmd, _ syscall.Signal) (*group, error) {
	cmd.WaitDelay = pipePatience
	return &group{cmd}, cmd.Start()
}

func (g *group) kill() { _ = g.cmd.Process.Kill() } // it may have ended

func (g *group) wait() int64 {
	_ = g.cmd.Wait() // the state tells all
	return int64(g.cmd.ProcessState.ExitCode())
}
