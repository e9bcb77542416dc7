// Package page shows what passes did to a program on one HTML page: the source,
// and beside it a column for each pass that changed something.
//
// The page needs nothing but itself: no network, no other files. What comes from
// the program reaches it as JSON data and is only ever shown as text, and its
// content security policy admits no script but its own.
package page

import (
	"crypto/sha256"
	_ "embed" // the style and the script of the page
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"

	"flowc.dev/flowc/passes/history"
)

//go:embed page.css
var style string

//go:embed page.js
var script string

// Options say what the page is about.
type Options struct {
	// Title names the program, About says how it was compiled, such as "-O2,
	// gorgonia".
	Title, About string
}

// Limits on pages. What is left out is said on the page.
const (
	maxColumns = 48
	maxLines   = 60_000 // in a column
	maxLine    = 1_000  // characters
	maxSpans   = 200    // in a line
	maxTotal   = 400_000
)

// Write writes the page of h.
func Write(w io.Writer, h *history.History, o Options) error {
	if o.Title == "" {
		o.Title = "program"
	}
	d, err := newData(h, o)
	if err != nil {
		return err
	}
	data, err := json.Marshal(d) // escapes <, > and &
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '%s'; script-src '%s'">
<title>%s: passes</title>
<style>%s</style>
</head>
<body>
<header id="top"></header>
<main id="columns"></main>
<footer id="status" aria-live="polite"></footer>
<noscript>This page needs JavaScript, its own, to show the program.</noscript>
<script type="application/json" id="data">%s</script>
<script>%s</script>
</body>
</html>
`, hashOf(style), hashOf(script), html.EscapeString(o.Title), style, data, script)
	return err
}

// hashOf returns what a content security policy calls a text by.
func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
