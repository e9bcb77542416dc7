// Package json reads and writes flowc programs in their JSON form.
//
// [Parse] turns a document into an [ir.Program] and reports all its problems at
// once, each with line, column and JSON pointer. [Print] writes the canonical
// text of a program, and [Schema] the JSON Schema of the form. All three follow
// the element schemas of package ir, so a new element needs no change here.
//
// Reading is safe on hostile input: time is linear in the document's length,
// and memory is bounded by a small multiple of it; see the limits beside
// [Parse]. Nothing is executed, and no tensor that is given by a fill value is
// allocated.
//
// Whether names refer to something and types fit is not checked here; that is
// the verifier's work, the same for every form of a program.
package json
