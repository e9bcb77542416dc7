// Package ir is flowc's program representation: programs, statements and
// expressions as uniform immutable nodes, and the values they compute.
//
// A [Program] declares objects, registers, inputs, functions and outputs and
// has a body of statements. Statements and expressions are both [Node] values;
// a [Schema] describes each kind, and everything that reads or writes programs
// (front ends, printers, the walker, the digest) works from the schema. So a
// new element is one schema here and one driver entry in package backend.
//
// The package imports the standard library only.
package ir
