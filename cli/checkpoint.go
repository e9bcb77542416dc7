package cli

import (
	"errors"
	"math"
	"os"
	"os/signal"
	"sync"
	"time"

	"flowc.dev/flowc"
	"flowc.dev/flowc/snapshot"
)

// A checkpoint saves a run to a file, in the background. A nil one never does.
type checkpoint struct {
	writer *snapshot.Writer
	every  interval
	last   time.Time
	next   int64 // the steps at which the next snapshot is due
	asked  chan os.Signal

	mutex sync.Mutex
	err   error // of the background's last save
	told  string
}

// notifySave returns where signals arrive that ask for a snapshot.
func notifySave() chan os.Signal {
	asked := make(chan os.Signal, 1)
	if saveSignal != nil {
		signal.Notify(asked, saveSignal)
	}
	return asked
}

// newCheckpoint returns what saves a run that has done some steps.
func newCheckpoint(path string, every interval, steps int64, asked chan os.Signal) *checkpoint {
	every.steps = min(every.steps, math.MaxInt64/2) // added to the steps done
	c := &checkpoint{every: every, last: time.Now(), next: steps + every.steps, asked: asked}
	c.writer = snapshot.NewWriter(path, snapshot.Options{}, func(err error) {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.err = err
	})
	return c
}

// limit makes a run stop where a snapshot is due.
func (c *checkpoint) limit(b *flowc.Budget, steps int64) {
	if c == nil {
		return
	}
	if c.every.steps > 0 && (b.Steps == 0 || c.next-steps < b.Steps) {
		b.Steps = c.next - steps
	}
	if c.every.time > 0 {
		b.Time = min(b.Time, c.left())
	}
}

// left returns the time until the next snapshot is due. While one is being
// saved, it is the time after which to look again.
func (c *checkpoint) left() time.Duration {
	const least = time.Millisecond
	left := c.every.time - time.Since(c.last)
	if left < least && !c.writer.Idle() {
		return 10 * least
	}
	return max(left, least)
}

// due reports whether the machine is to be saved now.
func (c *checkpoint) due(m *flowc.Machine) bool {
	select {
	case <-c.asked:
		return true
	default:
	}
	if c.every.steps > 0 && m.Steps() >= c.next {
		c.next = m.Steps() + c.every.steps
		return true
	}
	return c.every.time > 0 && time.Since(c.last) >= c.every.time && c.writer.Idle()
}

// look saves the machine if it is time to. The error is one of a former save,
// told once.
func (c *checkpoint) look(m *flowc.Machine) error {
	if c == nil {
		return nil
	}
	if c.due(m) {
		c.last = time.Now()
		s, err := m.Snapshot()
		if err == nil {
			err = c.writer.Save(s)
		}
		if err != nil {
			return err
		}
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	told := c.told
	if c.told = ""; c.err != nil {
		c.told = rootCause(c.err).Error()
	}
	if c.told == told {
		return nil
	}
	return c.err
}

// close ends the saving. The last snapshot is of m, unless m is nil.
func (c *checkpoint) close(m *flowc.Machine) error {
	signal.Stop(c.asked)
	if m == nil {
		c.writer.Close() // what is saved has been told, or is older than the run
		return nil
	}
	s, err := m.Snapshot()
	if err == nil {
		err = c.writer.Save(s)
	}
	if closeErr := c.writer.Close(); err == nil {
		err = closeErr
	}
	return err
}

// rootCause returns what an error comes down to, without the names of files,
// which differ from one save to the next.
func rootCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
