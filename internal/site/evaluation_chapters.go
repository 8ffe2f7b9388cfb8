package site

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"jalon/internal/bilingual"
	"jalon/internal/evaluation"
	"jalon/web"
)

// chapterLines gives the chapters of an institution for the form, with the titles that they have.
func (s *Site) chapterLines(all evaluation.Chapters) (lines []web.ChapterLine) {
	for i, c := range all {
		lines = append(lines, web.ChapterLine{
			Code: c.Code, Order: strconv.Itoa(i + 1), NL: cmp.Or(c.Title.NL, s.usualTitle(bilingual.NL, c.Code)), FR: cmp.Or(c.Title.FR, s.usualTitle(bilingual.FR, c.Code)),
		})
	}
	return lines
}

func (s *Site) usualTitle(lang bilingual.Lang, code string) string {
	return s.Catalogues.In(lang).T("dossier.chapter." + code)
}

// settleChapters keeps the order and the titles of the chapters of dossiers. A
// title that is the usual one stays that, also when the program calls it otherwise.
func (s *Site) settleChapters(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "seen", "place.*", "name_nl.*", "name_fr.*")
	if err != nil {
		return err
	}
	i, err := s.settled(v)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, f.raw("idempotency_key"), "settle dossier chapters")
	if err != nil || done {
		return err
	}
	lines, chapters := s.readChapters(v, f)
	if seen := f.raw("seen"); seen != "" && seen != shownHash(i.Chapters) {
		f.refuse("place."+evaluation.ChapterCodes[0], "evaluation.chapters_changed")
		lines = s.chapterLines(i.Chapters)
	}
	if !f.ok() {
		view := web.EvaluationSettingsView{IdempotencyKey: f.raw("idempotency_key"), Chapters: lines}
		view.Errors = f.errs
		return s.drawSettings(w, v, i, view)
	}
	here := v.path("/evaluations/settings/" + i.Code)
	if err := s.Store.SetDossierChapters(v.Context(), sub, i.ID, chapters, s.Now(), here); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "evaluation.chapters_kept")
	return redirect(w, here)
}

// readChapters reads the chapters in the order of their numbers.
func (s *Site) readChapters(v *visit, f *form) (lines []web.ChapterLine, chapters evaluation.Chapters) {
	type placed struct {
		order int
		evaluation.Chapter
	}
	var all []placed
	for _, code := range evaluation.ChapterCodes {
		line := web.ChapterLine{Code: code, Order: f.line("place."+code, 3), NL: f.line("name_nl."+code, 200), FR: f.line("name_fr."+code, 200)}
		for _, name := range []string{"place.", "name_nl.", "name_fr."} {
			f.labels[name+code] = s.usualTitle(v.lang, code)
		}
		f.required("name_nl."+code, line.NL)
		f.required("name_fr."+code, line.FR)
		c := evaluation.Chapter{Code: code, Title: officialName(line.NL, line.FR)}
		if line.NL == s.usualTitle(bilingual.NL, code) && line.FR == s.usualTitle(bilingual.FR, code) {
			c.Title = bilingual.Text{}
		}
		lines = append(lines, line)
		all = append(all, placed{f.whole("place."+code, f.required("place."+code, line.Order), 1, 999), c})
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.order, b.order) })
	for _, p := range all {
		chapters = append(chapters, p.Chapter)
	}
	if f.ok() && chapters.Check() != nil {
		f.refuse("place."+evaluation.ChapterUntranslated, "evaluation.chapter_last")
	}
	return lines, chapters
}
