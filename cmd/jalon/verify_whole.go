package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/report"
)

// describeWhole says which whole table it is, and names the table of each mandate.
func describeWhole(w io.Writer, c report.Checked, print *locale.Printer) {
	body, _, _ := c.Round.Body.Name.For(print.Lang)
	fmt.Fprintln(w, print.T("verify.whole.title", "Period", print.HalfYear(c.Round.Period), "Body", body))
	describeSeal(w, c, print)
	for _, n := range c.Round.Mandates {
		fmt.Fprintln(w, "- "+print.T("verify.whole.table", "Mandate", n.Mandate.Code, "Number", n.Number,
			"Reported", n.Reported, "Owed", n.Owed, "SHA256", n.SHA256))
	}
}

// tables says whether the given tables are the ones that the whole table names.
// Of a folder all JSON, XLSX, DOCX and PDF files are looked at; it is taken for the
// whole collection, so that a table that is not in it counts as a no.
func (c VerifyCmd) tables(whole monitoring.RoundTable, keys []monitoring.PublicKey, out *Output, print *locale.Printer) error {
	if len(c.Tables) == 0 {
		return nil
	}
	files, complete, err := tableFiles(c.Tables, c.File)
	if err != nil {
		return err
	}
	found, refused, catalogues := map[string]bool{}, false, locale.MustLoad()
	for _, path := range files {
		file, err := c.read(path, print)
		if err != nil {
			return err
		}
		t := report.Verify(file, keys, catalogues)
		answer := "verify.whole." + string(monitoring.Altered)
		switch {
		case t.Round != nil, t.Outcome == monitoring.NotSealed:
			answer = "verify.whole.no_table"
			refused = refused || t.Damaged || !complete
		case t.Outcome == monitoring.Altered:
			refused = true
		default: // an older key is no matter: the whole table vouches for the hash
			naming := whole.Naming(t.Table, t.Seal.SHA256)
			answer, refused = "verify.whole."+string(naming), refused || naming != monitoring.Named
			found[t.Table.Mandate.Code] = found[t.Table.Mandate.Code] || naming == monitoring.Named
		}
		fmt.Fprintln(out.Stdout, path+print.T("verify.whole.colon")+print.T(answer))
	}
	for _, n := range whole.Mandates {
		if !found[n.Mandate.Code] {
			fmt.Fprintln(out.Stdout, print.T("verify.whole.absent", "Number", n.Number, "Mandate", n.Mandate.Code))
			refused = refused || complete
		}
	}
	if refused {
		return Failure{Code: exitNo}
	}
	return nil
}

// tableFiles lists the files of the arguments and of the folders among them,
// and tells whether there is a folder. The whole table itself is left out.
func tableFiles(args []string, whole string) (files []string, folder bool, err error) {
	self, err := os.Stat(whole)
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", whole, err)
	}
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil || !info.IsDir() {
			files = append(files, arg) // reading it says what is wrong
			continue
		}
		folder = true
		entries, err := os.ReadDir(arg)
		if err != nil {
			return nil, false, fmt.Errorf("read %s: %w", arg, err)
		}
		for _, e := range entries {
			if kind := strings.ToLower(filepath.Ext(e.Name())); !e.IsDir() && slices.Contains([]string{".json", ".xlsx", ".docx", ".pdf"}, kind) {
				files = append(files, filepath.Join(arg, e.Name()))
			}
		}
	}
	files = slices.DeleteFunc(files, func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && os.SameFile(info, self)
	})
	return files, folder, nil
}

// read gives the bytes of a file to be checked.
func (c VerifyCmd) read(path string, print *locale.Printer) ([]byte, error) {
	file, err := readBounded(path, report.MaxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, Failure{exitUsage, print.T("verify.no_file", "File", path)}
	case errors.Is(err, errTooLarge):
		return nil, Failure{exitUsage, print.T("verify.too_large", "File", path, "Limit", report.MaxFile>>20)}
	case errors.Is(err, syscall.EISDIR):
		return nil, Failure{exitUsage, print.T("verify.folder", "File", path)}
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return file, nil
}
