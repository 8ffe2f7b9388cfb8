package site

import (
	"bytes"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/report"
	"jalon/internal/store"
	"jalon/web"
)

// briefRoutes are the sheets of one page for a meeting.
func (s *Site) briefRoutes() []route {
	const whole, one = "/mandates/{m}/sheet", "/mandates/{m}/objectives/{code}/sheet"
	return []route{
		{method: http.MethodGet, pattern: whole, action: access.ViewMandate, handler: s.showBrief, past: true},
		{method: http.MethodGet, pattern: whole + ".{format:pdf|docx}", action: access.ViewMandate, handler: s.exportBrief, past: true},
		{method: http.MethodGet, pattern: one, action: access.ViewMandate, handler: s.showBrief, past: true},
		{method: http.MethodGet, pattern: one + ".{format:pdf|docx}", action: access.ViewMandate, handler: s.exportBrief, past: true},
	}
}

// openBrief reads the sheet of the address, as far as the visitor may see it.
func (s *Site) openBrief(v *visit) (b report.Brief, err error) {
	sheet, _, err := s.askSheet(v, access.ViewMandate, store.SheetQuestion{Indicators: true})
	if err != nil {
		return b, err
	}
	code := chi.URLParam(v.Request, "code")
	brief, ok := progress.BriefOf(sheet, code)
	if !ok {
		return b, errNotFound
	}
	b.Brief, b.Known = brief, v.known
	return b, s.briefFigures(v, &b, code)
}

// briefFigures adds the indicators of the mandate, or of one objective of it.
func (s *Site) briefFigures(v *visit, b *report.Brief, objective string) error {
	m := b.Sheet.Mandate
	if !v.covers(access.ViewMandate, m).Whole {
		return nil // a figure counts the whole mandate
	}
	sheets, err := s.Store.IndicatorsOf(v.Context(), []mandate.Mandate{m}, b.Sheet.Indicators, store.Moment{Day: b.Sheet.AsOf, Known: v.known})
	if err != nil {
		return err
	}
	for _, one := range sheets[0].All {
		if objective != "" && one.Objective != objective {
			continue
		}
		f := report.BriefFigure{KPI: codeOf(one.KPICode), Definition: one.Definition}
		standing := one.Stand()
		f.Kept, f.NoResult = standing.Kept, standing.Achieved.Reason == indicator.NoResult
		if standing.Last != nil {
			f.Value, f.On = &standing.Last.Value, standing.Last.On
		}
		if f.Value != nil || f.KPI.Objective > 0 {
			b.Figures = append(b.Figures, f)
		}
	}
	return nil
}

func (s *Site) showBrief(w http.ResponseWriter, v *visit) error {
	if same, err := s.sameMandate(w, v); same || err != nil {
		return err
	}
	b, err := s.openBrief(v)
	if err != nil {
		return err
	}
	m := b.Sheet.Mandate
	if s.unchanged(w, v, m.Version) {
		return nil
	}
	base := v.path("/mandates/" + m.Code)
	view := web.BriefView{Mandate: headOf(v, m), Brief: b.Brief, TargetsURL: base + "/targets/", ObjectivesURL: base + "/objectives/"}
	if v.past() {
		view.Query = v.dated("")
	}
	here := base + "/sheet"
	title := v.print.T("brief.title") + " · " + v.say(m.Title)
	if b.Objective != nil {
		here = base + "/objectives/" + b.Objective.Code.String() + "/sheet"
		title = v.print.T("brief.title") + " · " + v.print.Code(b.Objective.Code)
	}
	for _, f := range report.BriefFormats {
		view.Downloads = append(view.Downloads, web.Download{Format: string(f), URL: v.dated(here + "." + string(f))})
	}
	for _, f := range b.Figures {
		view.Figures = append(view.Figures, web.BriefFigure{Code: f.KPI, Name: f.Name, Value: f.Figure(v.print), Goal: f.Aim(v.print)})
	}
	view.Frame = s.frame(v, title, v.crumbs(m)...)
	return s.render(w, v, http.StatusOK, web.BriefPage(view))
}

func (s *Site) exportBrief(w http.ResponseWriter, v *visit) error {
	b, err := s.openBrief(v)
	if err != nil {
		return err
	}
	format, ok := report.ParseFormat(chi.URLParam(v.Request, "format"))
	if !ok || !slices.Contains(report.BriefFormats, format) {
		return errNotFound
	}
	var file bytes.Buffer
	if err := b.Write(&file, format, v.print, s.Now()); err != nil {
		return err
	}
	object := objectOf(b.Sheet.Mandate)
	if err := s.Store.Audit(v.Context(), store.Event{
		ActorID: v.viewer.PersonID, Action: store.ActionExportTable, MandateID: object.MandateID, Object: "sheet/" + b.Sheet.Mandate.Code + "/" + b.Period.String(),
		Detail: map[string]any{"format": format, "lang": v.lang, "role": access.RoleFor(v.viewer, v.today, access.ViewMandate, object), "purpose": "export"},
	}); err != nil {
		return err
	}
	return sendFile(w, format.ContentType(), b.FileName(format, v.print), file.Bytes())
}
