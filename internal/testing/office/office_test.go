package office_test

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"jalon/internal/testing/office"
	"jalon/internal/testing/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestTheOfficeIsOpen(t *testing.T) {
	o := office.Start(t)
	c := o.Client(t, "fr", "committee")
	answer, err := c.Get(o.URL + "/fr/mandates/ACTIRIS-A4-EL")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(body), "OS3.2") {
		t.Errorf("%s, %v: the mandate's page does not show OS3.2", answer.Status, err)
	}
	if n := office.Value[int](o, `SELECT count(*) FROM mandate`); n != 4 {
		t.Errorf("%d mandates, want 4", n)
	}
	o.Pass(time.Hour)
	if got := o.Now().Sub(office.Opening); got != time.Hour {
		t.Errorf("the clock went on by %s", got)
	}
}
