package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/evidence"
	"jalon/internal/store/db"
)

// ErrStage refuses what an evaluation does not take at its stage.
var ErrStage = errors.New("the evaluation is at another stage")

// atStage takes the turn of the mandate and asks for the stage; ErrStage when
// takes says no to it.
func atStage(ctx context.Context, q *db.Queries, o access.Object, takes func(evaluation.Stage) bool) (r db.EvaluationStageRow, err error) {
	if _, err := q.LockMandate(ctx, o.MandateID); err != nil {
		return r, fmt.Errorf("lock mandate %d: %w", o.MandateID, err)
	}
	if r, err = q.EvaluationStage(ctx, o.EvaluationID); err != nil {
		return r, fmt.Errorf("ask for the stage: %w", err)
	}
	if takes != nil && !takes(evaluation.Stage(r.Stage)) {
		return r, ErrStage
	}
	return r, nil
}

// EvaluationStep is a step to be taken.
type EvaluationStep struct {
	From, To evaluation.Stage // From: where the evaluation was when somebody chose the step
	On       calendar.Date
	Reason   string
	At       time.Time
}

// TakeEvaluationStep takes an evaluation to another stage. ErrStage when it
// moved meanwhile; the refusals of evaluation.Move when the step is not possible.
func (s *Store) TakeEvaluationStep(ctx context.Context, sub Submission, o access.Object, step EvaluationStep, location string) error {
	return s.onceAtStage(ctx, sub, o, func(at evaluation.Stage) bool { return at == step.From }, location, func(ctx context.Context, q *db.Queries, r db.EvaluationStageRow) error {
		ready := evaluation.Ready{Report: r.Reported, Opinions: r.Opinions, Conclusion: r.Concluded, HasReason: step.Reason != ""}
		if err := evaluation.Move(step.From, step.To, ready); err != nil {
			return err
		}
		return q.InsertEvaluationStep(ctx, db.InsertEvaluationStepParams{
			MandateID: o.MandateID, EvaluationID: o.EvaluationID, FromStage: r.Stage, ToStage: string(step.To), OnDay: step.On, Reason: step.Reason, By: sub.PersonID, At: step.At,
		})
	})
}

// onceAtStage is one write of an evaluation at a stage that takes it, with its
// audit line, which holds nothing that was written.
func (s *Store) onceAtStage(ctx context.Context, sub Submission, o access.Object, takes func(evaluation.Stage) bool, location string, do func(ctx context.Context, q *db.Queries, r db.EvaluationStageRow) error) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		r, err := atStage(ctx, q, o, takes)
		if err == nil {
			err = do(ctx, q, r)
		}
		if err != nil {
			return "", err
		}
		return location, audit(ctx, q, evaluationEvent(sub, o.EvaluationID, o.MandateID, nil))
	})
	return err
}

// SetEvaluationLang changes the language of record. ErrStage once a report was handed in.
func (s *Store) SetEvaluationLang(ctx context.Context, sub Submission, o access.Object, lang bilingual.Lang, location string) error {
	return s.onceAtStage(ctx, sub, o, nil, location, func(ctx context.Context, q *db.Queries, _ db.EvaluationStageRow) error {
		n, err := q.SetEvaluationLang(ctx, db.SetEvaluationLangParams{ID: o.EvaluationID, Lang: string(lang)})
		if err == nil && n == 0 {
			err = ErrStage
		}
		return err
	})
}

// SaveActivityDraft keeps a part of a report that its holder is writing, and
// gives its new version. ErrChanged when the part is no longer at the version of
// the draft; ErrStage when no report is written now.
func (s *Store) SaveActivityDraft(ctx context.Context, o access.Object, by int64, at time.Time, d evaluation.Draft) (version int, err error) {
	texts, err := json.Marshal(d.Texts)
	if err != nil {
		return 0, fmt.Errorf("pack the draft: %w", err)
	}
	err = s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
		if _, err := atStage(ctx, q, o, evaluation.Stage.TakesReport); err != nil {
			return err
		}
		n, err := q.PutActivityDraft(ctx, db.PutActivityDraftParams{
			MandateID: o.MandateID, EvaluationID: o.EvaluationID, Part: d.Part, Texts: texts, SavedBy: by, SavedAt: at, ReadVersion: int32(d.Version),
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrChanged
		}
		if err != nil {
			return err
		}
		version = int(n)
		return auditOnce(ctx, q, Event{ActorID: by, Action: "save activity draft", Object: evaluationObject(o.EvaluationID), MandateID: o.MandateID})
	})
	if err != nil {
		return 0, fmt.Errorf("save part %s of a report: %w", d.Part, refusal(err))
	}
	return version, nil
}

// NewReport is a report to be handed in, with the footnotes of what it quotes.
type NewReport struct {
	Lang   bilingual.Lang
	Layout evaluation.Layout
	Texts  []evaluation.Text
	Quotes []evaluation.Quote
	On     calendar.Date
	At     time.Time
}

// SubmitReport keeps a version of the activity report, for good, and takes the
// evaluation on when it waited for the first one.
func (s *Store) SubmitReport(ctx context.Context, sub Submission, o access.Object, n NewReport, location string) error {
	sections, err := packLayout(n.Layout)
	if err != nil {
		return fmt.Errorf("pack the sections: %w", err)
	}
	rows := make([]textRow, len(n.Texts))
	for i, t := range n.Texts {
		rows[i] = textRow(t)
	}
	texts, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("pack the report: %w", err)
	}
	return s.onceAtStage(ctx, sub, o, evaluation.Stage.TakesReport, location, func(ctx context.Context, q *db.Queries, r db.EvaluationStageRow) error {
		report, err := q.InsertActivityReport(ctx, db.InsertActivityReportParams{
			MandateID: o.MandateID, EvaluationID: o.EvaluationID, Lang: string(n.Lang), Sections: sections, Texts: texts, SubmittedBy: sub.PersonID, SubmittedAt: n.At,
		})
		if err != nil {
			return fmt.Errorf("keep the report: %w", err)
		}
		var quotes []db.InsertActivityQuoteParams
		for _, quote := range n.Quotes {
			quotes = append(quotes, db.InsertActivityQuoteParams{
				MandateID: o.MandateID, EvaluationID: o.EvaluationID, ReportID: report.ID, Number: int32(quote.Number),
				TargetID: quote.Entry.TargetID, EntryID: quote.EntryID, Version: int32(quote.Version),
			})
		}
		if err := execAll(q.InsertActivityQuote(ctx, quotes)); err != nil {
			return fmt.Errorf("keep %d footnotes: %w", len(quotes), err)
		}
		if evaluation.Stage(r.Stage) != evaluation.Preparing {
			return nil
		}
		return q.InsertEvaluationStep(ctx, db.InsertEvaluationStepParams{
			MandateID: o.MandateID, EvaluationID: o.EvaluationID, FromStage: r.Stage, ToStage: string(evaluation.ReportIn), OnDay: n.On, By: sub.PersonID, At: n.At,
		})
	})
}

// GiveOpinion records an opinion.
func (s *Store) GiveOpinion(ctx context.Context, sub Submission, o access.Object, p evaluation.Opinion, location string) error {
	return s.onceAtStage(ctx, sub, o, evaluation.Stage.TakesOpinions, location, func(ctx context.Context, q *db.Queries, _ db.EvaluationStageRow) error {
		_, err := q.InsertOpinion(ctx, db.InsertOpinionParams{
			MandateID: o.MandateID, EvaluationID: o.EvaluationID, Capacity: string(p.Capacity), Author: p.Author, GivenOn: p.On,
			Text: p.Text, Lang: string(p.Lang), RecordedBy: sub.PersonID, RecordedAt: p.RecordedAt,
		})
		return err
	})
}

// ReplyToOpinion records what the holder answers, to an opinion or to the evaluation as a whole.
func (s *Store) ReplyToOpinion(ctx context.Context, sub Submission, o access.Object, r evaluation.Reply, location string) error {
	return s.onceAtStage(ctx, sub, o, evaluation.Stage.TakesReplies, location, func(ctx context.Context, q *db.Queries, _ db.EvaluationStageRow) error {
		_, err := q.InsertReply(ctx, db.InsertReplyParams{
			MandateID: o.MandateID, EvaluationID: o.EvaluationID, OpinionID: r.OpinionID, Text: r.Text, Lang: string(r.Lang), AuthorID: sub.PersonID, RecordedAt: r.At,
		})
		return err
	})
}

// ConcludeEvaluation records the mention that the commission gave. The holder
// reads it from the step to concluded on.
func (s *Store) ConcludeEvaluation(ctx context.Context, sub Submission, o access.Object, c evaluation.Conclusion, location string) error {
	return s.onceAtStage(ctx, sub, o, evaluation.Stage.TakesConclusion, location, func(ctx context.Context, q *db.Queries, _ db.EvaluationStageRow) error {
		_, err := q.InsertConclusion(ctx, db.InsertConclusionParams{
			MandateID: o.MandateID, EvaluationID: o.EvaluationID, GradeID: c.Grade.ID, DecidedOn: c.On, Text: c.Text, Lang: string(c.Lang), RecordedBy: sub.PersonID, RecordedAt: c.RecordedAt,
		})
		return err
	})
}

// AddSignedDocument keeps a document that came back signed. ErrTooMuchEvidence
// when the mandate has no room for it.
func (s *Store) AddSignedDocument(ctx context.Context, sub Submission, o access.Object, d evaluation.SignedDocument, location string) error {
	sum, err := hex.DecodeString(d.File.SHA256)
	if err != nil {
		return fmt.Errorf("read the hash %q: %w", d.File.SHA256, err)
	}
	return s.onceAtStage(ctx, sub, o, evaluation.Stage.TakesDocuments, location, func(ctx context.Context, q *db.Queries, _ db.EvaluationStageRow) error {
		size, err := q.EvidenceSize(ctx, o.MandateID)
		switch {
		case err != nil:
			return err
		case size+int64(d.File.Size) > evidence.MaxMandate:
			return ErrTooMuchEvidence
		}
		_, err = q.InsertEvaluationDocument(ctx, db.InsertEvaluationDocumentParams{
			MandateID: o.MandateID, EvaluationID: o.EvaluationID, About: string(d.About), Sha256: sum, Size: int32(d.File.Size), Kind: string(d.File.Kind),
			Name: d.File.Name, Compared: d.Compared, AddedBy: sub.PersonID, AddedAt: d.File.AddedAt,
		})
		return err
	})
}

// ReportLetter is what the reminder of a report says: by when it is due.
type ReportLetter struct {
	Recipient
	EvaluationID int64
	Due, Day     calendar.Date // the day of the reminder
}

// ReportReminder is the mail that reminds a holder of a report.
type ReportReminder struct {
	Object access.Object
	Mail   Mail
}

// RemindReports puts the reminders in the outbox of those who were not reminded
// of the same report on that day, and gives how many that are.
func (s *Store) RemindReports(ctx context.Context, sub Submission, all []ReportReminder, at time.Time, location string) (sent int, err error) {
	day := calendar.DateOf(at)
	_, _, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		var mails []db.InsertMailParams
		for _, r := range all {
			n, err := q.InsertEvaluationReminder(ctx, db.InsertEvaluationReminderParams{MandateID: r.Object.MandateID, EvaluationID: r.Object.EvaluationID, Day: day, By: sub.PersonID, At: at})
			if err != nil {
				return "", fmt.Errorf("note the reminder: %w", err)
			}
			if n == 0 {
				continue
			}
			mails = append(mails, db.InsertMailParams{
				PersonID: r.Mail.PersonID, Kind: r.Mail.Kind, Key: r.Mail.Key, Day: day, Subject: r.Mail.Subject, Text: r.Mail.Text, Html: r.Mail.HTML,
				UnsubscribeUrl: r.Mail.UnsubscribeURL, MessageID: r.Mail.MessageID, State: r.Mail.State, QueuedAt: at,
			})
		}
		if sent = len(mails); sent == 0 {
			return location, nil
		}
		if err := execAll(q.InsertMail(ctx, mails)); err != nil {
			return "", fmt.Errorf("queue %d reminders: %w", sent, err)
		}
		event := sub.Event("evaluations")
		event.Detail = map[string]any{"mails": sent}
		return location, audit(ctx, q, event)
	})
	return sent, err
}

// SettleEvaluations keeps what an institution settles from a day on.
func (s *Store) SettleEvaluations(ctx context.Context, sub Submission, institutionID int64, e evaluation.Settings, at time.Time, location string) error {
	return s.settled(ctx, sub, location, func(ctx context.Context, q *db.Queries) error {
		return q.SetEvaluationSetting(ctx, db.SetEvaluationSettingParams{
			InstitutionID: institutionID, ValidFrom: e.From, InterimAfterMonths: int16(e.InterimAfterMonths), FinalBeforeMonths: int16(e.FinalBeforeMonths),
			ReportDueDays: int16(e.ReportDueDays), OpinionsDueDays: int16(e.OpinionsDueDays), OpinionsShownFrom: string(e.OpinionsShownFrom), MinimumGroup: int16(e.MinimumGroup),
			SetBy: sub.PersonID, SetAt: at,
		})
	})
}

// SetReportLayout keeps the sections of the reports of an institution. Reports
// that were handed in keep theirs.
func (s *Store) SetReportLayout(ctx context.Context, sub Submission, institutionID int64, l evaluation.Layout, at time.Time, location string) error {
	sections, err := packLayout(l)
	if err != nil {
		return fmt.Errorf("pack the sections: %w", err)
	}
	return s.settled(ctx, sub, location, func(ctx context.Context, q *db.Queries) error {
		return q.SetReportLayout(ctx, db.SetReportLayoutParams{InstitutionID: institutionID, Sections: sections, SetBy: sub.PersonID, SetAt: at})
	})
}

// AddGrade adds a grade to the end of the list, from its first day on.
func (s *Store) AddGrade(ctx context.Context, sub Submission, g evaluation.Grade, at time.Time, location string) error {
	return s.settled(ctx, sub, location, func(ctx context.Context, q *db.Queries) error {
		_, err := q.AddGrade(ctx, db.AddGradeParams{NameNl: g.Name.NL, NameFr: g.Name.FR, ValidFrom: g.From, AddedBy: sub.PersonID, AddedAt: at})
		return err
	})
}

// settled is one write of what is settled about evaluations.
func (s *Store) settled(ctx context.Context, sub Submission, location string, do func(ctx context.Context, q *db.Queries) error) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if err := do(ctx, q); err != nil {
			return "", err
		}
		return location, audit(ctx, q, sub.Event("evaluations"))
	})
	return err
}
