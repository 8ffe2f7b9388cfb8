package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/locale"
)

// DeadlineCmd reads one deadline and lists what follows from it. It needs no database.
type DeadlineCmd struct {
	Lang  string   `placeholder:"lang"`
	From  string   `placeholder:"date"`
	Until string   `placeholder:"date"`
	JSON  bool     `name:"json"`
	Text  []string `arg:""`
}

// deadlineAnswer is the JSON of the command.
type deadlineAnswer struct {
	Text         string                 `json:"text"`
	Lang         bilingual.Lang         `json:"lang"`
	Reading      string                 `json:"reading"`
	Words        bilingual.Text         `json:"words,omitzero"`
	Parts        []deadline.Part        `json:"parts"`
	Alternatives []deadline.Alternative `json:"alternatives,omitempty"`
	Duties       []dutyAnswer           `json:"duties"`
	Findings     []deadlineFinding      `json:"findings"`
}

type dutyAnswer struct {
	From   calendar.Date `json:"from,omitzero"`
	Due    calendar.Date `json:"due"`
	Late   calendar.Date `json:"late"`
	Reason string        `json:"reason"`
}

type deadlineFinding struct {
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	Text     string `json:"text,omitempty"`
}

// Run prints the reading, its parts, findings and duties. A refused deadline is
// an answer too: the finding says why.
func (c DeadlineCmd) Run(out *Output) error {
	out = out.In(c.Lang)
	print := out.Print()
	text := strings.Join(c.Text, " ")
	lang, ok := bilingual.ParseLang(c.Lang)
	switch {
	case !ok && c.Lang != "":
		return Failure{exitUsage, print.T("deadline.command.language")}
	case !ok:
		lang = ""
	}
	if strings.TrimSpace(text) == "" {
		return Failure{exitUsage, print.T("deadline.command.empty")}
	}
	h, err := c.horizon(print, time.Now())
	if err != nil {
		return err
	}
	reading := deadline.Read(text, lang)
	if c.JSON {
		return c.writeJSON(out, reading, h)
	}
	return writeDeadline(out, reading, h)
}

// horizon gives the days that duties are listed for.
func (c DeadlineCmd) horizon(print *locale.Printer, now time.Time) (h deadline.Horizon, err error) {
	h.From = calendar.HalfYear{Year: calendar.DateOf(now).Year, Half: 1}.Start()
	if c.From != "" {
		if h.From, err = calendar.ParseDate(c.From); err != nil {
			return h, Failure{exitUsage, print.T("deadline.command.date", "Text", c.From)}
		}
	}
	h.Until = h.From.AddMonths(12).AddDays(-1)
	if c.Until != "" {
		if h.Until, err = calendar.ParseDate(c.Until); err != nil {
			return h, Failure{exitUsage, print.T("deadline.command.date", "Text", c.Until)}
		}
		if first := (calendar.HalfYear{Year: h.Until.Year, Half: 1}).Start(); c.From == "" && first.Before(h.From) {
			h.From = first
		}
	}
	if h.Until.Before(h.From) {
		return h, Failure{exitUsage, print.T("deadline.command.reversed")}
	}
	return h, nil
}

func (c DeadlineCmd) writeJSON(out *Output, r deadline.Reading, h deadline.Horizon) error {
	print := out.Print()
	answer := deadlineAnswer{
		Text: r.Text, Lang: r.Lang, Reading: r.Reading, Parts: r.Parts, Alternatives: r.Alternatives,
		Words:  bilingual.Text{NL: r.Render(bilingual.NL), FR: r.Render(bilingual.FR)},
		Duties: []dutyAnswer{}, Findings: []deadlineFinding{},
	}
	for _, d := range r.Duties(h) {
		answer.Duties = append(answer.Duties, dutyAnswer{d.From, d.Due, d.Late, print.DutyReason(d.Reason)})
	}
	for _, f := range r.Findings {
		answer.Findings = append(answer.Findings, deadlineFinding{f.Severity, f.Code, print.DeadlineFinding(f), f.Text})
	}
	enc := json.NewEncoder(out.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(answer)
}

// writeDeadline prints the answer for a person.
func writeDeadline(out *Output, r deadline.Reading, h deadline.Horizon) error {
	print := out.Print()
	var b strings.Builder
	switch words := r.Render(out.Lang); {
	case len(r.Alternatives) > 0:
		fmt.Fprintln(&b, print.T("deadline.command.ambiguous"))
		for _, a := range r.Alternatives {
			fmt.Fprintf(&b, "  ? %s  [%s]\n", deadline.Reading{Parts: a.Parts}.Render(out.Lang), a.Reading)
		}
	case words == "":
		fmt.Fprintln(&b, print.T("deadline.command.nothing"))
	default:
		fmt.Fprintln(&b, print.T("deadline.command.read", "Words", words))
		for _, p := range r.Parts {
			fmt.Fprintf(&b, "  - %s  [%s]\n", p.Render(out.Lang), p.Reading)
		}
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  ! %s\n", print.DeadlineFinding(f))
	}
	duties := r.Duties(h)
	if len(r.Parts) > 0 {
		fmt.Fprintln(&b, print.N("deadline.command.duties", len(duties), "From", print.Date(h.From), "Until", print.Date(h.Until)))
	}
	for _, d := range duties {
		fmt.Fprintf(&b, "  %s  %s\n", print.Date(d.Due), print.DutyReason(d.Reason))
	}
	_, err := fmt.Fprint(out.Stdout, b.String())
	return err
}
