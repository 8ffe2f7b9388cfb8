package site

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/store"
)

// An office that has nobody but its first people says on each page what is
// missing and who adds it; no button leads to a page that is not there.
func TestAnEmptyOfficeSaysWhatIsMissing(t *testing.T) {
	o := newOfficeWith(t, func(o *office) {
		for name, role := range map[string]access.Role{"hr": access.HROfficer, "secretary": access.Secretary, "admin": access.Administrator} {
			if _, _, err := o.Store.CreatePerson(store.AsSystem(context.Background()), store.Submission{Action: "create person"}, store.NewPerson{
				Email: name + "@jalon.example", Name: "Naam " + name, Lang: "nl", PasswordHash: passwordHash(), Role: role, Today: calendar.DateOf(noon),
			}, ""); err != nil {
				t.Fatal(err)
			}
		}
	})
	for who, pages := range map[string]map[string]string{
		"hr": {
			"/nl/bodies": "nog geen orgaan", "/nl/overview": "nog geen mandaat", "/nl/overview?by=institution": "nog geen mandaat",
			"/nl/mandates": "nog geen mandaat", "/nl/import": "nog geen instelling",
		},
		"secretary": {"/nl/rounds": "nog geen orgaan", "/nl/bodies": "nog geen orgaan"},
		"admin":     {"/nl/import": "nog geen instelling"},
	} {
		b := o.as(who)
		for path, want := range pages {
			w := b.get(path)
			wantCode(t, path, w, http.StatusOK)
			if words := plainWords(w.Body.String()); !strings.Contains(words, want) {
				t.Errorf("%s for %s does not say %q: %s", path, who, want, words)
			}
			if strings.Contains(w.Body.String(), "/rounds/new") {
				t.Errorf("%s for %s leads to a form that is not there", path, who)
			}
		}
	}
}
