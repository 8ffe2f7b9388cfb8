package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"jalon/internal/locale"
)

const (
	helpWidth  = 80 // of a terminal that nobody made wider
	nameColumn = 28 // at most; the text of a longer name begins on the next line
)

// help is what --help prints. The parser knows which commands, arguments and flags
// there are; what they mean stands in the catalogues, under their place:
// "command.help.export.tables" and "command.value.export.tables.period".
func (o *Output) help(_ kong.HelpOptions, at *kong.Context) error {
	node := at.Selected()
	if node == nil {
		node = at.Model.Node
	}
	page := helpPage{print: o.Print().Typeset()}
	page.paragraph(page.print.T("command.heading.usage", "Words", page.usage(node)))
	page.paragraph(page.print.T(helpKey(node)))
	page.arguments(node)
	page.flags(node)
	page.commands(node)
	// no line has broken at a space of typography; the terminal gets plain ones
	text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(page.String())
	_, err := fmt.Fprintln(o.Stdout, strings.TrimSpace(text))
	return err
}

// asksHelp reports whether the answer is help, whatever else is there.
func asksHelp(args []string) bool {
	for _, a := range args {
		switch a {
		case "--help", "-h":
			return true
		case "--":
			return false
		}
	}
	return false
}

// helpKey is the key of what a command does, or the whole program.
func helpKey(node *kong.Node) string {
	if node.Parent == nil {
		return "command.help"
	}
	return "command.help." + strings.ReplaceAll(node.Path(), " ", ".")
}

// valueKey is the key of what an argument or a flag means: to its command, else to
// all commands beside it, else everywhere.
func valueKey(print *locale.Printer, node *kong.Node, name string) string {
	key := "command.value." + strings.Join(append(strings.Fields(node.Path()), name), ".")
	if node.Parent == nil || print.Has(key) {
		return key
	}
	return valueKey(print, node.Parent, name)
}

// helpPage is the help on one command.
type helpPage struct {
	strings.Builder
	print *locale.Printer
}

// usage shows how to call a command: jalon verify <file> [<tables> ...] [options].
func (p *helpPage) usage(node *kong.Node) string {
	words, optional := []string{node.FullPath()}, ""
	for _, flag := range node.Flags {
		switch {
		case flag.Required:
			words = append(words, p.flag(flag))
		case node.Parent != nil: // the program itself has --help alone
			optional = p.print.T("command.form.flags")
		}
	}
	for _, argument := range node.Positional {
		words = append(words, argument.Summary())
	}
	if !node.Leaf() {
		words = append(words, p.print.T("command.form.command"))
	}
	return strings.TrimSpace(strings.Join(append(words, optional), " "))
}

func (p *helpPage) arguments(node *kong.Node) {
	var rows [][2]string
	for _, argument := range node.Positional {
		rows = append(rows, [2]string{argument.Summary(), p.meaning(node, argument)})
	}
	p.section("arguments", rows)
}

// flags shows each group of flags under a heading of its own.
func (p *helpPage) flags(node *kong.Node) {
	flags := slices.Concat(node.AllFlags(true)...)
	for len(flags) > 0 {
		group := groupOf(flags[0])
		var rows [][2]string
		for len(flags) > 0 && groupOf(flags[0]) == group {
			short := "    "
			if flags[0].Short != 0 {
				short = "-" + string(flags[0].Short) + ", "
			}
			rows = append(rows, [2]string{short + p.flag(flags[0]), p.meaning(node, flags[0].Value)})
			flags = flags[1:]
		}
		p.section(group, rows)
	}
}

func groupOf(flag *kong.Flag) string {
	if flag.Group == nil {
		return "flags"
	}
	return flag.Group.Key
}

func (p *helpPage) commands(node *kong.Node) {
	var rows [][2]string
	for _, command := range node.Leaves(true) {
		if command != node {
			rows = append(rows, [2]string{command.Path(), p.print.T(helpKey(command))})
		}
	}
	p.section("commands", rows)
	if len(rows) > 0 {
		p.paragraph(p.print.T("command.heading.more", "Command", node.FullPath()))
	}
}

// flag shows a flag with its default, or what it takes: --period=current, --from=DATE.
func (p *helpPage) flag(flag *kong.Flag) string {
	var takes string
	switch {
	case flag.IsBool():
		return "--" + flag.Name
	case strings.Contains(flag.Default, " "):
		takes = strconv.Quote(flag.Default)
	case flag.Default != "":
		takes = flag.Default
	case flag.PlaceHolder != "":
		takes = p.print.T("command.form." + flag.PlaceHolder)
	default:
		takes = p.print.T("command.form.text")
	}
	if flag.IsSlice() && flag.Tag.Sep != -1 {
		takes += ",…"
	}
	return "--" + flag.Name + "=" + takes
}

// meaning says what an argument or a flag is, and which setting of the environment it has.
func (p *helpPage) meaning(node *kong.Node, value *kong.Value) string {
	text := p.print.T(valueKey(p.print, node, value.Name), "Choices", strings.ReplaceAll(value.Enum, ",", ", "), "Roles", roleNames())
	if len(value.Tag.Envs) > 0 {
		text = fmt.Sprintf("%s (%s).", strings.TrimSuffix(text, "."), value.Tag.Envs[0])
	}
	return text
}

func (p *helpPage) paragraph(text string) {
	fmt.Fprintf(p, "%s\n\n", strings.Join(wrapped(text, helpWidth), "\n"))
}

// section prints names and, beside them, their texts under a heading.
func (p *helpPage) section(heading string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	column := 0
	for _, row := range rows {
		if width := utf8.RuneCountInString(row[0]); width <= nameColumn {
			column = max(column, width)
		}
	}
	fmt.Fprintln(p, p.print.T("command.heading."+heading))
	for _, row := range rows {
		name := row[0]
		if utf8.RuneCountInString(name) > column {
			fmt.Fprintf(p, "  %s\n", name)
			name = ""
		}
		for _, line := range wrapped(row[1], helpWidth-column-4) {
			fmt.Fprintf(p, "  %-*s  %s\n", column, name, line)
			name = ""
		}
	}
	fmt.Fprintln(p)
}

// wrapped breaks a text at its spaces, into lines of at most width signs.
func wrapped(text string, width int) (lines []string) {
	line := ""
	for i, word := range strings.Split(text, " ") {
		if i > 0 && utf8.RuneCountInString(line+" "+word) > width {
			lines, line = append(lines, line), word
			continue
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
