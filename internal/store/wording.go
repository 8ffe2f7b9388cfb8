package store

import (
	"encoding/json"
	"fmt"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// spot is a place of the letter, with the day from which it is there.
type spot struct {
	id   int64
	from calendar.Date
}

// newPlace is what a place is made with.
type newPlace struct {
	wording int64
	from    calendar.Date // that it is there
	told    string        // the instant from which that is known, as the database reads it
}

// place stores the words of one place of the letter. A new place is made by
// insert, and is there no sooner than what it stands below; a known one gets
// what it lacks or, when its words changed, a version of the amendment. Words
// that are shared by a framework are looked for there first, so that they exist once.
func (w *letterWriter) place(kind, place string, t bilingual.Text, shared bool, notBefore calendar.Date, insert func(newPlace) (int64, error)) (spot, error) {
	known, ok := w.places[kind+" "+place]
	if !ok {
		return w.newPlace(place, t, shared, notBefore, insert)
	}
	at := spot{known.ID, known.Since}
	old := text(known.Nl, known.Fr, known.NlState, known.FrState)
	updated, change := revise(old, t)
	switch change {
	case unchanged:
		return at, nil
	case filled:
		return at, w.fill(known.WordingID, updated)
	}
	return at, w.amend(known, updated)
}

// newPlace makes a place. What a letter adds from a day on is part of its amendment.
func (w *letterWriter) newPlace(place string, t bilingual.Text, shared bool, notBefore calendar.Date, insert func(newPlace) (int64, error)) (spot, error) {
	w.touched = true
	if w.known {
		w.added++
		if !w.letter.EffectiveOn.IsZero() {
			if err := w.openAmendment(since); err != nil {
				return spot{}, err
			}
		}
	}
	wording, err := w.wording(place, t, shared)
	if err != nil {
		return spot{}, err
	}
	n := newPlace{wording: wording}
	if n.from, n.told = w.counts(); n.from.Before(notBefore) {
		n.from = notBefore
	}
	id, err := insert(n)
	return spot{id, n.from}, err
}

// counts gives the day from which what the letter adds is there, and the instant
// from which that is known. The first letter of a mandate was known from the start.
func (w *letterWriter) counts() (from calendar.Date, told string) {
	if !w.known {
		return since, "-infinity"
	}
	from, told = since, "now"
	if !w.letter.EffectiveOn.IsZero() {
		from = w.letter.EffectiveOn
	}
	if !w.letter.At.IsZero() {
		told = w.letter.At.Truncate(time.Microsecond).Format(time.RFC3339Nano)
	}
	return from, told
}

// wording finds the words at their place in the framework, or writes them.
func (w *letterWriter) wording(place string, t bilingual.Text, shared bool) (int64, error) {
	p := db.InsertWordingParams{}
	if shared {
		rows, err := w.q.SharedWording(w.ctx, db.SharedWordingParams{FrameworkID: &w.frameworkID, FrameworkKey: place})
		if err != nil {
			return 0, fmt.Errorf("look for shared words: %w", err)
		}
		for _, r := range rows {
			if (t.NL != "" && r.Nl == t.NL) || (t.NL == "" && r.Fr == t.FR) {
				return r.ID, w.fill(r.ID, t)
			}
		}
		p = db.InsertWordingParams{FrameworkID: &w.frameworkID, FrameworkKey: &place}
	}
	id, err := w.q.InsertWording(w.ctx, p)
	if err != nil {
		return 0, fmt.Errorf("store words: %w", err)
	}
	return id, w.version(id, t, false)
}

func (w *letterWriter) version(wording int64, t bilingual.Text, amended bool) error {
	p := db.InsertWordingVersionParams{
		WordingID: wording, ValidFrom: since, Nl: t.NL, Fr: t.FR, NlState: string(t.NLState), FrState: string(t.FRState), AmendmentID: w.amendmentID,
	}
	if amended {
		p.ValidFrom = w.letter.EffectiveOn
	}
	if err := w.q.InsertWordingVersion(w.ctx, p); err != nil {
		return fmt.Errorf("store words: %w", err)
	}
	return nil
}

// amend adds a version that counts from the amendment's day. Shared words stay
// as they are for the other mandates: this one gets its own from then on.
func (w *letterWriter) amend(known db.PlacesRow, updated bilingual.Text) error {
	if err := w.openAmendment(known.ValidFrom); err != nil {
		return err
	}
	w.amended++
	w.touched = true
	wording := known.WordingID
	if known.Shared {
		var err error
		if wording, err = w.q.InsertWording(w.ctx, db.InsertWordingParams{}); err != nil {
			return fmt.Errorf("store words: %w", err)
		}
		if err := w.q.CopyWordingVersions(w.ctx, db.CopyWordingVersionsParams{ToID: wording, FromID: known.WordingID}); err != nil {
			return fmt.Errorf("copy words: %w", err)
		}
		if err := w.q.MovePlace(w.ctx, db.MovePlaceParams{WordingID: wording, Kind: known.Kind, ID: known.ID}); err != nil {
			return fmt.Errorf("give the place its own words: %w", err)
		}
	}
	return w.version(wording, updated, true)
}

// openAmendment records the amendment before its first change. What it changes
// has counted from the day inForce on: an amendment cannot slip in before.
func (w *letterWriter) openAmendment(inForce calendar.Date) error {
	switch {
	case w.letter.EffectiveOn.IsZero():
		return ErrAmendment
	case w.letter.EffectiveOn.Before(inForce):
		return fmt.Errorf("%w (not before %s, when the present words began)", ErrAmendment, inForce)
	}
	if w.amendmentID != nil {
		return nil
	}
	id, err := w.q.InsertAmendment(w.ctx, db.InsertAmendmentParams{
		MandateID: w.mandateID, EffectiveOn: w.letter.EffectiveOn, Authority: w.letter.Authority, Reason: w.letter.Reason, RecordedBy: w.by, RecordedAt: instantOrNow(w.letter.At),
	})
	if err != nil {
		return fmt.Errorf("record the amendment: %w", err)
	}
	w.amendmentID = &id
	return nil
}

// deadline stores the words of a deadline with their reading, beside a target
// or an objective.
func (w *letterWriter) deadline(place string, targetID, objectiveID *int64, d mandate.Deadline) error {
	known, ok := w.deadlines[place]
	if !ok {
		if w.known && !w.letter.EffectiveOn.IsZero() { // it is added, as the place is that it stands beside
			if err := w.openAmendment(since); err != nil {
				return err
			}
		}
		return w.insertDeadline(targetID, objectiveID, d)
	}
	old := text(known.PhraseNl, known.PhraseFr, known.PhraseNlState, known.PhraseFrState)
	updated, change := revise(old, d.Text)
	switch change {
	case unchanged:
		return nil
	case filled:
		// The reading stays: the words that it was made from did not change.
		var reading deadline.Reading
		if err := json.Unmarshal(known.Reading, &reading); err != nil {
			return fmt.Errorf("read the deadline: %w", err)
		}
		return w.replaceDeadline(known.ID, mandate.Deadline{Text: updated, Reading: reading}, nil)
	}
	if err := w.openAmendment(known.ValidFrom); err != nil {
		return err
	}
	w.amended++
	d.Text = updated
	if known.ValidFrom == w.letter.EffectiveOn {
		return w.replaceDeadline(known.ID, d, w.amendmentID)
	}
	return w.insertDeadline(targetID, objectiveID, d)
}

func (w *letterWriter) insertDeadline(targetID, objectiveID *int64, d mandate.Deadline) error {
	w.touched = true
	reading, due, dueAtEnd, err := packReading(d.Reading)
	if err != nil {
		return err
	}
	from, told := w.counts() // an amendment says by itself when it was told
	err = w.q.InsertDeadline(w.ctx, db.InsertDeadlineParams{
		MandateID: w.mandateID, TargetID: targetID, ObjectiveID: objectiveID, ValidFrom: from,
		PhraseNl: d.Text.NL, PhraseFr: d.Text.FR, PhraseNlState: string(d.Text.NLState), PhraseFrState: string(d.Text.FRState),
		Reading: reading, OwedFrom: d.Reading.OwedFrom(), Due: due, DueAtEnd: dueAtEnd, AmendmentID: w.amendmentID, ToldFrom: told,
	})
	if err != nil {
		return fmt.Errorf("store the deadline: %w", err)
	}
	return nil
}

// replaceDeadline puts other words in place of those of the same day. Without an
// amendment they say the same, and what was confirmed stays so.
func (w *letterWriter) replaceDeadline(id int64, d mandate.Deadline, amendment *int64) error {
	w.touched = true
	reading, due, dueAtEnd, err := packReading(d.Reading)
	if err != nil {
		return err
	}
	err = w.q.ReplaceDeadline(w.ctx, db.ReplaceDeadlineParams{
		ID: id, PhraseNl: d.Text.NL, PhraseFr: d.Text.FR, PhraseNlState: string(d.Text.NLState), PhraseFrState: string(d.Text.FRState),
		Reading: reading, OwedFrom: d.Reading.OwedFrom(), Due: due, DueAtEnd: dueAtEnd, AmendmentID: amendment,
	})
	if err != nil {
		return fmt.Errorf("store the deadline: %w", err)
	}
	return nil
}

// instantOrNow gives nil, which the database reads as its own hour, for the zero instant.
func instantOrNow(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

type change int

const (
	unchanged change = iota
	filled           // a missing language got its words
	amended          // words in force changed
)

// revise gives the text after a letter was read again. Where words changed in
// one language, the other language's words are outdated unless they came along.
// The same words in another file of the letter are no change (bilingual.SameWords).
// A working translation has no standing: other words take its place without an
// amendment, and it takes the place of none.
func revise(old, read bilingual.Text) (bilingual.Text, change) {
	updated, result := old, unchanged
	for _, lang := range bilingual.Langs {
		words, before, after := read.In(lang), old.State(lang), read.State(lang)
		switch {
		case words == "", bilingual.SameWords(words, old.In(lang)) && before != bilingual.Working:
		case after == bilingual.Working && old.In(lang) != "":
		case old.In(lang) == "", before == bilingual.Working:
			updated = updated.With(lang, words, read.State(lang))
			result = max(result, filled)
		default:
			updated = updated.With(lang, words, read.State(lang))
			result = amended
		}
	}
	if result != amended {
		return updated, result
	}
	for _, lang := range bilingual.Langs {
		other := lang.Other()
		if updated.In(lang) != old.In(lang) && updated.In(other) == old.In(other) && read.In(other) == "" {
			updated = updated.With(other, old.In(other), bilingual.Outdated)
		}
	}
	return updated, result
}

// packReading gives a reading as it is stored, with its last day in time: a
// date, or the end of the tenure, which is only known when it is asked for.
func packReading(r deadline.Reading) (packed []byte, due calendar.Date, dueAtEnd bool, err error) {
	if packed, err = json.Marshal(r); err != nil {
		return nil, due, false, fmt.Errorf("pack the reading: %w", err)
	}
	due, _ = r.Due(calendar.Date{})
	end := calendar.Date{Year: calendar.MaxYear, Month: 12, Day: 31}
	withEnd, ok := r.Due(end)
	return packed, due, ok && withEnd == end, nil
}

// fill gives words the language that they lack, or have in a working translation only.
func (w *letterWriter) fill(wording int64, t bilingual.Text) error {
	n, err := w.q.FillTranslation(w.ctx, db.FillTranslationParams{
		WordingID: wording, Nl: t.NL, NlState: string(t.NLState), Fr: t.FR, FrState: string(t.FRState),
	})
	if err != nil {
		return fmt.Errorf("store words: %w", err)
	}
	if n > 0 {
		w.touched = true
		w.translated = append(w.translated, wording)
	}
	return nil
}
