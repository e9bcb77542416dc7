package text

import "strings"

// takeComment is called for each comment. Between statements it belongs to the
// next one, else to the one that is being read.
func (p *parser) takeComment(s string) {
	switch {
	case p.between || p.beside == nil:
		p.leading = append(p.leading, s)
	default:
		*p.beside = append(*p.beside, s)
	}
}

func (p *parser) takeLeading() string {
	s := strings.Join(p.leading, "\n")
	p.leading = nil
	return s
}

// joinDoc puts one text below another.
func joinDoc(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// An openDoc gathers the comments of a thing while it is read.
type openDoc struct {
	leading string
	beside  []string
	outer   *[]string
}

// openDoc begins a thing whose comments are its doc.
func (p *parser) openDoc() *openDoc {
	d := &openDoc{leading: p.takeLeading(), outer: p.beside}
	p.beside = &d.beside
	return d
}

// close ends the thing and returns its doc.
func (d *openDoc) close(p *parser) string {
	p.beside = d.outer
	return joinDoc(d.leading, strings.Join(d.beside, "\n"))
}
