// Package star reads and writes flowc programs as Starlark files, whose
// constructors are those of the 2010 draft of the language: SEQ, REPEAT, CALL
// with store_to, and so on.
//
// A file is evaluated once, to construct a program; nothing of Starlark is left
// in the program, and nothing of the program runs meanwhile. Loops and functions
// of Starlark build programs, and def with FUNCTION builds functions of the
// program by tracing. [Parse] says what a file can name.
//
// Evaluation is deterministic and bounded in time and memory, whatever the file
// says; see package bounded.
package star
