package process

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"flowc.dev/flowc/backend"
)

// DefaultCap is the number of bytes of a program's output that are kept.
const DefaultCap = 1 << 20

// Programs starts the programs of a list. It implements [backend.Programs].
type Programs struct {
	paths   []string // absolute
	allowed []string // as they were given
	limit   int
}

// NewPrograms returns what may start the given programs: names, which are looked
// up in the PATH as it is now, or paths. A name that is not found may not be
// started.
func NewPrograms(allowed ...string) *Programs {
	p := &Programs{allowed: allowed, limit: DefaultCap}
	for _, name := range allowed {
		if path, err := lookPath(name); err == nil {
			p.paths = append(p.paths, path)
		}
	}
	return p
}

// WithCap returns what keeps that many bytes of a program's output.
func (p *Programs) WithCap(bytes int) *Programs {
	c := *p
	c.limit = bytes
	return &c
}

// lookPath returns the absolute path of a program.
func lookPath(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// Start starts a program of the list, without a shell, in a process group of its
// own and with no input. What it writes to standard output and standard error
// is its output, in the order in which it comes.
func (p *Programs) Start(c backend.Command, ended func()) (backend.Process, error) {
	path, err := lookPath(c.Args[0])
	if err != nil {
		var reason *exec.Error // names the program, too
		if errors.As(err, &reason) {
			err = reason.Err
		}
		return nil, fmt.Errorf("cannot run %q: %w", c.Args[0], err)
	}
	if !slices.Contains(p.paths, path) {
		return nil, fmt.Errorf("%q is not allowed: the programs that may be run are %s; allow it with --allow-popen=%s",
			c.Args[0], listed(p.allowed), strings.Join(append(slices.Clone(p.allowed), c.Args[0]), ","))
	}
	out := &tail{head: p.limit}
	cmd := &exec.Cmd{Path: path, Args: c.Args, Stdout: out, Stderr: out}
	r := &running{cmd: cmd, out: out, over: make(chan struct{})}
	if err := r.start(c.Timeout, ended); err != nil {
		return nil, err
	}
	return r, nil
}

func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// running is a program that has been started.
type running struct {
	cmd  *exec.Cmd
	out  *tail
	over chan struct{} // closed when nothing of it is left

	mu     sync.Mutex
	closed bool
	group  *group

	timedOut bool
	result   backend.ProcessResult
}

// timedOutStatus is the status of a program that its timeout has ended.
const timedOutStatus = -1

func (r *running) start(timeout time.Duration, ended func()) error {
	started := make(chan error)
	go func() {
		r.run(started, timeout)
		r.mu.Lock()
		closed := r.closed
		r.mu.Unlock()
		close(r.over)
		if !closed {
			ended()
		}
	}()
	if err := <-started; err != nil {
		<-r.over
		return fmt.Errorf("cannot run %q: %w", r.cmd.Args[0], err)
	}
	return nil
}

// run starts the program and waits for it. It reports on started.
func (r *running) run(started chan<- error, timeout time.Duration) {
	defer lockThread()()
	g, err := startGroup(r.cmd, syscall.SIGKILL)
	if err != nil {
		r.closed = true
		started <- err
		return
	}
	r.group = g
	started <- nil
	if timeout > 0 {
		timer := time.AfterFunc(timeout, func() {
			r.mu.Lock()
			r.timedOut = true
			r.mu.Unlock()
			g.kill()
		})
		defer timer.Stop()
	}
	status := g.wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timedOut {
		status = timedOutStatus
	}
	r.result = backend.ProcessResult{Status: status, Output: r.out.text()}
}

func (r *running) Ended() bool { return isClosed(r.over) }

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Result returns the status and the output, whose rest is cut off with a mark
// where it is longer than what is kept.
func (r *running) Result() (backend.ProcessResult, error) {
	<-r.over
	return r.result, nil
}

func (r *running) Close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.group.kill()
	<-r.over
}
