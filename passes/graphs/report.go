package graphs

import (
	"fmt"
	"maps"
	"strings"
	"sync"
)

// A Report counts rewrites. Any number of goroutines may use it; nil counts
// nothing.
type Report struct {
	mu     sync.Mutex
	fired  map[string]int
	graphs int
}

// A Count is how often a rule was applied.
type Count struct {
	Rule string `json:"rule"`
	N    int    `json:"n"`
}

func (p *Report) add(fired []string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fired == nil {
		p.fired = map[string]int{}
	}
	for _, rule := range fired {
		p.fired[rule]++
	}
	p.graphs++
}

// Counts returns the rules that were applied, in the order of [Rules].
func (p *Report) Counts() []Count {
	p.mu.Lock()
	fired := maps.Clone(p.fired)
	p.mu.Unlock()
	var counts []Count
	for _, rule := range Rules() {
		if n := fired[rule.Name]; n > 0 {
			counts = append(counts, Count{rule.Name, n})
		}
	}
	return counts
}

// Graphs returns how many graphs had something to rewrite.
func (p *Report) Graphs() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.graphs
}

// String returns the counts on one line.
func (p *Report) String() string {
	var parts []string
	for _, c := range p.Counts() {
		parts = append(parts, fmt.Sprintf("%s: %d", c.Rule, c.N))
	}
	return strings.Join(parts, ", ")
}
