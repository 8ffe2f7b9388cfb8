package site

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/store"
)

// This file is about looking back. A page takes ?asof=, the day that it speaks
// of, and ?known=, a day or an instant up to which what was recorded counts.
// Values, statuses, wording, holders, deadlines and what goes to which body are
// those of that day. Who may see them is decided by the rights of today: these
// belong to the office, so that a new holder or member sees all of its history, and
// a past view never opens what the visitor may not see now. A member of a body
// that gets only what is addressed to it sees of a past day what went to the body
// then and still does today (lookBack).

// past reports whether the page looks back. Then nothing can be changed from it.
func (v *visit) past() bool { return v.asOf != v.today || !v.known.IsZero() }

// lookBack narrows the rights of a visitor who looks at a past day to what reached them then and still does.
func (v *visit) lookBack() {
	if v.past() {
		v.viewer = v.viewer.LookingBack(v.asOf)
	}
}

// moment is what the page looks back to.
func (v *visit) moment() store.Moment {
	if !v.past() {
		return store.Moment{Day: v.today}
	}
	m := store.Moment{Day: v.asOf, Known: v.known, Acts: endOf(v.asOf)}
	if !v.known.IsZero() && v.known.Before(m.Acts) {
		m.Acts = v.known
	}
	return m
}

// on is the moment of a table: its half-year may have ended before the day looked back to.
func (v *visit) on(day calendar.Date) store.Moment {
	m := v.moment()
	m.Day = day
	return m
}

// endOf is the last instant of a day in Brussels.
func endOf(d calendar.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, calendar.Brussels).Add(-time.Microsecond)
}

// readPast takes the day that the page speaks of, and up to when what was
// recorded counts. A filter form sends a day as it was typed, or empty for today.
func (v *visit) readPast(query url.Values) error {
	if days := query["asof"]; len(days) > 0 && days[0] != "" {
		day, err := locale.ParseDate(days[0])
		if err != nil || len(days) > 1 || day.After(v.today) {
			if len(days) == 1 && len(days[0]) <= maxTypedDay && v.asksDay {
				v.wrongDay = days[0]
				return nil
			}
			return badRequest("problem.detail.asof")
		}
		v.asOf = day
	}
	known := query["known"]
	if len(known) == 0 || known[0] == "" {
		return nil
	}
	at, err := readInstant(known[0])
	if err != nil || len(known) > 1 || calendar.DateOf(at).After(v.today) {
		return badRequest("problem.detail.known")
	}
	if len(query["asof"]) == 0 || query["asof"][0] == "" {
		v.asOf = calendar.DateOf(at)
	}
	v.known = at
	return nil
}

// maxTypedDay is how long a mistyped day is that a form shows again, in bytes.
const maxTypedDay = 40

// readInstant reads an instant of RFC 3339, or a day, which counts to its end.
func readInstant(typed string) (time.Time, error) {
	if day, err := locale.ParseDate(typed); err == nil {
		return endOf(day), nil
	}
	// in an address a plus is a space
	at, err := time.Parse(time.RFC3339, strings.ReplaceAll(typed, " ", "+"))
	if err == nil && (at.Year() < calendar.MinYear || at.Year() > calendar.MaxYear) {
		err = locale.ErrNotADate
	}
	return at, err
}

// knownValue is the instant as an address writes it: the day alone when it is its end.
func (v *visit) knownValue() string {
	if v.known.IsZero() {
		return ""
	}
	if day := calendar.DateOf(v.known); v.known.Equal(endOf(day)) {
		return day.String()
	}
	return v.known.UTC().Format(time.RFC3339)
}

// toPresent answers a page that has no past of its own: a write, which the past
// refuses, or a form, which is shown as of today.
func (v *visit) toPresent(w http.ResponseWriter) error {
	if v.Method != http.MethodGet && v.Method != http.MethodHead {
		return badRequest("problem.detail.past")
	}
	query := v.URL.Query()
	query.Del("asof")
	query.Del("known")
	u := url.URL{Path: v.URL.Path, RawQuery: query.Encode()}
	return redirect(w, u.String())
}

// dated keeps the past that the visitor looks at, and where they came from, in an address.
func (v *visit) dated(address string) string {
	query := url.Values{}
	if v.asOf != v.today {
		query.Set("asof", v.asOf.String())
	}
	if known := v.knownValue(); known != "" {
		query.Set("known", known)
	}
	if v.from != "" {
		query.Set("from", v.from)
	}
	if len(query) == 0 {
		return address
	}
	path, fragment, _ := strings.Cut(address, "#")
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	address = path + sign + query.Encode()
	if fragment != "" {
		address += "#" + fragment
	}
	return address
}

// longestFrom bounds the address that a page leads back to, in bytes.
const longestFrom = 800

// readFrom takes the overview that the visitor came from, with its filter, so
// that every page below leads back to the same place. What is no overview is not believed.
func (v *visit) readFrom(query url.Values) {
	from := query.Get("from")
	path, rest, _ := strings.Cut(from, "?")
	if len(from) > longestFrom || path != "overview" && !strings.HasPrefix(path, "overview/") || strings.ContainsAny(path, "\\:#") || strings.Contains(path, "..") {
		return
	}
	if _, err := url.ParseQuery(rest); err == nil {
		v.from = from
	}
}

// back is the address that the visitor came from, at the row of a mandate; "" for none.
func (v *visit) back() string {
	if v.from == "" {
		return ""
	}
	path, rest, _ := strings.Cut(v.from, "?")
	return (&url.URL{Path: v.path("/" + path), RawQuery: rest, Fragment: chi.URLParam(v.Request, "m")}).String()
}
