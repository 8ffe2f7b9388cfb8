package letter

import (
	"regexp"
	"strconv"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
)

// Options steer the reading of a letter.
type Options struct {
	Lang        bilingual.Lang // the letter's language; "" finds out
	Institution string         // whose mandate it is, for ForeignInstitution; "" takes the letter's own word
}

// Read reads a letter. It gives the draft, the findings in the order of the
// lines, and what became of every line of Split(text). It never fails: a text
// that is no letter gives a draft without objectives.
func Read(text string, o Options) (Draft, []Finding, Coverage) {
	raw := Split(text)
	lines := make([]string, len(raw))
	for i, line := range raw {
		lines[i] = clean(line)
	}
	if o.Lang == "" {
		o.Lang = DetectLang(text)
	}
	r := &reader{
		lang: o.Lang, lines: lines, words: wordsOf(lines),
		cover: make(Coverage, len(lines)), used: map[mandate.Code]bool{},
	}
	for _, p := range segment(lines, r.cover) {
		r.take(p)
	}
	r.settleObjectives()
	r.readDeadlines()
	r.check(o)
	sortFindings(r.findings)
	return r.draft, r.findings, r.cover
}

// reader builds the draft from the passages, in one walk.
type reader struct {
	lang     bilingual.Lang
	lines    []string
	words    words
	draft    Draft
	findings []Finding
	cover    Coverage

	places  []*place // every objective heading, in overview and body
	now     *place
	inGoals bool
	used    map[mandate.Code]bool // codes given within the objective at hand

	// last text of the objective, to which a list without label belongs
	last func(piece string, p *passage)
}

// place is one heading of an objective with what stands below it.
type place struct {
	Objective
	title   string
	covered []int // lines that went into it
	context strings.Builder
}

func (pl *place) hasBody() bool {
	return len(pl.Points)+len(pl.Goals)+len(pl.KPIs)+pl.context.Len() > 0 || pl.Deadline != nil
}

func (r *reader) find(f Finding) { r.findings = append(r.findings, f) }

// mark notes what became of a passage's lines.
func (r *reader) mark(p *passage, kind UseKind, where string) {
	for _, i := range p.lines {
		r.cover[i] = Use{kind, where}
	}
	if r.now != nil {
		r.now.covered = append(r.now.covered, p.lines...)
	}
}

// whole joins the pieces of a passage and reports doubtful hyphens.
func (r *reader) whole(p *passage) string {
	text, unsure := r.words.join(p.pieces)
	for _, w := range unsure {
		r.find(Finding{Line: p.span()[0], LastLine: lastLine(p), Severity: Info, Code: UnsureHyphen, Args: map[string]string{"Text": w}})
	}
	for _, i := range p.guessed {
		r.find(Finding{Line: i + 1, Severity: Info, Code: JoinedOverPage, Args: map[string]string{"Text": r.lines[i]}})
	}
	return text
}

func lastLine(p *passage) int {
	if s := p.span(); s[1] > s[0] {
		return s[1]
	}
	return 0
}

func (r *reader) text(p *passage) bilingual.Text { return bilingual.New(r.lang, r.whole(p)) }

// leave keeps a passage out of the draft and says so.
func (r *reader) leave(p *passage, code string) {
	r.mark(p, InFinding, code)
	var text []string
	for _, i := range p.lines {
		text = append(text, r.lines[i])
	}
	r.find(Finding{
		Line: p.span()[0], LastLine: lastLine(p), Severity: Error, Code: code,
		Args: map[string]string{"Text": excerpt(strings.Join(text, " "))},
	})
}

// take puts one passage where it belongs.
func (r *reader) take(p *passage) {
	switch p.kind {
	case mandateLabel:
		r.takeMandate(p)
	case sectionLabel:
		r.now, r.inGoals, r.last = nil, false, nil
		r.mark(p, Boilerplate, "section")
	case objectiveLabel:
		r.takeObjective(p)
	case goalsLabel:
		r.takeGoals(p)
	case pointLabel:
		r.takePoint(p)
	case targetLabel:
		r.takeTarget(p)
	case deadlineLabel:
		r.takeDeadline(p)
	case kpiLabel:
		r.takeKPI(p)
	default:
		r.takeUnlabelled(p)
	}
}

var (
	rankForm = regexp.MustCompile(`^\s*(A[4-7]\+?)(?:\s+|$)`)
	atForm   = spaced(`(?:^|\s)(?:bij|chez|auprès\s(?:de\s|d[’'])|au\ssein\sd(?:e\s|[’']))\s*(\p{Lu}[\p{L}\p{N}.’' -]*)([,;(].*)?$`)
	// ofForm also fits "Directeur van Human Resources"; it counts for a known name.
	ofForm = spaced(`(?:^|\s)(?:van|binnen|de|du|d[’'])\s*(\p{L}[\p{L}\p{N}.’' -]*)([,;(].*)?$`)
)

// splitHeading parts the heading of a mandate into the function and the
// institution. What follows the institution stays with the function.
func splitHeading(heading string) (title, institution string) {
	m := atForm.FindStringSubmatchIndex(heading)
	if m == nil {
		m = ofForm.FindStringSubmatchIndex(heading)
		if m == nil || !KnownInstitution(strings.TrimSpace(heading[m[2]:m[3]])) {
			return strings.TrimSpace(heading), ""
		}
	}
	return strings.TrimSpace(strings.TrimSpace(heading[:m[0]]) + heading[m[3]:]), strings.TrimSpace(heading[m[2]:m[3]])
}

func (r *reader) takeMandate(p *passage) {
	if !r.draft.Mandate.Title.IsZero() || len(r.places) > 0 {
		r.leave(p, NotUnderstood)
		return
	}
	m := &r.draft.Mandate
	title := r.whole(p)
	if found := rankForm.FindStringSubmatch(title); found != nil {
		m.Rank = found[1]
		title = title[len(found[0]):]
	}
	title, m.Institution = splitHeading(title)
	m.Title = bilingual.New(r.lang, title)
	m.Lines = p.span()
	r.mark(p, InResult, "mandate")
}

func (r *reader) takeObjective(p *passage) {
	code := mandate.Code{Kind: p.of, Objective: p.number}
	r.now = &place{Objective: Objective{Code: code, Kind: p.of, Lines: p.span(), Points: []MeasurementPoint{}}}
	r.places = append(r.places, r.now)
	r.inGoals, r.last, r.used = false, nil, map[mandate.Code]bool{}
	r.now.title = r.whole(p)
	r.now.Title = bilingual.New(r.lang, r.now.title)
	r.mark(p, InResult, code.String())
}

func (r *reader) takeGoals(p *passage) {
	if r.now == nil {
		r.leave(p, WithoutParent)
		return
	}
	r.inGoals, r.last = true, nil
	if len(p.pieces) > 0 { // text behind the colon is the first goal
		r.addGoal(p)
		return
	}
	r.mark(p, Boilerplate, "goals")
}

func (r *reader) addGoal(p *passage) {
	r.now.Goals = append(r.now.Goals, r.text(p))
	r.mark(p, InResult, r.now.Code.String()+"/goal"+strconv.Itoa(len(r.now.Goals)))
}

func (r *reader) takePoint(p *passage) {
	if r.now == nil {
		r.leave(p, WithoutParent)
		return
	}
	r.inGoals = false
	written := strconv.Itoa(p.number)
	if p.parent > 0 {
		written = strconv.Itoa(p.parent) + "." + written
	}
	code := r.now.Code
	code.Point = p.number
	if p.parent > 0 && p.parent != code.Objective {
		r.find(r.at(p, Warning, NumberMismatch, "Number", written, "Code", r.now.Code.String()))
	}
	if r.used[code] {
		for r.used[code] && code.Point < 99 {
			code.Point++
		}
		r.find(r.at(p, Error, DuplicateNumber, "Number", written, "Code", code.String()))
		if r.used[code] {
			r.leave(p, NotUnderstood)
			return
		}
	}
	r.used[code] = true
	r.now.Points = append(r.now.Points, MeasurementPoint{Code: code, Text: r.text(p), Targets: []Target{}, Lines: p.span()})
	at := &r.now.Points[len(r.now.Points)-1]
	r.keep(p, code.String(), &at.Text, &at.Lines)
}

// keep marks a passage as taken and lets a list below it join its text.
func (r *reader) keep(p *passage, where string, text *bilingual.Text, lines *Lines) {
	r.mark(p, InResult, where)
	if text.IsZero() {
		code, _, _ := strings.Cut(where, "/")
		r.find(r.at(p, Error, EmptyText, "Code", code))
	}
	var whole strings.Builder // grows with the list without copying it each time
	whole.WriteString(text.In(r.lang))
	r.last = func(piece string, item *passage) {
		if whole.Len() > 0 {
			whole.WriteByte('\n')
		}
		whole.WriteString(piece)
		*text = bilingual.New(r.lang, whole.String())
		lines[1] = item.span()[1]
		r.mark(item, InResult, where)
	}
}

// at makes a finding about a passage; args are names and values in turn.
func (r *reader) at(p *passage, s Severity, code string, args ...string) Finding {
	return finding(p.span(), s, code, args...)
}

func finding(at Lines, s Severity, code string, args ...string) Finding {
	f := Finding{Line: at[0], Severity: s, Code: code}
	if at[1] > at[0] {
		f.LastLine = at[1]
	}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	return f
}
