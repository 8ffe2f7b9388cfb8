package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
)

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func code(s string) mandate.Code {
	c, err := mandate.ParseCode(s)
	if err != nil {
		panic(err)
	}
	return c
}

// words are Dutch and, behind a bar, French: "doel|objectif".
func original(words string) bilingual.Text {
	nl, fr, _ := strings.Cut(words, "|")
	return bilingual.Text{}.With(bilingual.NL, nl, bilingual.Original).With(bilingual.FR, fr, bilingual.Original)
}

func due(words string) mandate.Deadline {
	t := original(words)
	lang := bilingual.NL
	if t.NL == "" {
		lang = bilingual.FR
	}
	return mandate.Deadline{Text: t, Reading: deadline.Read(t.In(lang), lang)}
}

// tree makes a mandate from places and their words: an objective, a point, a
// target with its deadline behind "@", in the order of a letter.
func tree(mandateCode string, places ...string) mandate.Mandate {
	m := mandate.Mandate{Code: mandateCode, Rank: "A4", Title: original("Directeur " + mandateCode)}
	for _, place := range places {
		where, words, _ := strings.Cut(place, " ")
		head, part, _ := strings.Cut(where, "/")
		c := code(head)
		var o *mandate.Objective
		if n := len(m.Objectives); n > 0 {
			o = &m.Objectives[n-1]
		}
		switch {
		case part == "goal":
			o.Goals = append(o.Goals, original(words))
		case part == "deadline":
			d := due(words)
			o.Deadline = &d
		case c.Target > 0:
			p := &o.Points[len(o.Points)-1]
			words, phrase, _ := strings.Cut(words, " @ ")
			t := mandate.Target{Code: c, Text: original(words)}
			if phrase != "" {
				t.Deadline = due(phrase)
			}
			p.Targets = append(p.Targets, t)
		case c.Point > 0:
			o.Points = append(o.Points, mandate.MeasurementPoint{Code: c, Text: original(words)})
		case c.KPI > 0:
			o.KPIs = append(o.KPIs, mandate.KPI{Code: c, Text: original(words)})
		default:
			m.Objectives = append(m.Objectives, mandate.Objective{Code: c, Title: original(words)})
		}
	}
	return m
}

// small is a letter with a bit of everything.
func small(mandateCode string) mandate.Mandate {
	return tree(mandateCode,
		"S1 Dienst", "S1.1 Punt", "S1.1-1 Plan maken @ december 2025", "S1.1-2 Plan volgen @ doorlopend vanaf januari 2026",
		"S2 Ander", "S2.1 Punt twee", "S2.1-1 Op het einde @ einde mandaat",
		"T1 Kwaliteit", "T1/goal Burgers eerst", "T1.1 Gedeeld punt", "T1.1-1 Gedeeld doel @ doorlopend", "T1-K1 Tevredenheid",
		"T2 Zonder meetpunt", "T2/deadline 2026",
	)
}

func actiris(m mandate.Mandate) Letter {
	return Letter{
		Mandate: m, Institution: mandate.Institution{Code: "ACTIRIS", Name: original("Actiris|Actiris")},
		Lang: bilingual.NL, FileName: "brief.txt", Source: "de brief", Location: "/nl/mandates",
	}
}

func storeLetter(t testing.TB, s *Store, l Letter) {
	t.Helper()
	if _, _, _, err := s.StoreLetter(AsSystem(context.Background()), Submission{Action: "import letter"}, l); err != nil {
		t.Fatal(err)
	}
}

// texts gives every text that is in force on a day as "place: words [state]".
func texts(t testing.TB, s *Store, mandateCode string, asOf calendar.Date) map[string]string {
	t.Helper()
	m := sheetOf(t, s, SheetQuestion{Code: mandateCode, AsOf: asOf}).Mandate
	passages, err := s.Passages(AsSystem(context.Background()), m.ID, asOf)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	put := func(place string, text bilingual.Text) {
		all[place] = fmt.Sprintf("%s [%s] %s [%s]", text.NL, text.NLState, text.FR, text.FRState)
	}
	for _, o := range m.Objectives {
		put(o.Code.String(), o.Title)
		if o.Deadline != nil {
			put(o.Code.String()+"/deadline", o.Deadline.Text)
		}
		for i, g := range passages[o.Code].Goals {
			put(fmt.Sprintf("%s/goal%d", o.Code, i+1), g)
		}
		for _, k := range o.KPIs {
			put(k.Code.String(), k.Text)
		}
		for _, p := range o.Points {
			put(p.Code.String(), p.Text)
			for _, target := range p.Targets {
				put(target.Code.String(), target.Text)
				put(target.Code.String()+"/deadline", target.Deadline.Text)
			}
		}
	}
	return all
}

// dump gives the rows of tables as JSON, to see that nothing changed.
func dump(t testing.TB, s *Store, tables ...string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, table := range tables {
		rows, _ := s.pool.Query(AsSystem(context.Background()), `SELECT to_jsonb(x)::text FROM `+pgx.Identifier{table}.Sanitize()+` x ORDER BY 1`)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		all[table] = lines
	}
	return all
}

var letterTables = []string{
	"institution", "body", "framework", "wording", "wording_version", "amendment", "objective", "passage",
	"measurement_point", "target", "kpi", "deadline", "letter_import",
}

func count(t testing.TB, s *Store, sql string, args ...any) (n int) {
	t.Helper()
	if err := s.pool.QueryRow(AsSystem(context.Background()), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheSameLetterTwiceChangesNothing(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	before := dump(t, s, letterTables...)
	storeLetter(t, s, actiris(small("MA")))
	if diff := cmp.Diff(before, dump(t, s, letterTables...)); diff != "" {
		t.Errorf("before (-) after (+)\n%s", diff)
	}
}

func TestALetterIsStoredWhole(t *testing.T) {
	s := open(t)
	m := small("MA")
	storeLetter(t, s, actiris(m))
	got := sheetOf(t, s, SheetQuestion{Code: "MA", AsOf: day("2025-06-01"), Passages: "T1"}).Mandate
	want := map[string]string{}
	for _, o := range m.Objectives {
		for _, target := range o.Targets() {
			want[target.Code.String()] = fmt.Sprint(target.Text.NL, "|", target.Deadline.Text.NL, "|", target.Deadline.Reading.Reading)
		}
	}
	stored := map[string]string{}
	for _, target := range got.Targets() {
		stored[target.Code.String()] = fmt.Sprint(target.Text.NL, "|", target.Deadline.Text.NL, "|", target.Deadline.Reading.Reading)
	}
	if diff := cmp.Diff(want, stored); diff != "" {
		t.Errorf("letter (-) stored (+)\n%s", diff)
	}
	if due := got.Objectives[0].Points[0].Targets[0].Deadline.Due; due != day("2025-12-31") {
		t.Errorf("december 2025 is due %s", due)
	}
	if from := got.Objectives[0].Points[0].Targets[1].Deadline.OwedFrom; from != day("2026-01-01") {
		t.Errorf("doorlopend vanaf januari 2026 is owed from %s", from)
	}
	if goals := got.Objectives[2].Goals; len(goals) != 1 || goals[0].NL != "Burgers eerst" {
		t.Errorf("goals of T1: %v", goals)
	}
	if kpis := got.Objectives[2].KPIs; len(kpis) != 1 || kpis[0].Text.NL != "Tevredenheid" {
		t.Errorf("KPIs of T1: %v", kpis)
	}
	if d := got.Objectives[3].Deadline; d == nil || d.Text.NL != "2026" || d.Due != day("2026-12-31") {
		t.Errorf("deadline of T2: %+v", d)
	}
}

func TestAFrenchLetterFillsTheFrench(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	french := tree("MA", "S1 |Service", "S1.1 |Point", "S1.1-1 |Faire un plan @ |décembre 2025", "T1 |Qualité", "T1/goal |Les citoyens d’abord")
	french.Title = original("|Directrice")
	l := actiris(french)
	l.Lang, l.Source = bilingual.FR, "la lettre"
	storeLetter(t, s, l)
	got := texts(t, s, "MA", day("2026-01-01"))
	for place, want := range map[string]string{
		"S1":              "Dienst [original] Service [original]",
		"S1.1-1":          "Plan maken [original] Faire un plan [original]",
		"S1.1-1/deadline": "december 2025 [original] décembre 2025 [original]",
		"S1.1-2":          "Plan volgen [original]  []",
		"T1/goal1":        "Burgers eerst [original] Les citoyens d’abord [original]",
	} {
		if got[place] != want {
			t.Errorf("%s: %s, want %s", place, got[place], want)
		}
	}
	if title := sheetOf(t, s, SheetQuestion{Code: "MA", AsOf: day("2026-01-01")}).Mandate.Title; title.NL != "Directeur MA" || title.FR != "Directrice" {
		t.Errorf("title %+v", title)
	}
	if n := count(t, s, `SELECT count(*) FROM amendment`); n != 0 {
		t.Errorf("a translation made %d amendments", n)
	}
	if n := count(t, s, `SELECT count(*) FROM letter_import`); n != 2 {
		t.Errorf("%d letters are kept, want both", n)
	}
}

func TestAWorkingTranslationGivesWayWithoutAmendment(t *testing.T) {
	s := open(t)
	m := small("MA")
	m.Objectives[0].Title = m.Objectives[0].Title.With(bilingual.FR, "Office", bilingual.Working)
	m.Objectives[2].Title = m.Objectives[2].Title.With(bilingual.FR, "Qualité", bilingual.Working)
	storeLetter(t, s, actiris(m))
	storeLetter(t, s, actiris(tree("MA", "S1 |Service", "T1 |Qualité")))
	storeLetter(t, s, actiris(m)) // the working translation again
	got := texts(t, s, "MA", day("2026-01-01"))
	if got["S1"] != "Dienst [original] Service [original]" || got["T1"] != "Kwaliteit [original] Qualité [original]" {
		t.Errorf("S1: %s, T1: %s", got["S1"], got["T1"])
	}
}

func TestChangedWordsNeedADay(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	before := dump(t, s, append(letterTables, "mandate", "audit_event")...)
	for _, changed := range []string{"S1 Nieuwe dienst", "T1 Betere kwaliteit"} {
		_, _, _, err := s.StoreLetter(AsSystem(context.Background()), Submission{Action: "import letter"}, actiris(tree("MA", changed)))
		if !errors.Is(err, ErrAmendment) {
			t.Errorf("%s: got %v, want ErrAmendment", changed, err)
		}
	}
	if diff := cmp.Diff(before, dump(t, s, append(letterTables, "mandate", "audit_event")...)); diff != "" {
		t.Errorf("before (-) after (+)\n%s", diff)
	}
}

// amend stores a letter that changes words from a day on.
func amend(t testing.TB, s *Store, effective string, m mandate.Mandate) {
	t.Helper()
	l := actiris(m)
	l.EffectiveOn, l.Reason, l.Source = day(effective), "besluit van "+effective, "brief van "+effective
	storeLetter(t, s, l)
}

func TestAnAmendmentCountsFromItsDay(t *testing.T) {
	s := open(t)
	m := small("MA")
	m.Objectives[0].Title = original("Dienst|Service")
	storeLetter(t, s, actiris(m))
	amend(t, s, "2026-03-01", tree("MA", "S1 Dienst twee", "S1.1 Punt", "S1.1-1 Plan maken @ juni 2026", "S1.1-3 Erbij @ 2027"))
	amend(t, s, "2026-07-01", tree("MA", "S1 Dienst drie|Service trois"))
	for _, c := range []struct{ asOf, s1, deadline string }{
		{"2025-01-01", "Dienst [original] Service [original]", "december 2025 [original]  []"},
		{"2026-02-28", "Dienst [original] Service [original]", "december 2025 [original]  []"},
		{"2026-03-01", "Dienst twee [original] Service [outdated]", "juni 2026 [original]  []"},
		{"2026-06-30", "Dienst twee [original] Service [outdated]", "juni 2026 [original]  []"},
		{"2026-07-01", "Dienst drie [original] Service trois [original]", "juni 2026 [original]  []"},
	} {
		got := texts(t, s, "MA", day(c.asOf))
		if got["S1"] != c.s1 || got["S1.1-1/deadline"] != c.deadline {
			t.Errorf("as of %s: S1 is %s, its deadline %s", c.asOf, got["S1"], got["S1.1-1/deadline"])
		}
	}
	if n := count(t, s, `SELECT count(*) FROM amendment`); n != 2 {
		t.Errorf("%d amendments", n)
	}
	if got := texts(t, s, "MA", day("2026-07-01"))["S1.1-3"]; got != "Erbij [original]  []" {
		t.Errorf("the new target: %q", got)
	}
}

// What a letter adds is there from the day on that it gives, also for what
// others ask of that mandate, and without a day from the start; it was known
// from when it was stored.
func TestWhatALetterAddsIsThereFromItsDay(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	amend(t, s, "2026-03-01", tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-3 Erbij @ om de twee maanden"))
	storeLetter(t, s, actiris(tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-4 Vergeten @ 2027")))
	at := func(asOf string, known time.Time) (codes []string, late int) {
		sheet := sheetOf(t, s, SheetQuestion{Code: "MA", AsOf: day(asOf), Known: known})
		for _, g := range sheet.Mandate.Objectives[0].Targets() {
			codes = append(codes, g.Code.String())
		}
		for _, d := range sheet.Duties(day("2025-01-01"), day("2026-12-31")) {
			if d.Target.Code == code("S1.1-3") && d.Due.Before(day("2026-03-01")) {
				late++
			}
		}
		return codes, late
	}
	for _, c := range []struct {
		asOf  string
		known time.Time
		want  string
	}{
		{"2026-02-28", time.Time{}, "S1.1-1 S1.1-2 S1.1-4"},
		{"2026-03-01", time.Time{}, "S1.1-1 S1.1-2 S1.1-3 S1.1-4"},
		{"2026-03-01", day("2026-03-01").Time(), "S1.1-1 S1.1-2"},
	} {
		got, late := at(c.asOf, c.known)
		if strings.Join(got, " ") != c.want || late != 0 {
			t.Errorf("as of %s: %v, %d duties of before it was there, want %s", c.asOf, got, late, c.want)
		}
	}
	id := count(t, s, `SELECT id FROM mandate`)
	amendments, err := s.Amendments(AsSystem(t.Context()), int64(id), time.Time{})
	if err != nil || len(amendments) != 1 || amendments[0].EffectiveOn != day("2026-03-01") || len(amendments[0].Changes) != 2 {
		t.Fatalf("amendments %+v, %v", amendments, err)
	}
	if c := amendments[0].Changes[0]; c.Name != "S1.1-3" || c.Before.NL != "" || c.After.NL != "Erbij" {
		t.Errorf("the amendment says %+v", c)
	}
}

// An objective of the mandate itself comes before those that all mandates share.
func TestAnAddedObjectiveStandsByItsCode(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	amend(t, s, "2026-03-01", tree("MA", "S3 Nieuw", "S3.1 Punt", "S3.1-1 Doel @ 2027", "T3 Ook gedeeld"))
	var codes []string
	for _, o := range sheetOf(t, s, SheetQuestion{Code: "MA", AsOf: day("2026-03-01")}).Mandate.Objectives {
		codes = append(codes, o.Code.String())
	}
	if got := strings.Join(codes, " "); got != "S1 S2 S3 T1 T2 T3" {
		t.Errorf("they stand as %s", got)
	}
}

func TestAnAmendmentOfTheSameDayIsCorrected(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	amend(t, s, "2026-03-01", tree("MA", "S1 Dienst twee", "S1.1 Punt", "S1.1-1 Plan maken @ juni 2026"))
	amend(t, s, "2026-03-01", tree("MA", "S1 Dienst 2", "S1.1 Punt", "S1.1-1 Plan maken @ juli 2026"))
	got := texts(t, s, "MA", day("2026-03-01"))
	if got["S1"] != "Dienst 2 [original]  []" || got["S1.1-1/deadline"] != "juli 2026 [original]  []" {
		t.Errorf("S1 %s, deadline %s", got["S1"], got["S1.1-1/deadline"])
	}
}

func TestAnAmendmentCannotComeBeforeTheWordsInForce(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	amend(t, s, "2026-03-01", tree("MA", "S1 Dienst twee", "S1.1 Punt", "S1.1-1 Plan maken @ juni 2026"))
	for _, words := range []string{"S1 Dienst drie", "S1 Dienst twee;S1.1 Punt;S1.1-1 Plan maken @ juli 2026"} {
		l := actiris(tree("MA", strings.Split(words, ";")...))
		l.EffectiveOn = day("2026-02-01")
		if _, _, _, err := s.StoreLetter(AsSystem(context.Background()), Submission{Action: "import letter"}, l); !errors.Is(err, ErrAmendment) {
			t.Errorf("%s: got %v, want ErrAmendment", words, err)
		}
	}
}

func TestSharedWordsExistOnce(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	before := count(t, s, `SELECT count(*) FROM wording WHERE framework_id IS NOT NULL`)
	own := count(t, s, `SELECT count(*) FROM wording WHERE framework_id IS NULL`)
	storeLetter(t, s, actiris(small("MB")))
	if n := count(t, s, `SELECT count(*) FROM wording WHERE framework_id IS NOT NULL`); n != before || n == 0 {
		t.Errorf("shared wordings went from %d to %d", before, n)
	}
	if n := count(t, s, `SELECT count(*) FROM wording WHERE framework_id IS NULL`); n != 2*own {
		t.Errorf("own wordings went from %d to %d", own, n)
	}

	// French that one mandate brings is French for the other, whose pages are no longer as they were.
	version := func() int { return count(t, s, `SELECT version FROM mandate WHERE code = 'MB'`) }
	was := version()
	storeLetter(t, s, actiris(tree("MA", "T1 |Qualité")))
	if version() == was {
		t.Error("pages of B with its old words pass as unchanged after a letter of A")
	}
	was = version()
	sub := Submission{Key: uuid.New(), PersonID: person(t, s, "an@jalon.example"), Action: "translate"}
	if _, _, err := s.Translate(AsSystem(context.Background()), sub, Translation{Code: "MA", Kind: "passage", Place: "T1/goal1", Lang: bilingual.FR, Words: "Les citoyens d'abord"}); err != nil {
		t.Fatal(err)
	}
	if version() == was {
		t.Error("pages of B with its old words pass as unchanged after a translation at A")
	}
	was = version()
	storeLetter(t, s, actiris(tree("MD", "T1 Kwaliteit|Qualité", "T1/goal Burgers eerst", "T1.1 Gedeeld punt|Point partagé")))
	if version() == was {
		t.Error("pages of B with its old words pass as unchanged after the first letter of another mandate")
	}
	was = version()
	storeLetter(t, s, actiris(tree("MA", "S1 |Service")))
	if version() != was {
		t.Error("own words of A make pages of B new")
	}
	if got := texts(t, s, "MB", day("2026-01-01"))["T1"]; got != "Kwaliteit [original] Qualité [original]" {
		t.Errorf("T1 of B: %s", got)
	}

	amend(t, s, "2026-03-01", tree("MA", "T1 Betere kwaliteit", "T1/goal Burgers eerst en laatst"))
	for _, c := range []struct{ mandate, asOf, t1, goal string }{
		{"MA", "2026-02-28", "Kwaliteit [original] Qualité [original]", "Burgers eerst [original] Les citoyens d'abord [translated]"},
		{"MA", "2026-03-01", "Betere kwaliteit [original] Qualité [outdated]", "Burgers eerst en laatst [original] Les citoyens d'abord [outdated]"},
		{"MB", "2026-03-01", "Kwaliteit [original] Qualité [original]", "Burgers eerst [original] Les citoyens d'abord [translated]"},
	} {
		got := texts(t, s, c.mandate, day(c.asOf))
		if got["T1"] != c.t1 || got["T1/goal1"] != c.goal {
			t.Errorf("%s as of %s: %s; %s", c.mandate, c.asOf, got["T1"], got["T1/goal1"])
		}
	}
	storeLetter(t, s, actiris(small("MC"))) // still finds the words of the framework
	if n := count(t, s, `SELECT count(*) FROM wording WHERE framework_id IS NOT NULL`); n != before {
		t.Errorf("shared wordings went from %d to %d", before, n)
	}
}

func TestALetterSentTwiceAtOnceIsStoredOnce(t *testing.T) {
	s := open(t)
	sub := Submission{Key: uuid.New(), PersonID: person(t, s, "an@jalon.example"), Action: "import letter"}
	results := make(chan bool, 8)
	for range cap(results) {
		go func() {
			_, _, repeated, err := s.StoreLetter(AsSystem(context.Background()), sub, actiris(small("MA")))
			results <- repeated || err != nil
		}()
	}
	first := 0
	for range cap(results) {
		if !<-results {
			first++
		}
	}
	if first != 1 || count(t, s, `SELECT count(*) FROM mandate`) != 1 {
		t.Errorf("%d of them stored it", first)
	}
}

func TestAnInstitutionKeepsTheBodyOfItsTables(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	head, err := s.TableHead(AsSystem(context.Background()), "MA")
	if err != nil || head.Body.Code != "DR" || head.Body.Name.FR != "Conseil de direction" {
		t.Errorf("body %v, %v", head.Body, err)
	}
	storeLetter(t, s, actiris(small("MB")))
	if n := count(t, s, `SELECT count(*) FROM body`); n != 1 {
		t.Errorf("%d bodies", n)
	}
}

// Two amendments of one deadline from the same day on are two lines, each with what was before.
func TestADeadlineAmendedTwiceOnADayKeepsBothLines(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	for _, phrase := range []string{"juni 2026", "juli 2026"} {
		amend(t, s, "2026-03-01", tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-1 Plan maken @ "+phrase))
	}
	amend(t, s, "2026-09-01", tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-1 Plan maken @ december 2026"))
	all, err := s.Amendments(AsSystem(context.Background()), sheetOf(t, s, SheetQuestion{Code: "MA", AsOf: day("2026-10-01")}).Mandate.ID, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, a := range all {
		for _, c := range a.Changes {
			lines = append(lines, fmt.Sprintf("%s %s %s: %s → %s", a.EffectiveOn, c.Kind, c.Name, c.Before.NL, c.After.NL))
		}
	}
	want := []string{
		"2026-09-01 deadline S1.1-1: juli 2026 → december 2026",
		"2026-03-01 deadline S1.1-1: juni 2026 → juli 2026",
		"2026-03-01 deadline S1.1-1: december 2025 → juni 2026",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What a letter adds from a day on is told with its deadlines, as written and as
// read; a deadline that only got its words in the other language was not amended.
func TestAnAmendmentTellsTheDeadlinesThatItAdds(t *testing.T) {
	s := open(t)
	storeLetter(t, s, actiris(small("MA")))
	l := actiris(tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-9 Erbij|En plus @ uiterlijk maart 2027|au plus tard mars 2027", "S2 Ander", "S2.1 Punt twee", "S2.1-1 Op het einde @ |fin du mandat", "S3 Nieuw", "S3/deadline einde mandaat"))
	l.EffectiveOn = day("2026-03-01")
	storeLetter(t, s, l)
	all, err := s.Amendments(AsSystem(context.Background()), sheetOf(t, s, SheetQuestion{Code: "MA", AsOf: day("2026-10-01")}).Mandate.ID, time.Time{})
	if err != nil || len(all) != 1 {
		t.Fatalf("amendments %+v, %v", all, err)
	}
	var lines []string
	for _, c := range all[0].Changes {
		line := fmt.Sprintf("%s %s: %s|%s", c.Kind, c.Name, c.After.NL, c.After.FR)
		if c.Deadline != nil {
			line += fmt.Sprintf(" (%s, %v)", c.Deadline.Reading.Reading, c.Deadline.Confirmed())
		}
		lines = append(lines, line)
	}
	want := []string{
		"target S1.1-9: Erbij|En plus",
		"deadline S1.1-9: uiterlijk maart 2027|au plus tard mars 2027 (by 2027-03-31{m}, false)",
		"objective S3: Nieuw|",
		"deadline S3: einde mandaat| (mand end, false)",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What a letter did is told as it is: also when all that it brought is the other language.
func TestALetterTellsWhatItDid(t *testing.T) {
	s := open(t)
	dutch, both := small("MA"), small("MA")
	both.Objectives[0].Title = both.Objectives[0].Title.With(bilingual.FR, "Service", bilingual.Original)
	for _, c := range []struct {
		name string
		tree mandate.Mandate
		want LetterEffect
	}{
		{"a first letter", dutch, LetterNew},
		{"the same", dutch, LetterSame},
		{"with a translation", both, LetterChanged},
		{"the same translation", both, LetterSame},
	} {
		effect, _, _, err := s.StoreLetter(AsSystem(t.Context()), Submission{Action: "import letter"}, actiris(c.tree))
		if err != nil || effect != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, effect, err, c.want)
		}
	}
}
