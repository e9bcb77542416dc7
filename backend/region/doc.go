// Package region runs graph leaves that are specialized to the types of their
// inputs, on storage that is kept from run to run.
//
// A typed graph is laid out in regions: lists of kernels in the order in which
// they run. A kernel is the reference evaluation of an op, or of several
// elementwise ops block by block, so that what passes between them stays in the
// cache, or one of the numeric family's own. A [Family] says which steps have
// kernels of its own and which it computes outside regions.
//
// Which kernel computes a value depends on its op and on the types of its
// arguments alone, never on what else is in the graph, and no division into
// blocks changes a bit.
package region
