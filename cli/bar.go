package cli

import (
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// A bar is a progress bar at the bottom of a terminal; a spinner where the
// total is unknown.
type bar struct {
	container *mpb.Progress
	bar       *mpb.Bar
}

func newBar(p *progress) *bar {
	container := mpb.New(mpb.WithOutput(p.w), mpb.WithWidth(40), mpb.WithAutoRefresh())
	name := mpb.PrependDecorators(decor.Name(p.name + " "))
	status := mpb.AppendDecorators(decor.Any(func(s decor.Statistics) string { return " " + p.status(s.Current) }))
	if p.total > 0 {
		return &bar{container, container.New(p.total, mpb.BarStyle(), name, status, mpb.BarRemoveOnComplete())}
	}
	return &bar{container, container.New(0, mpb.SpinnerStyle(), name, status, mpb.BarWidth(2), mpb.BarRemoveOnComplete())}
}

func (b *bar) set(steps int64) { b.bar.SetCurrent(steps) }

// Write writes lines above the bar.
func (b *bar) Write(line []byte) (int, error) { return b.container.Write(line) }

func (b *bar) stop() {
	b.bar.Abort(true)
	b.container.Wait()
}
