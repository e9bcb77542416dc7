package page_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// A browser is a page in a headless Chromium, spoken to in its DevTools protocol
// through a pipe.
type browser struct {
	t       *testing.T
	out     *os.File
	session string

	mu      sync.Mutex
	next    int
	waiting map[int]chan answer
	events  []event
}

type answer struct {
	result json.RawMessage
	err    error
}

type event struct {
	Method string
	Params json.RawMessage
}

// patience bounds how long one answer or condition is waited for.
const patience = 20 * time.Second

// newBrowser starts Chromium, or skips the test where there is none.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("there is no Chromium here to look at the page with")
	}
	args := []string{"--headless", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--user-data-dir=" + t.TempDir()}
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox") // which root cannot have
	}
	cmd := exec.Command(path, args...)
	theirIn, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	in, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	b := &browser{t: t, out: out, waiting: map[int]chan answer{}}
	ended := make(chan struct{})
	go func() { b.read(bufio.NewReaderSize(in, 1<<20)); close(ended) }()
	t.Cleanup(func() {
		b.send("Browser.close", nil, make(chan answer, 1))
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			cmd.Process.Kill()
		}
		cmd.Wait()
		out.Close()
		in.Close()
	})
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Network", "Log"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// read takes answers and events in, each ended by a zero byte.
func (b *browser) read(r *bufio.Reader) {
	for {
		message, err := r.ReadBytes(0)
		if err != nil {
			b.mu.Lock()
			for _, c := range b.waiting {
				c <- answer{err: err}
			}
			b.waiting = nil
			b.mu.Unlock()
			return
		}
		var m struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
			event
		}
		if json.Unmarshal(message[:len(message)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if c := b.waiting[m.ID]; c != nil {
			delete(b.waiting, m.ID)
			a := answer{result: m.Result}
			if m.Error != nil {
				a.err = fmt.Errorf("%s", m.Error.Message)
			}
			c <- a
		} else if m.Method != "" {
			b.events = append(b.events, m.event)
		}
		b.mu.Unlock()
	}
}

func (b *browser) send(method string, params any, c chan answer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		c <- answer{err: fmt.Errorf("%s: Chromium has ended", method)}
		return
	}
	b.next++
	b.waiting[b.next] = c
	m := map[string]any{"id": b.next, "method": method}
	if params != nil {
		m["params"] = params
	}
	if b.session != "" && !strings.HasPrefix(method, "Browser.") {
		m["sessionId"] = b.session
	}
	text, err := json.Marshal(m)
	if err == nil {
		_, err = b.out.Write(append(text, 0))
	}
	if err != nil {
		delete(b.waiting, b.next)
		c <- answer{err: err}
	}
}

// call does what a method of the protocol does.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	c := make(chan answer, 1)
	b.send(method, params, c)
	select {
	case a := <-c:
		if a.err != nil {
			b.t.Fatalf("%s: %v", method, a.err)
		}
		if result != nil {
			if err := json.Unmarshal(a.result, result); err != nil {
				b.t.Fatalf("%s: %v", method, err)
			}
		}
	case <-time.After(patience):
		b.t.Fatalf("%s: no answer", method)
	}
}

// eval returns the value of an expression of JavaScript.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	var r struct {
		Result           struct{ Value T }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &r)
	if e := r.ExceptionDetails; e != nil {
		b.t.Fatalf("%s: %s %s", expression, e.Text, e.Exception.Description)
	}
	return r.Result.Value
}

// until waits for a condition.
func (b *browser) until(condition string) {
	b.t.Helper()
	for end := time.Now().Add(patience); ; {
		if eval[bool](b, "!!("+condition+")") {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("it does not become true that %s", condition)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// open shows a file in a window of a width.
func (b *browser) open(path string, width, height int) {
	b.t.Helper()
	b.size(width, height)
	b.call("Page.navigate", map[string]any{"url": "file://" + path}, nil)
	b.until("document.readyState === 'complete' && location.protocol === 'file:' && document.querySelector('.row, noscript')")
}

func (b *browser) size(width, height int) {
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
}

// scheme sets the color scheme that the user prefers.
func (b *browser) scheme(name string) {
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": name}}}, nil)
}

// mouse moves the pointer over an element, which an expression names, and presses
// and releases its button if click is true.
func (b *browser) mouse(element string, click bool) {
	b.t.Helper()
	at := eval[[]float64](b, "(e => { const r = e.getClientRects()[0]; return [r.x + Math.min(4, r.width / 2), r.y + r.height / 2]; })("+element+")")
	b.pointer("mouseMoved", at)
	if click {
		b.pointer("mousePressed", at)
		b.pointer("mouseReleased", at)
	}
}

func (b *browser) pointer(kind string, at []float64) {
	b.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1}, nil)
}

func (b *browser) key(name string) {
	for _, kind := range []string{"rawKeyDown", "keyUp"} {
		b.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": name}, nil)
	}
}

// screenshot writes what is seen to a file.
func (b *browser) screenshot(path string) {
	b.t.Helper()
	var shot struct{ Data string }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	image, err := base64.StdEncoding.DecodeString(shot.Data)
	if err == nil {
		err = os.WriteFile(path, image, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// happened returns the events of the methods.
func (b *browser) happened(methods ...string) []event {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []event
	for _, e := range b.events {
		for _, m := range methods {
			if e.Method == m {
				found = append(found, e)
			}
		}
	}
	return found
}
