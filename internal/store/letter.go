package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// since is the day from which a wording counts when no amendment gave it one.
var since = calendar.Date{Year: calendar.MinYear, Month: 1, Day: 1}

// Letter is a mandate letter to store: what was read from it, and its source.
type Letter struct {
	Mandate     mandate.Mandate // Code, texts and deadlines; ids are not used
	Institution mandate.Institution
	Lang        bilingual.Lang // that the letter is written in
	FileName    string
	Source      string        // the text as read
	Findings    any           // packed as JSON
	EffectiveOn calendar.Date // from when changed words and new places count; zero: no amendment, changed words are refused
	Authority   string        // who decided the amendment
	Reason      string        // of the amendment
	At          time.Time     // of recording; zero: the hour of the database
	Location    string        // where the answer sends the browser
}

// ErrAmendment refuses a letter that changes words in force without the day
// from which the change counts.
var ErrAmendment = errors.New("the letter changes words that are in force: give the date from which they count")

// The framework that shared objectives belong to until another one is adopted:
// the letter says that the Government fixed them on this day.
var framework = db.PutFrameworkParams{
	Code: "2016", NameNl: "Transversale doelstellingen van 20 juli 2016", NameFr: "Objectifs transversaux du 20 juillet 2016",
	AdoptedOn: calendar.Date{Year: 2016, Month: 7, Day: 20},
}

// StoreLetter stores a letter in one transaction. A new mandate is made with
// all its texts. For a known one, words of the other language fill what is
// missing; new places and changed words are an amendment that counts from
// EffectiveOn, and new places without a day are there from the start; nothing is
// ever removed. Storing the
// same letter again changes nothing. ErrAmendment for changed words without a
// day, or with one before the present words began; ErrSealed when the day, or
// without one the start, lies in a half-year that is sealed or before one.
func (s *Store) StoreLetter(ctx context.Context, sub Submission, l Letter) (effect LetterEffect, location string, repeated bool, err error) {
	location, repeated, err = s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		w := letterWriter{ctx: ctx, q: q, letter: l, by: orNull(sub.PersonID)}
		if err := w.open(); err != nil {
			return "", err
		}
		for i, o := range l.Mandate.Objectives {
			if err := w.objective(int16(i+1), o); err != nil {
				return "", fmt.Errorf("store %s: %w", o.Code, err)
			}
		}
		if err := w.finish(); err != nil {
			return "", err
		}
		effect = w.effect()
		// New places and amended deadlines show in the overview at once.
		if err := inNameOfSystem(ctx, tx); err != nil { // who imports a letter may see no progress, and no seals
			return "", err
		}
		if w.amended+w.added > 0 || w.amendmentID != nil {
			if err := w.refuseSealed([]int64{w.mandateID}); err != nil {
				return "", err
			}
		}
		if err := w.renewSharers(); err != nil {
			return "", err
		}
		if err := refreshAllCells(ctx, q, w.mandateID); err != nil {
			return "", err
		}
		event := sub.Event("letter/" + l.Mandate.Code)
		event.MandateID, event.Detail = w.mandateID, map[string]any{"lang": l.Lang, "amended": w.amended, "added": w.added}
		return l.Location, audit(ctx, q, event)
	})
	return effect, location, repeated, err
}

// LetterEffect is what a letter did that was stored.
type LetterEffect string

// Effects; a letter that was sent twice has none the second time.
const (
	LetterNew     LetterEffect = "new"     // it made a mandate
	LetterChanged LetterEffect = "changed" // it added to a mandate, or changed or translated its words
	LetterSame    LetterEffect = "same"    // all of it was there
)

func (w *letterWriter) effect() LetterEffect {
	switch {
	case !w.known:
		return LetterNew
	case w.touched:
		return LetterChanged
	}
	return LetterSame
}

// letterWriter walks the letter and writes what the database does not have yet.
type letterWriter struct {
	ctx         context.Context
	q           *db.Queries
	letter      Letter
	by          *int64
	known       bool // the mandate was there before
	mandateID   int64
	frameworkID int64
	places      map[string]db.PlacesRow    // what the mandate has already, by kind and place
	deadlines   map[string]db.DeadlinesRow // by the code of target or objective
	amendmentID *int64
	amended     int     // places whose words changed
	added       int     // places that a known mandate did not have
	translated  []int64 // words that were given the other language
	touched     bool    // something was added, changed or given the other language
}

// open finds the mandate, or makes it.
func (w *letterWriter) open() error {
	w.places, w.deadlines = map[string]db.PlacesRow{}, map[string]db.DeadlinesRow{}
	if err := w.q.TakeLetterTurn(w.ctx); err != nil {
		return fmt.Errorf("wait for other letters: %w", err)
	}
	m := w.letter.Mandate
	known, err := w.q.MandateForUpdate(w.ctx, m.Code)
	if errors.Is(err, pgx.ErrNoRows) {
		return w.create()
	}
	if err != nil {
		return fmt.Errorf("find mandate %s: %w", m.Code, err)
	}
	w.known, w.mandateID, w.frameworkID = true, known.ID, known.FrameworkID
	if _, err := w.q.BumpVersion(w.ctx, w.mandateID); err != nil {
		return err
	}
	places, err := w.q.Places(w.ctx, w.mandateID)
	if err != nil {
		return fmt.Errorf("read the texts of %s: %w", m.Code, err)
	}
	for _, p := range places {
		w.places[p.Kind+" "+p.Place] = p
	}
	deadlines, err := w.q.Deadlines(w.ctx, w.mandateID)
	if err != nil {
		return fmt.Errorf("read the deadlines of %s: %w", m.Code, err)
	}
	for _, d := range deadlines {
		w.deadlines[d.Place] = d
	}
	return w.title(m)
}

func (w *letterWriter) create() error {
	m, i := w.letter.Mandate, w.letter.Institution
	institutionID, err := w.q.PutInstitution(w.ctx, db.PutInstitutionParams{Code: i.Code, NameNl: i.Name.NL, NameFr: i.Name.FR})
	if err != nil {
		return fmt.Errorf("store institution %s: %w", i.Code, err)
	}
	// A half-yearly table goes to the management board, unless the institution has said otherwise.
	err = w.q.FirstBody(w.ctx, db.FirstBodyParams{InstitutionID: institutionID, Code: "DR", NameNl: "Directieraad", NameFr: "Conseil de direction"})
	if err != nil {
		return fmt.Errorf("store the body of %s: %w", i.Code, err)
	}
	if w.frameworkID, err = w.q.PutFramework(w.ctx, framework); err != nil {
		return fmt.Errorf("store the framework: %w", err)
	}
	w.mandateID, err = w.q.InsertMandate(w.ctx, db.InsertMandateParams{
		InstitutionID: institutionID, FrameworkID: w.frameworkID, Code: m.Code, Rank: m.Rank,
		TitleNl: m.Title.NL, TitleFr: m.Title.FR, TitleNlState: string(m.Title.NLState), TitleFrState: string(m.Title.FRState),
	})
	if err != nil {
		return fmt.Errorf("store mandate %s: %w", m.Code, err)
	}
	return nil
}

// title fills the language that the title lacks.
func (w *letterWriter) title(m mandate.Mandate) error {
	lines, err := w.q.ListMandates(w.ctx, db.ListMandatesParams{AsOf: since, Known: forever, Mandates: []int64{w.mandateID}})
	if err != nil || len(lines) != 1 {
		return fmt.Errorf("read the title of %s: %w", m.Code, err)
	}
	old := text(lines[0].TitleNl, lines[0].TitleFr, lines[0].TitleNlState, lines[0].TitleFrState)
	filled := old
	for _, lang := range bilingual.Langs {
		if filled.In(lang) == "" {
			filled = filled.With(lang, m.Title.In(lang), m.Title.State(lang))
		}
	}
	if filled == old {
		return nil
	}
	w.touched = true
	return w.q.SetTitle(w.ctx, db.SetTitleParams{
		ID: w.mandateID, TitleNl: filled.NL, TitleFr: filled.FR, TitleNlState: string(filled.NLState), TitleFrState: string(filled.FRState),
	})
}

func (w *letterWriter) objective(position int16, o mandate.Objective) error {
	code := o.Code.String()
	at, err := w.place("objective", code, o.Title, o.Code.Kind == mandate.Transversal, since, func(n newPlace) (int64, error) {
		if w.known { // the others stay in their order
			room := db.MakeRoomParams{MandateID: w.mandateID, Kind: string(o.Code.Kind), Number: int32(o.Code.Objective)}
			var err error
			if position, err = w.q.MakeRoom(w.ctx, room); err != nil {
				return 0, fmt.Errorf("make room: %w", err)
			}
		}
		return w.q.InsertObjective(w.ctx, db.InsertObjectiveParams{
			MandateID: w.mandateID, Kind: string(o.Code.Kind), Code: code, Position: position, WordingID: n.wording, ValidFrom: n.from, ToldFrom: n.told,
		})
	})
	if err != nil {
		return err
	}
	if err := w.passages(at, o); err != nil {
		return err
	}
	if o.Deadline != nil {
		if err := w.deadline(code, nil, &at.id, *o.Deadline); err != nil {
			return err
		}
	}
	for i, p := range o.Points {
		if err := w.point(w.position(i, p.Code.Point), at, p); err != nil {
			return fmt.Errorf("%s: %w", p.Code, err)
		}
	}
	for i, k := range o.KPIs {
		_, err := w.place("kpi", k.Code.String(), k.Text, true, at.from, func(n newPlace) (int64, error) {
			return 0, w.q.InsertKPI(w.ctx, db.InsertKPIParams{
				MandateID: w.mandateID, ObjectiveID: at.id, Code: k.Code.String(), Position: w.position(i, k.Code.KPI), WordingID: n.wording, ValidFrom: n.from, ToldFrom: n.told,
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// position is where a place stands among others, from its place in the letter.
// A letter that adds may hold nothing but that: then the code says it.
func (w *letterWriter) position(i, numbered int) int16 {
	if w.known {
		return int16(numbered)
	}
	return int16(i + 1)
}

func (w *letterWriter) passages(objective spot, o mandate.Objective) error {
	for kind, texts := range map[string][]bilingual.Text{"context": o.Context, "goal": o.Goals} {
		for i, t := range texts {
			if t.IsZero() {
				continue // an empty bullet: a finding names it, there are no words to keep
			}
			place := fmt.Sprintf("%s/%s%d", o.Code, kind, i+1)
			_, err := w.place("passage", place, t, o.Code.Kind == mandate.Transversal, objective.from, func(n newPlace) (int64, error) {
				return 0, w.q.InsertPassage(w.ctx, db.InsertPassageParams{ObjectiveID: objective.id, Kind: kind, Position: int16(i + 1), WordingID: n.wording, ValidFrom: n.from, ToldFrom: n.told})
			})
			if err != nil {
				return fmt.Errorf("%s: %w", place, err)
			}
		}
	}
	return nil
}

func (w *letterWriter) point(position int16, objective spot, p mandate.MeasurementPoint) error {
	code, shared := p.Code.String(), p.Code.Kind == mandate.Transversal
	at, err := w.place("point", code, p.Text, shared, objective.from, func(n newPlace) (int64, error) {
		return w.q.InsertPoint(w.ctx, db.InsertPointParams{
			MandateID: w.mandateID, ObjectiveID: objective.id, Code: code, Position: position, WordingID: n.wording, ValidFrom: n.from, ToldFrom: n.told,
		})
	})
	if err != nil {
		return err
	}
	for i, t := range p.Targets {
		if err := w.target(w.position(i, t.Code.Target), at, t, shared); err != nil {
			return fmt.Errorf("%s: %w", t.Code, err)
		}
	}
	return nil
}

func (w *letterWriter) target(position int16, point spot, t mandate.Target, shared bool) error {
	code := t.Code.String()
	at, err := w.place("target", code, t.Text, shared, point.from, func(n newPlace) (int64, error) {
		return w.q.InsertTarget(w.ctx, db.InsertTargetParams{
			MandateID: w.mandateID, MeasurementPointID: point.id, Code: code, Position: position, WordingID: n.wording, ValidFrom: n.from, ToldFrom: n.told,
		})
	})
	if err != nil || t.Deadline.Text.IsZero() {
		return err
	}
	return w.deadline(code, &at.id, nil, t.Deadline)
}

// finish keeps the source of the letter, with its findings.
func (w *letterWriter) finish() error {
	findings, err := json.Marshal(w.letter.Findings)
	if err != nil {
		return fmt.Errorf("pack findings: %w", err)
	}
	sum := sha256.Sum256([]byte(w.letter.Source))
	err = w.q.InsertImport(w.ctx, db.InsertImportParams{
		MandateID: w.mandateID, Lang: string(w.letter.Lang), FileName: w.letter.FileName,
		Sha256: sum[:], Source: w.letter.Source, Findings: findings, ImportedBy: w.by,
	})
	if err != nil {
		return fmt.Errorf("keep the letter: %w", err)
	}
	return nil
}
