package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"flowc.dev/flowc/frontend/library"
)

func newLibraryCommand(w io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "library [name...]",
		Short: "List the libraries that programs import, or show those that are named",
		Long: `List the libraries that programs import, or show those that are named.

A program imports a library by its name, import "train" in the .flow form, and
calls its functions as its own. Only those that it calls become part of it.`,
		RunE: func(_ *cobra.Command, names []string) error {
			if len(names) == 0 {
				return listLibraries(w)
			}
			for _, name := range names {
				src, err := library.Source(name)
				if err != nil {
					return usageError{err}
				}
				if _, err := w.Write(src); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// listLibraries writes the name, the doc and the functions of each library.
func listLibraries(w io.Writer) error {
	for i, name := range library.Names() {
		functions, doc, err := library.Functions(name)
		if err != nil {
			return err
		}
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s\n    %s\n", name, singleLine(doc))
		for _, f := range functions {
			if _, err := fmt.Fprintf(w, "  %s(%s) -> %s\n      %s\n", f.Name, strings.Join(f.Params, ", "), strings.Join(f.Returns, ", "), singleLine(f.Doc)); err != nil {
				return err
			}
		}
	}
	return nil
}

// singleLine joins the lines of a doc.
func singleLine(doc string) string { return strings.Join(strings.Fields(doc), " ") }
