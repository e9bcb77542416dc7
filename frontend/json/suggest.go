package json

import "strings"

// suggest returns the candidate that name is most likely a misspelling of, or
// "".
func suggest(name string, candidates []string) string {
	best, bestDistance := "", min(len(name)/3+2, 5)
	for _, c := range candidates {
		distance := editDistance(strings.ToLower(name), c)
		if distance < bestDistance {
			best, bestDistance = c, distance
		}
	}
	return best
}

// maxMisspelt bounds the names for which edits are counted.
const maxMisspelt = 32

// editDistance counts the insertions, deletions, substitutions and swaps of
// neighbours that turn a into b (optimal string alignment). Names longer than
// maxMisspelt are far from all others.
func editDistance(a, b string) int {
	if len(a) > maxMisspelt || len(b) > maxMisspelt {
		return maxMisspelt
	}
	var table [maxMisspelt + 1][maxMisspelt + 1]int
	for i := range len(a) + 1 {
		for j := range len(b) + 1 {
			if i == 0 || j == 0 {
				table[i][j] = i + j
				continue
			}
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(table[i-1][j]+1, table[i][j-1]+1, table[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, table[i-2][j-2]+1)
			}
			table[i][j] = d
		}
	}
	return table[len(a)][len(b)]
}

// orSuggestion returns the end of a message about the unknown name: the likely
// intended one, or all that would do.
func orSuggestion(name string, candidates []string) string {
	if s := suggest(name, candidates); s != "" {
		return ": did you mean \"" + s + "\"?"
	}
	return ": want " + alternatives(candidates)
}

// alternatives joins names as "a, b or c".
func alternatives(names []string) string {
	switch n := len(names); n {
	case 0:
		return "none"
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
}
