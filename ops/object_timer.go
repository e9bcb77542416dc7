package ops

import (
	"errors"
	"math"

	"flowc.dev/flowc/ir"
)

// timer measures how long a run takes. What it gives differs from run to run.
type timer struct {
	now     func() int64
	laps    lapTimes
	running bool
	since   int64 // when the lap began
	next    timerChange
}

// timerChange is what a commit makes of a timer.
type timerChange struct {
	laps    lapTimes
	running bool
	since   int64
}

// lapTimes are times of finished laps, in nanoseconds.
type lapTimes struct{ count, total, shortest, longest, last int64 }

func (l lapTimes) add(lap int64) lapTimes {
	if l.count == 0 {
		l.shortest = lap
	}
	return lapTimes{l.count + 1, l.total + lap, min(l.shortest, lap), max(l.longest, lap), lap}
}

var timerState = []string{"count", "total", "shortest", "longest", "last", "running", "lap"}

func newTimer(env Env, _ []ir.Value) (Object, error) {
	t := &timer{now: env.Now}
	if t.now == nil {
		t.now = func() int64 { return 0 }
	}
	return t, nil
}

// restoreTimer makes a timer whose lap, if one is running, goes on from now: the
// time between is not counted.
func restoreTimer(env Env, args []ir.Value, state ir.Value) (Object, error) {
	const most = math.MaxInt64 / 4
	c, err := readCounts("timer", state, timerState, most, most, most, most, most, 1, most)
	if err != nil {
		return nil, err
	}
	object, err := newTimer(env, args)
	if err != nil {
		return nil, err
	}
	t := object.(*timer)
	t.laps = lapTimes{c[0], c[1], c[2], c[3], c[4]}
	t.running, t.since = c[5] == 1, t.now()-c[6]
	return t, nil
}

func (t *timer) State() ir.Value {
	l, running, lap := t.laps, int64(0), int64(0)
	if t.running {
		running, lap = 1, t.now()-t.since
	}
	return countState(timerState, l.count, l.total, l.shortest, l.longest, l.last, running, lap)
}

func seconds(nanoseconds int64) ir.Value { return ir.Float(float64(nanoseconds) / 1e9) }

func (t *timer) statistics() ir.Value {
	mean := math.NaN()
	if t.laps.count > 0 {
		mean = float64(t.laps.total) / 1e9 / float64(t.laps.count)
	}
	return ir.RecordOf([]string{"count", "total", "mean", "min", "max", "last"}, []ir.Value{ir.Int(t.laps.count), seconds(t.laps.total),
		ir.Float(mean), seconds(t.laps.shortest), seconds(t.laps.longest), seconds(t.laps.last)})
}

func timerClass() *Class {
	change := func(name, doc string, results int, prepare func(t *timer, now int64, dst []ir.Value) error) *Method {
		return &Method{
			Signature: ir.Signature{Name: name, Results: results, Effects: writes | ir.IO},
			Doc:       doc,
			Prepare: func(self Object, dst, _ []ir.Value) error {
				t := self.(*timer)
				now := t.now()
				t.next = timerChange{t.laps, true, now}
				return prepare(t, now, dst)
			},
			Commit: func(self Object) {
				t := self.(*timer)
				t.laps, t.running, t.since = t.next.laps, t.next.running, t.next.since
			},
		}
	}
	read := func(name, doc string, value func(t *timer) ir.Value) *Method {
		return &Method{
			Signature: ir.Signature{Name: name, Results: 1, Effects: reads | ir.IO},
			Doc:       doc,
			Prepare: func(self Object, dst, _ []ir.Value) error {
				dst[0] = value(self.(*timer))
				return nil
			},
		}
	}
	return &Class{
		Signature: ir.Signature{Name: "timer"},
		Doc: "A stopwatch of the wall clock, in seconds, f64. What it measures differs from run to run: nothing that depends on it is equal " +
			"between runs. A resumed run does not count the time during which it was stopped.",
		New:     newTimer,
		Restore: restoreTimer,
		Methods: []*Method{
			change("start", "Begins a lap. One that is running is dropped.", 0,
				func(*timer, int64, []ir.Value) error { return nil }),
			change("stop", "Ends the lap, counts it, and gives its time.", 1,
				func(t *timer, now int64, dst []ir.Value) error {
					if !t.running {
						return errors.New("timer.stop: no lap is running: start one")
					}
					t.next.laps, t.next.running = t.laps.add(now-t.since), false
					dst[0] = seconds(now - t.since)
					return nil
				}),
			change("lap", "Ends the lap as stop does and begins the next one. The first call only begins one, and gives 0.", 1,
				func(t *timer, now int64, dst []ir.Value) error {
					dst[0] = ir.Float(0)
					if t.running {
						t.next.laps = t.laps.add(now - t.since)
						dst[0] = seconds(now - t.since)
					}
					return nil
				}),
			read("elapsed", "The time of the lap that is running, 0 if none is.", func(t *timer) ir.Value {
				if !t.running {
					return ir.Float(0)
				}
				return seconds(t.now() - t.since)
			}),
			read("statistics", "A record of the laps counted: count, and the total, mean, min, max and last of their times.", (*timer).statistics),
		},
	}
}
