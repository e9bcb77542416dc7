package flowc

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
)

// RunFragment runs the fragment of a spawn statement from the state that it is
// given to its end: it is what an implementation of [backend.Fragments] does
// where it runs fragments. started is called, if not nil, with the run once it
// can be asked for its state. The program is compiled with o's level, for the
// fragment's numeric family.
func RunFragment(ctx context.Context, s *Snapshot, o Options, started func(*backend.FragmentRun)) (backend.FragmentState, error) {
	c, err := o.compileFragment(s)
	if err != nil {
		return backend.FragmentState{}, err
	}
	return c.runFragment(ctx, s, started)
}

func (o Options) compileFragment(s *Snapshot) (*Compiled, error) {
	o.Backend, o.Seed, o.Trace, o.OnFire, o.Profile = s.Family, s.Seed, nil, nil, false
	o.Logs = nil // what a fragment does to its copies of objects is dropped
	return Compile(s.Program, o)
}

func (c *Compiled) runFragment(ctx context.Context, s *Snapshot, started func(*backend.FragmentRun)) (backend.FragmentState, error) {
	m, err := c.Resume(s)
	if err != nil {
		return backend.FragmentState{}, err
	}
	run := backend.NewFragmentRun(m)
	if started != nil {
		started(run)
	}
	return run.Run(ctx)
}

// fragments returns what runs fragments.
func (o Options) fragments() backend.Fragments {
	if o.Fragments != nil {
		return o.Fragments
	}
	return &goroutines{options: o, slots: make(chan struct{}, runtime.GOMAXPROCS(0)), compiled: map[*ir.Program]*compilation{}}
}

// goroutines runs fragments in this process. What fragments spawn has slots of
// its own, since they would wait for it in theirs.
type goroutines struct {
	options Options
	slots   chan struct{}

	mu       sync.Mutex
	compiled map[*ir.Program]*compilation
}

// A compilation is that of a fragment, which its copies share.
type compilation struct {
	once sync.Once
	c    *Compiled
	err  error
}

// maxCompilations bounds the fragments that are kept compiled.
const maxCompilations = 64

func (g *goroutines) compile(s *Snapshot) (*Compiled, error) {
	g.mu.Lock()
	one := g.compiled[s.Program]
	if one == nil {
		if len(g.compiled) >= maxCompilations {
			clear(g.compiled)
		}
		one = &compilation{}
		g.compiled[s.Program] = one
	}
	g.mu.Unlock()
	one.once.Do(func() { one.c, one.err = g.options.compileFragment(s) })
	return one.c, one.err
}

func (g *goroutines) Spawn(s *Snapshot, ended func()) (backend.Fragment, error) {
	ctx, cancel := context.WithCancel(context.Background())
	f := &goroutine{cancel: cancel, start: s, over: make(chan struct{})}
	go func() {
		defer cancel()
		end, err := f.do(ctx, g)
		f.mu.Lock()
		f.end, f.err = end, err
		f.mu.Unlock()
		close(f.over)
		if ctx.Err() == nil {
			ended()
		}
	}()
	return f, nil
}

// goroutine is a fragment that runs in this process.
type goroutine struct {
	cancel context.CancelFunc
	start  *Snapshot
	over   chan struct{} // closed when the goroutine has ended

	mu  sync.Mutex
	run *backend.FragmentRun // once it has begun
	end backend.FragmentState
	err error
}

// do runs the fragment when there is a slot.
func (f *goroutine) do(ctx context.Context, g *goroutines) (end backend.FragmentState, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("flowc failed here; please report it: %v", r)
		}
	}()
	select {
	case g.slots <- struct{}{}:
		defer func() { <-g.slots }()
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return end, ctx.Err()
	}
	c, err := g.compile(f.start)
	if err != nil {
		return end, err
	}
	return c.runFragment(ctx, f.start, func(run *backend.FragmentRun) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.run = run
	})
}

func (f *goroutine) Ended() bool {
	select {
	case <-f.over:
		return true
	default:
		return false
	}
}

func (f *goroutine) Result() (backend.FragmentState, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.end, f.err
}

var errQueued = errors.New("the fragment has not begun")

func (f *goroutine) Snapshot(ctx context.Context) (backend.FragmentState, error) {
	f.mu.Lock()
	run := f.run
	f.mu.Unlock()
	if run == nil {
		return backend.FragmentState{}, errQueued
	}
	return run.Snapshot(ctx)
}

func (f *goroutine) Close() {
	f.cancel()
	<-f.over
}
