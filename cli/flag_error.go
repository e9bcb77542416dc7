package cli

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/pflag"
)

// flagError says what values a flag takes, where err is about the value of one.
func flagError(err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return err
	}
	flag := invalid.GetFlag()
	want := ""
	switch flag.Value.Type() {
	case "int", "int64":
		want = "a whole number"
	case "uint32", "uint64":
		want = "a whole number, not below 0"
	case "duration":
		want = `a time, such as "90s" or "1h30m"`
	case "bool":
		want = "true or false"
	default:
		return err
	}
	if errors.Is(err, strconv.ErrRange) {
		want += " that is less far from 0"
	}
	return fmt.Errorf("--%s %s: want %s", flag.Name, invalid.GetValue(), want)
}
