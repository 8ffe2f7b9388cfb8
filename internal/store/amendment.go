package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// ErrSameDay refuses a second amendment of the same words from the same day on.
var ErrSameDay = errors.New("the words were amended from that day on")

// ErrUnchanged refuses an amendment that changes no words in force.
var ErrUnchanged = errors.New("no words in force change")

// Places lists the passages of a mandate's letter that have words, with those in force.
func (s *Store) Places(ctx context.Context, mandateID int64) ([]mandate.Place, error) {
	rows, err := s.queries.Places(ctx, mandateID)
	if err != nil {
		return nil, fmt.Errorf("read the texts of mandate %d: %w", mandateID, err)
	}
	places := make([]mandate.Place, len(rows))
	for i, r := range rows {
		places[i] = mandate.Place{
			Kind: mandate.PlaceKind(r.Kind), Name: r.Place, Text: text(r.Nl, r.Fr, r.NlState, r.FrState), Shared: r.Shared,
		}
	}
	return places, nil
}

// began gives the first day of words; zero when they are those of the letter.
func began(validFrom calendar.Date) calendar.Date {
	if validFrom == since {
		return calendar.Date{}
	}
	return validFrom
}

// Amendments lists what was amended in the letter of a mandate, the latest
// first, with deadlines as they were read by an instant; zero for now.
func (s *Store) Amendments(ctx context.Context, mandateID int64, known time.Time) ([]mandate.Amendment, error) {
	rows, err := s.queries.AmendmentRows(ctx, db.AmendmentRowsParams{MandateID: mandateID, Known: knownBy(known)})
	if err != nil {
		return nil, fmt.Errorf("read the amendments of mandate %d: %w", mandateID, err)
	}
	var all []mandate.Amendment
	for _, r := range rows {
		if n := len(all); n == 0 || all[n-1].ID != r.ID {
			all = append(all, mandate.Amendment{
				ID: r.ID, EffectiveOn: r.EffectiveOn, Authority: r.Authority, Reason: r.Reason, RecordedBy: r.RecordedBy, RecordedAt: r.RecordedAt,
			})
		}
		c := mandate.Change{
			Kind: mandate.PlaceKind(r.Kind), Name: r.Place,
			Before: text(r.OldNl, r.OldFr, r.OldNlState, r.OldFrState), After: text(r.Nl, r.Fr, r.NlState, r.FrState),
		}
		if c.Kind == mandate.OnDeadline {
			c.Deadline = &mandate.Deadline{Text: c.After, ConfirmedBy: r.ConfirmedBy, ConfirmedAt: sinceEpoch(r.ConfirmedAt)}
			if err := unpack(r.Reading, &c.Deadline.Reading); err != nil {
				return nil, fmt.Errorf("read the amended deadline of %s: %w", c.Name, err)
			}
		}
		a := &all[len(all)-1]
		a.Changes = append(a.Changes, c)
	}
	return all, nil
}

// versions unpacks the wordings of a target, the first one first.
func versions(raw []byte) ([]mandate.Version, error) {
	var rows []struct {
		words
		From calendar.Date `json:"from"`
	}
	if err := unpack(raw, &rows); err != nil {
		return nil, fmt.Errorf("wordings: %w", err)
	}
	all := make([]mandate.Version, len(rows))
	for i, r := range rows {
		all[i] = mandate.Version{From: began(r.From), Text: r.text()}
	}
	return all, nil
}

// AmendRequest changes the words of one place from a day on.
type AmendRequest struct {
	Code        string // of the mandate
	Kind        mandate.PlaceKind
	Place       string
	Before      bilingual.Text // the words in force as the person saw them; zero: they saw none
	Text        bilingual.Text // the new words; a language without is not changed
	EffectiveOn calendar.Date
	Authority   string
	Reason      string
	At          time.Time                               // of recording; zero: the hour of the database
	Everywhere  bool                                    // shared words, for every mandate that has them
	May         func(o access.Object) bool              // whether the person may amend the letter of a mandate
	Read        func(t bilingual.Text) deadline.Reading // what the words of a deadline say
	Location    string                                  // where the answer sends the browser
}

// Amend adds a version of the words that counts from EffectiveOn; what counted
// before stays for the days before. The words of a language that was not given
// are outdated from then on. ErrUnchanged when nothing changes, ErrSealed when
// the day lies in a half-year that is sealed or before one, ErrNotFound for an
// unknown place, ErrAmendment for a day before the present words began,
// ErrSameDay for that day itself, and ErrChanged when the words in force are not
// those that the person saw.
func (s *Store) Amend(ctx context.Context, sub Submission, r AmendRequest) (location string, repeated bool, err error) {
	return s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		w := letterWriter{ctx: ctx, q: q, by: orNull(sub.PersonID), letter: Letter{
			Mandate: mandate.Mandate{Code: r.Code}, EffectiveOn: r.EffectiveOn, Authority: r.Authority, Reason: r.Reason, At: r.At,
		}}
		if err := w.open(); err != nil {
			return "", err
		}
		touched, err := w.amendPlace(r)
		if err != nil {
			return "", err
		}
		if w.amended == 0 {
			return "", ErrUnchanged
		}
		if err := inNameOfSystem(ctx, tx); err != nil { // who amends may not write the figures that follow
			return "", err
		}
		for _, id := range touched {
			if err := refreshAllCells(ctx, q, id); err != nil {
				return "", err
			}
		}
		event := sub.Event("amendment/" + r.Code + "/" + string(r.Kind) + "/" + r.Place)
		event.MandateID, event.Detail = w.mandateID, map[string]any{"effective_on": r.EffectiveOn.String(), "mandates": len(touched)}
		return r.Location, audit(ctx, q, event)
	})
}

// amendPlace changes the words, and gives the mandates that they count for.
func (w *letterWriter) amendPlace(r AmendRequest) (touched []int64, err error) {
	touched = []int64{w.mandateID}
	if r.Kind == mandate.OnDeadline {
		known, ok := w.deadlines[r.Place]
		if !ok {
			return nil, ErrNotFound
		}
		if err := w.refuseDay(known.ValidFrom, touched); err != nil {
			return nil, err
		}
		old := text(known.PhraseNl, known.PhraseFr, known.PhraseNlState, known.PhraseFrState)
		if !sameWords(old, r.Before) {
			return nil, ErrChanged
		}
		if _, change := revise(old, r.Text); change != amended {
			return nil, ErrUnchanged
		}
		return touched, w.deadline(r.Place, known.TargetID, known.ObjectiveID, mandate.Deadline{Text: r.Text, Reading: r.Read(r.Text)})
	}
	known, ok := w.places[string(r.Kind)+" "+r.Place]
	if !ok {
		return nil, ErrNotFound
	}
	if r.Everywhere && known.Shared {
		if touched, err = w.sharers(known.WordingID, r.May); err != nil {
			return nil, err
		}
	}
	if err := w.refuseDay(known.ValidFrom, touched); err != nil {
		return nil, err
	}
	old := text(known.Nl, known.Fr, known.NlState, known.FrState)
	if !sameWords(old, r.Before) {
		return nil, ErrChanged
	}
	updated, change := revise(old, r.Text)
	if change != amended {
		return nil, ErrUnchanged
	}
	if !r.Everywhere || !known.Shared {
		return touched, w.amend(known, updated)
	}
	if err := w.openAmendment(known.ValidFrom); err != nil {
		return nil, err
	}
	w.amended++
	return touched, w.version(known.WordingID, updated, true)
}

// sameWords reports whether words in force are those that somebody saw, who may
// have looked at none.
func sameWords(now, seen bilingual.Text) bool {
	return seen.IsZero() || now.NL == seen.NL && now.FR == seen.FR
}

// sharers locks the mandates that share words, and gives their ids. ErrNotFound
// when the person may not amend the letter of one of them.
func (w *letterWriter) sharers(wording int64, may func(access.Object) bool) ([]int64, error) {
	rows, err := w.q.MandatesOfWordings(w.ctx, []int64{wording})
	if err != nil {
		return nil, fmt.Errorf("find who shares the words: %w", err)
	}
	var ids []int64
	for _, m := range rows {
		if !may(access.Object{MandateID: m.ID, InstitutionID: m.InstitutionID}) {
			return nil, fmt.Errorf("amend the letter of %s: %w", m.Code, ErrNotFound)
		}
		ids = append(ids, m.ID)
	}
	return ids, w.renewOthers(ids)
}

// renewSharers tells the mandates that share translated words that their pages
// are no longer as they were.
func (w *letterWriter) renewSharers() error {
	if len(w.translated) == 0 {
		return nil
	}
	rows, err := w.q.MandatesOfWordings(w.ctx, w.translated)
	if err != nil {
		return fmt.Errorf("find who shares the words: %w", err)
	}
	ids := make([]int64, len(rows))
	for i, m := range rows {
		ids[i] = m.ID
	}
	return w.renewOthers(ids)
}

// renewOthers locks other mandates than that of the letter, which is locked
// already, and makes their version new.
func (w *letterWriter) renewOthers(ids []int64) error {
	others := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return id == w.mandateID })
	if err := w.q.RenewMandates(w.ctx, others); err != nil {
		return fmt.Errorf("lock mandates: %w", refusal(err))
	}
	return nil
}

// refuseDay keeps an amendment out of the half-years that are sealed, and
// from taking the place of another one.
func (w *letterWriter) refuseDay(inForce calendar.Date, mandates []int64) error {
	if w.letter.EffectiveOn == inForce {
		return ErrSameDay
	}
	return w.refuseSealed(mandates)
}

// refuseSealed gives ErrSealed when words would change in a sealed half-year of
// one of the mandates. Who asks must see their seals.
func (w *letterWriter) refuseSealed(mandates []int64) error {
	for _, id := range mandates {
		until, err := w.q.SealedUntil(w.ctx, id)
		if err != nil {
			return fmt.Errorf("look for seals: %w", err)
		}
		if !until.IsZero() && !w.letter.EffectiveOn.After(until) {
			return fmt.Errorf("sealed until %s: %w", until, ErrSealed)
		}
	}
	return nil
}

// Translation gives words that are missing or outdated in one language.
type Translation struct {
	Code     string // of the mandate
	Kind     mandate.PlaceKind
	Place    string
	Before   bilingual.Text // the words in force as the person saw them; zero: they saw none
	Lang     bilingual.Lang
	Words    string
	Location string
}

// Translate puts a translation beside the words in force. It amends nothing:
// ErrUnchanged for words that have standing of their own, ErrChanged when the
// words in force are not those that the person saw.
func (s *Store) Translate(ctx context.Context, sub Submission, t Translation) (location string, repeated bool, err error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		w := letterWriter{ctx: ctx, q: q, by: orNull(sub.PersonID), letter: Letter{Mandate: mandate.Mandate{Code: t.Code}}}
		if err := w.open(); err != nil {
			return "", err
		}
		n, err := w.translate(t)
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", ErrUnchanged
		}
		event := sub.Event("translation/" + t.Code + "/" + string(t.Kind) + "/" + t.Place)
		event.MandateID, event.Detail = w.mandateID, map[string]any{"lang": t.Lang}
		return t.Location, audit(ctx, q, event)
	})
}

func (w *letterWriter) translate(t Translation) (int64, error) {
	if t.Kind == mandate.OnDeadline {
		known, ok := w.deadlines[t.Place]
		if !ok {
			return 0, ErrNotFound
		}
		if !sameWords(text(known.PhraseNl, known.PhraseFr, known.PhraseNlState, known.PhraseFrState), t.Before) {
			return 0, ErrChanged
		}
		n, err := w.q.TranslateDeadline(w.ctx, db.TranslateDeadlineParams{Lang: string(t.Lang), Words: t.Words, ID: known.ID, MandateID: w.mandateID})
		return n, refusal(err)
	}
	known, ok := w.places[string(t.Kind)+" "+t.Place]
	if !ok {
		return 0, ErrNotFound
	}
	if !sameWords(text(known.Nl, known.Fr, known.NlState, known.FrState), t.Before) {
		return 0, ErrChanged
	}
	n, err := w.q.TranslateWording(w.ctx, db.TranslateWordingParams{Lang: string(t.Lang), Words: t.Words, WordingID: known.WordingID})
	if err != nil {
		return n, refusal(err)
	}
	w.translated = append(w.translated, known.WordingID)
	return n, w.renewSharers()
}

// Untranslated lists the places whose words are missing, outdated or a working
// translation in a language, in the order of the letter.
func Untranslated(places []mandate.Place, lang bilingual.Lang) []mandate.Place {
	return slices.DeleteFunc(slices.Clone(places), func(p mandate.Place) bool {
		state := p.Text.State(lang)
		return state != bilingual.Missing && state != bilingual.Outdated
	})
}
