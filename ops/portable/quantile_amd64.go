//go:build !purego

package portable

import "golang.org/x/sys/cpu"

// centralTable has the constants of centralQuantiles in their order.
var centralTable = [17]float64{0.180625,
	3.3871328727963666080e+0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
	4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
	1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
	2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3}

//go:noescape
func centralGroups(dst, q *float64, groups int, table *[17]float64)

var useVectors = cpu.X86.HasAVX2

// centralVectors does the operations of centralQuantiles, in their order, on
// four numbers at a time, as long as there are so many, and returns how many it
// has done.
func centralVectors(dst, q []float64) int {
	groups := len(q) / 4
	if groups == 0 || !useVectors {
		return 0
	}
	centralGroups(&dst[0], &q[0], groups, &centralTable)
	return 4 * groups
}
