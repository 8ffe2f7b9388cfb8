package site

import (
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"jalon/internal/locale"
	"jalon/web"
)

// form is what a browser sent in the body of a POST: every name is expected,
// every name comes once, every value is text in composed form. What a person
// must mend is collected in errs, and the page shows it beside the field.
type form struct {
	values url.Values
	files  map[string][]*multipart.FileHeader
	print  *locale.Printer
	labels map[string]string // where a field stands, for the summary of errors
	places []string          // of the fields on the page, as far as it is known
	errs   []web.FieldError  // in that order
}

// The most that a form may have.
const (
	maxFields = 2000
	maxParts  = 1000 // of a form with files, or
	rowParts  = 25   // as many for each file field, when a form has rows with files
	maxName   = 100
)

// form reads a form whose fields may have these names. A name with a *, such as
// row.*.status, stands for any code in its place. The query is not looked at.
func (v *visit) form(allowed ...string) (*form, error) {
	media, _, err := mime.ParseMediaType(v.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, refused(http.StatusUnsupportedMediaType, "")
	}
	if err := v.ParseForm(); err != nil {
		return nil, unreadable(err)
	}
	return v.check(v.PostForm, nil, allowed)
}

// upload reads a form with files: multipart/form-data. The file fields are given
// apart, with how many files each takes; a file in another field is refused.
// Call the returned function when done with the files.
func (v *visit) upload(fileFields map[string]int, allowed ...string) (f *form, done func(), err error) {
	done = func() {}
	media, params, err := mime.ParseMediaType(v.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return nil, done, refused(http.StatusUnsupportedMediaType, "")
	}
	if params["boundary"] == "" {
		return nil, done, badRequest("")
	}
	if err := v.ParseMultipartForm(1 << 20); err != nil {
		return nil, done, unreadable(err)
	}
	done = func() { _ = v.MultipartForm.RemoveAll() } // temporary files
	if partsOf(v.MultipartForm) > max(maxParts, rowParts*len(fileFields)) {
		done()
		return nil, func() {}, refused(http.StatusRequestEntityTooLarge, "")
	}
	for name, all := range v.MultipartForm.File {
		if len(all) > fileFields[name] {
			done()
			return nil, func() {}, badRequest("error.form.field")
		}
	}
	// a file field that was left empty comes as a value without a name
	for name := range fileFields {
		if slices.Equal(v.MultipartForm.Value[name], []string{""}) {
			delete(v.MultipartForm.Value, name)
		}
	}
	if f, err = v.check(v.MultipartForm.Value, v.MultipartForm.File, allowed); err != nil {
		done()
		return nil, func() {}, err
	}
	return f, done, nil
}

// partsOf counts the values and files of a form.
func partsOf(f *multipart.Form) int {
	n := 0
	for _, all := range f.Value {
		n += len(all)
	}
	for _, all := range f.File {
		n += len(all)
	}
	return n
}

// unreadable tells a body that is too large from one that is broken.
func unreadable(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return &problem{status: http.StatusInsufficientStorage, cause: err}
	case errors.As(err, &tooLarge), errors.Is(err, multipart.ErrMessageTooLarge),
		strings.Contains(err.Error(), "number of URL query parameters exceeded"), // no error value for it in net/url
		strings.Contains(err.Error(), "POST too large"):
		return &problem{status: http.StatusRequestEntityTooLarge, cause: err}
	}
	return &problem{status: http.StatusBadRequest, detail: "error.form.field"} // the error quotes what was typed
}

func (v *visit) check(values url.Values, files map[string][]*multipart.FileHeader, allowed []string) (*form, error) {
	if len(values) > maxFields {
		return nil, refused(http.StatusRequestEntityTooLarge, "")
	}
	for name, all := range values {
		if len(name) > maxName || len(all) != 1 || !isAllowed(name, allowed) {
			return nil, badRequest("error.form.field")
		}
		if !utf8.ValidString(all[0]) {
			return nil, badRequest("error.form.encoding")
		}
	}
	return &form{values: values, files: files, print: v.print, labels: map[string]string{}}, nil
}

// isAllowed reports whether a field may have a name. A form of a whole half-year
// has hundreds of them, so that an expression for all names takes milliseconds.
func isAllowed(name string, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(pattern string) bool {
		before, after, starred := strings.Cut(pattern, "*")
		if !starred {
			return name == pattern
		}
		code, begins := strings.CutPrefix(name, before)
		code, ends := strings.CutSuffix(code, after)
		return begins && ends && isFieldCode(code)
	})
}

// isFieldCode reports whether a part of a name can be a code: letters, digits,
// points and dashes, at most 40, with a letter or a digit in front.
func isFieldCode(s string) bool {
	sign := func(r rune) bool { return r == '.' || r == '-' }
	letter := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' }
	return s != "" && len(s) <= 40 && !sign(rune(s[0])) && !strings.ContainsFunc(s, func(r rune) bool { return !letter(r) && !sign(r) })
}

// names lists the fields that were sent, sorted.
func (f *form) names() []string {
	names := make([]string, 0, len(f.values))
	for name := range f.values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// has reports whether a field was sent, also when it is empty.
func (f *form) has(name string) bool { return f.values.Has(name) }

// file gives the file of the field "file", or nil.
func (f *form) file() *multipart.FileHeader {
	if all := f.files["file"]; len(all) > 0 {
		return all[0]
	}
	return nil
}

// raw gives a field as it was sent, for keys and secrets.
func (f *form) raw(name string) string { return f.values.Get(name) }

// line reads one line of text of at most max characters. Signs that cannot be
// seen or that turn the reading direction have no place in a name or address.
func (f *form) line(name string, max int) string {
	s := strings.TrimSpace(norm.NFC.String(f.values.Get(name)))
	switch {
	case strings.ContainsFunc(s, unicode.IsControl), strings.ContainsFunc(s, turnsDirection):
		f.refuse(name, "error.form.control")
	case s != "" && blank(s):
		return ""
	}
	return f.within(name, s, max)
}

// text reads paragraphs of at most max characters: line ends become \n, tabs
// stay, marks that turn the reading direction go (they come along when text is
// pasted), other control characters are refused.
func (f *form) text(name string, max int) string {
	s := strings.ReplaceAll(f.values.Get(name), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if turnsDirection(r) || r == '\uFEFF' {
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(norm.NFC.String(s))
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		f.refuse(name, "error.form.control")
	}
	if blank(s) {
		return ""
	}
	return f.within(name, s, max)
}

func (f *form) within(name, s string, max int) string {
	if n := utf8.RuneCountInString(s); n > max {
		f.refuse(name, "error.form.long", "Count", strconv.Itoa(n), "Most", strconv.Itoa(max))
	}
	return s
}

// secret reads a password: nothing is changed, nothing shown again.
func (f *form) secret(name string, max int) string {
	s := f.values.Get(name)
	if utf8.RuneCountInString(s) > max {
		f.refuse(name, "signin.password.long")
	} else if strings.ContainsFunc(s, unicode.IsControl) {
		f.refuse(name, "error.form.control")
	}
	return s
}

// required is for the value of a field that may not stay empty.
func (f *form) required(name, value string) string {
	if value == "" {
		f.refuse(name, "error.form.required")
	}
	return value
}

// choice reads one of a few values; "" when it was left empty.
func (f *form) choice(name string, values ...string) string {
	s := f.values.Get(name)
	if s != "" && !slices.Contains(values, s) {
		f.refuse(name, "error.form.choice")
		return ""
	}
	return s
}

// refuse notes what a person must mend; the first fault of a field counts.
func (f *form) refuse(name, key string, pairs ...any) {
	if slices.ContainsFunc(f.errs, func(e web.FieldError) bool { return e.Field == name }) {
		return
	}
	at := len(f.errs)
	if place := slices.Index(f.places, name); place >= 0 { // people read the list beside the page, from top to bottom
		if i := slices.IndexFunc(f.errs, func(e web.FieldError) bool { return slices.Index(f.places, e.Field) > place }); i >= 0 {
			at = i
		}
	}
	f.errs = slices.Insert(f.errs, at, web.FieldError{Field: name, Label: f.labels[name], Text: f.print.T(key, pairs...)})
}

// label names fields by the keys of the words beside them, before they are read.
func (f *form) label(keys map[string]string) {
	for name, key := range keys {
		f.labels[name] = f.print.T(key)
	}
}

// isNew reports whether something was said that did not stand there before.
func isNew[T comparable](said, stood T) bool {
	var nothing T
	return said != nothing && said != stood
}

// ok reports whether nothing must be mended.
func (f *form) ok() bool { return len(f.errs) == 0 }

// turnsDirection finds the marks that make text read otherwise than it is stored.
func turnsDirection(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x200E || r == 0x200F || r == 0x061C
}

// blank finds text in which nothing can be seen: spaces, joiners, and letters
// that are drawn as nothing, such as the Hangul filler and the empty Braille pattern.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point) && !unicode.IsControl(r) && r != '\u2800'
	})
}

// decode reads a form into a struct. The tag of each field, all strings, is its
// name and how to read it:
//
//	Name  string `form:"name,line,200,required"`
//	Notes string `form:"notes,text,2000"`
//	Lang  string `form:"lang,choice,nl|fr,required"`
//	Key   string `form:"idempotency_key,raw"`
//	Word  string `form:"password,secret,128"`
//
// A name without a field in the struct is refused: nobody can set what the form
// does not offer. A second tag, label, is the key of the words that stand beside
// the field: the summary of errors names it by them.
func decode[T any](v *visit) (into T, f *form, err error) {
	return decodeWith[T](func(names []string) (*form, error) { return v.form(names...) })
}

// decodeUpload is decode for a form with files; without any it may come as any
// other form. Call the returned function when done with the files.
func decodeUpload[T any](v *visit, fileFields map[string]int) (into T, f *form, done func(), err error) {
	done = func() {}
	if media, _, err := mime.ParseMediaType(v.Header.Get("Content-Type")); err != nil || media != "multipart/form-data" {
		v.Body = http.MaxBytesReader(nil, v.Body, bodyLimit) // the room of the route is for files
		into, f, err = decode[T](v)
		return into, f, done, err
	}
	into, f, err = decodeWith[T](func(names []string) (read *form, err error) {
		read, done, err = v.upload(fileFields, names...)
		return read, err
	})
	return into, f, done, err
}

// buttonForm is a form that is only a button.
type buttonForm struct {
	Key string `form:"idempotency_key,raw"`
}

// decodeWith reads the fields of T, which stand in T as they stand on the page.
func decodeWith[T any](read func(names []string) (*form, error)) (into T, f *form, err error) {
	fields := reflect.VisibleFields(reflect.TypeFor[T]())
	tags := make([][]string, len(fields))
	names := make([]string, len(fields))
	for i, field := range fields {
		tags[i] = strings.Split(field.Tag.Get("form"), ",")
		names[i] = tags[i][0]
	}
	if f, err = read(names); err != nil {
		return into, nil, err
	}
	f.places = names
	for i, field := range fields {
		if key := field.Tag.Get("label"); key != "" {
			f.labels[names[i]] = f.print.T(key)
		}
		reflect.ValueOf(&into).Elem().FieldByIndex(field.Index).SetString(f.read(tags[i]))
	}
	return into, f, nil
}

func (f *form) read(tag []string) (value string) {
	name, kind, bound := tag[0], tag[1], ""
	if len(tag) > 2 {
		bound = tag[2]
	}
	limit, _ := strconv.Atoi(bound)
	switch kind {
	case "raw":
		value = f.raw(name)
	case "line":
		value = f.line(name, limit)
	case "text":
		value = f.text(name, limit)
	case "secret":
		value = f.secret(name, limit)
	case "choice":
		value = f.choice(name, strings.Split(bound, "|")...)
	default:
		panic(fmt.Sprintf("form field %s: no kind %q", name, kind))
	}
	if tag[len(tag)-1] == "required" {
		f.required(name, value)
	}
	return value
}
