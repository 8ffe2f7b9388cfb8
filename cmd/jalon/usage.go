package main

import (
	"regexp"
	"slices"
	"strings"
)

// mistakes are the sentences of the parser of the command line, which are English,
// and the key of ours: "command.usage." + key, with the groups of the pattern.
var mistakes = []struct {
	pattern *regexp.Regexp
	key     string
}{
	{regexp.MustCompile(`^unknown flag (?P<Words>-\S*?)(?:,.*)?$`), "flag"},
	{regexp.MustCompile(`^unexpected argument (?P<Words>.*?)(?:, did you mean .*)?$`), "argument"},
	{regexp.MustCompile(`^(?:missing flags:|missing positional arguments|expected) (?P<List>(?:"?<|-).*)$`), "missing"},
	{regexp.MustCompile(`^expected (?:one of )?(?P<List>.*)$`), "command"},
	{regexp.MustCompile(`^(?P<Name>\S+) must be one of (?P<List>.*) but got "(?P<Value>.*)"$`), "choice"},
	{regexp.MustCompile(`^(?P<Name>\S+?)(?:=\S*)?: .* got "EOL" .*$`), "empty"},
	{regexp.MustCompile(`^(?P<Name>\S+?)(?:=\S*)?: .* got "(?P<Value>.*?)"(?: \(.*\).*)?$`), "value"},
}

// usage says what is wrong with the command line, in the reader's language. A flag
// that is not on it comes from the setting of its name.
func (o *Output) usage(err error, args []string) string {
	for _, m := range mistakes {
		groups := m.pattern.FindStringSubmatch(err.Error())
		if groups == nil {
			continue
		}
		var words []any
		key := m.key
		if flag := groups[max(0, m.pattern.SubexpIndex("Name"))]; key == "value" && strings.HasPrefix(flag, "--") && !given(flag, args) {
			key = "setting"
			groups[m.pattern.SubexpIndex("Name")] = "JALON_" + strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(flag, "--"), "-", "_"))
		}
		for i, name := range m.pattern.SubexpNames() {
			if name == "List" {
				groups[i] = listed(groups[i])
			}
			if name != "" {
				words = append(words, name, groups[i])
			}
		}
		return o.Print().T("command.usage."+key, words...)
	}
	return o.Print().T("command.usage", "Reason", err.Error())
}

// given tells whether a flag is on the command line.
func given(flag string, args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool { return a == flag || strings.HasPrefix(a, flag+"=") })
}

// listed takes the quotation marks, the dots and the values of flags from names:
// "<text> ...", or --mandate=STRING, --output=STRING.
func listed(names string) string {
	var all []string
	for _, name := range strings.Split(names, ",") {
		name, _, _ = strings.Cut(name, "=")
		if name = strings.Trim(name, ` ".`); name != "" {
			all = append(all, name)
		}
	}
	return strings.Join(all, ", ")
}
