package document

import "fmt"

// CountPages tells how many pages a document takes as a PDF.
func CountPages(d Document) (int, error) {
	c, err := count(d)
	if err != nil {
		return 0, fmt.Errorf("count the pages of %q: %w", d.Title, err)
	}
	return c.pages, nil
}
