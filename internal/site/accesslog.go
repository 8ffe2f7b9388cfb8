package site

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/store"
	"jalon/web"
)

// accessLogRoutes tell holders who read or exported their dossier.
func (s *Site) accessLogRoutes() []route {
	return []route{{method: http.MethodGet, pattern: "/mandates/{m}/access-log", action: access.ViewAccessLog, handler: s.showAccessLog}}
}

// mostAccesses is how many readings the page lists.
const mostAccesses = 500

// showAccessLog tells when, in which role and for what purpose, and not by whom:
// what a person may know of a consultation (CJEU C-579/21). What happened before
// or after the reader's own tenure is not theirs.
func (s *Site) showAccessLog(w http.ResponseWriter, v *visit) error {
	code := chi.URLParam(v.Request, "m")
	sheet, _, err := s.askSheet(v, access.ViewAccessLog, store.SheetQuestion{AsOf: v.today})
	if err != nil {
		return err
	}
	m := sheet.Mandate
	view := web.AccessLogView{Frame: s.frame(v, v.print.T("access_log.title"), v.crumbs(m)...)}
	var events []store.RecordedEvent
	for _, g := range v.viewer.Grants {
		if g.Role != access.Holder || g.MandateID != m.ID || g.From.After(v.today) {
			continue
		}
		found, more, err := s.Store.Events(v.Context(), store.EventQuestion{
			MandateCode: code, Actions: []string{store.ActionRead, store.ActionExportTable, store.ActionExportEvaluation}, From: g.From, Until: g.Until, Most: mostAccesses,
		})
		if err != nil {
			return err
		}
		events, view.More = append(events, found...), view.More || more
	}
	slices.SortFunc(events, func(a, b store.RecordedEvent) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	for _, e := range slices.DeleteFunc(events, v.ofAnother) {
		view.Lines = append(view.Lines, v.accessLine(e))
	}
	return s.render(w, v, http.StatusOK, web.AccessLogPage(view))
}

// ofAnother reports whether an event is about the evaluation of somebody else, such
// as a predecessor whose evaluation is read while the visitor holds the mandate.
func (v *visit) ofAnother(e store.RecordedEvent) bool {
	id, about := strings.CutPrefix(e.Object, "evaluation/")
	if !about {
		return false
	}
	number, err := strconv.ParseInt(id, 10, 64)
	return err != nil || !v.viewer.Evaluated(access.Object{EvaluationID: number})
}

func (v *visit) accessLine(e store.RecordedEvent) web.AccessLine {
	line := web.AccessLine{At: e.At, Self: e.ActorID == v.viewer.PersonID, What: v.accessed(e)}
	role, _ := e.Detail["role"].(string)
	if role != "" && v.print.Has("role."+role) {
		line.Role = v.print.T("role." + role)
	}
	switch access.Role(role) {
	case access.Secretary, access.CommitteeMember:
		line.Body = e.Body
	case access.HROfficer:
		line.Body = e.Institution
	}
	purpose, _ := e.Detail["purpose"].(string)
	if purpose == "" || !v.print.Has("audit.purpose."+purpose) {
		purpose = "unknown"
	}
	line.Purpose = v.print.T("audit.purpose." + purpose)
	return line
}

// accessed says what was read or exported.
func (v *visit) accessed(e store.RecordedEvent) string {
	parts := strings.Split(e.Object, "/")
	if period, err := calendar.ParseHalfYear(parts[len(parts)-1]); err == nil {
		return v.print.T("access_log.table", "Period", v.print.HalfYear(period))
	}
	return v.actionWords(e.Action)
}
