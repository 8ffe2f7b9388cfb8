package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/letter"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/store"
)

// Run reads the letter, and stores it unless it is a dry run.
func (c ImportCmd) Run(out *Output) error {
	reading, err := c.Read(out)
	if err != nil {
		return err
	}
	if c.DryRun {
		return c.Show(out, reading)
	}
	done, err := c.store(out, &reading)
	if err != nil {
		return err
	}
	if err := c.Show(out, reading); err != nil || c.JSON {
		return err
	}
	print := out.In(c.Lang).Print()
	said := print.T("import.stored", "Code", done.mandate, "Findings", len(reading.Findings))
	if done.effect == store.LetterSame {
		said = print.T("import.same_as", "Code", done.mandate)
	}
	if done.founded != "" {
		said += "\n" + print.T("import.founded", "Code", done.founded)
	}
	_, err = fmt.Fprintln(out.Stdout, said)
	return err
}

// imported is what became of a letter.
type imported struct {
	mandate string // its code
	effect  store.LetterEffect
	founded string // code of the institution that was made for it; "" for a known one
}

// effectiveOn is the day from which changed words hold; zero when it was not given.
func (c ImportCmd) effectiveOn(print *locale.Printer) (calendar.Date, error) {
	if c.EffectiveOn == "" {
		return calendar.Date{}, nil
	}
	d, err := locale.ParseDate(c.EffectiveOn)
	if err != nil {
		return d, Failure{exitUsage, print.T("error.date.invalid")}
	}
	return d, nil
}

// store stores the letter, and adds to its findings what it does not share with
// the words of the other language that are stored.
func (c ImportCmd) store(out *Output, r *letter.Reading) (done imported, err error) {
	ctx, print := store.AsSystem(context.Background()), out.In(c.Lang).Print()
	effectiveOn, err := c.effectiveOn(print)
	if err != nil {
		return done, err
	}
	s, giveUp, err := c.DatabaseFlags.open(ctx, quiet())
	if err != nil {
		return done, err
	}
	defer giveUp()
	institution, known, err := c.institution(ctx, s, print, *r)
	if err != nil {
		return done, err
	}
	tree := r.Tree()
	if tree.Code, err = c.mandate(ctx, s, print, institution, tree); err != nil {
		return done, err
	}
	stored, err := s.LastWording(ctx, tree.Code)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return done, err
	}
	beside := letter.OtherLanguage(letter.DraftOf(stored), r.Draft)
	explain(print, beside)
	r.Findings = append(r.Findings, beside...)
	done.effect, _, _, err = s.StoreLetter(ctx, store.Submission{Action: "import letter"}, store.Letter{
		Mandate: tree, Institution: institution, Lang: languageOf(tree), FileName: filepath.Base(c.File),
		Source: strings.Join(r.Lines, "\n"), Findings: r.Findings, EffectiveOn: effectiveOn,
	})
	if errors.Is(err, store.ErrSealed) {
		err = Failure{exitNo, print.T("amendment.sealed")}
	}
	done.mandate = tree.Code
	if !known {
		done.founded = institution.Code
	}
	return done, err
}

func languageOf(m mandate.Mandate) bilingual.Lang {
	for _, o := range m.Objectives {
		if o.Title.NL == "" {
			return bilingual.FR
		}
	}
	return bilingual.NL
}

// institution finds the one that was named, or makes one from the letter. Known tells which.
func (c ImportCmd) institution(ctx context.Context, s *store.Store, print *locale.Printer, r letter.Reading) (i mandate.Institution, known bool, err error) {
	code := strings.ToUpper(c.Institution)
	if code == "" {
		code = codeFrom(r.Mandate.Institution)
	}
	all, err := s.Institutions(ctx)
	if err != nil {
		return i, false, err
	}
	if at := slices.IndexFunc(all, func(one mandate.Institution) bool { return one.Code == code }); at >= 0 {
		return all[at], true, nil
	}
	if code == "" {
		return i, false, Failure{exitUsage, print.T("import.error.no_institution")}
	}
	if !mandate.IsInstitutionCode(code) {
		return i, false, Failure{exitUsage, print.T("import.error.institution_code")}
	}
	name := r.Mandate.Institution
	if name == "" || c.Institution != "" && codeFrom(name) != code {
		name = code
	}
	return mandate.Institution{Code: code, Name: bilingual.Text{NL: name, FR: name}}, false, nil
}

// mandate gives the code to store under: the one that was named, else that of
// the institution's mandate with the same title, else one made from
// institution and rank.
func (c ImportCmd) mandate(ctx context.Context, s *store.Store, print *locale.Printer, i mandate.Institution, tree mandate.Mandate) (string, error) {
	all, err := s.Mandates(ctx, access.Scope{All: true}, store.Moment{Day: calendar.DateOf(time.Now())})
	if err != nil {
		return "", err
	}
	if named := strings.ToUpper(c.Mandate); named != "" {
		other := func(m mandate.Mandate) bool { return m.Code == named && m.Institution.Code != i.Code }
		switch {
		case !mandate.IsMandateCode(named):
			return "", Failure{exitUsage, print.T("import.error.mandate")}
		case slices.ContainsFunc(all, other):
			return "", Failure{exitUsage, print.T("import.error.other_institution")}
		}
		return named, nil
	}
	all = slices.DeleteFunc(all, func(m mandate.Mandate) bool { return m.Institution.Code != i.Code })
	made := strings.Trim(i.Code+"-"+codeFrom(strings.ReplaceAll(tree.Rank, "+", "P")), "-")
	taken := false
	for _, m := range all {
		if sameWords(m.Title.NL, tree.Title.NL) || sameWords(m.Title.FR, tree.Title.FR) {
			return m.Code, nil
		}
		taken = taken || m.Code == made
	}
	if taken {
		return "", Failure{exitUsage, print.T("import.error.which_mandate", "Code", made)}
	}
	return made, nil
}

func sameWords(a, b string) bool { return a != "" && a == b }

// codeFrom makes a code from words: capitals without accents, digits, and
// hyphens for what stands between.
func codeFrom(words string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToUpper(words)) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r) && b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
