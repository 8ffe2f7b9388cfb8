package monitoring

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// Forms of the canonical document. Its name grows by a number when a reader of
// the old form would misread the new one; a sealed table keeps the form that it
// was sealed in. The second has decisions, questions, evidence
// and what lies outside the holder's control beside the first.
const (
	firstForm   = 1
	currentForm = 2
)

var schemas = map[int]string{firstForm: "jalon/monitoring/1", currentForm: "jalon/monitoring/2"}

// formOf gives the form that a schema names.
func formOf(schema string) (form int, ok bool) {
	for form, name := range schemas {
		if name == schema {
			return form, true
		}
	}
	return 0, false
}

// The wire types are the members of the canonical document. Numbers that are
// not small counts are strings, so that no reader rounds them; what is empty is absent.
// The members of a row, and of what it holds, stand in the order of RFC 8785 (canonicalRow).
type wireTable struct {
	Schema      string            `json:"schema"`
	Software    string            `json:"software,omitempty"`
	Institution wireNamed         `json:"institution"`
	Body        wireNamed         `json:"body"`
	Mandate     wireMandate       `json:"mandate"`
	Holder      wireHolder        `json:"holder"`
	Period      calendar.HalfYear `json:"period,omitzero"`
	AsOf        calendar.Date     `json:"as_of,omitzero"`
	Previous    *wireReference    `json:"previous,omitempty"`
	Questions   []wireDecision    `json:"questions,omitempty"`
	Rows        []wireRow         `json:"rows"`
	Sealing     *wireSealing      `json:"sealing,omitempty"`
}

type wireNamed struct {
	Code string   `json:"code"`
	Name wireText `json:"name"`
}

type wireMandate struct {
	Code  string   `json:"code"`
	Rank  string   `json:"rank,omitempty"`
	Title wireText `json:"title"`
}

type wireHolder struct {
	Name    string `json:"name,omitempty"`
	Interim bool   `json:"interim,omitempty"`
}

type wireReference struct {
	Number  string            `json:"number"`
	Version int               `json:"version"`
	SHA256  string            `json:"sha256"`
	Period  calendar.HalfYear `json:"period,omitzero"`
}

type wireWords struct {
	State bilingual.State `json:"state"`
	Words string          `json:"words"`
}

type wireText struct {
	FR *wireWords `json:"fr,omitempty"`
	NL *wireWords `json:"nl,omitempty"`
}

type wireRow struct {
	Code      mandate.Code   `json:"code"`
	Deadline  wireDeadline   `json:"deadline"`
	Decisions []wireDecision `json:"decisions,omitempty"`
	Evidence  []wireProof    `json:"evidence,omitempty"`
	Missed    []wireDuty     `json:"missed,omitempty"`
	Now       wireCell       `json:"now"`
	Objective wireText       `json:"objective"`
	Point     wireText       `json:"point"`
	Target    wireText       `json:"target"`
	Then      wireCell       `json:"then"`
	Trend     Trend          `json:"trend"`
}

type wireProof struct {
	Confidential bool   `json:"confidential,omitempty"`
	Name         string `json:"name,omitempty"`
	SHA256       string `json:"sha256"`
}

// A decision names its target so, and not by code: of the members of a list
// with a code, that is what tells them apart (see parts).
type wireDecision struct {
	Answer *wireReply        `json:"answer,omitempty"`
	At     string            `json:"at,omitempty"`
	By     string            `json:"by,omitempty"`
	Due    calendar.Date     `json:"due,omitzero"`
	ID     string            `json:"id"`
	Kind   DecisionKind      `json:"kind"`
	Lang   bilingual.Lang    `json:"lang,omitempty"`
	Period calendar.HalfYear `json:"period,omitzero"`
	Target mandate.Code      `json:"target"`
	Text   string            `json:"text,omitempty"`
}

type wireReply struct {
	At         string         `json:"at,omitempty"`
	By         string         `json:"by,omitempty"`
	Lang       bilingual.Lang `json:"lang,omitempty"`
	OnBehalfOf string         `json:"on_behalf_of,omitempty"`
	Text       string         `json:"text"`
}

type wireDeadline struct {
	Confirmed bool          `json:"confirmed"`
	Due       calendar.Date `json:"due,omitzero"`
	Reading   string        `json:"reading,omitempty"`
	Text      wireText      `json:"text"`
	Words     wireText      `json:"words"`
}

type wireCell struct {
	Entry  *wireEntry      `json:"entry,omitempty"`
	Status progress.Status `json:"status,omitempty"`
}

type wireEntry struct {
	Achieved         string          `json:"achieved,omitempty"`
	AsOf             calendar.Date   `json:"as_of,omitzero"`
	Author           string          `json:"author,omitempty"`
	AuthorID         string          `json:"author_id,omitempty"`
	CorrectionReason string          `json:"correction_reason,omitempty"`
	ID               string          `json:"id"`
	Lang             bilingual.Lang  `json:"lang,omitempty"`
	NextSteps        string          `json:"next_steps,omitempty"`
	Obstacles        string          `json:"obstacles,omitempty"`
	OnBehalfOf       string          `json:"on_behalf_of,omitempty"`
	OnBehalfOfID     string          `json:"on_behalf_of_id,omitempty"`
	OutsideControl   bool            `json:"outside_control,omitempty"` // only in the second form
	Percentage       string          `json:"percentage,omitempty"`
	Reason           string          `json:"reason,omitempty"`
	RecordedAt       string          `json:"recorded_at,omitempty"`
	Status           progress.Status `json:"status,omitempty"`
	Supersedes       string          `json:"supersedes,omitempty"`
	SupportAsked     string          `json:"support_asked,omitempty"`
	SupportBy        calendar.Date   `json:"support_by,omitzero"`
	SupportOf        string          `json:"support_of,omitempty"`
	Target           string          `json:"target_id,omitempty"`
	Value            string          `json:"value,omitempty"`
}

type wireDuty struct {
	Due    calendar.Date `json:"due,omitzero"`
	From   calendar.Date `json:"from,omitzero"`
	Reason string        `json:"reason,omitempty"`
}

type wireSealing struct {
	Number   string         `json:"number"`
	Version  int            `json:"version"`
	SealedAt string         `json:"sealed_at"`
	SealedBy string         `json:"sealed_by,omitempty"`
	Reason   string         `json:"reason,omitempty"`
	Replaces *wireReference `json:"replaces,omitempty"`
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func parseInstant(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t.UTC(), err
}

func amount(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}

// amountForm bounds what is read: the library would expand "1e999999999".
var amountForm = regexp.MustCompile(`^-?\d{1,40}(\.\d{1,40})?$`)

func parseAmount(s string) (*decimal.Decimal, error) {
	if s == "" {
		return nil, nil
	}
	if !amountForm.MatchString(s) {
		return nil, fmt.Errorf("number %q: want digits with an optional decimal point", s)
	}
	d, err := decimal.NewFromString(s)
	return &d, err
}

func id(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func parseID(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	return strconv.ParseInt(s, 10, 64)
}

func (w *wireWords) in() (string, bilingual.State) {
	if w == nil {
		return "", bilingual.Missing
	}
	return w.Words, w.State
}

func (t wireText) text() bilingual.Text {
	var b bilingual.Text
	b.NL, b.NLState = t.NL.in()
	b.FR, b.FRState = t.FR.in()
	return b
}

func wire(t bilingual.Text) (w wireText) {
	if t.NL != "" {
		w.NL = &wireWords{Words: t.NL, State: t.NLState}
	}
	if t.FR != "" {
		w.FR = &wireWords{Words: t.FR, State: t.FRState}
	}
	return w
}
