package monitoring

import (
	"fmt"

	"jalon/internal/calendar"
	"jalon/internal/progress"
)

// The members of the canonical document of a round. What is empty is absent.
type wireWhole struct {
	Schema      string            `json:"schema"`
	Software    string            `json:"software,omitempty"`
	Institution wireNamed         `json:"institution"`
	Body        wireNamed         `json:"body"`
	Period      calendar.HalfYear `json:"period,omitzero"`
	Dates       wireDates         `json:"dates"`
	Mandates    []wirePart        `json:"mandates"`
	Sealing     *wireSealing      `json:"sealing,omitempty"`
}

type wireDates struct {
	Opened calendar.Date `json:"opened,omitzero"`
	Due    calendar.Date `json:"due,omitzero"`
	Grace  calendar.Date `json:"grace,omitzero"`
	Meets  calendar.Date `json:"meets,omitzero"`
}

type wirePart struct {
	wireMandate
	Holder    wireHolder              `json:"holder"`
	Table     wireReference           `json:"table"`
	Statuses  map[progress.Status]int `json:"statuses,omitempty"`
	Reported  int                     `json:"reported"`
	Owed      int                     `json:"owed"`
	Submitted string                  `json:"submitted_at,omitempty"`
}

func wholeToWire(w WholeTable) wireWhole {
	wire := wireWhole{
		Schema:      RoundSchema,
		Software:    w.Software,
		Institution: wireNamed{w.Institution.Code, wire(w.Institution.Name)},
		Body:        wireNamed{w.Body.Code, wire(w.Body.Name)},
		Period:      w.Period,
		Dates:       wireDates{w.Opened, w.Dates.Due, w.Dates.Grace, w.Dates.Meets},
		Mandates:    make([]wirePart, len(w.Mandates)),
		Sealing:     sealingToWire(w.Sealing),
	}
	for i, n := range w.Mandates {
		wire.Mandates[i] = wirePart{
			mandateToWire(n.Mandate), wireHolder(n.Holder), wireReference(n.Table),
			n.Statuses, n.Reported, n.Owed, instant(n.Submitted),
		}
	}
	return wire
}

func (w wireWhole) whole() (t WholeTable, err error) {
	t = WholeTable{
		Software:    w.Software,
		Institution: Institution{w.Institution.Code, w.Institution.Name.text()},
		Body:        Body{w.Body.Code, w.Body.Name.text()},
		Period:      w.Period,
		Opened:      w.Dates.Opened,
		Dates:       RoundDates{Due: w.Dates.Due, Grace: w.Dates.Grace, Meets: w.Dates.Meets},
	}
	for _, p := range w.Mandates {
		n := NamedTable{
			Mandate: Mandate{p.Code, p.Rank, p.Title.text()}, Holder: Holder(p.Holder), Table: Reference(p.Table),
			Statuses: p.Statuses, Reported: p.Reported, Owed: p.Owed,
		}
		if n.Submitted, err = parseInstant(p.Submitted); err != nil {
			return t, fmt.Errorf("mandate %s: submitted at: %w", p.Code, err)
		}
		t.Mandates = append(t.Mandates, n)
	}
	t.Sealing, err = w.Sealing.sealing()
	return t, err
}
