// Command jalon follows the objectives of people who hold a public mandate: a
// web server, and the commands around it.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"jalon/internal/bilingual"
	"jalon/internal/intake"
	"jalon/internal/monitoring"
	"jalon/internal/secret"
	"jalon/internal/store"
	"jalon/internal/store/localpg"
)

// Set when the program is built.
var (
	version = "dev"
	commit  = "unknown"
)

// CLI is the command line: one struct per command, in a file of its own. What they,
// their arguments and flags mean is said in the catalogues: see help.
type CLI struct {
	Serve       ServeCmd       `cmd:""`
	Migrate     MigrateCmd     `cmd:""`
	Import      ImportCmd      `cmd:""`
	Deadline    DeadlineCmd    `cmd:""`
	Mandates    MandatesCmd    `cmd:""`
	Export      ExportCmd      `cmd:""`
	Verify      VerifyCmd      `cmd:""`
	User        UserCmd        `cmd:""`
	Audit       AuditCmd       `cmd:""`
	Generate    GenerateCmd    `cmd:""`
	Version     VersionCmd     `cmd:""`
	Healthcheck HealthcheckCmd `cmd:"" hidden:""`
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run runs one command and gives its exit code.
func run(args []string, stdout, stderr io.Writer) int {
	answer := &printed{to: stdout}
	out := &Output{Stdout: answer, Stderr: stderr, Lang: langOf(args, os.Getenv)}
	var cli CLI
	exited := -1
	parser, err := kong.New(&cli,
		kong.Name("jalon"),
		kong.Writers(answer, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.Help(out.help),
		kong.Bind(out),
	)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitFault
	}
	if asksHelp(args) || !takesLang(parser, args) {
		_, args = cutLang(args)
	}
	command, err := parser.Parse(dashedWords(args))
	switch {
	case answer.err != nil: // of --help
	case exited >= 0:
		return exited // --help has answered
	case err != nil:
		fmt.Fprintf(stderr, "jalon: %s\n", out.usage(err, args))
		return exitUsage
	default:
		err = command.Run(out)
	}
	if answer.err != nil { // whatever the answer is, nobody has it
		err = answer.err
	}
	if err != nil {
		failure := out.failure(err)
		if failure.Message != "" {
			fmt.Fprintf(stderr, "jalon: %s\n", failure.Message)
		}
		return failure.Code
	}
	return 0
}

// dashedWords puts words that begin with a dash, such as "- december 2025", after
// the flags: they are a deadline as it stands in a list, and no flag.
func dashedWords(args []string) []string {
	if len(args) == 0 || args[0] != "deadline" || slices.Contains(args, "--") {
		return args
	}
	var flags, words []string
	for _, a := range args {
		if len(a) > 1 && a[0] == '-' && a[1] != '-' && (a[1]|0x20 < 'a' || a[1]|0x20 > 'z') {
			words = append(words, a)
		} else {
			flags = append(flags, a)
		}
	}
	if len(words) == 0 {
		return args
	}
	return append(append(flags, "--"), words...)
}

// langOf takes the language of --lang, else of the environment, else Dutch.
func langOf(args []string, getenv func(string) string) bilingual.Lang {
	if lang, _ := cutLang(args); lang != "" {
		return lang
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "fr") {
				return bilingual.FR
			}
			return bilingual.NL
		}
	}
	return bilingual.NL
}

// takesLang reports whether the command has a flag --lang of its own; the others
// only answer in it.
func takesLang(parser *kong.Kong, args []string) bool {
	at, err := kong.Trace(parser, args)
	if err != nil || at.Selected() == nil {
		return true
	}
	return slices.ContainsFunc(at.Selected().Flags, func(f *kong.Flag) bool { return f.Name == "lang" })
}

// cutLang gives the language of --lang and the other words; no language when there
// is none, or another one.
func cutLang(args []string) (lang bilingual.Lang, others []string) {
	for i, a := range args {
		value, ok := strings.CutPrefix(a, "--lang=")
		next := i + 1
		if a == "--lang" && next < len(args) {
			value, ok = args[next], true
			next++
		}
		if l, known := bilingual.ParseLang(value); ok && known {
			return l, slices.Concat(args[:i], args[next:])
		}
	}
	return "", args
}

// failure is the one place where an error becomes an exit code and a sentence.
func (o *Output) failure(err error) Failure {
	print := o.Print()
	var failure Failure
	var refusal *intake.Refusal
	var local *localpg.Error
	var setting *settingError
	var target *unwritable
	var file *fs.PathError
	switch {
	case errors.As(err, &failure):
		return failure
	case errors.As(err, &setting):
		return setting.failure(print)
	case (errors.Is(err, monitoring.ErrExposed) || errors.Is(err, secret.ErrExposed)) && errors.As(err, &file):
		return Failure{exitFault, print.T("command.key_exposed", "File", file.Path)}
	case errors.As(err, &target):
		return Failure{exitFault, print.T("command.unwritable", "File", target.path)}
	case errors.As(err, &refusal):
		return Failure{exitUsage, print.T(refusal.Key(), refusal.Words(o.Lang)...)}
	case errors.Is(err, store.ErrAmendment):
		return Failure{exitUsage, print.T("command.amendment")}
	case errors.Is(err, store.ErrNotFound):
		return Failure{exitNo, print.T("command.not_found", "Reason", err.Error())}
	case errors.Is(err, store.ErrSealed), errors.Is(err, store.ErrExists):
		return Failure{exitNo, print.T("command.refused", "Reason", err.Error())}
	case errors.Is(err, store.ErrUnsafeServer):
		return Failure{exitFault, print.T("command.unsafe_server", "Reason", err.Error())}
	case errors.Is(err, localpg.ErrNoPrograms):
		return Failure{exitFault, print.T("command.no_postgresql")}
	case errors.As(err, &local):
		return Failure{exitFault, print.T("command.no_private_server", "Reason", local.Error())}
	}
	if database := store.UnreachableBy(err); database != nil {
		return Failure{exitFault, print.T("command.unreachable."+string(database.Kind), "Reason", database.Reason)}
	}
	return Failure{exitFault, print.T("command.fault", "Reason", err.Error())}
}
