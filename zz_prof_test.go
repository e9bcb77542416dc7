package flowc_test

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"

	"flowc.dev/flowc"
)

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestZZ(t *testing.T) {
	p, err := flowc.Load(os.Getenv("ZZ"))
	if err != nil {
		t.Fatal(err)
	}
	fam := os.Getenv("ZZF")
	if fam == "" {
		fam = "step"
	}
	best := map[int]time.Duration{}
	for r := 0; r < 3; r++ {
		for _, l := range []int{0, 2} {
			if os.Getenv("ZZL") == "2" && l == 0 {
				continue
			}
			c, err := flowc.Compile(p, flowc.Options{Level: l, Backend: fam})
			if err != nil {
				t.Fatal(err)
			}
			s := cpu()
			m, err := c.Start(nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.Run(context.Background(), flowc.Budget{}); err != nil {
				t.Fatal(err)
			}
			d := cpu() - s
			if best[l] == 0 || d < best[l] {
				best[l] = d
			}
		}
	}
	t.Logf("O0 %v O2 %v ratio %.3f", best[0], best[2], float64(best[2])/float64(best[0]))
}
