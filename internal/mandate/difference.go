package mandate

import "strings"

// Piece is a run of words of two texts: in both, only in the old or only in the new.
type Piece struct {
	Words        string
	InOld, InNew bool
}

// mostCells bounds the work of comparing two texts word by word.
const mostCells = 4_000_000

// Difference compares two texts word by word. The words of all pieces that are
// in the old text make the old one again, and those in the new text the new
// one. Texts too long to compare are one old and one new piece.
func Difference(old, new string) []Piece {
	a, b := wordsOf(old), wordsOf(new)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var d difference
	d.add(a[:head], true, true)
	d.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	d.add(a[len(a)-tail:], true, true)
	return d.pieces
}

type difference struct{ pieces []Piece }

func (d *difference) add(words []string, inOld, inNew bool) {
	if len(words) == 0 {
		return
	}
	joined := strings.Join(words, "")
	if n := len(d.pieces); n > 0 && d.pieces[n-1].InOld == inOld && d.pieces[n-1].InNew == inNew {
		d.pieces[n-1].Words += joined
		return
	}
	d.pieces = append(d.pieces, Piece{joined, inOld, inNew})
}

// middle walks the longest common sequence of words.
func (d *difference) middle(a, b []string) {
	if (len(a)+1)*(len(b)+1) > mostCells {
		d.add(a, true, false)
		d.add(b, false, true)
		return
	}
	width := len(b) + 1
	common := make([]int32, (len(a)+1)*width) // of what follows
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			d.add(a[i:i+1], true, true)
			i, j = i+1, j+1
		case common[(i+1)*width+j] >= common[i*width+j+1]:
			d.add(a[i:i+1], true, false)
			i++
		default:
			d.add(b[j:j+1], false, true)
			j++
		}
	}
	d.add(a[i:], true, false)
	d.add(b[j:], false, true)
}

// wordsOf cuts a text after each run of spaces: nothing is lost.
func wordsOf(text string) []string {
	var words []string
	start, space := 0, false
	for i, r := range text {
		blank := r == ' ' || r == '\n' || r == '\t' || r == '\u00a0'
		if space && !blank {
			words = append(words, text[start:i])
			start = i
		}
		space = blank
	}
	if start < len(text) {
		words = append(words, text[start:])
	}
	return words
}
