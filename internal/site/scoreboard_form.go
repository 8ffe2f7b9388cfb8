package site

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/scoreboard"
	"jalon/internal/store"
	"jalon/web"
)

type scoreboardForm struct {
	Key        string `form:"idempotency_key,raw"`
	Code       string `form:"code,line,25" label:"scoreboard.code"`
	ValidFrom  string `form:"valid_from,line,20,required" label:"indicator.valid_from"`
	NameNL     string `form:"name_nl,line,200,required" label:"scoreboard.name_nl"`
	NameFR     string `form:"name_fr,line,200,required" label:"scoreboard.name_fr"`
	CheckEvery string `form:"check_every,choice,monthly|quarterly|half_yearly|yearly,required" label:"scoreboard.check_every"`
	Indicators string `form:"indicators,text,4000,required" label:"scoreboard.indicators"`
	Retired    string `form:"retired,choice,1" label:"scoreboard.retire"`
	Seen       string `form:"seen,raw"`
}

// mostIndicators is how many indicators a board has at most: more are not looked at.
const mostIndicators = 60

// openForDefinition finds the body and, where the address has one, the board, once the visitor may change it.
func (s *Site) openForDefinition(v *visit) (b store.Board, board *scoreboard.Board, err error) {
	code := chi.URLParam(v.Request, "board")
	b, boards, err := s.readScoreboards(v, code)
	if err != nil {
		return b, nil, err
	}
	if err := s.allow(v, access.ManageScoreboard, boardObject(b)); err != nil {
		return b, nil, err
	}
	if code == "" {
		return b, nil, nil
	}
	if len(boards) == 0 {
		return b, nil, errNotFound
	}
	return b, &boards[0], nil
}

func (s *Site) showNewScoreboard(w http.ResponseWriter, v *visit) error {
	b, _, err := s.openForDefinition(v)
	if err != nil {
		return err
	}
	choices, err := s.scoreboardChoices(v, b)
	if err != nil {
		return err
	}
	return s.drawScoreboardForm(w, v, b, nil, choices, scoreboardForm{ValidFrom: v.print.Date(v.today), CheckEvery: string(indicator.Quarterly)}, nil)
}

func (s *Site) showScoreboardDefinition(w http.ResponseWriter, v *visit) error {
	b, board, err := s.openForDefinition(v)
	if err != nil {
		return err
	}
	in := scoreboardForm{
		Code: board.Code, ValidFrom: v.print.Date(v.today), NameNL: board.Name.NL, NameFR: board.Name.FR, CheckEvery: string(board.CheckEvery),
		Seen: strconv.FormatInt(board.Newest, 10),
	}
	if board.Retired {
		in.Retired = "1"
	}
	choices, err := s.scoreboardChoices(v, b)
	if err != nil {
		return err
	}
	for _, item := range board.Items { // one that is followed no more cannot be chosen
		if slices.ContainsFunc(choices, func(one store.NamedIndicator) bool { return one.ID == item.IndicatorID }) {
			in.Indicators += item.Mandate + "." + item.Indicator + "\n"
		}
	}
	return s.drawScoreboardForm(w, v, b, board, choices, in, nil)
}

// scoreboardChoices lists the indicators that the visitor can put on a board: those of the institution that they reach.
func (s *Site) scoreboardChoices(v *visit, b store.Board) ([]store.NamedIndicator, error) {
	all, err := s.Store.IndicatorNames(v.Context(), b.Institution.ID, v.today)
	if err != nil {
		return nil, err
	}
	kept := all[:0]
	for _, one := range all {
		o := access.Object{MandateID: one.MandateID, InstitutionID: b.Institution.ID}
		if reachesIndicator(access.Covers(v.viewer, v.today, access.ViewMandate, o), one.Indicator) {
			kept = append(kept, one)
		}
	}
	return kept, nil
}

func (s *Site) drawScoreboardForm(w http.ResponseWriter, v *visit, b store.Board, board *scoreboard.Board, choices []store.NamedIndicator, in scoreboardForm, f *form) error {
	list := scoreboardsPath(v, b)
	view := web.ScoreboardDefinitionView{Board: boardHead(v, b), Action: list, BackURL: list, Form: web.ScoreboardForm(in), IdempotencyKey: newKey()}
	title := v.print.T("scoreboard.new")
	if board != nil {
		title = v.print.T("scoreboard.define_title", "Name", v.say(board.Name))
		view.Known, view.BackURL = true, list+"/"+board.Code
		view.Action = view.BackURL + "/definition"
	}
	view.Frame = s.frame(v, title, s.scoreboardCrumbs(v, b, false)...)
	for _, one := range choices {
		view.Choices = append(view.Choices, web.Option{Value: one.Mandate + "." + one.Code, Label: v.say(one.Name)})
	}
	if f != nil {
		view.Errors, view.IdempotencyKey = f.errs, f.raw("idempotency_key")
	}
	return s.render(w, v, statusOf(view.Errors), web.ScoreboardDefinitionPage(view))
}

// defineScoreboard stores what is on a board from a day on.
func (s *Site) defineScoreboard(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[scoreboardForm](v)
	if err != nil {
		return err
	}
	b, board, err := s.openForDefinition(v)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, in.Key, "define scoreboard")
	if done || err != nil {
		return err
	}
	choices, err := s.scoreboardChoices(v, b)
	if err != nil {
		return err
	}
	defined := f.scoreboard(in, choices, v.today)
	if board != nil {
		defined.ID, defined.Code = board.ID, board.Code
		defined.Newest, _ = strconv.ParseInt(in.Seen, 10, 64)
	} else {
		defined.Code = strings.ToUpper(in.Code)
		if !scoreboardCode(defined.Code) {
			f.refuse("code", "scoreboard.code_wrong")
		}
	}
	if !f.ok() {
		return s.drawScoreboardForm(w, v, b, board, choices, in, f)
	}
	location, err := s.Store.DefineScoreboard(v.Context(), sub, b, defined, s.Now(), scoreboardPath(v, b, defined.Code))
	if errors.Is(err, store.ErrExists) {
		if board != nil {
			f.refuse("indicators", "scoreboard.changed_meanwhile")
			in.Seen = strconv.FormatInt(board.Newest, 10)
		} else {
			f.refuse("code", "scoreboard.code_taken")
		}
		return s.drawScoreboardForm(w, v, b, board, choices, in, f)
	}
	if err != nil {
		return err
	}
	if board != nil && defined.ValidFrom.Before(board.ValidFrom) {
		tell(w, web.NoticeWarning, "scoreboard.defined_before", "Date", v.print.Date(board.ValidFrom))
	} else {
		tell(w, web.NoticeDone, "scoreboard.defined")
	}
	return redirect(w, location)
}

// scoreboardCode reports whether a code can name a board: up to two groups of
// capitals and digits, such as S1-1; "NEW" is the address of the form.
func scoreboardCode(code string) bool {
	return indicator.ValidCode(code) && len(code) <= 25 && strings.Count(code, "-") < 2 && !strings.Contains(code, ".") && code != "NEW"
}

// scoreboard reads the form field by field. Indicators stand on lines of their own, as mandate and code with a point between them.
func (f *form) scoreboard(in scoreboardForm, choices []store.NamedIndicator, today calendar.Date) scoreboard.Board {
	b := scoreboard.Board{Definition: scoreboard.Definition{
		ValidFrom: f.date("valid_from", in.ValidFrom), CheckEvery: indicator.Cadence(in.CheckEvery), Retired: in.Retired != "",
		Name: bilingual.New(bilingual.NL, in.NameNL).With(bilingual.FR, in.NameFR, bilingual.Original),
	}}
	if b.ValidFrom.After(today) {
		f.refuse("valid_from", "indicator.fault.valid_from")
	}
	taken := map[int64]bool{}
	for _, line := range strings.Fields(strings.NewReplacer(";", " ", ",", " ").Replace(in.Indicators)) {
		mandateCode, code, _ := strings.Cut(strings.ToUpper(line), ".")
		found := false
		for _, one := range choices {
			if one.Mandate != mandateCode || one.Code != code {
				continue
			}
			found = true
			if !taken[one.ID] {
				b.Items = append(b.Items, scoreboard.Item{MandateID: one.MandateID, Mandate: one.Mandate, IndicatorID: one.ID, Indicator: one.Code})
			}
			taken[one.ID] = true
		}
		if !found {
			f.refuse("indicators", "scoreboard.indicator_unknown", "Code", line)
			return b
		}
	}
	if len(b.Items) > mostIndicators {
		f.refuse("indicators", "scoreboard.too_many", "Most", strconv.Itoa(mostIndicators))
	}
	return b
}
