// Package snapshot keeps half-run programs in files.
//
// A snapshot file is a ZIP archive of stored members, in this order:
//
//	manifest.json         versions, digest of the program, family, seed, steps,
//	                      edits, and the size and SHA-256 of the other members
//	program.json          the source program with its IDs
//	positions.json        where its parts stood in the user's file, if known
//	state.json            registers, objects and position
//	tensors.safetensors   the tensors that state.json refers to by name
//	children/I/J.flowsnap the snapshot of copy J of running child I
//
// Equal states give equal bytes. [Decode] accepts what [Encode] writes and
// nothing else, program.json's layout apart, which may change with the printer.
// It runs nothing, and its time and memory are bounded by a multiple of the
// file's size.
//
// [Save] replaces a file such that there is a whole snapshot at every moment,
// and keeps the previous one; [Load] goes back to that one when the newest is
// damaged. A [Writer] saves in the background.
package snapshot
