package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/report"
	"jalon/internal/shelf"
	"jalon/internal/store"
)

// ExportEvaluationCmd writes the dossier of an evaluation, with all that it rests on.
type ExportEvaluationCmd struct {
	Mandate     string `required:"" placeholder:"code"`
	Kind        string `required:""`
	Lang        string `enum:"nl,fr" default:"nl"`
	File        string `name:"output" short:"o" required:"" placeholder:"file"`
	EvidenceDir string `env:"JALON_EVIDENCE_DIR" placeholder:"folder"`
	KeyFlags
	DatabaseFlags `group:"database"`
}

// Run writes the file whole or not at all. Whoever runs commands on the server
// has the files of the evidence anyway: nothing is kept back from them.
func (c ExportEvaluationCmd) Run(out *Output) error {
	ctx, out := store.AsSystem(context.Background()), out.In(c.Lang)
	print := out.Print()
	s, giveUp, err := c.open(ctx, quiet())
	if err != nil {
		return err
	}
	defer giveUp()
	e, err := c.evaluation(ctx, s, print)
	if err != nil {
		return err
	}
	key := c.path(c.dataDir())
	signer, err := monitoring.LoadSigner(key)
	if err != nil {
		return Failure{exitFault, print.T("command.no_seal_key", "Path", key)}
	}
	folder := c.EvidenceDir
	if folder == "" {
		folder = filepath.Join(c.dataDir(), "evidence")
	}
	files, err := shelf.Open(folder)
	if err != nil {
		return err
	}
	defer files.Close()
	whole, err := s.EvaluationCase(ctx, e.ID)
	if err != nil {
		return err
	}
	record, err := s.EvaluationRecord(ctx, e, calendar.DateOf(time.Now()))
	if err != nil {
		return err
	}
	if err := s.Audit(ctx, store.Event{
		Action: store.ActionExportEvaluation, Object: fmt.Sprintf("evaluation/%d", e.ID), MandateID: e.Mandate.ID,
		Detail: map[string]any{"lang": c.Lang, "purpose": "command"},
	}); err != nil {
		return err
	}
	d := report.DossierOf(whole.For(evaluation.Officer), record, evaluation.Officer)
	if d.Chapters, err = s.DossierChapters(ctx, e.Mandate.Institution.ID); err != nil {
		return err
	}
	return writeWhole(c.File, 0o600, func(w io.Writer) error { // the dossier of a person is for whoever made it
		x := report.Export{At: time.Now(), By: "jalon export", Software: "jalon " + version, Signer: signer}
		return d.WriteArchive(w, print, x, files.Get, func(int, int) {})
	})
}

// evaluation finds the latest one of the kind.
func (c ExportEvaluationCmd) evaluation(ctx context.Context, s *store.Store, print *locale.Printer) (e store.Evaluation, err error) {
	object, _, err := s.MandateObject(ctx, c.Mandate)
	if errors.Is(err, store.ErrNotFound) {
		return e, Failure{exitNo, print.T("command.no_mandate", "Code", c.Mandate)}
	}
	if err != nil {
		return e, err
	}
	all, err := s.Evaluations(ctx, access.Scope{Mandates: []int64{object.MandateID}}, nil, 0)
	if err != nil {
		return e, err
	}
	for _, one := range all { // the latest interview first
		if one.Kind.Code == c.Kind {
			return one, nil
		}
	}
	return e, Failure{exitNo, print.T("command.no_evaluation", "Code", c.Mandate, "Kind", c.Kind)}
}
