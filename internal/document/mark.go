package document

// Mark is a shape with a colour that stands beside a word and never replaces it.
type Mark string

// The marks. Each has its own shape, so that they differ without colour.
const (
	Tick     Mark = "tick"     // tick in a circle
	Triangle Mark = "triangle" // warning triangle
	Ring     Mark = "ring"     // life ring
	Octagon  Mark = "octagon"  // octagon with a cross
	Flag     Mark = "flag"
	Square   Mark = "square" // square in a square
	Dash     Mark = "dash"   // dash in a circle
	Dashed   Mark = "dashed" // dashed circle: silence
	Clock    Mark = "clock"
	Dots     Mark = "dots" // not yet
	Up       Mark = "up"
	Down     Mark = "down"
	Same     Mark = "same"
)

type colour struct{ r, g, b int }

// style gives a mark its colours: ink on tint is at least 4.5:1.
type style struct {
	ink, tint colour
	outline   bool // a border instead of a tint
}

var (
	ink      = colour{0x1b, 0x23, 0x30}
	muted    = colour{0x53, 0x5d, 0x6d}
	hairline = colour{0xd5, 0xdb, 0xe3}
	strong   = colour{0x7d, 0x88, 0x98}
	sunken   = colour{0xee, 0xf1, 0xf4}
	accent   = colour{0x15, 0x5e, 0x6b}
	white    = colour{0xff, 0xff, 0xff}
)

var styles = map[Mark]style{
	Tick:     {ink: colour{0x12, 0x60, 0x3a}, tint: colour{0xe0, 0xf2, 0xe7}},
	Triangle: {ink: colour{0x74, 0x46, 0x00}, tint: colour{0xfd, 0xf0, 0xd3}},
	Ring:     {ink: colour{0x5a, 0x2a, 0x8c}, tint: colour{0xf0, 0xe7, 0xf9}},
	Octagon:  {ink: colour{0x9c, 0x1a, 0x2b}, tint: colour{0xfb, 0xe4, 0xe6}},
	Clock:    {ink: colour{0x9c, 0x1a, 0x2b}, tint: colour{0xfb, 0xe4, 0xe6}},
	Flag:     {ink: colour{0x0d, 0x4a, 0x80}, tint: colour{0xe0, 0xec, 0xf9}},
	Square:   {ink: colour{0x45, 0x4c, 0x58}, tint: colour{0xe6, 0xe9, 0xee}},
	Dash:     {ink: colour{0x45, 0x4c, 0x58}, tint: white, outline: true},
	Dashed:   {ink: ink, tint: white, outline: true},
	Dots:     {ink: muted, tint: white, outline: true},
	Up:       {ink: colour{0x12, 0x60, 0x3a}, tint: white},
	Down:     {ink: colour{0x9c, 0x1a, 0x2b}, tint: white},
	Same:     {ink: muted, tint: white},
}

// pill reports whether the mark and its word stand on a tinted or outlined ground.
func (m Mark) pill() bool { return m != "" && m != Up && m != Down && m != Same }

func (m Mark) style() style {
	if s, ok := styles[m]; ok {
		return s
	}
	return style{ink: ink, tint: white}
}
