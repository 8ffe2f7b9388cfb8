package site

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/report"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) tablesRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/bodies/{body}/tables/{p}.{format:xlsx|docx|pdf|html|csv|json}", action: access.ViewBody, handler: s.exportTables, past: true},
		{method: http.MethodGet, pattern: "/bodies/{body}/errata/{p}.{format:xlsx|docx|pdf|html|csv|json}", action: access.ViewBody, handler: s.exportBodyErrata, past: true},
	}
}

// bigExports bounds how many documents of many tables are made at once.
const bigExports = 2

// exportPatience is how long one more waits for its turn.
const exportPatience = 5 * time.Second

// exportTurn waits for a place among the big exports. It gives errBusy, which
// asks to try again, when none comes free.
func (s *Site) exportTurn(v *visit) (done func(), err error) {
	timer := time.NewTimer(exportPatience)
	defer timer.Stop()
	select {
	case s.exports <- struct{}{}:
		return func() { <-s.exports }, nil
	case <-timer.C:
		return nil, errBusy
	case <-v.Context().Done():
		return nil, v.Context().Err()
	}
}

// bigRows is from how many targets on the tables of a body are made by a job.
const bigRows = 500

// kindTables is the kind of documents that holds all tables of a body.
const kindTables = "tables"

// tablesExport are its parameters.
type tablesExport struct {
	Body   string `json:"body"`   // such as ACTIRIS-DR
	Period string `json:"period"` // such as 2026-H1
	Format string `json:"format"`
	Both   bool   `json:"both,omitempty"`  // in both languages, side by side
	AsOf   string `json:"asof,omitempty"`  // a past day; "" for today
	Known  string `json:"known,omitempty"` // up to when what was recorded counts
}

// openedTables is what the parameters name, once the visitor may have it.
type openedTables struct {
	body   store.Body
	period calendar.HalfYear
	format report.Format
	print  *locale.Printer
}

func (s *Site) openTables(v *visit, p tablesExport) (o openedTables, err error) {
	var known bool
	if err := v.readPast(url.Values{"asof": {p.AsOf}, "known": {p.Known}}); err != nil {
		return o, err
	}
	v.lookBack()
	if o.period, err = calendar.ParseHalfYear(p.Period); err != nil || v.asOf.Before(o.period.Start()) {
		return o, errNotFound
	}
	if o.format, known = report.ParseFormat(p.Format); !known {
		return o, errNotFound
	}
	institution, code, ok := bodyNamed(p.Body)
	if !ok {
		return o, errNotFound
	}
	if o.print = v.print; p.Both {
		o.print = s.Catalogues.Beside(v.lang)
	}
	if o.body, err = s.Store.BodyHead(v.Context(), 0, institution, code); err != nil {
		return o, err
	}
	return o, s.allow(v, o.right(), o.object())
}

// right is what somebody needs to have all tables of a body: of one that gets
// everything, to see the whole institution; of another one, to see its page.
func (o openedTables) right() access.Action {
	if o.body.Scope == store.ScopeAddressed {
		return access.ViewBody
	}
	return access.ViewOverview
}

func (o openedTables) object() access.Object {
	if o.body.Scope == store.ScopeAddressed {
		return access.Object{InstitutionID: o.body.Institution.ID, BodyID: o.body.ID}
	}
	return access.Object{InstitutionID: o.body.Institution.ID}
}

func (s *Site) mayExportTables(v *visit, p tablesExport) (string, error) {
	o, err := s.openTables(v, p)
	if err != nil {
		return "", err
	}
	return v.print.T("tables.document", "Body", v.say(o.body.Name), "Period", v.print.HalfYear(o.period), "Format", v.print.T("download."+string(o.format))), nil
}

// askedTables are the parameters that stand in the address.
func (s *Site) askedTables(v *visit) (tablesExport, error) {
	print, err := s.documentPrint(v)
	if err != nil {
		return tablesExport{}, err
	}
	query := v.URL.Query()
	return tablesExport{
		Body: chi.URLParam(v.Request, "body"), Period: chi.URLParam(v.Request, "p"), Format: chi.URLParam(v.Request, "format"),
		Both: print.Beside != nil, AsOf: query.Get("asof"), Known: query.Get("known"),
	}, nil
}

// exportTables sends the tables of all mandates that report to a body as one
// file, or offers to make it when it is big.
func (s *Site) exportTables(w http.ResponseWriter, v *visit) error {
	p, err := s.askedTables(v)
	if err != nil {
		return err
	}
	o, err := s.openTables(v, p)
	if err != nil {
		return err
	}
	heads, err := s.Store.BodyTableHeads(v.Context(), o.body, v.asOf)
	if err != nil {
		return err
	}
	if big, err := s.tooBig(v, heads); err != nil {
		return err
	} else if big > 0 {
		return s.offerExport(w, v, kindTables, p, big, v.path("/bodies/"+p.Body+"/monitoring/"+p.Period))
	}
	done, err := s.exportTurn(v)
	if err != nil {
		return err
	}
	defer done()
	var content bytes.Buffer
	file, err := s.writeTables(v, o, heads, &content, func(int, int) {})
	if err != nil {
		return err
	}
	return sendFile(w, file.ContentType, file.Name, content.Bytes())
}

// tooBig gives the number of targets when a document of them is made by a job, and otherwise 0.
func (s *Site) tooBig(v *visit, heads []store.TableHead) (int, error) {
	if s.Exports == nil {
		return 0, nil
	}
	mandates := make([]int64, len(heads))
	for i, h := range heads {
		mandates[i] = h.Object.MandateID
	}
	n, err := s.Store.CountTargets(v.Context(), mandates)
	if err != nil || n < s.bigRows {
		return 0, err
	}
	return n, nil
}

// makeTables is exportTables in a job.
func (s *Site) makeTables(v *visit, p tablesExport, w io.Writer, step func(done, of int)) (store.ExportFile, error) {
	o, err := s.openTables(v, p)
	if err != nil {
		return store.ExportFile{}, err
	}
	heads, err := s.Store.BodyTableHeads(v.Context(), o.body, v.asOf)
	if err != nil {
		return store.ExportFile{}, err
	}
	return s.writeTables(v, o, heads, w, step)
}

// writeTables reads the tables and writes their document. The reading of each
// mandate's leaves a trace.
func (s *Site) writeTables(v *visit, o openedTables, heads []store.TableHead, w io.Writer, step func(done, of int)) (store.ExportFile, error) {
	write := s.writeTogether
	if o.format == report.CSV {
		write = s.writeOneByOne
	}
	read, err := write(v, o, heads, w, step)
	if err != nil {
		return store.ExportFile{}, err
	}
	if err := s.noteTables(v, o, read); err != nil {
		return store.ExportFile{}, err
	}
	return store.ExportFile{Name: o.tables().FileName(o.format, o.print), ContentType: o.format.ContentType()}, nil
}

// wholeOf is the sealed table of the body that names the others; nil when the
// round is not sealed, or the visitor does not sit on the body.
func (s *Site) wholeOf(v *visit, o openedTables) (*report.Whole, error) {
	round, err := s.Store.Round(v.Context(), store.BodyCode(o.body.Institution.Code, o.body.Code), o.period)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	document, seal, err := s.Store.RoundSeal(v.Context(), round)
	if acts := v.moment().Acts; errors.Is(err, store.ErrNotFound) || err == nil && !acts.IsZero() && seal.SealedAt.After(acts) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return report.SealedWhole(document, seal)
}

// exportBodyErrata sends the list of errata of all tables of a body in a half-year.
func (s *Site) exportBodyErrata(w http.ResponseWriter, v *visit) error {
	p, err := s.askedTables(v)
	if err != nil {
		return err
	}
	o, err := s.openTables(v, p)
	if err != nil {
		return err
	}
	heads, err := s.Store.BodyTableHeads(v.Context(), o.body, v.asOf)
	if err != nil {
		return err
	}
	for i, h := range heads { // only what is sealed has errata
		heads[i] = h.By(v.moment())
	}
	heads = slices.DeleteFunc(heads, func(h store.TableHead) bool {
		return !slices.ContainsFunc(h.Seals, func(t store.SealedTable) bool { return t.Period == o.period })
	})
	done, err := s.exportTurn(v)
	if err != nil {
		return err
	}
	defer done()
	tables := o.tables()
	read, err := s.readTables(v, o, heads, &tables, func(int, int) {})
	if err != nil {
		return err
	}
	list := tables.Errata()
	var file bytes.Buffer
	if err := list.Write(&file, o.format, o.print, s.Now()); err != nil {
		return err
	}
	if err := s.noteTables(v, o, read); err != nil {
		return err
	}
	return sendFile(w, o.format.ContentType(), list.FileName(o.format, o.print), file.Bytes())
}

// errataDownloads are a list of errata in each format, at an address without its ending.
func errataDownloads(v *visit, path string) (files []web.Download) {
	for _, f := range report.Formats {
		files = append(files, web.Download{Format: string(f), URL: v.dated(path + "." + string(f))})
	}
	return files
}

// boardDownloads are all tables of a body in one document, for whoever sees them all.
func boardDownloads(v *visit, b store.Board, period calendar.HalfYear) (files []web.Download) {
	o := openedTables{body: store.Body{ID: b.ID, Institution: b.Institution, Scope: b.Scope}}
	if !v.may(o.right(), o.object()) {
		return nil
	}
	for _, f := range report.Formats {
		files = append(files, web.Download{Format: string(f), URL: v.dated(boardPath(v, b) + "/tables/" + period.String() + "." + string(f))})
	}
	return files
}
