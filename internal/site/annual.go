package site

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/report"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) annualRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/mandates/{m}/annual/{year}", action: access.ViewMandate, handler: s.showAnnual, past: true},
		{method: http.MethodGet, pattern: "/mandates/{m}/annual/{year}.{format:docx|pdf|html|xlsx}", action: access.ViewMandate, handler: s.exportAnnual, past: true},
	}
}

// openAnnual reads the half-years of the year of the address that have begun.
func (s *Site) openAnnual(v *visit) (a report.Annual, o access.Object, err error) {
	var halves []calendar.HalfYear // none of a year without tables
	year, err := strconv.Atoi(chi.URLParam(v.Request, "year"))
	if err == nil && year >= 2000 && year <= v.asOf.Year {
		halves = report.HalvesOf(year, v.asOf)
	}
	head, err := s.Store.TableHead(v.Context(), chi.URLParam(v.Request, "m"), halves...)
	if err != nil {
		return a, o, err
	}
	head = head.By(v.moment())
	if err := s.allow(v, access.ViewMandate, head.Object); err != nil {
		return a, o, err
	}
	if len(halves) == 0 {
		return a, o, errNotFound
	}
	a.Year = year
	cover := access.Covers(v.viewer, v.today, access.ViewMandate, head.Object)
	for _, period := range halves {
		m, err := s.wholeTable(v, head, period)
		if err != nil {
			return a, o, err
		}
		if !cover.Whole {
			m = m.Only(codesOf(cover.Parts()))
		}
		a.Halves = append(a.Halves, m)
	}
	return a, head.Object, nil
}

func (s *Site) showAnnual(w http.ResponseWriter, v *visit) error {
	a, _, err := s.openAnnual(v)
	if err != nil {
		return err
	}
	t := a.Latest()
	base := v.path("/mandates/" + t.Mandate.Code)
	here := base + "/annual/" + strconv.Itoa(a.Year)
	view := web.AnnualView{
		Frame:   s.frame(v, v.print.T("annual.title", "Year", strconv.Itoa(a.Year)), v.crumbsTo(t.Mandate.Code, t.Mandate.Title)...),
		Mandate: headOfTable(v, t),
	}
	view.Mandate.Part = a.Halves[0].Part
	for _, f := range report.AnnualFormats {
		view.Downloads = append(view.Downloads, web.Download{Format: string(f), URL: v.dated(here + "." + string(f))})
	}
	view.Both = inBothLanguages(view.Downloads)
	for _, m := range a.Halves {
		half := web.AnnualHalf{Period: m.Table.Period, Sealed: m.Seal != nil, URL: v.dated(base + "/monitoring/" + m.Table.Period.String())}
		_, half.Reported, half.Owed = m.Table.Counts()
		view.Halves = append(view.Halves, half)
	}
	for _, r := range a.Rows() {
		objective := r.Code.Parent().Parent()
		if n := len(view.Objectives); n == 0 || view.Objectives[n-1].Code != objective {
			view.Objectives = append(view.Objectives, web.AnnualObjective{Code: objective, Text: r.Objective})
		}
		o := &view.Objectives[len(view.Objectives)-1]
		o.Rows = append(o.Rows, web.AnnualLine{Code: r.Code, Text: r.Target, Halves: r.Halves})
	}
	return s.render(w, v, http.StatusOK, web.AnnualPage(view))
}

func (s *Site) exportAnnual(w http.ResponseWriter, v *visit) error {
	a, object, err := s.openAnnual(v)
	if err != nil {
		return err
	}
	format, ok := report.ParseFormat(chi.URLParam(v.Request, "format"))
	if !ok || !slices.Contains(report.AnnualFormats, format) {
		return errNotFound
	}
	print, err := s.documentPrint(v)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := a.Write(&file, format, print, s.Now()); err != nil {
		return err
	}
	for _, m := range a.Halves {
		if err := s.Store.Audit(v.Context(), store.Event{
			ActorID: v.viewer.PersonID, Action: store.ActionExportTable, MandateID: object.MandateID,
			Object: "table/" + m.Table.Mandate.Code + "/" + m.Table.Period.String(),
			Detail: map[string]any{"format": format, "lang": v.lang, "role": access.RoleFor(v.viewer, v.today, access.ViewMandate, object), "purpose": "export"},
		}); err != nil {
			return err
		}
	}
	return sendFile(w, format.ContentType(), a.FileName(format, print), file.Bytes())
}
