package site

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"jalon/internal/access"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/web"
)

// NudgeWriter writes the mail that asks somebody for a part of a half-year, in their language.
type NudgeWriter interface {
	WriteNudge(store.NudgeLetter) (store.Mail, error)
}

// personField starts the name of the box of a person.
const personField = "person."

// nudgeRound mails the chosen people, each at most once a day: when one of them
// had theirs, nobody gets a mail and the page says when the first one went.
func (s *Site) nudgeRound(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", personField+"*")
	if err != nil {
		return err
	}
	r, err := s.findRound(v, access.ManageRound)
	if err != nil {
		return err
	}
	sub, err := v.submission(f.raw("idempotency_key"), "nudge")
	if err != nil {
		return err
	}
	if s.Nudges == nil || r.State == monitoring.RoundPresented || r.State == monitoring.RoundSealed {
		return refused(http.StatusConflict, "nudge.too_late")
	}
	chosen := map[int64]bool{}
	for _, name := range f.names() {
		if id, ok := strings.CutPrefix(name, personField); ok && f.choice(name, "yes") != "" {
			n, err := strconv.ParseInt(id, 10, 64)
			if err != nil {
				return badRequest("error.form.field")
			}
			chosen[n] = true
		}
	}
	parts, err := s.Store.RoundParts(v.Context(), r, v.moment(), v.today)
	if err != nil {
		return err
	}
	mails, err := s.writeNudges(v, r, parts, chosen)
	switch {
	case err != nil:
		return err
	case len(mails) == 0 || len(mails) < len(chosen):
		f.refuse("people", "nudge.nobody_chosen")
	default:
		location, err := s.Store.Nudge(v.Context(), sub, r, mails, s.Now(), v.roundPath(r))
		var nudged *store.NudgedError
		switch {
		case errors.As(err, &nudged):
			f.refuse("people", "nudge.today", "Name", nameOf(parts, nudged.PersonID), "Time", v.print.Time(nudged.At))
		case err != nil:
			return err
		default:
			key := "nudge.done"
			if len(mails) == 1 {
				key = "nudge.done_one"
			}
			tell(w, web.NoticeDone, key, "Count", strconv.Itoa(len(mails)))
			return redirect(w, location)
		}
	}
	view := web.RoundView{IdempotencyKey: newKey()}
	view.Errors = f.errs
	return s.drawRound(w, v, r, view, chosen)
}

func nameOf(parts []store.RoundPart, id int64) string {
	for _, part := range parts {
		for _, p := range part.People {
			if p.PersonID == id {
				return p.Name
			}
		}
	}
	return ""
}

// writeNudges writes one mail for each chosen person, about all their mandates whose part is not in.
func (s *Site) writeNudges(v *visit, r store.Round, parts []store.RoundPart, chosen map[int64]bool) (mails []store.Mail, err error) {
	var letters []store.NudgeLetter
	at := map[int64]int{}
	for _, part := range parts {
		if part.Last == monitoring.Submitted {
			continue
		}
		for _, p := range part.People {
			if !chosen[p.PersonID] {
				continue
			}
			i, known := at[p.PersonID]
			if !known {
				i = len(letters)
				at[p.PersonID] = i
				letters = append(letters, store.NudgeLetter{
					Recipient: store.Recipient{PersonID: p.PersonID, Lang: p.Lang}, Round: r.Code(), Period: r.Period, Due: r.Due, Day: v.today,
				})
			}
			letters[i].Mandates = append(letters[i].Mandates, part.Code)
		}
	}
	for _, l := range letters {
		m, err := s.Nudges.WriteNudge(l)
		if err != nil {
			return nil, err
		}
		mails = append(mails, m)
	}
	return mails, nil
}
