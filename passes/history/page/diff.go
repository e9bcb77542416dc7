package page

import "slices"

// differences returns the indices of the items of x that are not in y, and of
// those of y that are not in x, in a diff anchored at the items that each has once:
// the longest sequence of these which is in both, and what is equal before and
// after each.
func differences(x, y []int) (removed, added []int) {
	inX, inY := make([]bool, len(x)), make([]bool, len(y)) // matched
	match := func(i, j int) bool {
		if i < 0 || j < 0 || i >= len(x) || j >= len(y) || inX[i] || inY[j] || x[i] != y[j] {
			return false
		}
		inX[i], inY[j] = true, true
		return true
	}
	first := 0
	for match(first, first) {
		first++
	}
	for i, j := len(x)-1, len(y)-1; i >= first && j >= first && match(i, j); {
		i, j = i-1, j-1
	}
	type anchor struct{ i, j int }
	var anchors []anchor
	for _, a := range increasing(unique(x), unique(y)) {
		if inX[a[0]] || inY[a[1]] {
			continue
		}
		anchors = append(anchors, anchor{a[0], a[1]})
		match(a[0], a[1])
	}
	for _, a := range anchors {
		for i, j := a.i-1, a.j-1; match(i, j); {
			i, j = i-1, j-1
		}
		for i, j := a.i+1, a.j+1; match(i, j); {
			i, j = i+1, j+1
		}
	}
	return unmatched(inX), unmatched(inY)
}

func unmatched(matched []bool) []int {
	var list []int
	for i, ok := range matched {
		if !ok {
			list = append(list, i)
		}
	}
	return list
}

// unique returns the places of the items that are in x once.
func unique(x []int) map[int]int {
	places := map[int]int{}
	for i, item := range x {
		if _, again := places[item]; again {
			i = -1
		}
		places[item] = i
	}
	return places
}

// increasing returns the longest list of pairs of places, both increasing, at
// which x and y have the same item.
func increasing(x, y map[int]int) [][2]int {
	var pairs [][2]int
	for item, i := range x {
		if j, ok := y[item]; ok && i >= 0 && j >= 0 {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return a[0] - b[0] })
	var tails []int // tails[k] ends the best list of k+1 pairs
	previous := make([]int, len(pairs))
	for p := range pairs {
		k, _ := slices.BinarySearchFunc(tails, pairs[p][1], func(tail, j int) int { return pairs[tail][1] - j })
		previous[p] = -1
		if k > 0 {
			previous[p] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, p)
		} else {
			tails[k] = p
		}
	}
	var list [][2]int
	if len(tails) > 0 {
		for p := tails[len(tails)-1]; p >= 0; p = previous[p] {
			list = append(list, pairs[p])
		}
	}
	slices.Reverse(list)
	return list
}
