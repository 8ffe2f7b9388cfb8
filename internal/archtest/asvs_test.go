package archtest

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs/asvs.tsv says what shows each requirement of OWASP ASVS 5.0 that counts
// here. What is said to be met names tests that exist; what is not says why.
func TestWhatIsSaidOfSecurityIsShown(t *testing.T) {
	tests := map[string]bool{}
	name := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	walk(t, "_test.go", func(_, text string) {
		for _, m := range name.FindAllStringSubmatch(text, -1) {
			tests[m[1]] = true
		}
	})
	file, err := os.Open(filepath.Join(root, "docs/asvs.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen := map[string]bool{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != 5 {
			t.Errorf("%q has %d cells, want 5", lines.Text(), len(cells))
			continue
		}
		id, status, shown, why := cells[0], cells[2], strings.Fields(cells[3]), cells[4]
		if id == "requirement" {
			continue
		}
		if seen[id] {
			t.Errorf("%s stands twice", id)
		}
		seen[id] = true
		switch status {
		case "met":
			if len(shown) == 0 {
				t.Errorf("%s is met, and nothing shows it", id)
			}
		case "partly", "not":
			if why == "" {
				t.Errorf("%s is %s met, and does not say why", id, status)
			}
		default:
			t.Errorf("%s: status %q", id, status)
		}
		for _, test := range shown {
			if !tests[test] {
				t.Errorf("%s: there is no %s", id, test)
			}
		}
	}
	if err := lines.Err(); err != nil || len(seen) < 50 {
		t.Errorf("%d requirements, %v", len(seen), err)
	}
}
