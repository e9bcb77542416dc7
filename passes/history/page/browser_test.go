package page_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/history"
	"flowc.dev/flowc/passes/history/page"
)

var screenshots = flag.String("page.screenshots", "", "directory to which the browser tests write what they see")

const program = `# Two of them.
program demo
object data = data.normal(rows=100, cols=3, seed=1)
function step(w, g) -> w {
    w = w - 0.1 * g
}
function loss(w, x) -> l {
    l = mean(square(x @ w))
}
w = ones([3])
repeat 10 as i {
    x = buffer 4 { data.next() }
    l, g = grad loss(w, x) wrt w
    w = step(w, g)
    h = exp(x) + 1
    s = sum(h)
    print i, l, s
}
`

// write writes the page of a program to a file and returns its name.
func write(t *testing.T, src string) string {
	t.Helper()
	p, err := text.Parse([]byte(src), "demo.flow")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := page.Write(&b, optimized(t, p), page.Options{Title: p.Name, About: "-O2, gorgonia"}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func optimized(t *testing.T, p *ir.Program) *history.History {
	t.Helper()
	h := &history.History{}
	_, report, err := passes.Optimize(p, passes.Options{Passes: "canonicalize,inline,fuse-buffer,collapse", Family: "gorgonia", Registry: ops.Standard(), Trace: h.Trace, OnFire: h.OnFire})
	if err != nil {
		t.Fatal(err)
	}
	h.Complete(&report)
	return h
}

// Functions for the expressions that are evaluated in the page.
const tools = `
const cols = [...document.querySelectorAll(".column")];
const col = name => cols.find(c => c.getAttribute("aria-label") === name);
const node = (column, text, what = ".n") => [...col(column).querySelectorAll(".row:not(.carried) " + what)].filter(n => n.textContent === text).pop();
const lit = (column, kind) => [...col(column).querySelectorAll(kind)].map(n => n.textContent.trim());
const inView = e => { const r = e.getBoundingClientRect(), c = e.closest(".code").getBoundingClientRect(); return r.top >= c.top - 1 && r.bottom <= c.bottom + 1; };
`

func (b *browser) look(name string) {
	b.t.Helper()
	if *screenshots != "" {
		b.screenshot(filepath.Join(*screenshots, name+".png"))
	}
}

// Clicks through a page.
func TestBrowser(t *testing.T) {
	b := newBrowser(t)
	b.open(write(t, program), 1280, 800)
	eval[any](b, tools+"undefined")
	if got := eval[string](b, `cols.map(c => c.getAttribute("aria-label")).join()`); got != "source,lower-grad,outline,inline,fuse-buffer,collapse" {
		t.Errorf("the columns are %s", got)
	}
	if got := eval[string](b, `document.querySelector(".pipeline").innerText.replace(/\s*›\s*/g, " ")`); got != "source lower-functions lower-grad stabilize contract outline canonicalize inline fuse-buffer collapse" {
		t.Errorf("the pipeline is %q", got)
	}
	if got := eval[string](b, `col("fuse-buffer").querySelector(".rules").innerText`); got != "1 buffers fused" {
		t.Errorf("fuse-buffer did %q", got)
	}
	if got := eval[string](b, `col("fuse-buffer").querySelector(".time").textContent`); !strings.HasSuffix(got, " ms") {
		t.Errorf("fuse-buffer took %q", got)
	}
	if eval[int](b, `[...col("source").querySelectorAll(".row")].findIndex(r => r.textContent.includes("repeat 10 as i {"))`) < 1 {
		t.Error("the source is not there")
	}
	b.look("1280")

	// Pointing at an operand lights it, and what came of it, in every column.
	b.mouse(`node("source", "exp(x)")`, false)
	b.until(`lit("source", ".lit").includes("exp(x)")`)
	if !eval[bool](b, `lit("collapse", ".lit").some(s => /^%\d+ = exp\(x\)$/.test(s)) && lit("collapse", ".here").length === 0`) {
		t.Errorf("collapse has lit %q", eval[[]string](b, `lit("collapse", ".lit")`))
	}
	if eval[bool](b, `lit("source", ".lit").some(s => s.includes("sum"))`) {
		t.Error("another statement is lit")
	}
	if got := eval[string](b, `document.getElementById("status").innerText`); !strings.Contains(got, "call exp") || !strings.Contains(got, "in the source") {
		t.Errorf("the status is %q", got)
	}
	b.look("1280-hover")

	// Pointing elsewhere puts it out.
	b.mouse(`document.querySelector("#top h1")`, false)
	b.until(`document.querySelectorAll(".lit").length === 0`)

	// A statement that was made tells what made it, from what.
	b.mouse(`document.querySelector(".pipeline button:last-of-type")`, true)
	b.until(`col("collapse").getBoundingClientRect().right <= innerWidth + 1`)
	b.mouse(`[...col("collapse").querySelectorAll(".row:not(.carried) > .n")].find(n => n.textContent.includes("graph yield"))`, false)
	b.until(`document.getElementById("status").innerText.includes("made by")`)
	if got := eval[string](b, `document.getElementById("status").innerText`); !strings.Contains(got, "made by") || !strings.Contains(got, "from ") {
		t.Errorf("the status is %q", got)
	}
	eval[any](b, `document.querySelector(".pipeline button").click()`)
	b.until(`document.getElementById("columns").scrollLeft === 0`)

	// A click pins: the other columns come to it, and it stays.
	b.mouse(`node("source", "s = sum(h)")`, true)
	b.until(`document.body.classList.contains("pinned")`)
	b.mouse(`document.querySelector("#top h1")`, false)
	b.until(`cols.every(c => [...c.querySelectorAll(".lit, .soft")].some(inView))`)
	b.look("1280-pinned")
	b.size(1920, 1080)
	b.look("1920-pinned")
	b.scheme("dark")
	b.look("1920-pinned-dark")
	b.size(1280, 800)
	b.look("1280-pinned-dark")
	b.scheme("light")
	b.key("Escape")
	b.until(`document.querySelectorAll(".lit, .soft, .pinned").length === 0`)

	// So it goes from the keyboard.
	eval[any](b, `document.querySelector(".column .code").focus()`)
	for range 40 {
		if eval[string](b, `(document.querySelector(".row.at") || {}).textContent || ""`) == "    h = exp(x) + 1" {
			break
		}
		b.key("ArrowDown")
	}
	b.until(`lit("source", ".here").includes("h = exp(x) + 1")`)
	b.key("ArrowRight")
	b.until(`lit("source", ".here").includes("h = exp(x) + 1") && lit("collapse", ".lit").length > 0`)
	b.key("ArrowRight")
	b.until(`lit("source", ".here").includes("exp(x)")`)
	b.key("Enter")
	b.until(`document.body.classList.contains("pinned")`)
	b.key("Escape")

	// A fold opens, and all do.
	if folds := eval[int](b, `document.querySelectorAll(".fold").length`); folds == 0 {
		t.Error("nothing is folded")
	}
	rows := eval[int](b, `col("fuse-buffer").querySelectorAll(".row").length`)
	eval[any](b, `col("fuse-buffer").scrollIntoView({ inline: "center" }), col("fuse-buffer").querySelector(".code").scrollTo({ top: 0, left: 0, behavior: "instant" })`)
	b.mouse(`col("fuse-buffer").querySelector(".fold")`, true)
	b.until(fmt.Sprintf(`col("fuse-buffer").querySelectorAll(".row").length > %d`, rows))
	eval[any](b, `document.getElementById("fold").click()`)
	b.until(`document.querySelectorAll(".fold").length === 0`)

	for _, width := range []int{1280, 1920} {
		b.size(width, 900)
		if got := eval[[]int](b, `[document.documentElement.scrollWidth, document.documentElement.scrollHeight]`); got[0] > width || got[1] > 900 {
			t.Errorf("at %d the page is %v", width, got)
		}
		if got := eval[int](b, `Math.min(...cols.map(c => Math.round(c.getBoundingClientRect().width)))`); got < 380 {
			t.Errorf("at %d a column is %d wide", width, got)
		}
	}
	b.quiet()
}

// quiet checks that the page asked for nothing and failed at nothing.
func (b *browser) quiet() {
	b.t.Helper()
	for _, e := range b.happened("Runtime.exceptionThrown", "Log.entryAdded") {
		b.t.Errorf("%s: %s", e.Method, e.Params)
	}
	for _, e := range b.happened("Network.requestWillBeSent") {
		var request struct{ Request struct{ URL string } }
		if err := json.Unmarshal(e.Params, &request); err != nil || !strings.HasPrefix(request.Request.URL, "file://") && request.Request.URL != "about:blank" {
			b.t.Errorf("the page asks for %s", e.Params)
		}
	}
}

// What a program has in it is text on its page.
func TestBrowserHostile(t *testing.T) {
	b := newBrowser(t)
	evil := `</script><script>window.evil=1</script><img src=x onerror=window.evil=1>` + "\u2028<!--"
	src := fmt.Sprintf("# %s\nprogram %q\nx = exp(f32[1]{1})\nprint %q, x\n", evil, evil, evil)
	b.open(write(t, src), 1280, 800)
	if got := eval[string](b, `String(window.evil)`); got != "undefined" {
		t.Error("a program has run a script")
	}
	if got := eval[int](b, `document.querySelectorAll("img, iframe, object, script:not([type])").length`); got != 1 {
		t.Errorf("the page has %d images or scripts, want its own script", got)
	}
	if !eval[bool](b, `[...document.querySelectorAll(".row")].some(r => r.textContent.includes("<img src=x onerror=window.evil=1>"))`) {
		t.Error("the text of the program is not shown")
	}
	b.quiet()
}

// A large program has a page that a browser shows.
func TestBrowserLarge(t *testing.T) {
	b := newBrowser(t)
	var src strings.Builder
	src.WriteString("x = ones([3])\n")
	for i := range 5000 {
		fmt.Fprintf(&src, "y%d = exp(x) * %d + x\n", i, i)
		if i%7 == 0 {
			fmt.Fprintf(&src, "print sum(y%d)\n", i)
		}
	}
	path := write(t, src.String())
	if info, err := os.Stat(path); err != nil || info.Size() > 10<<20 {
		t.Errorf("the page has %d bytes", info.Size())
	}
	b.open(path, 1280, 800)
	eval[any](b, tools+"undefined")
	if got := eval[int](b, `document.querySelectorAll(".row").length`); got < 100 || got > 5000 {
		t.Errorf("%d rows are drawn at first", got)
	}
	eval[any](b, `(c => { c.scrollTop = c.scrollHeight; })(document.querySelector(".code"))`)
	b.until(`node("source", "y4999 = exp(x) * 4999 + x")`)
	b.mouse(`node("source", "y4999 = exp(x) * 4999 + x")`, true)
	b.look("large")
	b.until(`cols.every(c => [...c.querySelectorAll(".lit, .soft")].some(inView))`)
	b.quiet()
}
