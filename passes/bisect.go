package passes

import "sort"

// Bisect returns the fuel at which a check begins to fail: with that many
// rewrites it does, with one less it does not. It is 0 if the check fails without
// any rewrite, and -1 if it does not fail with all of the total. The check is
// asked about as often as total has binary digits.
func Bisect(total int64, fails func(fuel int64) (bool, error)) (int64, error) {
	var failed error
	ask := func(fuel int64) bool {
		if failed != nil {
			return true
		}
		bad, err := fails(fuel)
		failed = err
		return bad
	}
	if bad := ask(total); failed != nil || !bad {
		return -1, failed
	}
	if bad := ask(0); failed != nil || bad {
		return 0, failed
	}
	// Between a fuel that does not fail and one that does there is a first one,
	// whether or not all above it fail.
	good := sort.Search(int(total-1), func(i int) bool { return ask(int64(i) + 1) })
	return int64(good) + 1, failed
}
