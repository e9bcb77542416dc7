package cli

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
)

// A profileResult has the figures of statements that run as one.
type profileResult struct {
	Statements []statementResult `json:"statements"`
	Count      int64             `json:"count"`
	Seconds    float64           `json:"seconds"`
	// Bytes that a compiled graph keeps for the values between its ops, and what
	// they would take without sharing.
	PeakBytes  int64 `json:"peak_bytes,omitempty"`
	ApartBytes int64 `json:"apart_bytes,omitempty"`
}

type statementResult struct {
	ID    ir.ID  `json:"id"`
	Place string `json:"place"`
	Text  string `json:"text"`
}

func (r *result) setProfile(entries []backend.ProfileEntry) {
	for _, e := range entries {
		one := profileResult{Count: e.Count, Seconds: e.Time.Seconds(), PeakBytes: e.Peak, ApartBytes: e.Apart}
		for _, n := range written([]*ir.Node{e.Node}) {
			one.Statements = append(one.Statements, statementResult{n.ID, n.Pos.String(), headline(n)})
		}
		r.Profile = append(r.Profile, one)
	}
}

// describeProfile returns a table of the statements, the most expensive first.
// Statements that run as one stand together under their common figures.
func describeProfile(entries []backend.ProfileEntry) string {
	var total time.Duration
	for _, e := range entries {
		total += e.Time
	}
	byTime := slices.Clone(entries)
	slices.SortStableFunc(byTime, func(a, b backend.ProfileEntry) int { return int(b.Time - a.Time) })
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "share\ttime\tcount\tplace\t  statement\n")
	for _, e := range byTime {
		sources := written([]*ir.Node{e.Node})
		share := 100 * e.Time.Seconds() / max(total.Seconds(), 1e-9)
		fmt.Fprintf(w, "%.1f %%\t%v\t%d\t%s\t  %s\n", share, e.Time.Round(time.Microsecond), e.Count, sources[0].Pos, headline(sources[0]))
		for _, n := range sources[1:] {
			fmt.Fprintf(w, "\t\t\t%s\t  %s\n", n.Pos, headline(n))
		}
	}
	w.Flush() // to a string
	return b.String()
}

// written returns the statements of the source program that the nodes are or
// stand for.
func written(nodes []*ir.Node) []*ir.Node {
	var all []*ir.Node
	for _, n := range nodes {
		if source := n.Body("source"); len(source) > 0 {
			all = append(all, written(source)...)
		} else {
			all = append(all, n)
		}
	}
	return all
}

// headline names a statement: its stores, its element and what it calls.
func headline(n *ir.Node) string {
	s := n.Op
	for _, name := range []string{"call", "grad", "next_n"} {
		if text := n.Text(name); text != "" {
			s += " " + text
		}
	}
	if stores := n.Stores(); len(stores) > 0 {
		s = strings.Join(stores, ", ") + " = " + s
	}
	return s
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
