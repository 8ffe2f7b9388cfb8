package web

import (
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
)

// MonitoringView is the monitoring table of one mandate for one half-year.
type MonitoringView struct {
	Frame
	Mandate     MandateHead
	Table       monitoring.Table
	Seal        *monitoring.Seal // nil for a draft
	SealURL     string           // review page of the seal; "" when the reader may not seal
	Downloads   []Download
	Both        []Download // the same in both languages
	PublicKey   string     // URL of the public key, for those who verify
	Periods     []PeriodLink
	Reported    int
	Owed        int
	ReportURL   string
	AnnualURL   string // report of the whole year
	Errata      []monitoring.Erratum
	ErrataFiles []Download             // the list of errata as a document of its own
	ErrataBoth  []Download             // the same in both languages
	ErratumURL  string                 // form of a new erratum; "" when the reader may not add one
	SealedPast  []monitoring.Reference // earlier versions of this table
	TargetsURL  string                 // before the code of a target: its page; "" shows codes without a link
	Query       string                 // after that code, on a day of the past
	Questions   []QuestionLine         // at the head of the table
	OwnURL      string                 // its page, where it stands among others; "" for none
}

// Download is the table in another form: xlsx, pdf, csv or json.
type Download struct {
	Format string
	URL    string
}

// PeriodLink leads to another half-year. State names its words:
// "period.state." + State (open, collecting, grace, presented, sealed).
type PeriodLink struct {
	Period  calendar.HalfYear
	State   string
	URL     string
	Current bool
}

// SealView is the review before a table is sealed. It posts idempotency_key
// and "confirm" = "yes" to Action.
type SealView struct {
	Frame
	Mandate        MandateHead
	Period         calendar.HalfYear
	Body           bilingual.Text
	AsOf           calendar.Date
	Number         string // that the table will get; "" when it is only known afterwards
	Rows           int
	Reported       int
	Owed           int
	Missing        []Ancestor // targets on which nothing was reported
	Previous       *monitoring.Reference
	Action         string
	CancelURL      string
	IdempotencyKey string
}

// then names the column of the previous half-year.
func (v MonitoringView) then() string {
	if v.Table.Previous == nil {
		return v.T("monitoring.then")
	}
	return v.Printer.HalfYear(v.Table.Previous.Period)
}

func (v MonitoringView) verifyCommand() string {
	return "jalon verify " + v.Table.Mandate.Code + "-" + v.Table.Period.String() + ".json"
}

// grouped writes a long hexadecimal number in groups of four, for people who compare.
func grouped(hex string) string {
	var b strings.Builder
	for i, r := range hex {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
