package main

import (
	"bytes"
	"fmt"
	"io"
	"unicode"

	"jalon/internal/bilingual"
	"jalon/internal/locale"
)

// Exit codes of every command.
const (
	exitNo    = 1 // the answer is no
	exitUsage = 2 // bad usage or bad input
	exitFault = 3 // could not: database, disk, network
)

// Output is where a command writes and in which language.
type Output struct {
	Stdout, Stderr io.Writer
	Lang           bilingual.Lang
}

// Print gives the printer of the command's language.
func (o *Output) Print() *locale.Printer { return locale.MustLoad().In(o.Lang) }

// In gives the same output in the language that a flag chose, if it did.
func (o *Output) In(lang string) *Output {
	if l, ok := bilingual.ParseLang(lang); ok {
		return &Output{o.Stdout, o.Stderr, l}
	}
	return o
}

// printed is where a command prints, and remembers that it could not.
type printed struct {
	to  io.Writer
	err error
}

// Write keeps signs that steer a terminal out: a letter or a name can have them.
func (p *printed) Write(b []byte) (int, error) {
	_, err := p.to.Write(bytes.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return '?'
		}
		return r
	}, b))
	if err != nil {
		p.err = fmt.Errorf("print the answer: %w", err)
		return 0, p.err
	}
	return len(b), nil
}

// lined is where a command prints whole lines, each at once, that quote a file of
// which nobody knows who wrote it: what it says makes no line of its own, nor
// turns the direction of reading.
type lined struct{ to io.Writer }

func (l lined) Write(b []byte) (int, error) {
	line, end := bytes.CutSuffix(b, []byte("\n"))
	line = bytes.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
			return '?'
		}
		return r
	}, line)
	if end {
		line = append(line, '\n')
	}
	if _, err := l.to.Write(line); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Failure ends a command with an exit code and one clear sentence. An empty
// message says nothing: the command has answered already.
type Failure struct {
	Code    int
	Message string
}

func (f Failure) Error() string { return f.Message }
