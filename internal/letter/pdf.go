package letter

import (
	"context"
	_ "embed"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/klauspost/compress/zstd"
	pdfreader "github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"jalon/internal/intake"
)

const (
	pdfTime = 60 * time.Second
	// pdfMemory is the most that the sandbox may take, in pages of 64 KiB: 512 MiB.
	pdfMemory = 8192
)

// onePDF lets one PDF be read at a time: the reader takes some 300 MB, which
// are given back afterwards since letters are rarely imported.
var onePDF sync.Mutex

// readPDF gives the text of a PDF, a line per line of the page, an empty line
// where the page leaves room for one, and three at the end of a page. PDFium
// runs in a sandbox without files, within pdfTime and pdfMemory.
func readPDF(data []byte) (string, error) {
	onePDF.Lock()
	defer onePDF.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), pdfTime)
	defer cancel()
	words, err := readPDFIn(ctx, data)
	if ctx.Err() != nil {
		return "", intake.Refuse(TookTooLong, ctx.Err())
	}
	return words, err
}

// pdfium is the PDFium of the library, packed: it would be a tenth of the program.
//
//go:embed pdfium.wasm.zst
var pdfium []byte

// unpacked gives PDFium as the sandbox runs it.
func unpacked() ([]byte, error) {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.DecodeAll(pdfium, nil)
}

func readPDFIn(ctx context.Context, data []byte) (string, error) {
	wasm, err := unpacked()
	if err != nil {
		return "", err
	}
	pool, err := webassembly.InitWithWASM(webassembly.Config{
		Context: ctx, MinIdle: 0, MaxIdle: 1, MaxTotal: 1, WASM: wasm,
		FSConfig: wazero.NewFSConfig(), // the default would mount the whole disk
		Stdout:   io.Discard, Stderr: io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(pdfMemory).WithCloseOnContextDone(true),
	})
	if err != nil {
		return "", err
	}
	defer pool.Close()
	instance, err := pool.GetInstance(pdfTime)
	if err != nil {
		return "", err
	}
	defer instance.Close()
	doc, err := instance.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return "", intake.Refuse(intake.Encrypted, err, "Kind", "pdf")
	case err != nil:
		return "", intake.Refuse(intake.Damaged, err, "Kind", "pdf")
	}
	return readPages(instance, doc.Document)
}

func readPages(instance pdfreader.Pdfium, doc references.FPDF_DOCUMENT) (string, error) {
	count, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil {
		return "", intake.Refuse(intake.Damaged, err, "Kind", "pdf")
	}
	if count.PageCount > maxPages {
		return "", intake.Refuse(TooManyPages, nil, "Pages", strconv.Itoa(count.PageCount), "Limit", strconv.Itoa(maxPages))
	}
	var text strings.Builder
	for i := range count.PageCount {
		page, err := readPage(instance, doc, i)
		if err != nil {
			return "", intake.Refuse(intake.Damaged, err, "Kind", "pdf")
		}
		text.WriteString(page + strings.Repeat("\n", pageBreak+1))
		if text.Len() > MaxText {
			return "", intake.Refuse(TooLong, nil)
		}
	}
	if strings.TrimSpace(text.String()) == "" {
		return "", intake.Refuse(WithoutText, nil)
	}
	return text.String(), nil
}

// readPage reads the signs of one page with the places of their origins, of
// which those of one line share the height whatever the sign.
func readPage(instance pdfreader.Pdfium, doc references.FPDF_DOCUMENT, index int) (string, error) {
	loaded, err := instance.FPDFText_LoadPage(&requests.FPDFText_LoadPage{
		Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}},
	})
	if err != nil {
		return "", err
	}
	page := loaded.TextPage
	defer func() { _, _ = instance.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: page}) }()
	count, err := instance.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: page})
	if err != nil {
		return "", err
	}
	if count.Count > MaxText {
		return "", intake.Refuse(TooLong, nil)
	}
	var lines pdfLines
	for i := range count.Count {
		sign, err := instance.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: page, Index: i})
		if err != nil {
			return "", err
		}
		at, err := instance.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: page, Index: i})
		if err != nil {
			return "", err
		}
		if lines.add(rune(sign.Unicode), at.X, at.Y) {
			size, err := instance.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: page, Index: i})
			if err != nil {
				return "", err
			}
			lines.last().size = size.FontSize
		}
	}
	return lines.String(), nil
}

// pdfLine is one line of a page: the height of its signs' origins, in points
// from the foot upwards, the size of its first sign in points, and its text.
type pdfLine struct {
	y     float64
	size  float64
	signs []rune
}

// pdfLines are the lines of a page in the order of its text.
type pdfLines struct {
	all []pdfLine
	x   float64 // of the last sign
}

// raised is how far, in points, a sign may stand above or below its line, as
// the e of "15e" does.
const raised = 6

// add adds a sign to its line and says whether it begins a new one.
func (ls *pdfLines) add(sign rune, x, y float64) (begins bool) {
	if sign == 0x02 || sign == 0xfffe {
		sign = '-' // the library's own mark for a hyphen at a line end
	}
	n := len(ls.all)
	if sign <= ' ' || unicode.IsSpace(sign) && sign < 0x80 {
		if n > 0 && sign == ' ' {
			ls.all[n-1].signs = append(ls.all[n-1].signs, ' ')
		}
		return false
	}
	if off := math.Abs(y - ls.last().y); n == 0 || off > raised || off > 2 && x < ls.x {
		ls.all = append(ls.all, pdfLine{y: y})
		begins = true
	}
	ls.x = x
	ls.last().signs = append(ls.last().signs, sign)
	return begins
}

func (ls *pdfLines) last() *pdfLine {
	if len(ls.all) == 0 {
		return &pdfLine{}
	}
	return &ls.all[len(ls.all)-1]
}

// String gives the lines with empty ones wherever the page leaves more room
// than between the lines of a text.
func (ls *pdfLines) String() string {
	step := ls.step()
	var out strings.Builder
	for i, l := range ls.all {
		if i > 0 {
			out.WriteByte('\n')
			// as many empty lines as would fit, and one where a paragraph is only set apart
			room := math.Abs(ls.all[i-1].y-l.y) / step
			if room > 1.35 || math.Abs(ls.all[i-1].size-l.size) > 0.5 { // a heading is set larger
				out.WriteString(strings.Repeat("\n", max(1, min(pageBreak, int(math.Round(room))-1))))
			}
		}
		out.WriteString(strings.TrimSpace(string(l.signs)))
	}
	return out.String()
}

// step is the usual distance between the lines of a text: the most frequent
// one, and the smallest of those that are.
func (ls *pdfLines) step() float64 {
	count := map[int]int{}
	for i := 1; i < len(ls.all); i++ {
		if d := math.Abs(ls.all[i-1].y - ls.all[i].y); d > 2 {
			count[int(math.Round(d))]++
		}
	}
	best, step := 0, math.Inf(1)
	for d, n := range count {
		if n > best || n == best && float64(d) < step {
			best, step = n, float64(d)
		}
	}
	return step
}
