package site

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

// mergeDrafts compares the rows with what is kept. What somebody else changed
// meanwhile in other fields is joined with what was typed; a row of which both
// changed the same field is a conflict, and the others that differ from what is
// kept are changed.
func (s *Site) mergeDrafts(v *visit, r reporting, form *reportForm) (changed []progress.Draft, conflicts []int64) {
	for _, t := range r.sheet.Mandate.Targets() {
		row, ok := form.rows[t.ID]
		if !ok || row.broken {
			continue
		}
		kept, current := r.drafts[t.ID], r.current(v, t.ID)
		base := row.base
		if base == nil && row.version == kept.Version {
			base = progress.BaseOf(current)
		}
		row.version, row.theirs = kept.Version, r.theirs(t.ID, current)
		if row.fields, row.both = progress.Merge(base, row.typed, current); len(row.both) > 0 {
			conflicts = append(conflicts, t.ID)
		} else if !maps.Equal(row.fields, current) {
			changed = append(changed, progress.Draft{TargetID: t.ID, Fields: row.fields, Version: kept.Version, Resolves: row.resolves})
		}
		form.rows[t.ID] = row
	}
	return changed, conflicts
}

// keepDrafts stores rows that changed. ErrChanged when somebody saved one of
// them at this very moment.
func (s *Site) keepDrafts(v *visit, r reporting, form *reportForm, changed []progress.Draft) error {
	if len(changed) == 0 {
		return nil
	}
	versions, lost, err := s.Store.SaveDrafts(v.Context(), r.sheet.Mandate.ID, r.period, v.viewer.PersonID, s.Now(), changed)
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		return store.ErrChanged
	}
	for id, version := range versions {
		row := form.rows[id]
		row.version = version
		form.rows[id] = row
	}
	return nil
}

// besideEntries leaves of the rows that changed what has to be kept when the
// entries are recorded: rows without an entry, and those that take the place of
// somebody else's words, or of one of two texts, which stay to be read.
func (r reporting) besideEntries(writer int64, changed []progress.Draft, entries []progress.Entry) []progress.Draft {
	return slices.DeleteFunc(slices.Clone(changed), func(d progress.Draft) bool {
		kept := r.drafts[d.TargetID]
		replaces := kept.Version > 0 && (kept.SavedByID != writer || d.Resolves)
		return !replaces && slices.ContainsFunc(entries, func(e progress.Entry) bool { return e.TargetID == d.TargetID })
	})
}

// versions gives those of the drafts, by target.
func (r reporting) versions() map[int64]int {
	versions := make(map[int64]int, len(r.drafts))
	for id, d := range r.drafts {
		versions[id] = d.Version
	}
	return versions
}

// theirs is what stands in a row by somebody's hand: a draft or the entry.
func (r reporting) theirs(target int64, current map[string]string) progress.Draft {
	d := r.drafts[target]
	if e := r.recorded(target); d.Version == 0 && e != nil {
		d.SavedBy, d.SavedByID, d.SavedAt = e.Author, e.AuthorID, e.RecordedAt
	}
	d.Fields = current
	return d
}

// answerDraft tells the script what is in the database now. Of a row that was
// joined with what somebody else changed it gives those fields.
func (s *Site) answerDraft(w http.ResponseWriter, v *visit, r reporting, form *reportForm, conflicts []int64) error {
	if !form.ok() {
		said := ""
		for _, e := range form.errs {
			said += " " + e.Text
		}
		return refused(http.StatusUnprocessableEntity, "report.not_taken", "Why", said)
	}
	if form.chose {
		written, err := s.Store.Written(v.Context(), r.sheet.Mandate.ID, r.period, v.today)
		if err != nil {
			return err
		}
		r.drafts = written.Drafts
		r.ownDrafts()
	}
	type saved struct {
		Version int               `json:"version"`
		Base    string            `json:"base"`
		Joined  map[string]string `json:"joined,omitempty"` // fields that somebody else changed
		Chosen  []web.ChosenLine  `json:"chosen,omitempty"`
	}
	rows, taken := map[string]saved{}, []string{}
	for id, row := range form.rows {
		if slices.Contains(conflicts, id) {
			taken = append(taken, row.code.String())
			continue
		}
		line := saved{Version: row.version, Base: progress.BaseOf(row.fields).Wire()}
		for _, field := range reportFields {
			if row.fields[field] != row.typed[field] {
				if line.Joined == nil {
					line.Joined = map[string]string{}
				}
				line.Joined[field] = row.fields[field]
			}
		}
		if form.chose {
			line.Chosen = chosenLines(v, row.code, r.drafts[id].Chosen)
		}
		rows[row.code.String()] = line
	}
	w.Header().Set("Content-Type", "application/json")
	status := http.StatusOK
	if len(conflicts) > 0 {
		status = http.StatusConflict
	}
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(map[string]any{"saved_at": v.print.Time(s.Now()), "rows": rows, "conflicts": taken})
}

// showConflicts draws the page with both texts of each field that two people
// changed. The reader's own text stays in the fields, and is kept beside the
// row as well, in case nothing comes of it.
func (s *Site) showConflicts(w http.ResponseWriter, v *visit, r reporting, form *reportForm, conflicts []int64) error {
	whole, err := s.openReport(v)
	if err != nil {
		return err
	}
	var mine []progress.Draft
	for _, id := range conflicts {
		mine = append(mine, progress.Draft{TargetID: id, Fields: form.rows[id].typed})
	}
	if err := s.Store.KeepTexts(v.Context(), r.sheet.Mandate.ID, r.period, v.viewer.PersonID, s.Now(), mine); err != nil {
		return err
	}
	view := s.reportView(v, whole, form)
	view.Errors = form.errs
	for _, id := range conflicts {
		row := form.rows[id]
		view.Errors = append(view.Errors, web.FieldError{
			Field: "conflict-" + row.code.String(), Label: v.print.Code(row.code),
			Text: v.print.T("report.error.conflict", "By", row.theirs.SavedBy),
		})
	}
	return s.render(w, v, http.StatusConflict, web.ReportPage(view))
}

// chosenOf reads the files and the link of a row. A link that is right leaves
// its two fields.
func (s *Site) chosenOf(v *visit, form *reportForm, row typedRow, before evidence.Set) (set evidence.Set, err error) {
	name := func(field string) string { return web.ReportField(row.code, field) }
	if sent := form.files[name("file")]; len(sent) > 0 {
		if len(before.Files)+len(sent) > evidence.MaxFiles {
			form.refuse(name("file"), "report.error.files", "Limit", strconv.Itoa(evidence.MaxFiles))
		} else {
			sound, err := s.judgeFiles(v, form.form, name("file"), sent, row.confidential)
			if err != nil {
				return set, err
			}
			if set.Files, err = s.keepEvidence(sound); err != nil {
				return set, err
			}
		}
		delete(form.files, name("file"))
	}
	url, title := row.typed["link_url"], row.typed["link_title"]
	if wantsJSON(v.Request) && form.do != "attach" || url == "" || row.broken {
		return set, nil // somebody may still be typing it
	}
	switch {
	case !evidence.SafeLink(url):
		form.refuse(name("link_url"), "duty.answer.link")
	case title == "" || len([]rune(title)) > evidence.MaxTitle:
		form.refuse(name("link_title"), "report.error.link_title", "Most", strconv.Itoa(evidence.MaxTitle))
	case len(before.Links) >= maxLinks:
		form.refuse(name("link_url"), "report.error.links", "Limit", strconv.Itoa(maxLinks))
	default:
		set.Links = append(set.Links, evidence.Link{URL: url, Title: title})
		delete(row.typed, "link_url")
		delete(row.typed, "link_title")
	}
	return set, nil
}

// maxLinks is how many links wait beside one row.
const maxLinks = 10

// chosenLines shows the evidence that waits beside a row.
func chosenLines(v *visit, code mandate.Code, set evidence.Set) (lines []web.ChosenLine) {
	for _, f := range set.Files {
		note := string(f.Kind)
		if f.Confidential {
			note += ", " + v.print.T("evidence.confidential")
		}
		lines = append(lines, web.ChosenLine{Detach: "detach " + code.String() + " " + strconv.FormatInt(f.ID, 10), Name: f.Name, Note: note})
	}
	for _, l := range set.Links {
		lines = append(lines, web.ChosenLine{Detach: "detach " + code.String() + " " + strconv.FormatInt(l.ID, 10), Name: l.Title, URL: l.URL})
	}
	return lines
}

var errNoCode = errors.New("not the code of a target")

func parseCode(s string) (mandate.Code, error) {
	c, err := mandate.ParseCode(s)
	if err != nil || c.Target == 0 {
		return c, errNoCode
	}
	return c, nil
}
