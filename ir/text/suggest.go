package text

import (
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// statementWords lists the words that begin statements and declarations.
func statementWords() []string {
	words := []string{"if"}
	for _, s := range ir.Schemas() {
		if s.Class == ir.Statement {
			words = append(words, s.Op)
		}
	}
	words = append(words, declarationWords...)
	slices.Sort(words)
	return words
}

// suggest returns the candidate that name is most likely a misspelling of, or
// "".
func suggest(name string, candidates []string) string {
	best, bestDistance := "", min(len(name)/3+2, 4)
	for _, c := range candidates {
		if distance := editDistance(strings.ToLower(name), c); distance < bestDistance {
			best, bestDistance = c, distance
		}
	}
	return best
}

// maxMisspelt bounds the names for which edits are counted.
const maxMisspelt = 32

// editDistance counts the insertions, deletions and substitutions that turn a
// into b. Names longer than maxMisspelt are far from all others.
func editDistance(a, b string) int {
	if len(a) > maxMisspelt || len(b) > maxMisspelt {
		return maxMisspelt
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// alternatives joins names as "a, b or c".
func alternatives(names []string) string {
	n := len(names)
	if n < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
}
