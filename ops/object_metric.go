package ops

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode"

	"flowc.dev/flowc/ir"
)

// A Logs keeps the logs that programs write. Names are local paths, see
// [filepath.IsLocal], that end in .jsonl. It is not used concurrently by one
// machine.
type Logs interface {
	// Begin starts the named log anew. What is there and is no log is an error.
	Begin(name string) error
	// Cut shortens the named log to at most size bytes of whole lines, and
	// returns how many there are; a log that is not there has none.
	Cut(name string, size int64) (int64, error)
	// Write puts a line at an offset, with which the log then ends.
	Write(name string, offset int64, line []byte) error
}

// metricLog writes JSON lines. A line is written when it is prepared; until it
// is committed, the next one takes its place.
type metricLog struct {
	env   Env
	name  string
	lines int64
	bytes int64 // in the log, up to the end of the last line
	line  []byte
}

var metricState = []string{"bytes", "lines"}

const (
	metricClass  = "metric.jsonl"
	maxMetric    = 1 << 60
	maxMetricRow = 1 << 20
)

func newMetricLog(env Env, args []ir.Value) (Object, error) {
	name := args[0].Text()
	if args[0].Kind() != ir.Str {
		return nil, wantError(metricClass, "path", args[0], "a string")
	}
	if err := checkLogName(name); err != nil {
		return nil, fmt.Errorf("%s: %w", metricClass, err)
	}
	l := &metricLog{env: env, name: name}
	if env.Logs != nil {
		if err := env.Logs.Begin(name); err != nil {
			return nil, fmt.Errorf("%s: %w", metricClass, err)
		}
	}
	return l, nil
}

// checkLogName keeps programs from naming files outside the directory that they
// may write logs to, hidden ones, and files that are no logs.
func checkLogName(name string) error {
	switch {
	case !filepath.IsLocal(name) || strings.ContainsAny(name, "\\:") || strings.Contains(name, ".."):
		return fmt.Errorf(`path is %q: want a path below the directory of the logs, without ".."`, name)
	case path.Clean(name) != name || strings.ContainsFunc(name, func(c rune) bool { return !unicode.IsPrint(c) }):
		return fmt.Errorf("path is %q: want a path without empty parts and characters that cannot be seen", name)
	case !strings.HasSuffix(name, ".jsonl"):
		return fmt.Errorf("path is %q: want a name that ends in .jsonl", name)
	}
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") || strings.HasPrefix(part, "-") {
			return fmt.Errorf("path is %q: want no name that begins with a dot or a dash", name)
		}
	}
	return nil
}

func restoreMetricLog(env Env, args []ir.Value, state ir.Value) (Object, error) {
	logs := env.Logs
	env.Logs = nil // the log is there already
	object, err := newMetricLog(env, args)
	if err != nil {
		return nil, err
	}
	counts, err := readCounts(metricClass, state, metricState, maxMetric, maxMetric)
	if err != nil {
		return nil, err
	}
	l := object.(*metricLog)
	l.env.Logs, l.bytes, l.lines = logs, counts[0], counts[1]
	if logs != nil {
		if l.bytes, err = logs.Cut(l.name, l.bytes); err != nil {
			return nil, fmt.Errorf("%s: %w", metricClass, err)
		}
	}
	return l, nil
}

func (l *metricLog) State() ir.Value { return countState(metricState, l.bytes, l.lines) }

func prepareMetric(self Object, _, args []ir.Value) error {
	l := self.(*metricLog)
	record := args[0].Record()
	if record == nil {
		return wantError(metricClass+".log", "values", args[0], "a record, such as {loss: l}")
	}
	step := int64(0)
	if l.env.Step != nil {
		step = l.env.Step()
	}
	line := bytes.NewBuffer(l.line[:0])
	fmt.Fprintf(line, `{"step":%d`, step)
	for i, name := range record.Names {
		if name == "step" {
			return errors.New(metricClass + `.log: values have a field "step", which every line begins with: choose another name`)
		}
		line.WriteByte(',')
		writeJSON(line, ir.String(name))
		line.WriteByte(':')
		if err := writeJSON(line, record.Values[i]); err != nil {
			return fmt.Errorf("%s.log: field %q: %w", metricClass, name, err)
		}
	}
	line.WriteString("}\n")
	l.line = line.Bytes()
	if l.env.Logs == nil {
		return nil
	}
	if err := l.env.Logs.Write(l.name, l.bytes, l.line); err != nil {
		return fmt.Errorf("%s.log: %w", metricClass, err)
	}
	return nil
}

func commitMetric(self Object) {
	l := self.(*metricLog)
	l.bytes += int64(len(l.line))
	l.lines++
}

func metricLogClass() *Class {
	return &Class{
		Signature: ir.Signature{Name: metricClass, Params: []ir.Param{
			required("path", "file of the log, a path below the directory that the run may write logs to; it ends in .jsonl")}},
		Doc: "A log of measurements: a file of JSON objects, one a line. A new run begins the file anew; a resumed one goes on after the " +
			"last line that was written before it was saved, or after what is there if that is less. One object writes to a file.",
		New:       newMetricLog,
		Restore:   restoreMetricLog,
		Exclusive: "path",
		Methods: []*Method{
			{
				Signature: ir.Signature{Name: "log", Params: []ir.Param{required("values", "record of numbers, strings, lists and records")}, Effects: writes | ir.IO},
				Doc: "Writes a line: the number of steps done, as \"step\", and the fields of the record. Tensors are nested lists; " +
					"NaN and infinities are the strings nan, inf and -inf.",
				Prepare: prepareMetric,
				Commit:  commitMetric,
			},
			{
				Signature: ir.Signature{Name: "lines", Results: 1, Effects: reads},
				Doc:       "The number of lines written.",
				Prepare: func(self Object, dst, _ []ir.Value) error {
					dst[0] = ir.Int(self.(*metricLog).lines)
					return nil
				},
			},
		},
	}
}
