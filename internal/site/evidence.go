package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) evidenceRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/mandates/{m}/evidence/{evidence}", action: access.ViewMandate, handler: s.sendEvidence, past: true},
	}
}

// evidenceFields are the fields of a form that takes evidence.
var evidenceFields = map[string]int{"file": evidence.MaxFiles}

// evidenceBody is how many bytes such a form may have; slowUpload is how long
// it may take, at a megabit a second.
const (
	evidenceBody = evidence.MaxForm + 1<<20
	slowUpload   = 7 * time.Minute
)

// evidenceObject is what a right to read a file is asked for: its target.
func evidenceObject(o access.Object, target mandate.Code) access.Object {
	o.Target = target.String()
	return o
}

// rightToRead tells which right opens a file: a confidential one is for fewer
// people, and for who added it.
func (v *visit) rightToRead(f evidence.File) access.Action {
	if f.Confidential && f.AddedByID != v.viewer.PersonID {
		return access.ReadConfidential
	}
	return access.ViewMandate
}

// evidenceLines shows files; of those that the visitor may not read, the number alone.
func evidenceLines(v *visit, m mandate.Mandate, target mandate.Code, files []evidence.File) (lines []web.EvidenceLine, hidden int) {
	o := evidenceObject(objectOf(m), target)
	for _, f := range files {
		if !v.may(v.rightToRead(f), o) {
			hidden++
			continue
		}
		lines = append(lines, web.EvidenceLine{
			Name: f.Name, Kind: string(f.Kind), Bytes: f.Size, Confidential: f.Confidential,
			URL: v.path("/mandates/" + m.Code + "/evidence/" + strconv.FormatInt(f.ID, 10)),
		})
	}
	return lines, hidden
}

// judgeEvidence judges the files of the form. What is wrong with one is said
// beside the field; it gives their contents, to be kept once all of the form is right.
func (s *Site) judgeEvidence(v *visit, f *form, confidential bool) ([]judged, error) {
	return s.judgeFiles(v, f, "file", f.files["file"], confidential)
}

// judgeFiles does so for the files of one field.
func (s *Site) judgeFiles(v *visit, f *form, field string, sent []*multipart.FileHeader, confidential bool) ([]judged, error) {
	if len(sent) == 0 {
		return nil, nil
	}
	if wait := s.limits.take("upload", strconv.FormatInt(v.viewer.PersonID, 10)); wait > 0 {
		return nil, tooMany(wait)
	}
	var all []judged
	for _, header := range sent {
		name := evidence.CleanName(header.Filename)
		data, err := bytesOf(header)
		if err != nil {
			return nil, err
		}
		kind, content, err := evidence.Judge(name, data)
		var refusal *evidence.Refusal
		if errors.As(err, &refusal) {
			f.refuse(field, refusal.Key(), append([]any{"File", name}, refusal.Args...)...)
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, judged{evidence.File{
			Size: len(content), Kind: kind, Name: name, Confidential: confidential, AddedByID: v.viewer.PersonID, AddedAt: s.Now(),
		}, content})
	}
	return all, nil
}

// judged is a file that is sound, and not kept yet.
type judged struct {
	evidence.File
	content []byte
}

// bytesOf reads a file that was sent, one byte beyond what is allowed at most.
func bytesOf(header *multipart.FileHeader) ([]byte, error) {
	file, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("open an uploaded file: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, evidence.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read an uploaded file: %w", err)
	}
	return data, nil
}

// keepEvidence lays the contents on the shelf, before what refers to them is
// stored: a row without its file cannot be.
func (s *Site) keepEvidence(all []judged) ([]evidence.File, error) {
	var files []evidence.File
	for _, j := range all {
		sum, err := s.Shelf.Put(j.content)
		if err != nil {
			return nil, err
		}
		j.SHA256 = sum
		files = append(files, j.File)
	}
	return files, nil
}

// sendEvidence sends a file to be kept, never to be opened inside a page of
// ours. It is compared with its hash first, and the reading leaves a trace.
func (s *Site) sendEvidence(w http.ResponseWriter, v *visit) error {
	id, err := strconv.ParseInt(chi.URLParam(v.Request, "evidence"), 10, 64)
	if err != nil {
		return errNotFound
	}
	code := chi.URLParam(v.Request, "m")
	object, _, err := s.Store.MandateObject(v.Context(), code)
	if err != nil {
		return err
	}
	if err := s.allow(v, access.ViewMandate, object); err != nil {
		return err
	}
	e, err := s.Store.EvidenceFile(v.Context(), code, id)
	if err != nil {
		return err
	}
	if err := s.allow(v, v.rightToRead(e.File), evidenceObject(e.Object, e.Target)); err != nil {
		return err
	}
	content, err := s.Shelf.Get(e.SHA256)
	if err != nil {
		return fmt.Errorf("send evidence %d: %w", id, err)
	}
	defer content.Close()
	err = s.Store.Audit(v.Context(), store.Event{
		ActorID: v.viewer.PersonID, Action: "read evidence", Object: "evidence/" + strconv.FormatInt(id, 10), MandateID: e.Object.MandateID,
		RequestID: requestID(v.Context()), Detail: map[string]any{"confidential": e.Confidential},
	})
	if err != nil {
		return err
	}
	fileHeaders(w, e.Kind.MediaType(), e.Name, e.Size)
	_, _ = io.Copy(w, content) // the browser may have gone; there is nobody left to tell
	return nil
}

// SweepEvidence removes contents to which no form referred in the end. Call it now and then.
func (s *Site) SweepEvidence(ctx context.Context) error {
	_, err := s.Shelf.Sweep(time.Now().Add(-24*time.Hour), func(sum string) (bool, error) { return s.Store.EvidenceReferred(ctx, sum) })
	return err
}

// hashOf gives the SHA-256 of a content in 64 hexadecimal digits.
func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// sendShelved sends a file of the shelf, which compares it with its hash.
func (s *Site) sendShelved(w http.ResponseWriter, f evidence.File) error {
	content, err := s.Shelf.Get(f.SHA256)
	if err != nil {
		return fmt.Errorf("send file %d: %w", f.ID, err)
	}
	defer content.Close()
	fileHeaders(w, f.Kind.MediaType(), f.Name, f.Size)
	_, _ = io.Copy(w, content) // the browser may have gone; there is nobody left to tell
	return nil
}
