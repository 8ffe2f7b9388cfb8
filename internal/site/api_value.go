package site

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/report"
	"jalon/internal/store"
)

// apiNumber is an exact number: a JSON number, or words as people type them.
type apiNumber struct {
	n       *decimal.Decimal
	percent bool // it came with a percent sign
}

// UnmarshalJSON reads 12.5 or "12,5". Words such as "1.234" are asked about.
func (a *apiNumber) UnmarshalJSON(raw []byte) error {
	var words string
	if err := json.Unmarshal(raw, &words); err == nil {
		n, err := locale.ParseDecimal(words)
		a.n, a.percent = &n, locale.HasPercent(words)
		return err
	}
	if string(raw) == "null" {
		return nil
	}
	if strings.ContainsAny(string(raw), "eE") {
		return locale.ErrNotANumber
	}
	n, err := decimal.NewFromString(string(raw))
	switch {
	case err != nil:
		return locale.ErrNotANumber
	case locale.LongNumber(n):
		return locale.ErrLongNumber
	}
	a.n = &n
	return nil
}

// apiMeasurement is the body of a value.
type apiMeasurement struct {
	Value       apiNumber `json:"value"`
	Numerator   apiNumber `json:"numerator"`
	Denominator apiNumber `json:"denominator"`
	People      int       `json:"people"`
	Note        string    `json:"note"`
}

// apiFields are the names of its fields, written just so.
var apiFields = []string{"value", "numerator", "denominator", "people", "note"}

// fieldsOnce refuses a JSON object with a field that is not one of the known
// ones, or stands twice: RFC 8259 leaves open which of the two counts, so a
// program that sends both does not know what it stores. What is no object at all
// is left to whoever reads it.
func fieldsOnce(raw []byte, known []string) error {
	in := json.NewDecoder(bytes.NewReader(raw))
	if open, err := in.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	seen := map[string]bool{}
	for in.More() {
		key, err := in.Token()
		if err != nil {
			return nil
		}
		name, _ := key.(string)
		switch {
		case !slices.Contains(known, name):
			return badRequest("api.field.unknown", "Name", report.Shorten(name, 40), "Known", strings.Join(known, ", "))
		case seen[name]:
			return badRequest("api.field.twice", "Name", name)
		}
		seen[name] = true
		var of json.RawMessage
		if in.Decode(&of) != nil {
			return nil
		}
	}
	return nil
}

// putValue records the value of a day that a program sends. It knows of an
// indicator what its token reaches: a machine those of one mandate.
func (s *Site) putValue(w http.ResponseWriter, v *visit) error {
	if conditional(v.Header) {
		return refused(http.StatusPreconditionFailed, "api.condition")
	}
	m, series, err := s.writable(v)
	if err != nil {
		return err
	}
	on, err := calendar.ParseDate(chi.URLParam(v.Request, "date"))
	if err != nil || on.After(v.today) {
		return refused(http.StatusUnprocessableEntity, "api.day")
	}
	if series.Retired {
		return refused(http.StatusUnprocessableEntity, "api.retired")
	}
	if series.Origin != indicator.Measured {
		return refused(http.StatusUnprocessableEntity, "api.derived")
	}
	value, err := readValue(v, series.Indicator, on)
	if err != nil {
		return err
	}
	ctx := v.Context()
	batch := store.ValueBatch{
		MandateID: m.ID, IndicatorID: series.ID, Code: series.Code, Values: []indicator.Measurement{value}, Channel: "api", Lang: v.lang,
		ByID: v.token.PersonID, TokenID: v.token.ID, At: s.Now(),
	}
	if v.token.PersonID == 0 {
		ctx = store.AsSystem(ctx)
	} else {
		batch.BehalfOf, _ = access.ActsFor(v.viewer, v.today, access.RecordValue, objectOf(m))
	}
	sub := store.Submission{Key: uuid.New(), PersonID: v.token.PersonID, Action: "record values", RequestID: requestID(v.Context())}
	outcomes, _, _, err := s.Store.RecordValues(ctx, sub, batch)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	if outcomes[0] == store.ValueCreated {
		w.WriteHeader(http.StatusCreated)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"indicator": indicatorCode(m, series.Indicator), "date": on.String(), "outcome": outcomes[0]})
	return nil
}

// conditional tells whether a request asks to be done only under a condition (RFC
// 9110, 13.1). Values have no tags to compare: what cannot be promised is refused.
func conditional(h http.Header) bool {
	return h.Get("If-Match")+h.Get("If-None-Match")+h.Get("If-Unmodified-Since") != ""
}

// writable finds the indicator of the address that the token may record values of.
func (s *Site) writable(v *visit) (m mandate.Mandate, series *indicator.Series, err error) {
	mandateCode, code := splitCode(v)
	ctx := v.Context()
	if v.token.PersonID == 0 {
		ctx = store.AsSystem(ctx)
	}
	sheets, err := s.Store.Indicators(ctx, store.DutyQuestion{Scope: access.Scope{All: true}, Code: mandateCode, AsOf: v.today})
	if err != nil {
		return m, nil, err
	}
	if mandateCode == "" || len(sheets) == 0 {
		return m, nil, errNotFound
	}
	m = sheets[0].Mandate
	if !v.token.Reaches(m) {
		return m, nil, errNotFound
	}
	if v.token.PersonID != 0 {
		if err := s.allow(v, access.RecordValue, objectOf(m)); err != nil {
			return m, nil, err
		}
	}
	series = sheets[0].Sheet.Find(code)
	if series == nil || v.token.PersonID != 0 && !v.reaches(access.RecordValue, m, series.Indicator) {
		return m, nil, errNotFound
	}
	return m, series, nil
}

// readValue reads the body, and refuses what is no value of the indicator.
func readValue(v *visit, i indicator.Indicator, on calendar.Date) (m indicator.Measurement, err error) {
	if media, _, err := mime.ParseMediaType(v.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return m, refused(http.StatusUnsupportedMediaType, "")
	}
	raw, err := io.ReadAll(v.Body)
	if err != nil {
		return m, err
	}
	if !utf8.Valid(raw) {
		return m, badRequest("error.form.encoding")
	}
	if err := fieldsOnce(raw, apiFields); err != nil {
		return m, err
	}
	var body apiMeasurement
	if err = json.Unmarshal(raw, &body); err != nil {
		if key, pairs := numberFault(err); key != "" {
			return m, refused(http.StatusUnprocessableEntity, key, pairs...)
		}
		return m, badRequest("api.body")
	}
	if strings.ContainsRune(body.Note, utf8.RuneError) { // half a character, such as "\ud800"
		return m, badRequest("error.form.encoding")
	}
	f := &form{print: v.print, labels: map[string]string{}}
	f.values = map[string][]string{"note": {body.Note}}
	m = indicator.Measurement{On: on, Value: body.Value.n, Numerator: body.Numerator.n, Denominator: body.Denominator.n, People: body.People, Note: f.line("note", 1000)}
	whole := m.Value == nil && m.Numerator != nil && m.Denominator != nil && m.Denominator.Sign() > 0
	switch {
	case !f.ok():
		return m, badRequest("api.body")
	case body.Numerator.percent, body.Denominator.percent, body.Value.percent && !i.TakesPercent():
		return m, refused(http.StatusUnprocessableEntity, "error.number.percent")
	case i.Per > 0 && !whole:
		return m, refused(http.StatusUnprocessableEntity, "api.share")
	case i.Per == 0 && (m.Value == nil || m.Numerator != nil || m.Denominator != nil):
		return m, refused(http.StatusUnprocessableEntity, "api.value")
	case m.People < 0 || m.People > 10_000_000 || i.MinGroup > 0 && m.People == 0:
		return m, refused(http.StatusUnprocessableEntity, "api.people")
	}
	return m, nil
}
