package site

import (
	"strconv"

	"jalon/web"
)

// paged cuts the page that the address asks for out of a list, and leads to those
// before and after it. A page that there is not is not found.
func paged[T any](v *visit, all []T, size int) (some []T, pages web.Pages, err error) {
	pages = web.Pages{Number: 1, Last: pagesOf(len(all), size)}
	if typed := v.URL.Query().Get("page"); typed != "" {
		if pages.Number, err = strconv.Atoi(typed); err != nil || pages.Number < 1 || pages.Number > pages.Last {
			return nil, pages, errNotFound
		}
	}
	if pages.Number > 1 {
		pages.PreviousURL = v.withQuery("page", strconv.Itoa(pages.Number-1))
	}
	if pages.Number < pages.Last {
		pages.NextURL = v.withQuery("page", strconv.Itoa(pages.Number+1))
	}
	first := (pages.Number - 1) * size
	return all[first:min(first+size, len(all))], pages, nil
}

// pagesOf counts the pages of a list; an empty one has one.
func pagesOf(n, size int) int { return max(1, (n+size-1)/size) }
