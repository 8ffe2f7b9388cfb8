package site

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

// ownDataRoutes give everybody what is kept about them (GDPR, articles 15 and 20).
func (s *Site) ownDataRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/preferences/data", handler: s.showOwnData},
		{method: http.MethodPost, pattern: "/preferences/data", handler: s.sendOwnData},
	}
}

func (s *Site) showOwnData(w http.ResponseWriter, v *visit) error {
	return s.own(w, v, func() error {
		view := web.OwnDataView{
			Frame:  s.frame(v, v.print.T("own_data.title"), web.Crumb{Label: v.print.T("preferences.title"), URL: v.path("/preferences")}),
			Action: v.path("/preferences/data"), IdempotencyKey: newKey(),
		}
		for _, key := range store.OwnSections() {
			view.Sections = append(view.Sections, v.print.T("own_data.section."+key))
		}
		return s.render(w, v, http.StatusOK, web.OwnDataPage(view))
	})
}

// keyForm is a form that is only a button.
type keyForm struct {
	Key string `form:"idempotency_key,raw"`
}

func (s *Site) sendOwnData(w http.ResponseWriter, v *visit) error {
	return s.own(w, v, func() error {
		in, _, err := decode[keyForm](v)
		if err != nil {
			return err
		}
		if _, err := v.submission(in.Key, "export own data"); err != nil {
			return err
		}
		me := v.viewer.PersonID
		if wait := s.limits.take("own data", strconv.FormatInt(me, 10)); wait > 0 {
			return tooMany(wait)
		}
		sections, err := s.Store.OwnData(v.Context(), me)
		if err != nil {
			return err
		}
		file, err := s.ownDataFile(v, sections)
		if err != nil {
			return err
		}
		event := store.Event{ActorID: me, Action: "export own data", Object: "person/" + strconv.FormatInt(me, 10)}
		if err := s.Store.Audit(v.Context(), event); err != nil {
			return err
		}
		return sendFile(w, "application/zip", "jalon-"+v.today.String()+".zip", file)
	})
}

// ownDataFile packs the same data twice: for programs, and for reading.
func (s *Site) ownDataFile(v *visit, sections []store.OwnSection) ([]byte, error) {
	now := s.Now()
	page := web.OwnDataFile{Printer: v.print, Name: v.viewer.Name, MadeAt: v.print.DateTime(now)}
	data := map[string]any{"made_at": now.UTC(), "person": v.viewer.Name}
	for _, section := range sections {
		table := web.OwnDataTable{Title: v.print.T("own_data.section." + section.Key)}
		for _, c := range section.Columns {
			table.Columns = append(table.Columns, v.print.T("own_data.column."+c))
		}
		rows := []map[string]any{}
		for _, r := range section.Rows {
			row, words := map[string]any{}, make([]string, len(r))
			for i, value := range r {
				name := section.Columns[i]
				row[name] = plainValue(value)
				words[i] = v.ownWords(name, value)
			}
			rows, table.Rows = append(rows, row), append(table.Rows, words)
		}
		data[section.Key] = rows
		page.Sections = append(page.Sections, table)
	}
	packed, err := json.MarshalIndent(data, "", "\t")
	if err != nil {
		return nil, fmt.Errorf("pack one's own data: %w", err)
	}
	var html bytes.Buffer
	if err := web.OwnDataFilePage(page).Render(v.Context(), &html); err != nil {
		return nil, fmt.Errorf("pack one's own data: %w", err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name    string
		content []byte
	}{{"jalon.html", html.Bytes()}, {"jalon.json", packed}} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: now})
		if err == nil {
			_, err = w.Write(f.content)
		}
		if err != nil {
			return nil, fmt.Errorf("pack one's own data: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack one's own data: %w", err)
	}
	return b.Bytes(), nil
}

// aDay reports whether a value is a day and no moment.
func aDay(t time.Time) bool { return t.Equal(t.Truncate(24 * time.Hour)) }

// plainValue writes days as days.
func plainValue(value any) any {
	if t, ok := value.(time.Time); ok && aDay(t) {
		return t.Format(time.DateOnly)
	}
	return value
}

// ownWords says a value as a reader does.
func (v *visit) ownWords(column string, value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		if value {
			return v.print.T("export.yes")
		}
		return v.print.T("audit.detail.no")
	case time.Time:
		if aDay(value) {
			return v.print.Date(calendar.Date{Year: value.Year(), Month: value.Month(), Day: value.Day()})
		}
		return v.print.DateTime(value)
	case string:
		switch column {
		case "action":
			return v.actionWords(value)
		case "role":
			if v.print.Has("role." + value) {
				return v.print.T("role." + value)
			}
		case "stage", "capacity":
			if v.print.Has("evaluation." + column + "." + value) {
				return v.print.T("evaluation." + column + "." + value)
			}
		case "purpose":
			if v.print.Has("audit.purpose." + value) {
				return v.print.T("audit.purpose." + value)
			}
		case "status":
			return v.print.Status(progress.Status(value))
		case "lang":
			return v.print.T("language." + value)
		}
		return value
	}
	return fmt.Sprint(value)
}
