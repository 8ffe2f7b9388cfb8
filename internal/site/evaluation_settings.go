package site

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/evaluation"
	"jalon/internal/store"
	"jalon/web"
)

// settled finds the institution of the address, once the visitor may settle its evaluations.
func (s *Site) settled(v *visit) (store.Settled, error) {
	i, err := s.Store.Settled(v.Context(), chi.URLParam(v.Request, "institution"), v.today)
	if errors.Is(err, store.ErrNotFound) || err == nil && !v.may(access.SettleEvaluation, access.Object{InstitutionID: i.ID}) {
		s.auditRefusal(v, access.SettleEvaluation, access.Object{})
		return store.Settled{}, errNotFound
	}
	return i, err
}

func (s *Site) showEvaluationSettings(w http.ResponseWriter, v *visit) error {
	i, err := s.settled(v)
	if err != nil {
		return err
	}
	return s.drawSettings(w, v, i, web.EvaluationSettingsView{IdempotencyKey: newKey()})
}

// newSections is how many empty lines the form of the sections ends with.
const newSections = 2

func (s *Site) drawSettings(w http.ResponseWriter, v *visit, i store.Settled, view web.EvaluationSettingsView) error {
	here := v.path("/evaluations/settings/" + i.Code)
	view.Frame = s.frame(v, v.print.T("evaluation.settings_title", "Institution", v.say(i.Name)), web.Crumb{Label: v.print.T("evaluation.title"), URL: v.path("/evaluations")}).Refusing(view.Errors)
	view.DaysURL, view.SectionsURL, view.ChaptersURL = here, here+"/sections", here+"/chapters"
	if view.Numbers == nil {
		view.From, view.ShownFrom = v.print.Date(v.today), string(i.Settings.OpinionsShownFrom)
		view.Numbers = settingFields(i.Settings)
	}
	for _, stage := range evaluation.ShownFrom {
		view.Stages = append(view.Stages, web.Option{Value: string(stage), Label: v.print.T("evaluation.stage." + string(stage))})
	}
	if view.Sections == nil {
		for n, section := range i.Sections {
			view.Sections = append(view.Sections, web.SectionLine{
				Index: n, Code: section.Code, Order: strconv.Itoa(n + 1), NL: section.Title.NL, FR: section.Title.FR, Whole: section.Whole, Record: section.Record, Hidden: section.Hidden,
			})
		}
		for range newSections {
			view.Sections = append(view.Sections, web.SectionLine{Index: len(view.Sections)})
		}
	}
	view.SectionsSeen = shownHash(i.Sections)
	view.ChaptersSeen = shownHash(i.Chapters)
	if view.Chapters == nil {
		view.Chapters = s.chapterLines(i.Chapters)
	}
	return s.render(w, v, statusOf(view.Errors), web.EvaluationSettingsPage(view))
}

// settingBounds are the numbers that are settled, in the order of the form.
var settingBounds = []struct {
	name      string
	low, high int
	of        func(*evaluation.Settings) *int
}{
	{"interim_after_months", 0, 120, func(e *evaluation.Settings) *int { return &e.InterimAfterMonths }},
	{"final_before_months", 0, 24, func(e *evaluation.Settings) *int { return &e.FinalBeforeMonths }},
	{"report_due_days", 0, 365, func(e *evaluation.Settings) *int { return &e.ReportDueDays }},
	{"opinions_due_days", 0, 365, func(e *evaluation.Settings) *int { return &e.OpinionsDueDays }},
	{"minimum_group", 3, 1000, func(e *evaluation.Settings) *int { return &e.MinimumGroup }},
}

func settingFields(e evaluation.Settings) (fields []web.NumberField) {
	for _, b := range settingBounds {
		fields = append(fields, web.NumberField{Name: b.name, Value: strconv.Itoa(*b.of(&e))})
	}
	return fields
}

// settleEvaluations keeps the days and months from a day on.
func (s *Site) settleEvaluations(w http.ResponseWriter, v *visit) error {
	names := []string{"idempotency_key", "valid_from", "opinions_shown_from"}
	for _, b := range settingBounds {
		names = append(names, b.name)
	}
	f, err := v.form(names...)
	if err != nil {
		return err
	}
	for _, name := range names[2:] {
		f.label(map[string]string{name: "evaluation.setting." + name})
	}
	f.label(map[string]string{"valid_from": "evaluation.settings_from"})
	i, err := s.settled(v)
	if err != nil {
		return err
	}
	sub, err := v.submission(f.raw("idempotency_key"), "settle evaluations")
	if err != nil {
		return err
	}
	from := f.line("valid_from", 20)
	e := evaluation.Settings{From: f.date("valid_from", f.required("valid_from", from))}
	for _, b := range settingBounds {
		*b.of(&e) = f.whole(b.name, f.required(b.name, f.line(b.name, 5)), b.low, b.high)
	}
	var stages []string
	for _, stage := range evaluation.ShownFrom {
		stages = append(stages, string(stage))
	}
	shown := f.choice("opinions_shown_from", stages...)
	e.OpinionsShownFrom = evaluation.Stage(f.required("opinions_shown_from", shown))
	if e.From.Before(v.today) && !e.From.IsZero() {
		f.refuse("valid_from", "evaluation.settings_past")
	}
	if !f.ok() {
		view := web.EvaluationSettingsView{IdempotencyKey: f.raw("idempotency_key"), From: from, ShownFrom: shown}
		for _, b := range settingBounds {
			view.Numbers = append(view.Numbers, web.NumberField{Name: b.name, Value: f.raw(b.name)})
		}
		view.Errors = f.errs
		return s.drawSettings(w, v, i, view)
	}
	here := v.path("/evaluations/settings/" + i.Code)
	if err := s.Store.SettleEvaluations(v.Context(), sub, i.ID, e, s.Now(), here); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "evaluation.settings_kept")
	return redirect(w, here)
}

// settleSections keeps the order and the titles of the sections, and new ones.
func (s *Site) settleSections(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "seen", "order.*", "nl.*", "fr.*", "of.*", "hidden.*")
	if err != nil {
		return err
	}
	i, err := s.settled(v)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, f.raw("idempotency_key"), "settle report sections")
	if err != nil || done {
		return err
	}
	if seen := f.raw("seen"); seen != "" && seen != shownHash(i.Sections) {
		f.refuse("nl.0", "evaluation.sections_changed")
		view := web.EvaluationSettingsView{IdempotencyKey: f.raw("idempotency_key")} // what was typed belongs to other lines
		view.Errors = f.errs
		return s.drawSettings(w, v, i, view)
	}
	lines, layout := sectionLines(f, i.Sections)
	if !f.ok() {
		view := web.EvaluationSettingsView{IdempotencyKey: f.raw("idempotency_key"), Sections: lines}
		view.Errors = f.errs
		return s.drawSettings(w, v, i, view)
	}
	here := v.path("/evaluations/settings/" + i.Code)
	if err := s.Store.SetReportLayout(v.Context(), sub, i.ID, layout, s.Now(), here); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "evaluation.sections_kept")
	return redirect(w, here)
}

// shownHash stands for the sections or chapters that a form showed. Lines are told
// apart by their place, texts hang on them, and what somebody else stored meanwhile
// is not written over unseen.
func shownHash[L evaluation.Layout | evaluation.Chapters](list L) string {
	return hashOf(fmt.Appendf(nil, "%v", list))[:20]
}

// sectionLines reads the sections in the order of their numbers. A section of
// before keeps its code, which texts hang on; a new one gets one.
func sectionLines(f *form, was evaluation.Layout) (lines []web.SectionLine, layout evaluation.Layout) {
	type placed struct {
		order int
		evaluation.Section
	}
	var all []placed
	for n := range len(was) + newSections {
		suffix := "." + strconv.Itoa(n)
		line := web.SectionLine{Index: n, Order: f.line("order"+suffix, 3), NL: f.line("nl"+suffix, 200), FR: f.line("fr"+suffix, 200), Hidden: f.choice("hidden"+suffix, "yes") != ""}
		section := evaluation.Section{Hidden: line.Hidden, Title: officialName(line.NL, line.FR)}
		if n < len(was) {
			section.Code, section.Whole, section.Record = was[n].Code, was[n].Whole, was[n].Record
		} else {
			section.Whole = f.choice("of"+suffix, "report", "objective") == "report"
			section.Code = newSectionCode(was, sectionCodes(layout), n)
		}
		line.Code, line.Whole, line.Record = "", section.Whole, section.Record
		if n < len(was) {
			line.Code = section.Code
		}
		lines = append(lines, line)
		if n >= len(was) && line.NL == "" && line.FR == "" {
			continue
		}
		f.required("nl"+suffix, line.NL)
		f.required("fr"+suffix, line.FR)
		all = append(all, placed{f.whole("order"+suffix, f.required("order"+suffix, line.Order), 1, 999), section})
		layout = append(layout, section)
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.order, b.order) })
	layout = nil
	for _, p := range all {
		layout = append(layout, p.Section)
	}
	if f.ok() && layout.Check() != nil {
		f.refuse("nl.0", "error.form.choice")
	}
	return lines, layout
}

func newSectionCode(was evaluation.Layout, taken []string, n int) string {
	for ; ; n++ {
		code := "own-" + strconv.Itoa(n)
		if _, known := was.Section(code); !known && !slices.Contains(taken, code) {
			return code
		}
	}
}

func sectionCodes(l evaluation.Layout) (codes []string) {
	for _, s := range l {
		codes = append(codes, s.Code)
	}
	return codes
}

// officialName is a title that is decided in both languages.
func officialName(nl, fr string) bilingual.Text {
	return bilingual.Text{NL: nl, FR: fr, NLState: bilingual.Original, FRState: bilingual.Original}
}
