package site

import (
	"bytes"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/report"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) tablesRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/bodies/{body}/tables/{p}.{format:xlsx|docx|pdf|csv|json}", action: access.ViewOverview, handler: s.exportTables, past: true},
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

// exportTables sends the tables of all mandates that report to a body as one file.
func (s *Site) exportTables(w http.ResponseWriter, v *visit) error {
	period, err := calendar.ParseHalfYear(chi.URLParam(v.Request, "p"))
	if err != nil {
		return errNotFound
	}
	format, ok := report.ParseFormat(chi.URLParam(v.Request, "format"))
	if !ok || v.asOf.Before(period.Start()) {
		return errNotFound
	}
	institution, code, ok := bodyNamed(chi.URLParam(v.Request, "body"))
	if !ok {
		return errNotFound
	}
	body, err := s.Store.BodyHead(v.Context(), 0, institution, code)
	if err != nil {
		return err
	}
	if err := s.allow(v, access.ViewOverview, access.Object{InstitutionID: body.Institution.ID}); err != nil {
		return err
	}
	done, err := s.exportTurn(v)
	if err != nil {
		return err
	}
	defer done()
	tables, heads, err := s.bodyTables(v, body, period)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := tables.Write(&file, format, v.print, s.Now()); err != nil {
		return err
	}
	for i, t := range tables.Tables {
		if err := s.Store.Audit(v.Context(), store.Event{
			ActorID: v.viewer.PersonID, Action: store.ActionExportTable, MandateID: heads[i].Object.MandateID,
			Object: "table/" + t.Table.Mandate.Code + "/" + period.String(),
			Detail: map[string]any{"format": format, "lang": v.lang, "role": access.RoleFor(v.viewer, v.today, access.ViewOverview, heads[i].Object), "purpose": "export"},
		}); err != nil {
			return err
		}
	}
	return sendFile(w, format.ContentType(), tables.FileName(format, v.print), file.Bytes())
}

// bodyTables gives the tables of a body in a half-year, with the head of each.
func (s *Site) bodyTables(v *visit, body store.Body, period calendar.HalfYear) (tables report.Tables, heads []store.TableHead, err error) {
	tables = report.Tables{
		Institution: monitoring.Institution{Code: body.Institution.Code, Name: body.Institution.Name}, Body: body.Body, Period: period,
	}
	if heads, err = s.Store.BodyTableHeads(v.Context(), body, v.asOf); err != nil {
		return tables, nil, err
	}
	for i, h := range heads {
		h = h.By(v.moment())
		heads[i] = h
		t, err := s.wholeTable(v, h, period)
		if err != nil {
			return tables, nil, err
		}
		tables.Tables = append(tables.Tables, t)
	}
	return tables, heads, nil
}

// boardDownloads are all tables of a body in one document, for who sees them all.
func boardDownloads(v *visit, b store.Board, period calendar.HalfYear) (files []web.Download) {
	if access.Decide(v.viewer, v.today, access.ViewOverview, access.Object{InstitutionID: b.Institution.ID}) != access.Allowed {
		return nil
	}
	for _, f := range report.Formats {
		files = append(files, web.Download{Format: string(f), URL: v.dated(boardPath(v, b) + "/tables/" + period.String() + "." + string(f))})
	}
	return files
}
