package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/store"
)

// shownDetails are the particulars of events that the trail shows, in their
// order. Others stay in the database: what is new is not shown until somebody
// has judged that it holds nothing that a person wrote.
var shownDetails = []string{
	"role", "institution", "body", "purpose", "disabled", "cancelled", "held", "digest", "lang", "format", "values",
	"from", "until", "days", "opens", "due", "grace", "meets", "number", "key", "covers", "given_on", "events", "entries", "mails", "mandates", "state", "rows", "amended", "draft", "mail",
}

// detailWords puts the particulars of an event in words, and what it changed as "before → after".
func (v *visit) detailWords(detail map[string]any) (words []string) {
	before, _ := detail["before"].(map[string]any)
	after, _ := detail["after"].(map[string]any)
	for _, name := range shownDetails {
		say := func(text string) {
			words = append(words, v.print.T("frame.labelled", "Label", v.print.T("audit.detail."+name), "Text", text))
		}
		if value := v.detailValue(name, detail[name]); value != "" {
			say(value)
		}
		was, is := v.detailValue(name, before[name]), v.detailValue(name, after[name])
		switch {
		case was == "" && is == "", was == is && len(before) > 0 && len(after) > 0:
		case len(before) == 0:
			say(is)
		case is == "" && was != "":
			say(was + " → " + v.print.T("audit.detail.nothing"))
		case was == "":
			say(v.print.T("audit.detail.nothing") + " → " + is)
		default:
			say(was + " → " + is)
		}
	}
	return words
}

// longestDetail bounds what is shown of one value.
const longestDetail = 80

func (v *visit) detailValue(name string, value any) string {
	switch value := value.(type) {
	case bool:
		if value {
			return v.print.T("export.yes")
		}
		return v.print.T("audit.detail.no")
	case float64:
		return fmt.Sprint(value)
	case []any:
		return fmt.Sprint(len(value))
	case string:
		if d, err := calendar.ParseDate(value); err == nil {
			return v.print.Date(d)
		}
		for prefix, known := range map[string]string{"role": "role.", "purpose": "audit.purpose.", "lang": "language."} {
			if name == prefix && v.print.Has(known+value) {
				return v.print.T(known + value)
			}
		}
		if runes := []rune(value); len(runes) > longestDetail {
			return string(runes[:longestDetail]) + "…"
		}
		return value
	}
	return ""
}

// exportedEvent is an event in the JSON file.
type exportedEvent struct {
	ID         int64          `json:"id"`
	At         time.Time      `json:"at"`
	Actor      string         `json:"actor,omitempty"`
	ActorID    int64          `json:"actor_id,omitempty"`
	OnBehalfOf string         `json:"on_behalf_of,omitempty"`
	Action     string         `json:"action"`
	Object     string         `json:"object,omitempty"`
	Mandate    string         `json:"mandate,omitempty"`
	RequestID  string         `json:"request_id,omitempty"`
	Address    string         `json:"address,omitempty"`
	Detail     map[string]any `json:"detail,omitempty"`
	Day        string         `json:"day"`
	Place      int            `json:"place"`
	Hash       string         `json:"hash"`
}

// auditFile writes events as a file: rows for people, or JSON for programs.
func (v *visit) auditFile(format string, events []store.RecordedEvent) (file []byte, contentType string, err error) {
	if format == "json" {
		all := make([]exportedEvent, len(events))
		for i, e := range events {
			all[i] = exportedEvent{
				e.ID, e.At.UTC(), e.Actor, e.ActorID, e.OnBehalfOf, e.Action, e.Object, e.MandateCode, e.RequestID, e.Address,
				shown(e.Detail), e.Day.String(), e.Seq, e.Hash.String(),
			}
		}
		file, err = json.MarshalIndent(map[string]any{"events": all}, "", "\t")
		return file, "application/json", err
	}
	table := document.Table{}
	for _, key := range []string{"audit.when", "audit.who", "audit.for_whom", "audit.what", "audit.mandate", "audit.object", "audit.details", "audit.address", "audit.request", "audit.place", "audit.hash"} {
		table.Columns = append(table.Columns, document.Column{Title: v.print.T(key)})
	}
	for _, e := range events {
		row := []document.Cell{}
		for _, words := range []string{
			v.print.DateTime(e.At), e.Actor, e.OnBehalfOf, v.actionWords(e.Action), e.MandateCode, e.Object,
			strings.Join(v.detailWords(e.Detail), "; "), e.Address, e.RequestID, fmt.Sprintf("%s/%d", e.Day, e.Seq), e.Hash.String(),
		} {
			row = append(row, document.Plain(words))
		}
		table.Rows = append(table.Rows, row)
	}
	var b bytes.Buffer
	err = document.WriteCSV(&b, document.Document{Title: v.print.T("audit.title"), Lang: v.lang, Blocks: []document.Block{table}})
	return b.Bytes(), "text/csv; charset=utf-8", err
}

// shown leaves out of a detail what the trail does not show.
func shown(detail map[string]any) map[string]any {
	kept := map[string]any{}
	for name, value := range detail {
		inner, nested := value.(map[string]any)
		switch {
		case nested && (name == "before" || name == "after"):
			kept[name] = shown(inner)
		case slices.Contains(shownDetails, name):
			kept[name] = value
		}
	}
	return kept
}
