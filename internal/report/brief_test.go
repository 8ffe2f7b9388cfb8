package report

import (
	"testing"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
)

// The sheet says where an indicator must be as its own page does: of two bounds both.
func TestTheAimOnTheSheetHasBothBounds(t *testing.T) {
	f := BriefFigure{Definition: indicator.Definition{
		Direction: indicator.Between, Unit: bilingual.Text{NL: "modules", FR: "modules"},
		Milestones: []indicator.Milestone{{On: calendar.MustDate(2024, 12, 31), Value: decimal.NewFromInt(5), Upper: decimal.NewFromInt(7)}},
	}}
	for lang, want := range map[bilingual.Lang]string{
		bilingual.NL: "tussen 5 en 7\u00a0modules vanaf 31/12/2024",
		bilingual.FR: "entre 5 et 7\u00a0modules à partir du 31/12/2024",
	} {
		if got := f.Aim(catalogues.In(lang)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAListThatIsCutShortSaysOfHowMany(t *testing.T) {
	for want, rows := range map[string]int{"Eerstvolgende termijnen (2 van 9)": 2, "Eerstvolgende termijnen": 9} {
		if shown, name := first(make([]int, 9), rows, catalogues.In(bilingual.NL), "brief.next"); len(shown) != rows || name != want {
			t.Errorf("%d rows are %d rows of %q, want %q", rows, len(shown), name, want)
		}
	}
}

// Codes of the letter have a column where an indicator has one, and else none.
func TestFiguresWithoutACodeHaveNoColumnForIt(t *testing.T) {
	b := Brief{Figures: []BriefFigure{{}, {}}}
	for want, kpi := range map[int]mandate.Code{3: {}, 4: code("T5-K2")} {
		b.Figures[1].KPI = kpi
		table := b.figures(catalogues.In(bilingual.NL), 9)
		if len(table.Columns) != want || len(table.Rows[0]) != want || len(table.Rows[1]) != want {
			t.Errorf("%d columns, rows of %d and %d cells, want %d", len(table.Columns), len(table.Rows[0]), len(table.Rows[1]), want)
		}
	}
}
