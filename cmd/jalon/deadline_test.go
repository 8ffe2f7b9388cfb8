package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/locale"
)

func TestDeadlinePrintsItsReadingAndDutiesAsJSON(t *testing.T) {
	var stdout bytes.Buffer
	out := &Output{Stdout: &stdout, Stderr: &stdout, Lang: bilingual.NL}
	cmd := DeadlineCmd{
		Lang: "fr", From: "2025-01-01", Until: "2025-12-31", JSON: true,
		Text: []string{"dès que l’information est disponible", "et au moins le 15 de chaque mois"},
	}
	if err := cmd.Run(out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Text, Reading string
		Parts         []struct{ Kind, RRule, Qualifier string }
		Duties        []struct{ From, Due, Reason string }
		Findings      []struct{ Code, Message string }
	}
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if want := "asap each(info) + rec >=1/m on 15"; got.Reading != want {
		t.Errorf("reading %q, want %q", got.Reading, want)
	}
	if len(got.Parts) != 2 || got.Parts[0].Qualifier != "as_available" || got.Parts[1].RRule != "FREQ=MONTHLY;BYMONTHDAY=15" {
		t.Errorf("parts %+v", got.Parts)
	}
	if len(got.Duties) != 12 {
		t.Fatalf("%d duties, want 12", len(got.Duties))
	}
	// 15 February 2025 is a Saturday.
	if d := got.Duties[1]; d.Due != "2025-02-14" || d.From != "2025-01-16" || !strings.Contains(d.Reason, "15/02/2025") {
		t.Errorf("second duty %+v", d)
	}
}

func TestDeadlineAnswersAPersonInTheirLanguage(t *testing.T) {
	for lang, want := range map[string]string{
		"nl": "Gelezen als: uiterlijk 31/12/2025 (2025)", "fr": "Lu comme : au plus tard le 31/12/2025 (2025)",
	} {
		var stdout bytes.Buffer
		out := &Output{Stdout: &stdout, Stderr: &stdout, Lang: bilingual.NL}
		if err := (DeadlineCmd{Lang: lang, From: "2025-01-01", Text: []string{"2025"}}).Run(out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("%s printed\n%s\nwant %q in it", lang, stdout.String(), want)
		}
	}
}

func TestDeadlineRefusesBadUsage(t *testing.T) {
	for _, cmd := range []DeadlineCmd{
		{Text: []string{"  "}},
		{Lang: "de", Text: []string{"2025"}},
		{From: "31/12/2025", Text: []string{"2025"}},
		{From: "2025-12-31", Until: "2025-01-01", Text: []string{"2025"}},
	} {
		var failure Failure
		err := cmd.Run(&Output{Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Lang: bilingual.FR})
		if !errors.As(err, &failure) || failure.Code != exitUsage || failure.Message == "" {
			t.Errorf("%+v gave %v, want exit code %d and a sentence", cmd, err, exitUsage)
		}
	}
}

// Without a first day the duties of the year are listed in which the last one lies.
func TestDeadlineListsTheYearOfItsLastDay(t *testing.T) {
	h, err := DeadlineCmd{Until: "2025-09-30"}.horizon(locale.MustLoad().In(bilingual.NL), time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC))
	if err != nil || h.From != calendar.MustDate(2025, 1, 1) || h.Until != calendar.MustDate(2025, 9, 30) {
		t.Errorf("from %s until %s, %v", h.From, h.Until, err)
	}
}

// What is not understood is told as it was written, except signs that steer a terminal.
func TestNothingPrintedSteersATerminal(t *testing.T) {
	var out, fault bytes.Buffer
	code := run([]string{"deadline", "--lang", "nl", "a\x1b[31mb\u009b32mc"}, &out, &fault)
	if said := out.String(); code != 0 || !strings.Contains(said, "a?[31") || strings.ContainsAny(said, "\x1b\u009b") {
		t.Errorf("exit %d, printed %q%s", code, said, &fault)
	}
}

func TestEveryDeadlineFindingAndReasonHasWords(t *testing.T) {
	cat := locale.MustLoad()
	for _, lang := range bilingual.Langs {
		for _, code := range deadline.Codes {
			if key := "deadline.finding." + code; !cat.In(lang).Has(key) {
				t.Errorf("%s misses %s", lang, key)
			}
		}
		for _, code := range deadline.Reasons {
			if key := "deadline.reason." + code; !cat.In(lang).Has(key) {
				t.Errorf("%s misses %s", lang, key)
			}
		}
	}
}

func TestDeadlineTakesWordsThatBeginWithADash(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{"deadline", "--lang", "nl", "- december 2025", "--json"}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr.String())
	}
	if want := `"reading": "by 2025-12-31{m}"`; !strings.Contains(stdout.String(), want) {
		t.Errorf("printed %s, want %s in it", stdout.String(), want)
	}
}
