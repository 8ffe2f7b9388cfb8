package monitoring

import (
	"errors"

	"jalon/internal/duty"
)

// note writes what the second form has of a row beside the first.
func (w *wireRow) note(r Row) {
	for _, p := range r.Evidence {
		if p.Confidential {
			p.Name = ""
		}
		w.Evidence = append(w.Evidence, wireProof{Name: p.Name, SHA256: p.SHA256, Confidential: p.Confidential})
	}
	w.Decisions = wireDecisions(r.Decisions)
	if e := r.Then.Entry; e != nil {
		w.Then.Entry.OutsideControl = e.OutsideControl
	}
	if e := r.Now.Entry; e != nil {
		w.Now.Entry.OutsideControl = e.OutsideControl
	}
}

func wireDecisions(all []Decision) (list []wireDecision) {
	for _, d := range all {
		w := wireDecision{ID: id(d.ID), Target: d.Code, Period: d.Period, Kind: d.Kind, Text: d.Text, Lang: d.Lang, Due: d.Due, By: d.By, At: instant(d.At)}
		if a := d.Answer; a != nil {
			w.Answer = &wireReply{Text: a.Text, Lang: a.Lang, By: a.By, OnBehalfOf: a.OnBehalfOf, At: instant(a.At)}
		}
		list = append(list, w)
	}
	return list
}

func decisions(list []wireDecision) (all []Decision, err error) {
	for _, w := range list {
		number, badID := parseID(w.ID)
		at, badTime := parseInstant(w.At)
		d := Decision{ID: number, Code: w.Target, Period: w.Period, Kind: w.Kind, Text: w.Text, Lang: w.Lang, Due: w.Due, By: w.By, At: at}
		if a := w.Answer; a != nil {
			answered, bad := parseInstant(a.At)
			d.Answer, badTime = &duty.Reply{Text: a.Text, Lang: a.Lang, By: a.By, OnBehalfOf: a.OnBehalfOf, At: answered}, errors.Join(badTime, bad)
		}
		if err := errors.Join(badID, badTime); err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}
