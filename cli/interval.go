package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// An interval is the value of --every: a time or a number of steps.
type interval struct {
	time  time.Duration
	steps int64
}

func (i *interval) Type() string { return "time|steps" }

func (i *interval) String() string {
	switch {
	case i.steps > 0:
		return strconv.FormatInt(i.steps, 10) + "steps"
	case i.time > 0:
		return i.time.String()
	}
	return ""
}

func (i *interval) Set(s string) error {
	if number, ok := strings.CutSuffix(strings.TrimSuffix(s, "s"), "step"); ok {
		steps, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err == nil && steps > 0 {
			*i = interval{steps: steps}
			return nil
		}
	} else if d, err := time.ParseDuration(s); err == nil && d > 0 {
		*i = interval{time: d}
		return nil
	}
	return errors.New(`want a time such as "10s" or a number of steps such as "1000steps"`)
}
