package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/letter"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

//go:embed data
var files embed.FS

// words are a pair of texts as the files have them.
type words struct{ NL, FR string }

// name is a pair whose languages weigh the same, as the name of an institution.
func (w words) name() bilingual.Text {
	return bilingual.Text{NL: w.NL, FR: w.FR, NLState: bilingual.Original, FRState: bilingual.Original}
}

type institution struct {
	Code   string
	Name   words
	Bodies []struct {
		Code     string
		Name     words
		Scope    string // "addressed"; "" for all
		External bool
	}
}

type person struct {
	Email, Name string
	Lang        bilingual.Lang
	Roles       []access.Role
	Scope       string // code of the institution that a granted role is limited to; "" for all
}

type tenure struct {
	Holder      string
	From, Until calendar.Date
	Interim     bool
}

type delegation struct {
	By, To      string
	From, Until calendar.Date
	Objectives  []mandate.Code // none: the whole mandate
}

type office struct {
	Code           string
	Institution    struct{ Code string }
	Letter, French string // names of the files
	Rank           string
	Heading        words
	Tenures        []tenure
	Delegations    []delegation
}

type entry struct {
	Period           calendar.HalfYear
	Target           mandate.Code
	AsOf             calendar.Date `json:"as_of"`
	RecordedAt       time.Time     `json:"recorded_at"`
	Author           string
	OnBehalfOf       string `json:"on_behalf_of"`
	Lang             bilingual.Lang
	Status           progress.Status
	Percentage       *decimal.Decimal
	Value            *decimal.Decimal
	Achieved         string
	Obstacles        string
	NextSteps        string        `json:"next_steps"`
	SupportAsked     string        `json:"support_asked"`
	SupportOf        string        `json:"support_of"`
	SupportBy        calendar.Date `json:"support_by"`
	Reason           string
	Corrects         bool   // the earlier entry of the same target and day
	CorrectionReason string `json:"correction_reason"`
}

type seal struct {
	Mandate  string
	Period   calendar.HalfYear
	SealedAt time.Time `json:"sealed_at"`
	By       string
}

func read[T any](name string) (v T, err error) {
	raw, err := files.ReadFile("data/" + name)
	if err != nil {
		return v, fmt.Errorf("read %s: %w", name, err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fmt.Errorf("read %s: %w", name, err)
	}
	return v, nil
}

// readLetter reads the Dutch letter of a mandate and sets its French beside it.
func readLetter(o office) (m mandate.Mandate, reading letter.Reading, source string, err error) {
	raw, err := files.ReadFile("data/" + o.Letter)
	if err != nil {
		return m, reading, "", err
	}
	if reading, err = letter.Load(o.Letter, raw, letter.Options{Lang: bilingual.NL}); err != nil {
		return m, reading, "", fmt.Errorf("read %s: %w", o.Letter, err)
	}
	french, err := translations(o.French)
	if err != nil {
		return m, reading, "", err
	}
	if missing := reading.Translate(bilingual.FR, french[bilingual.FR], bilingual.Working); len(missing) > 0 {
		return m, reading, "", fmt.Errorf("%s: the letter has no text %s", o.French, missing[0].Args["Code"])
	}
	m = reading.Tree()
	m.Code, m.Rank = o.Code, o.Rank
	m.Title = bilingual.New(bilingual.NL, o.Heading.NL).With(bilingual.FR, o.Heading.FR, bilingual.Working)
	return m, reading, string(raw), translateContext(&m)
}

// translateContext sets French beside the context of the shared objectives,
// which stands paragraph by paragraph in a file for all letters.
func translateContext(m *mandate.Mandate) error {
	pairs, err := translations("framework.nl-fr.tsv")
	if err != nil {
		return err
	}
	for _, o := range m.Objectives {
		for i, paragraph := range o.Context {
			key := fmt.Sprintf("%s/context%d", o.Code, i+1)
			if pairs[bilingual.NL][key] != paragraph.NL {
				return fmt.Errorf("framework.nl-fr.tsv: %s is not what the letter of %s says: %q", key, m.Code, paragraph.NL)
			}
			o.Context[i] = paragraph.With(bilingual.FR, pairs[bilingual.FR][key], bilingual.Working)
		}
	}
	return nil
}

func translations(name string) (letter.Translations, error) {
	raw, err := files.ReadFile("data/" + name)
	if err != nil {
		return nil, err
	}
	return letter.LoadTranslations(raw)
}

// session is what one person saved at once for one half-year.
type session struct {
	mandate string
	entries []entry
}

func (s session) at() time.Time { return s.entries[0].RecordedAt }

// sessions groups the entries of a mandate, which stand in the order of recording.
func sessions(code string, entries []entry) (all []session) {
	for _, e := range entries {
		if n := len(all); n > 0 {
			last := all[n-1].entries[0]
			if last.RecordedAt.Equal(e.RecordedAt) && last.Author == e.Author && last.OnBehalfOf == e.OnBehalfOf && last.Period == e.Period {
				all[n-1].entries = append(all[n-1].entries, e)
				continue
			}
		}
		all = append(all, session{code, []entry{e}})
	}
	return all
}

// event is a session, a seal or a decision; history is told in the order in which it happened.
type event struct {
	at      time.Time
	session session
	seal    seal
	said    *said
}

func history(offices []office) (events []event, err error) {
	for _, o := range offices {
		entries, err := read[[]entry]("entries/" + o.Code + ".json")
		if err != nil {
			return nil, err
		}
		for _, s := range sessions(o.Code, entries) {
			events = append(events, event{at: s.at(), session: s})
		}
	}
	seals, err := read[[]seal]("seals.json")
	if err != nil {
		return nil, err
	}
	for _, s := range seals {
		events = append(events, event{at: s.SealedAt, seal: s})
	}
	b, err := read[board]("board.json")
	if err != nil {
		return nil, err
	}
	for i := range b.Decisions {
		events = append(events, event{at: b.Decisions[i].At, said: &b.Decisions[i]})
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	return events, nil
}
