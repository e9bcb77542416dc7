package page

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/history"
)

// What a diff leaves of both sides is the same, in the same order.
func TestDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		x := make([]int, r.IntN(30))
		for i := range x {
			x[i] = r.IntN(20)
		}
		y := slices.Clone(x)
		for range r.IntN(6) {
			switch at := r.IntN(len(y) + 1); {
			case at < len(y) && r.IntN(2) == 0:
				y = slices.Delete(y, at, at+1)
			default:
				y = slices.Insert(y, at, r.IntN(20))
			}
		}
		removed, added := differences(x, y)
		without := func(list, gone []int) []int {
			var left []int
			for i, item := range list {
				if !slices.Contains(gone, i) {
					left = append(left, item)
				}
			}
			return left
		}
		if a, b := without(x, removed), without(y, added); !slices.Equal(a, b) {
			t.Fatalf("%v and %v: removed %v, added %v leave %v and %v", x, y, removed, added, a, b)
		}
	}
	if removed, added := differences([]int{1, 2, 3, 4, 5}, []int{1, 2, 9, 4, 5, 6}); !slices.Equal(removed, []int{2}) || !slices.Equal(added, []int{2, 5}) {
		t.Errorf("got %v and %v", removed, added)
	}
}

func TestOffsets(t *testing.T) {
	for _, s := range []string{"", "plain", "aé€😀b", "a\xffb"} {
		offsets := utf16Offsets(s)
		for i := range s {
			if got, want := offsets(i), len(utf16.Encode([]rune(s[:i]))); got != want {
				t.Errorf("%q: byte %d is unit %d, want %d", s, i, got, want)
			}
		}
		if got, want := offsets(len(s)+5), len(utf16.Encode([]rune(s))); got != want {
			t.Errorf("%q has %d units, want %d", s, got, want)
		}
	}
}

func optimized(t *testing.T, seed uint64) *history.History {
	t.Helper()
	h := &history.History{}
	_, report, err := passes.Optimize(irtest.Program(seed, irtest.Options{Size: 16, Hooks: true, Spawn: true}),
		passes.Options{Level: 2, Family: []string{"step", "gorgonia"}[seed%2], Registry: ops.Standard(), Trace: h.Trace, OnFire: h.OnFire})
	if err != nil {
		t.Fatal(err)
	}
	h.Complete(&report)
	return h
}

// Spans are within their lines and within each other, and all nodes lead to the
// source.
func TestData(t *testing.T) {
	for seed := range uint64(60) {
		d, err := newData(optimized(t, seed), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Cut) > 0 {
			t.Errorf("seed %d: %v", seed, d.Cut)
		}
		for _, line := range d.Lines {
			text := line[0].(string)
			ends := []int{len(text)}
			last := 0
			for k := 1; k < len(line); k += 3 {
				a, z := line[k].(int), line[k+1].(int)
				for len(ends) > 1 && ends[len(ends)-1] <= a {
					ends = ends[:len(ends)-1]
				}
				if a < last || a >= z || z > ends[len(ends)-1] {
					t.Fatalf("seed %d: %q has a span from %d to %d", seed, text, a, z)
				}
				ends, last = append(ends, z), a
			}
		}
		for i, set := range d.Nodes.Set {
			if len(d.Nodes.Sets[set]) == 0 {
				t.Errorf("seed %d: node %d comes from nowhere", seed, d.Nodes.ID[i])
			}
		}
		for _, c := range d.Columns {
			if len(c.Lines) != len(c.Marks) {
				t.Errorf("seed %d: %d lines, %d marks", seed, len(c.Lines), len(c.Marks))
			}
		}
	}
}

// Limits hold, and are told.
func TestLimits(t *testing.T) {
	b := &builder{data: data{}, lines: map[string]int{}, nodes: newNodeTable(&history.History{})}
	k := b.line(strings.Repeat("é", 2*maxLine), []part{})
	if text := b.text(k); len(text) > maxLine+8 || !strings.HasSuffix(text, " ...") || b.clipped != 1 {
		t.Errorf("a line has %d bytes", len(text))
	}
	b.cut(b.clipped, "%d lines are shortened to %d", maxLine)
	if len(b.Cut) != 1 || b.Cut[0] != "1 lines are shortened to 1000" {
		t.Errorf("got %q", b.Cut)
	}
}

// The data of a page cannot end its script.
func TestWriteEscapes(t *testing.T) {
	h := optimized(t, 1)
	var b bytes.Buffer
	if err := Write(&b, h, Options{Title: "</script><b>", About: "<!--"}); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if strings.Count(page, "</script>") != 2 || strings.Contains(page, "<b>") || strings.Count(page, "<!--") != 0 {
		t.Error("markup has come through")
	}
	_, rest, _ := strings.Cut(page, `id="data">`)
	text, _, _ := strings.Cut(rest, "</script>")
	var d struct{ Title, About string }
	if err := json.Unmarshal([]byte(text), &d); err != nil || d.Title != "</script><b>" || d.About != "<!--" {
		t.Errorf("got %+v, %v", d, err)
	}
}
