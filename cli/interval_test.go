package cli

import (
	"testing"
	"time"
)

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		text string
		want interval
	}{
		{"10s", interval{time: 10 * time.Second}},
		{"5ms", interval{time: 5 * time.Millisecond}},
		{"1000steps", interval{steps: 1000}},
		{"1step", interval{steps: 1}},
		{"20 steps", interval{steps: 20}},
	} {
		var got, again interval
		if err := got.Set(c.text); err != nil || got != c.want {
			t.Errorf("%s is %+v, %v", c.text, got, err)
		}
		if err := again.Set(got.String()); err != nil || again != got {
			t.Errorf("%s prints as %s, which is %+v, %v", c.text, &got, again, err)
		}
	}
	for _, text := range []string{"", "10", "0s", "-1s", "0steps", "-5steps", "steps", "1.5steps", "10stepss", "99999999999999999999steps"} {
		if err := new(interval).Set(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
