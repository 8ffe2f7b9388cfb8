package evaluation

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

func TestAnEvaluationGoesOneStageOnAndBackWithAReason(t *testing.T) {
	whole := Ready{Report: true, Opinions: true, Conclusion: true}
	for name, c := range map[string]struct {
		from, to Stage
		ready    Ready
		want     error
	}{
		"on":                             {Planned, Preparing, Ready{}, nil},
		"over one":                       {Planned, ReportIn, whole, ErrNoSuchStep},
		"nowhere":                        {Planned, Planned, whole, ErrNoSuchStep},
		"to what is no stage":            {Planned, "done", whole, ErrNoSuchStep},
		"on without a report":            {Preparing, ReportIn, Ready{}, ErrReasonForIt},
		"on without a report, and why":   {Preparing, ReportIn, Ready{HasReason: true}, nil},
		"on without opinions":            {ReportIn, OpinionsIn, Ready{Report: true}, ErrReasonForIt},
		"concluded without a conclusion": {Interview, Concluded, Ready{HasReason: true}, ErrNoConclusion},
		"concluded":                      {Interview, Concluded, whole, nil},
		"closed without an appeal":       {Concluded, Closed, whole, nil},
		"appealed":                       {Concluded, Appeal, whole, nil},
		"back":                           {Closed, Appeal, whole, ErrReasonForIt},
		"back with a reason":             {Closed, Preparing, Ready{HasReason: true}, nil},
		"on from the last":               {Closed, Closed, whole, ErrNoSuchStep},
	} {
		if err := Move(c.from, c.to, c.ready); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestTheHolderSeesWhatWasShownOnce(t *testing.T) {
	whole := Case{
		ShownFrom: Interview, Opinions: []Opinion{{ID: 1}}, Conclusions: []Conclusion{{ID: 1}},
		Documents: []SignedDocument{{About: AboutReport}, {About: AboutOpinion}, {About: AboutConclusion}},
	}
	for name, c := range map[string]struct {
		steps                            []Stage
		opinions, conclusions, documents int
	}{
		"planned":        {nil, 0, 0, 1},
		"opinions in":    {[]Stage{Preparing, ReportIn, OpinionsIn}, 0, 0, 1},
		"interview":      {[]Stage{Preparing, ReportIn, OpinionsIn, Interview}, 1, 0, 2},
		"taken back":     {[]Stage{Interview, Preparing}, 1, 0, 2},
		"concluded":      {[]Stage{Interview, Concluded}, 1, 1, 3},
		"in appeal":      {[]Stage{Concluded, Appeal}, 1, 1, 3},
		"closed at last": {[]Stage{Concluded, Appeal, Closed}, 1, 1, 3},
	} {
		one := whole
		for _, s := range c.steps {
			one.Steps = append(one.Steps, Step{To: s})
		}
		for relation, want := range map[Relation][3]int{Holder: {c.opinions, c.conclusions, c.documents}, Officer: {1, 1, 3}, Assessor: {1, 1, 3}, "": {}} {
			got := one.For(relation)
			if have := [3]int{len(got.Opinions), len(got.Conclusions), len(got.Documents)}; have != want {
				t.Errorf("%s, %s: %v, want %v", name, relation, have, want)
			}
		}
	}
	if len(whole.Documents) != 3 {
		t.Error("what one reader may not see is gone for all")
	}
}

func entry(id, supersedes int64, asOf calendar.Date) progress.Entry {
	return progress.Entry{ID: id, TargetID: 1, Supersedes: supersedes, AsOf: asOf, Status: progress.OnTrack}
}

// Every footnote resolves: to an entry, its version and its day. What the record
// does not hold is told.
func TestEveryFootnoteResolves(t *testing.T) {
	day := calendar.MustDate(2026, 6, 30)
	record := Record{Entries: []progress.Entry{entry(10, 0, day), entry(11, 10, day), entry(12, 0, day.AddDays(31))}}
	layout := Layout{{Code: "summary", Whole: true}, {Code: "entries", Record: true}, {Code: "result"}, {Code: "end", Whole: true}}
	texts := []Text{
		{General, "end", "Slot [#99]."},
		{General, "summary", "Twee projecten [#12]."},
		{"S1", "result", "40 % bereikt [#11], zie ook [#12][#10]."},
		{"S1", "dropped", "[#13]"},
	}
	quotes, unknown := Footnotes(layout, []string{"S1"}, texts, record)
	type note struct {
		Number  int
		Entry   int64
		Version int
	}
	var got []note
	for _, q := range quotes {
		got = append(got, note{q.Number, q.EntryID, q.Version})
	}
	if diff := cmp.Diff([]note{{1, 12, 1}, {2, 11, 2}, {3, 10, 1}}, got); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(unknown, []int64{99}) {
		t.Errorf("unknown: %v", unknown)
	}
	if later, changed := record.Correction(10); !changed || later.ID != 11 {
		t.Errorf("entry 10 is corrected by %d, %v", later.ID, changed)
	}
	if len(record.Of(1)) != 2 {
		t.Error("a corrected entry stands beside its correction")
	}
}

func TestASentenceWithAFigureAndNoSourceIsNamed(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                 {},
		"Er is goed gewerkt.":              {},
		"In 2026 zijn er 3 projecten.":     {"In 2026 zijn er 3 projecten."},
		"Er zijn 3 projecten [#12].":       {},
		"Er zijn 3 projecten. [#12] Meer.": {},
		"Er zijn 3 projecten.\nWat later 4. Dan niets.": {"Er zijn 3 projecten.", "Wat later 4."},
		"Een [#12] zonder cijfer.":                      {},
	} {
		if got := Unsourced(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestPiecesPutTogetherAreTheText(t *testing.T) {
	for _, text := range []string{"", "[#1]", "a [#12] b", "[#0] [#x] [#9", "[#1][#2]"} {
		whole := ""
		for _, p := range Pieces(text) {
			if p.Entry != 0 {
				whole += Reference(p.Entry)
			}
			whole += p.Text
		}
		if whole != text {
			t.Errorf("%q became %q", text, whole)
		}
	}
}

func TestThePlannedDayFollowsTheSettings(t *testing.T) {
	s := Settings{InterimAfterMonths: 30, FinalBeforeMonths: 3, ReportDueDays: 30}
	from, until := calendar.MustDate(2024, 10, 1), calendar.MustDate(2029, 9, 30)
	for name, c := range map[string]struct {
		kind     string
		until    calendar.Date
		standsIn bool
		want     calendar.Date
	}{
		"interim":                 {Interim, until, false, calendar.MustDate(2027, 4, 1)},
		"interim without an end":  {Interim, calendar.Date{}, false, calendar.MustDate(2027, 4, 1)},
		"final":                   {Final, until, false, calendar.MustDate(2029, 6, 30)},
		"final without an end":    {Final, calendar.Date{}, false, calendar.Date{}},
		"of who stands in":        {Interim, until, true, calendar.Date{}},
		"of a short tenure":       {Interim, calendar.MustDate(2025, 10, 1), false, calendar.Date{}},
		"of a kind that is added": {"yearly", until, false, calendar.Date{}},
	} {
		if got, _, _ := s.PlannedFor(c.kind, from, c.until, c.standsIn); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestWhatIsMissing(t *testing.T) {
	s := Settings{ReportDueDays: 30, OpinionsDueDays: 14}
	planned := calendar.MustDate(2026, 12, 31) // report by 1 December, opinions by 17 December
	for name, c := range map[string]struct {
		e     Summary
		today calendar.Date
		want  []Lack
	}{
		"long before":      {Summary{Stage: Planned, Assessors: 1}, calendar.MustDate(2026, 10, 1), nil},
		"nobody named":     {Summary{Stage: Planned}, calendar.MustDate(2026, 10, 1), []Lack{NoAssessor}},
		"not begun":        {Summary{Stage: Planned, Assessors: 1}, calendar.MustDate(2026, 11, 1), []Lack{NotBegun}},
		"the last day":     {Summary{Stage: Preparing, Assessors: 1}, calendar.MustDate(2026, 12, 1), []Lack{ReportDue}},
		"the day after":    {Summary{Stage: Preparing, Assessors: 1}, calendar.MustDate(2026, 12, 2), []Lack{ReportLate}},
		"opinions":         {Summary{Stage: ReportIn, Assessors: 1, Report: true, Given: []Capacity{Superior}}, calendar.MustDate(2026, 12, 2), []Lack{NoMinister}},
		"after the day":    {Summary{Stage: OpinionsIn, Assessors: 1, Given: []Capacity{Superior, Minister}}, calendar.MustDate(2027, 1, 1), []Lack{InterviewOver}},
		"nothing any more": {Summary{Stage: Closed}, calendar.MustDate(2028, 1, 1), nil},
	} {
		c.e.PlannedOn = planned
		if got := s.Missing(c.e, c.today); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Figures tell nothing of one person.
func TestFewOrEqualGradesAreNotCounted(t *testing.T) {
	for name, c := range map[string]struct {
		numbers []int
		minimum int
		shown   bool
	}{
		"none": {nil, 5, false}, "too few": {[]int{3, 1}, 5, false}, "enough": {[]int{4, 1}, 5, true}, "all the same": {[]int{9, 0}, 5, false}, "a careless minimum": {[]int{1, 1}, 1, false},
	} {
		var counts []Count
		for i, n := range c.numbers {
			counts = append(counts, Count{Grade{ID: int64(i)}, n})
		}
		if _, shown := Counted(counts, c.minimum); shown != c.shown {
			t.Errorf("%s: shown %v", name, shown)
		}
	}
}

func TestALayoutIsChecked(t *testing.T) {
	title := bilingual.Text{NL: "x", FR: "x"}
	for name, c := range map[string]struct {
		l  Layout
		ok bool
	}{
		"one":              {Layout{{Code: "result", Title: title}}, true},
		"none":             {nil, false},
		"twice":            {Layout{{Code: "a", Title: title}, {Code: "a", Title: title}}, false},
		"no French":        {Layout{{Code: "a", Title: bilingual.Text{NL: "x"}}}, false},
		"no such record":   {Layout{{Code: "a", Record: true, Title: title}}, false},
		"record as a text": {Layout{{Code: RecordEntries, Title: title}}, false},
	} {
		if err := c.l.Check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Before anybody followed the mandate, and in a half-year that is not over, silence is no fault.
func TestSilenceThatNobodyCouldBreakIsNoFault(t *testing.T) {
	target := mandate.Target{ID: 1, Deadline: mandate.Deadline{OwedFrom: calendar.MustDate(2024, 1, 1)}}
	got := ""
	for _, s := range (Record{}).Standings(target, calendar.MustDate(2024, 1, 1), calendar.MustDate(2026, 3, 31), calendar.MustDate(2025, 2, 14)) {
		got += s.Period.String() + " " + string(s.Status) + "\n"
	}
	want := "2024-H1 not_expected\n2024-H2 not_expected\n2025-H1 not_reported\n2025-H2 not_reported\n2026-H1 not_expected\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAnAppealIsOnThePathOnlyWhenThereWasOneOrStillMayBe(t *testing.T) {
	told := []Step{{From: Interview, To: Concluded}}
	for _, one := range []struct {
		steps []Step
		shown bool
	}{
		{told, true},
		{append(told[:1:1], Step{From: Concluded, To: Closed}), false},
		{append(told[:1:1], Step{From: Concluded, To: Appeal}, Step{From: Appeal, To: Closed}), true},
	} {
		if path := (Case{Steps: one.steps}).Path(); slices.Contains(path, Appeal) != one.shown {
			t.Errorf("after %+v: %v", one.steps, path)
		}
	}
}
