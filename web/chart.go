package web

import (
	"strconv"
	"strings"

	"jalon/internal/chart"
)

// place prints a place in a drawing.
func place(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }

// corners gives the points of a line or an area as SVG has them.
func corners(points []chart.Point) string {
	all := make([]string, len(points))
	for i, p := range points {
		all[i] = place(p.X) + "," + place(p.Y)
	}
	return strings.Join(all, " ")
}

func viewBox(d chart.Drawing) string {
	return "0 0 " + strconv.FormatFloat(d.Width, 'f', -1, 64) + " " + strconv.FormatFloat(d.Height, 'f', -1, 64)
}

// chart draws the series up to the day of the page, with the milestones that are still to come.
func (v IndicatorView) chart() (chart.Drawing, bool) {
	return v.Printer.Chart(v.Series, v.Line.Standing)
}
