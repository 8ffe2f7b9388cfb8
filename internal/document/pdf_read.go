package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/validate"
)

// ErrPDF is the kind of every PDF that is not read.
var ErrPDF = errors.New("not a readable PDF")

// Printed is what a PDF draws, in a form that can be compared, and its attachment.
type Printed struct {
	Pages []string // a digest of what each page draws, and of notes laid over it
	Whole string   // a digest of all that stands in the file; "" when it is not as WritePDF makes it
	Data  *Attachment
}

// ReadPDF reads a PDF within bounds of size. A file that breaks the reader is
// answered with ErrPDF.
func ReadPDF(file []byte) (p Printed, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrPDF, r)
		}
	}()
	if p, err = readPDF(file); err != nil {
		return Printed{}, fmt.Errorf("%w: %w", ErrPDF, err)
	}
	return p, nil
}

// withoutConfigDir keeps the library from making a folder of settings. Its package
// "api" would do so too, but brings forms and terminals along.
var withoutConfigDir = sync.OnceFunc(func() { model.ConfigPath = "disable" })

func readPDF(file []byte) (p Printed, err error) {
	withoutConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.Limits.MaxStreamBytes, conf.Limits.MaxDecodeBytes = maxPart, maxPart
	ctx, err := pdfcpu.Read(bytes.NewReader(file), conf)
	if err != nil {
		return p, err
	}
	if err := ctx.EnsurePageCount(); err != nil {
		return p, err
	}
	for i := 1; i <= ctx.PageCount; i++ {
		digest, err := pageDigest(ctx, i)
		if err != nil {
			return p, fmt.Errorf("page %d: %w", i, err)
		}
		p.Pages = append(p.Pages, digest)
	}
	p.Whole = wholeDigest(file)
	p.Data, err = pdfAttachment(file, conf)
	return p, err
}

func pageDigest(ctx *model.Context, n int) (string, error) {
	r, err := pdfcpu.ExtractPageContent(ctx, n)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	if r != nil {
		if _, err := io.Copy(hash, r); err != nil {
			return "", err
		}
	}
	page, _, _, err := ctx.PageDict(n, false)
	if err != nil {
		return "", err
	}
	for _, key := range []string{"Annots", "MediaBox", "CropBox", "Rotate"} { // what lies over, cuts or turns the page
		if v, ok := page.Find(key); ok {
			fmt.Fprint(hash, key, v)
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func pdfAttachment(file []byte, conf *model.Configuration) (*Attachment, error) {
	conf.Cmd = model.EXTRACTATTACHMENTS
	ctx, err := pdfcpu.Read(bytes.NewReader(file), conf)
	if err == nil {
		err = validate.XRefTable(ctx)
	}
	if err != nil {
		return nil, nil // not ours
	}
	list, err := ctx.ExtractAttachments(nil)
	if err != nil || len(list) != 1 {
		return nil, nil // no attachment, or not ours
	}
	content, err := io.ReadAll(io.LimitReader(list[0], maxPart))
	return &Attachment{Name: list[0].FileName, Description: list[0].Desc, Content: content}, err
}
