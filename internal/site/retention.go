package site

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/store"
	"jalon/web"
)

// retentionRoutes show how long records are kept, and let HR officers decide what goes.
func (s *Site) retentionRoutes() []route {
	const page = "/admin/retention"
	return []route{
		{method: http.MethodGet, pattern: page, action: access.SeeRetention, handler: s.showRetention},
		{method: http.MethodPost, pattern: page, action: access.DecideRetention, handler: s.setRetention},
		{method: http.MethodPost, pattern: page + "/list", action: access.DecideRetention, handler: s.listDeletions},
		{method: http.MethodPost, pattern: page + "/{list}/approve", action: access.DecideRetention, handler: s.decideDeletion(true)},
		{method: http.MethodPost, pattern: page + "/{list}/drop", action: access.DecideRetention, handler: s.decideDeletion(false)},
	}
}

// longestRetention is a hundred years, in days.
const longestRetention = 36_500

func (s *Site) showRetention(w http.ResponseWriter, v *visit) error {
	return s.drawRetention(w, v, "", "", nil)
}

// drawRetention keeps what was typed for one class.
func (s *Site) drawRetention(w http.ResponseWriter, v *visit, class, days string, errs []web.FieldError) error {
	rules, err := s.Store.RetentionRules(v.Context())
	if err != nil {
		return err
	}
	lists, err := s.Store.DeletionLists(v.Context())
	if err != nil {
		return err
	}
	here := v.path("/admin/retention")
	view := web.RetentionView{Frame: s.frame(v, v.print.T("retention.title")), IdempotencyKey: newKey(), TwoPeople: s.SecondPerson, Class: class, Days: days}
	view.Errors = errs
	if v.decidesForAll() {
		view.Action, view.ListURL = here, here+"/list"
	}
	for _, r := range rules {
		view.Rules = append(view.Rules, web.RetentionRule{
			Class: r.Class, Removable: r.Removable, Suggested: r.SuggestedDays, Days: r.Days, ApprovedBy: r.ApprovedBy, ApprovedAt: r.ApprovedAt,
		})
	}
	for _, l := range lists {
		list := web.DeletionList{MadeAt: l.MadeAt, MadeBy: l.MadeBy, DecidedBy: l.DecidedBy, DecidedAt: l.DecidedAt, Approved: l.Approved}
		for _, i := range l.Items {
			list.Items = append(list.Items, web.DeletionItem{Class: i.Class, Before: i.Before, Found: i.Found, Removed: i.Removed})
		}
		if l.DecidedAt.IsZero() && view.Action != "" {
			address := here + "/" + strconv.FormatInt(l.ID, 10)
			list.DropURL = address + "/drop"
			if !s.SecondPerson || l.MadeByID != v.viewer.PersonID {
				list.ApproveURL = address + "/approve"
			}
			view.ListURL = ""
		}
		view.Lists = append(view.Lists, list)
	}
	return s.render(w, v, statusOf(view.Errors), web.RetentionPage(view))
}

// decidesForAll: the rules are for every institution, and so is who decides about them.
func (v *visit) decidesForAll() bool {
	return access.ScopeOf(v.viewer, v.today, access.DecideRetention).All
}

func (s *Site) onlyForAll(v *visit) error {
	if !v.decidesForAll() {
		return errForbidden
	}
	return nil
}

type retentionForm struct {
	Class string `form:"class,line,40,required" label:"retention.class"`
	Days  string `form:"days,line,10" label:"retention.days_field"`
	Key   string `form:"idempotency_key,raw"`
}

// setRetention approves a rule; no days is keeping.
func (s *Site) setRetention(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[retentionForm](v)
	if err != nil {
		return err
	}
	if err := s.onlyForAll(v); err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "set retention")
	if err != nil {
		return err
	}
	days := 0
	if in.Days != "" {
		if days, err = strconv.Atoi(in.Days); err != nil || days < 1 || days > longestRetention {
			f.refuse("days", "retention.days_wrong")
		}
	}
	rules, err := s.Store.RetentionRules(v.Context())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(rules, func(r store.RetentionRule) bool { return r.Class == in.Class && r.Removable }) {
		f.refuse("class", "error.form.choice")
	}
	if !f.ok() {
		return s.drawRetention(w, v, in.Class, in.Days, f.errs)
	}
	if err := s.Store.SetRetention(v.Context(), sub, in.Class, days, s.Now(), v.path("/admin/retention")); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "retention.saved")
	return redirect(w, v.path("/admin/retention"))
}

func (s *Site) listDeletions(w http.ResponseWriter, v *visit) error {
	in, _, err := decode[keyForm](v)
	if err != nil {
		return err
	}
	if err := s.onlyForAll(v); err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "list deletions")
	if err != nil {
		return err
	}
	made, err := s.Store.ListDeletions(v.Context(), sub, s.Now(), v.path("/admin/retention"))
	if err != nil {
		return err
	}
	said := "retention.nothing_to_list"
	if made {
		said = "retention.listed"
	}
	tell(w, web.NoticeInfo, said)
	return redirect(w, v.path("/admin/retention"))
}

func (s *Site) decideDeletion(approve bool) handler {
	action, said := "drop deletions", "retention.dropped"
	if approve {
		action, said = "approve deletions", "retention.approved"
	}
	return func(w http.ResponseWriter, v *visit) error {
		in, _, err := decode[keyForm](v)
		if err != nil {
			return err
		}
		if err := s.onlyForAll(v); err != nil {
			return err
		}
		sub, err := v.submission(in.Key, action)
		if err != nil {
			return err
		}
		list, err := v.number("list")
		if err != nil {
			return err
		}
		err = s.Store.DecideDeletion(v.Context(), sub, list, approve, s.SecondPerson, s.Now(), v.path("/admin/retention"))
		if errors.Is(err, store.ErrSecondPerson) {
			return refused(http.StatusForbidden, "retention.second_person")
		}
		if err != nil {
			return err
		}
		tell(w, web.NoticeDone, said)
		return redirect(w, v.path("/admin/retention"))
	}
}
