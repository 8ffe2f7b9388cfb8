package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"jalon/internal/calendar"
	"jalon/internal/store"
	"jalon/web"
)

// A big document is made by a job: whoever asks for it gets a page that tells
// how far it is, and the file there when it is ready, for a day.
//
// A new kind of document is added in two places: a line in exportKinds, with
// what names it and what writes it (see tablesExport), and on the page that
// offers it the form web.OrderExport of orderOf, with the parameters of the one
// document. Turn, progress, crash, file and end are the same for all kinds.
func (s *Site) exportKinds() map[string]exportKind {
	return map[string]exportKind{
		kindTables:  exportOf(s.mayExportTables, s.makeTables),
		kindDossier: exportOf(s.mayExportDossier, s.makeDossier),
	}
}

// ExportQueue is who makes the documents.
type ExportQueue interface {
	// WakeExports asks for a hand for the documents that wait.
	WakeExports(ctx context.Context) error
}

// exportKind is one kind of document. The visit is that of who asked, with the
// rights that they have at that moment: on the page, and later in the job.
type exportKind struct {
	// name is how the page calls the document, once the visitor may have it:
	// asked when they order it, while they look at it, and when they take the file.
	name func(v *visit, parameters []byte) (string, error)
	// make writes it, and tells how far it is. It leaves in the trail what was read.
	make func(v *visit, parameters []byte, w io.Writer, step func(done, of int)) (store.ExportFile, error)
}

// exportOf gives a kind whose parameters are a T. Those that are none are refused.
func exportOf[T any](name func(*visit, T) (string, error), make func(*visit, T, io.Writer, func(done, of int)) (store.ExportFile, error)) exportKind {
	read := func(raw []byte) (p T, err error) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err = d.Decode(&p); err != nil || d.More() {
			return p, badRequest("")
		}
		return p, nil
	}
	return exportKind{
		name: func(v *visit, raw []byte) (string, error) {
			p, err := read(raw)
			if err != nil {
				return "", err
			}
			return name(v, p)
		},
		make: func(v *visit, raw []byte, w io.Writer, step func(done, of int)) (store.ExportFile, error) {
			p, err := read(raw)
			if err != nil {
				return store.ExportFile{}, err
			}
			if _, err := name(v, p); err != nil {
				return store.ExportFile{}, err
			}
			return make(v, p, w, step)
		},
	}
}

// orderOf gives the form that asks for a document.
func orderOf(v *visit, kind string, parameters any) (web.ExportOrder, error) {
	raw, err := json.Marshal(parameters)
	if err != nil {
		return web.ExportOrder{}, fmt.Errorf("write the parameters of %s: %w", kind, err)
	}
	return web.ExportOrder{Action: v.path("/exports"), Kind: kind, Parameters: string(raw), IdempotencyKey: newKey()}, nil
}

// Makers are what a job needs to make the documents, by kind.
func (s *Site) Makers() map[string]func(context.Context, store.Export, io.Writer, func(done, of int)) (store.ExportFile, error) {
	makers := map[string]func(context.Context, store.Export, io.Writer, func(done, of int)) (store.ExportFile, error){}
	for name, kind := range s.exportKinds() {
		makers[name] = func(ctx context.Context, e store.Export, w io.Writer, step func(done, of int)) (store.ExportFile, error) {
			v, err := s.inNameOf(ctx, e)
			if err != nil {
				return store.ExportFile{}, err
			}
			file, err := kind.make(v, e.Parameters, w, step)
			var p *problem
			if errors.As(err, &p) && p.status < http.StatusInternalServerError {
				err = fmt.Errorf("refused with %d: %w", p.status, store.ErrNotFound) // and would be again
			}
			return file, err
		}
	}
	return makers
}

// inNameOf makes the visit of who asked for a document, with the rights of today.
func (s *Site) inNameOf(ctx context.Context, e store.Export) (*visit, error) {
	account, err := s.Store.Account(ctx, e.PersonID)
	if err == nil && account.Disabled {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	today := calendar.DateOf(s.Now())
	r := (&http.Request{}).WithContext(ctx)
	return &visit{Request: r, lang: e.Lang, print: s.Catalogues.In(e.Lang), viewer: account.Viewer, account: account, today: today, asOf: today}, nil
}

func (s *Site) exportRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/exports", handler: s.listExports},
		{method: http.MethodPost, pattern: "/exports", handler: s.orderExport},
		{method: http.MethodGet, pattern: "/exports/{export}", handler: s.showExport},
		{method: http.MethodGet, pattern: "/exports/{export}/file", handler: s.sendExport},
	}
}

type exportForm struct {
	Key        string `form:"idempotency_key,raw"`
	Kind       string `form:"kind,line,40,required"`
	Parameters string `form:"parameters,text,2000,required"`
}

func (s *Site) orderExport(w http.ResponseWriter, v *visit) error {
	return s.own(w, v, func() error {
		in, f, err := decode[exportForm](v)
		if err != nil {
			return err
		}
		sub, err := v.submission(in.Key, "order document")
		if err != nil {
			return err
		}
		kind, known := s.exportKinds()[in.Kind]
		if !f.ok() || !known || s.Exports == nil {
			return badRequest("")
		}
		if _, err := kind.name(v, []byte(in.Parameters)); err != nil {
			return err
		}
		location, err := s.Store.OrderExport(v.Context(), sub, store.Export{
			PersonID: v.viewer.PersonID, Kind: in.Kind, Parameters: json.RawMessage(in.Parameters), Lang: v.lang, AskedAt: s.Now(),
		}, func(id int64) string { return exportPath(v, id) })
		if errors.Is(err, store.ErrTooManyExports) {
			return refused(http.StatusTooManyRequests, "export_job.too_many", "Most", store.MaxOpenExports)
		}
		if err != nil {
			return err
		}
		s.wakeExports(v)
		return redirect(w, location)
	})
}

// wakeExports asks for a hand for what waits; when nobody hears, it waits until the next look.
func (s *Site) wakeExports(v *visit) {
	if err := s.Exports.WakeExports(v.Context()); err != nil {
		s.Log.Error("ask for a hand for a document", "error", err.Error())
	}
}

func exportPath(v *visit, id int64) string { return v.path("/exports/" + strconv.FormatInt(id, 10)) }

// openExport reads the document of the address, which is the visitor's, with its
// kind and name. One that they may not have any more does not exist for them.
func (s *Site) openExport(v *visit) (e store.Export, name string, err error) {
	id, err := strconv.ParseInt(chi.URLParam(v.Request, "export"), 10, 64)
	if err != nil {
		return e, "", errNotFound
	}
	if e, err = s.Store.Export(v.Context(), id, v.viewer.PersonID, s.Now()); err != nil {
		return e, "", err
	}
	name, err = s.exportName(v, e)
	return e, name, err
}

func (s *Site) exportName(v *visit, e store.Export) (string, error) {
	kind, known := s.exportKinds()[e.Kind]
	if !known {
		return "", errNotFound
	}
	return kind.name(v, e.Parameters)
}

func (s *Site) listExports(w http.ResponseWriter, v *visit) error {
	return s.own(w, v, func() error {
		all, err := s.Store.Exports(v.Context(), v.viewer.PersonID, s.Now())
		if err != nil {
			return err
		}
		view := web.ExportsView{Frame: s.frame(v, v.print.T("export_job.list")), URL: v.path("/exports")}
		for _, e := range all {
			name, err := s.exportName(v, e)
			if err != nil {
				continue // no longer theirs to have
			}
			view.Exports = append(view.Exports, exportLine(v, e, name))
		}
		return s.render(w, v, http.StatusOK, web.ExportsPage(view))
	})
}

func exportLine(v *visit, e store.Export, name string) web.ExportLine {
	l := web.ExportLine{
		Name: name, URL: exportPath(v, e.ID), State: string(e.State), AskedAt: e.AskedAt, ExpiresAt: e.ExpiresAt, Done: e.Done, Steps: e.Steps,
		FileName: e.File.Name, Bytes: e.File.Size,
	}
	if e.State == store.ExportReady {
		l.FileURL = l.URL + "/file"
	}
	return l
}

// showExport tells how far a document is. Its script looks again now and then;
// without one there is a link that does.
func (s *Site) showExport(w http.ResponseWriter, v *visit) error {
	return s.own(w, v, func() error {
		e, name, err := s.openExport(v)
		if err != nil {
			return err
		}
		view := web.ExportView{
			Frame: s.frame(v, name, web.Crumb{Label: v.print.T("export_job.list"), URL: v.path("/exports")}), ExportLine: exportLine(v, e, name),
		}
		switch e.State {
		case store.ExportWaiting:
			if view.Before, err = s.Store.ExportsBefore(v.Context(), e.ID); err != nil {
				return err
			}
		case store.ExportFailed:
			view.Again = web.ExportOrder{Action: v.path("/exports"), Kind: e.Kind, Parameters: string(e.Parameters), IdempotencyKey: newKey()}
		}
		return s.render(w, v, http.StatusOK, web.ExportPage(view))
	})
}

// sendExport sends the file to be kept. It is compared with its hash first.
func (s *Site) sendExport(w http.ResponseWriter, v *visit) error {
	return s.own(w, v, func() error {
		e, _, err := s.openExport(v)
		if err != nil {
			return err
		}
		if e.State != store.ExportReady {
			return errNotFound
		}
		content, err := s.Shelf.Get(e.SHA256)
		if err != nil {
			return fmt.Errorf("send document %d: %w", e.ID, err)
		}
		defer content.Close()
		if err := s.Store.Audit(v.Context(), store.Event{
			ActorID: v.viewer.PersonID, Action: "take document", Object: "export/" + strconv.FormatInt(e.ID, 10), RequestID: requestID(v.Context()),
			Detail: map[string]any{"kind": e.Kind},
		}); err != nil {
			return err
		}
		fileHeaders(w, e.File.ContentType, e.File.Name, int(e.File.Size))
		w.Header().Del("Content-Length") // that of the part that is asked for: a download that broke off goes on
		w.Header().Set("ETag", `"`+e.SHA256+`"`)
		http.ServeContent(w, v.Request, "", time.Time{}, content)
		return nil
	})
}

// offerExport answers with the offer to make a document of about so many rows;
// back is where the visitor came from.
func (s *Site) offerExport(w http.ResponseWriter, v *visit, kind string, parameters any, rows int, back string) error {
	order, err := orderOf(v, kind, parameters)
	if err != nil {
		return err
	}
	name, err := s.exportKinds()[kind].name(v, []byte(order.Parameters))
	if err != nil {
		return err
	}
	view := web.ExportOfferView{Frame: s.frame(v, name), Rows: rows, Order: order, BackURL: back}
	return s.render(w, v, http.StatusOK, web.ExportOfferPage(view))
}
