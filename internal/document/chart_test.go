package document

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"jalon/internal/chart"
)

// A picture has its shapes where the drawing has them, also those that reach over its edge.
func TestAPictureOfAChart(t *testing.T) {
	square := func(x, y, side float64) []chart.Point {
		return []chart.Point{{X: x, Y: y}, {X: x + side, Y: y}, {X: x + side, Y: y + side}, {X: x, Y: y + side}}
	}
	content := chartPNG(chart.Drawing{Width: 100, Height: 60, Shapes: []chart.Shape{
		{Role: chart.Bar, Points: square(10, 10, 20), Closed: true},
		{Role: chart.Bar, Points: square(90, 50, 40), Closed: true},
		{Role: chart.Bar, Points: square(200, 200, 10), Closed: true},
		{Role: chart.Path, Points: []chart.Point{{X: 0, Y: 40}, {X: 50, Y: 40}}},
	}})
	picture, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if got := picture.Bounds(); got != image.Rect(0, 0, 100*chartDots, 60*chartDots) {
		t.Fatalf("the picture is %v", got)
	}
	at := func(x, y float64) colour {
		r, g, b, _ := picture.At(int(x*chartDots), int(y*chartDots)).RGBA()
		return colour{int(r >> 8), int(g >> 8), int(b >> 8)}
	}
	for what, c := range map[string]struct {
		x, y float64
		want colour
	}{
		"in the bar": {20, 20, accent}, "at its corner": {10.5, 10.5, accent}, "left of it": {9, 20, white}, "below it": {20, 31, white},
		"in the bar at the edge": {95, 55, accent}, "in the first dash": {2, 40, muted}, "in the gap after it": {7, 40, white}, "in the second dash": {11, 40, muted},
	} {
		if got := at(c.x, c.y); got != c.want {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}
