package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store/db"
)

// askRow is a question as the function asked_of packs it.
type askRow struct {
	ID     int64          `json:"id"`
	Target int64          `json:"target"`
	BodyNL string         `json:"body_nl"`
	BodyFR string         `json:"body_fr"`
	Period calendar.Date  `json:"period"`
	Text   string         `json:"text"`
	Lang   bilingual.Lang `json:"lang"`
	Due    calendar.Date  `json:"due"`
	By     string         `json:"by"`
	At     time.Time      `json:"at"`
	Answer *replyRow      `json:"answer"`
}

type replyRow struct {
	Text   string         `json:"text"`
	Lang   bilingual.Lang `json:"lang"`
	By     string         `json:"by"`
	Behalf string         `json:"behalf"`
	At     time.Time      `json:"at"`
}

func (r *replyRow) reply() *duty.Reply {
	if r == nil {
		return nil
	}
	return &duty.Reply{Text: r.Text, Lang: r.Lang, By: r.By, OnBehalfOf: r.Behalf, At: r.At.UTC()}
}

func (a askRow) ask() duty.Ask {
	return duty.Ask{
		ID: a.ID, TargetID: a.Target, Period: calendar.HalfYearOf(a.Period),
		Body: text(a.BodyNL, a.BodyFR, string(bilingual.Original), string(bilingual.Original)),
		Text: a.Text, Lang: a.Lang, Due: a.Due, By: a.By, At: a.At.UTC(), Reply: a.Answer.reply(),
	}
}

type decisionRow struct {
	ID     int64                   `json:"id"`
	Code   mandate.Code            `json:"code"`
	Period calendar.Date           `json:"period"`
	Kind   monitoring.DecisionKind `json:"kind"`
	Text   string                  `json:"text"`
	Lang   bilingual.Lang          `json:"lang"`
	Due    calendar.Date           `json:"due"`
	By     string                  `json:"by"`
	At     time.Time               `json:"at"`
	Answer *replyRow               `json:"answer"`
}

func (r decisionRow) decision() monitoring.Decision {
	return monitoring.Decision{
		ID: r.ID, Code: r.Code, Period: calendar.HalfYearOf(r.Period), Kind: r.Kind, Text: r.Text, Lang: r.Lang, Due: r.Due,
		By: r.By, At: r.At.UTC(), Answer: r.Answer.reply(),
	}
}

// readNotes unpacks what SheetRows gives beside a sheet.
func readNotes(raw []byte) (n monitoring.Notes, err error) {
	var said struct {
		Decisions []decisionRow `json:"decisions"`
		Evidence  []struct {
			Entry        int64  `json:"entry"`
			Name         string `json:"name"`
			SHA256       string `json:"sha256"`
			Confidential bool   `json:"confidential"`
		} `json:"evidence"`
	}
	if err := unpack(raw, &said); err != nil {
		return n, err
	}
	for _, d := range said.Decisions {
		n.Decisions = append(n.Decisions, d.decision())
	}
	n.Evidence = map[int64][]monitoring.Proof{}
	for _, f := range said.Evidence {
		p := monitoring.Proof{Name: f.Name, SHA256: f.SHA256, Confidential: f.Confidential}
		if p.Confidential {
			p.Name = ""
		}
		n.Evidence[f.Entry] = append(n.Evidence[f.Entry], p)
	}
	return n, nil
}

// NewDecision is what a body says about a row of its table.
type NewDecision struct {
	MandateID, TargetID, BodyID int64
	monitoring.Decision         // without ID and Answer
}

// Decide records what a body said about a row. ErrSealed when its table of that
// half-year is sealed.
func (s *Store) Decide(ctx context.Context, sub Submission, d NewDecision, location string) (string, bool, error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, d.MandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		id, err := q.InsertDecision(ctx, db.InsertDecisionParams{
			MandateID: d.MandateID, TargetID: d.TargetID, BodyID: d.BodyID, Period: d.Period.Start(), Kind: string(d.Kind),
			Text: d.Text, Lang: string(d.Lang), Due: d.Due, RecordedBy: sub.PersonID, RecordedAt: d.At,
		})
		if err != nil {
			return "", fmt.Errorf("store the decision: %w", refusal(err))
		}
		line := sub.Event(fmt.Sprintf("decision/%d", id))
		line.MandateID, line.Detail = d.MandateID, map[string]any{"target": d.TargetID, "kind": d.Kind, "period": d.Period.String(), "due": d.Due}
		return location, audit(ctx, q, line)
	})
}

// NewReply is the answer to a question.
type NewReply struct {
	Ask        duty.Ask
	MandateID  int64
	Text       string
	Lang       bilingual.Lang
	BehalfOfID int64 // the holder, when a delegate answers; else 0
	At         time.Time
}

// Reply records the answer to a question of a body. ErrExists when there is one.
func (s *Store) Reply(ctx context.Context, sub Submission, r NewReply, location string) (string, bool, error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, r.MandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		err := q.InsertDecisionAnswer(ctx, db.InsertDecisionAnswerParams{
			DecisionID: r.Ask.ID, MandateID: r.MandateID, TargetID: r.Ask.TargetID, Text: r.Text, Lang: string(r.Lang),
			AuthorID: sub.PersonID, OnBehalfOf: orNull(r.BehalfOfID), RecordedAt: r.At,
		})
		if err != nil {
			return "", fmt.Errorf("store the answer: %w", refusal(err))
		}
		line := sub.Event(fmt.Sprintf("decision/%d", r.Ask.ID))
		line.MandateID, line.OnBehalfOf, line.Detail = r.MandateID, r.BehalfOfID, map[string]any{"target": r.Ask.TargetID}
		return location, audit(ctx, q, line)
	})
}
