package web

import "jalon/internal/locale"

// ProblemView is the page of a refused or failed request. Status is one of 400,
// 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429, 500, 503 and 507. The page says it in the
// reader's language and, below, in the other one.
type ProblemView struct {
	Frame
	Other     *locale.Printer // of the other language; nil leaves it out
	Status    int
	Ruled     bool // a rule stands in the way, which Detail tells: of 409
	RequestID string
	Detail    string // one more sentence about this case; may be ""
	HomeURL   string
	BackURL   string // the page to return to; may be ""
	Next      Link   // what can be done instead; zero for nothing in particular
	Minutes   int    // wait before trying again, for 429 and 503; 0 for none
}

// StatementView is the accessibility statement, the privacy page or the help page.
type StatementView struct {
	Frame
	Contact string // e-mail address that answers questions; may be ""
	Links   []Link // to what a signed-in reader can do about it
}

// problems are the statuses that have words of their own.
var problems = map[int]bool{400: true, 401: true, 403: true, 404: true, 405: true, 409: true, 410: true, 412: true, 413: true, 415: true, 422: true, 429: true, 500: true, 503: true, 507: true}

// Heading gives the name of the page, for Frame.Title. A status without words of
// its own reads as 400 or 500.
func (v ProblemView) Heading(p *locale.Printer) string { return p.T(v.key("title")) }

func (v ProblemView) key(part string) string {
	if v.Ruled {
		return "problem.ruled." + part
	}
	status := v.Status
	if !problems[status] {
		status = 400
		if v.Status >= 500 {
			status = 500
		}
	}
	return "problem." + itoa(status) + "." + part
}
