package site

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
)

// apiColumn is one field of a list.
type apiColumn struct {
	name  string
	kind  string // string, integer, number, boolean, date or date-time
	null  bool   // it may be null
	about string
}

// rowList is a list of rows, mandate by mandate.
type rowList struct {
	columns []apiColumn
	// of tells which mandate an address with a code is about; nil for all.
	of func(v *visit) (mandateCode string)
	// rows gives the rows of one mandate that the reader may see.
	rows func(v *visit, m mandate.Mandate) ([][]any, error)
	// query lists further parameters with what they mean.
	query map[string]string
}

// Rows of a page: whole mandates, until there are as many.
const (
	usualRows = 500
	mostRows  = 5000
)

// answerList answers with JSON, or with CSV where that is asked for. A page has
// whole mandates; the next begins after the last of them.
func (s *Site) answerList(w http.ResponseWriter, v *visit, l rowList) error {
	query := v.URL.Query()
	for name, values := range query {
		if len(values) > 1 {
			return badRequest("api.twice", "Name", name)
		}
		if _, known := l.query[name]; !known && !slices.Contains([]string{"asof", "known", "format"}, name) && (l.of != nil || !slices.Contains([]string{"mandate", "after", "limit"}, name)) {
			return badRequest("api.parameter", "Name", name)
		}
	}
	if format := query.Get("format"); query.Has("format") && format != "json" && format != "csv" {
		return badRequest("api.format")
	}
	limit, err := v.queryNumber("limit", 1, mostRows, usualRows)
	if err != nil {
		return err
	}
	mandates, err := s.Store.Mandates(v.Context(), access.ScopeOf(v.viewer, v.today, access.ViewMandate), v.moment())
	if err != nil {
		return err
	}
	mandates = slices.DeleteFunc(mandates, func(m mandate.Mandate) bool { return !v.token.Reaches(m) })
	h := w.Header()
	h.Set("ETag", s.apiTag(v, mandates))
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Authorization, Accept")
	only := query.Get("mandate")
	if l.of != nil {
		only = l.of(v)
	}
	if mandates, err = after(mandates, only, query.Get("after")); err != nil {
		return err
	}
	if sameTag(v.Request, h.Get("ETag")) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	rows, next := [][]any{}, ""
	for i, m := range mandates {
		more, err := l.rows(v, m)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
		if len(rows) >= limit && i+1 < len(mandates) {
			next = m.Code
			break
		}
	}
	return s.sendList(w, v, l, rows, next)
}

// after keeps one mandate, or those behind one. What the reader may not see is not there.
func after(all []mandate.Mandate, only, behind string) ([]mandate.Mandate, error) {
	find := func(code string) int {
		return slices.IndexFunc(all, func(m mandate.Mandate) bool { return m.Code == code })
	}
	if only != "" {
		at := find(only)
		if at < 0 {
			return nil, errNotFound
		}
		return all[at : at+1], nil
	}
	if behind == "" {
		return all, nil
	}
	at := find(behind)
	if at < 0 {
		return nil, badRequest("api.after")
	}
	return all[at+1:], nil
}

func (s *Site) sendList(w http.ResponseWriter, v *visit, l rowList, rows [][]any, next string) error {
	link := any(nil)
	if next != "" {
		query := v.URL.Query()
		query.Set("after", next)
		u := url.URL{Path: v.URL.Path, RawQuery: query.Encode()}
		link = s.BaseURL + u.String()
		w.Header().Set("Link", fmt.Sprintf("<%s>; rel=%q", link, "next"))
	}
	if v.wantsCSV() {
		return sendCSV(w, l.columns, rows)
	}
	items := make([]json.RawMessage, len(rows))
	for i, row := range rows {
		item, err := jsonRow(l.columns, row)
		if err != nil {
			return err
		}
		items[i] = item
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"asof": v.asOf.String(), "known": apiValue(v.known), "items": items, "next": link}) // the program may have gone
	return nil
}

// wantsCSV reports whether the program asks for CSV: by the query, else rather than
// JSON by the header Accept (RFC 9110, 12.5.1). Of two that weigh the same it is
// the one that is named, or named first.
func (v *visit) wantsCSV() bool {
	if format := v.URL.Query().Get("format"); format != "" {
		return format == "csv"
	}
	const table, tree = "text/csv", "application/json"
	weight, named := map[string]float64{}, map[string]int{}
	ranges := strings.Split(v.Header.Get("Accept"), ",")
	for _, pattern := range []string{"*/*", "text/*", "application/*", table, tree} { // the closer one counts
		for at, one := range ranges {
			media, params, err := mime.ParseMediaType(one)
			if err != nil || media != pattern {
				continue
			}
			q := 1.0
			if typed, ok := params["q"]; ok {
				q, _ = strconv.ParseFloat(typed, 64)
			}
			for _, kind := range []string{table, tree} {
				if ok, _ := path.Match(pattern, kind); ok {
					weight[kind] = q
				}
			}
			if pattern == table || pattern == tree {
				named[pattern] = len(ranges) - at
			}
		}
	}
	return weight[table] > 0 && cmp.Or(cmp.Compare(weight[table], weight[tree]), cmp.Compare(named[table], named[tree])) > 0
}

// jsonRow writes a row as an object with its fields in the order of the columns.
func jsonRow(columns []apiColumn, row []any) (json.RawMessage, error) {
	if len(row) != len(columns) {
		return nil, fmt.Errorf("a row of %d cells under %d columns", len(row), len(columns))
	}
	fields := make([]string, len(columns))
	for i, c := range columns {
		cell, err := json.Marshal(apiValue(row[i]))
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", c.name, err)
		}
		fields[i] = fmt.Sprintf("%q:%s", c.name, cell)
	}
	return json.RawMessage("{" + strings.Join(fields, ",") + "}"), nil
}

// apiValue gives a cell as JSON has it: exact numbers, ISO dates, null for what is missing.
func apiValue(cell any) any {
	switch cell := cell.(type) {
	case *decimal.Decimal:
		if cell == nil {
			return nil
		}
		return json.Number(cell.String())
	case decimal.Decimal:
		return json.Number(cell.String())
	case calendar.Date:
		if cell.IsZero() {
			return nil
		}
		return cell.String()
	case time.Time:
		if cell.IsZero() {
			return nil
		}
		return cell.UTC().Format(time.RFC3339)
	}
	return cell
}

// sendCSV writes RFC 4180 with a decimal point. A text that a spreadsheet would
// take for a formula gets an apostrophe before it.
func sendCSV(w http.ResponseWriter, columns []apiColumn, rows [][]any) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = c.name
	}
	err := out.Write(line)
	for _, row := range rows {
		for i, cell := range row {
			line[i] = ""
			if value := apiValue(cell); value != nil {
				line[i] = fmt.Sprint(value)
			}
			if _, text := cell.(string); text && line[i] != "" && strings.ContainsRune("=+-@\t\r", rune(line[i][0])) {
				line[i] = "'" + line[i]
			}
		}
		if err == nil {
			err = out.Write(line)
		}
	}
	out.Flush()
	_ = err // the program may have gone; there is nobody left to tell
	return nil
}
