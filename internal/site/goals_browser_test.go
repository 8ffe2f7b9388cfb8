package site

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// lighthouse is the version that the goals were set with.
const lighthouse = "lighthouse@12.8.2"

// inABrowser is G12: what Lighthouse says of a page on a slow telephone.
func (l *limit) inABrowser(b *testing.B, g *goals) {
	b.Helper()
	mandate := "/nl/mandates/" + l.codes[3]
	for _, page := range [][2]string{{"a mandate", mandate}, {"a table", mandate + "/monitoring/" + l.period.Previous().String()}, {"the overview", "/nl/overview"}} {
		name, path := page[0], page[1]
		said, err := l.askLighthouse(b, path)
		if err != nil {
			g.add("G12 Lighthouse of "+name, "0.98 and more", "not measured: "+err.Error(), false)
			continue
		}
		value := func(audit string) float64 { return said.Audits[audit].Value }
		add := func(what, want, measured string, met bool) { g.add("G12 "+name+": "+what, want, measured, met) }
		speed, access := said.Categories["performance"].Score, said.Categories["accessibility"].Score
		add("performance", "0.98", fmt.Sprintf("%.2f", speed), speed >= 0.98)
		add("accessibility", "1.00", fmt.Sprintf("%.2f", access), access >= 1)
		add("total blocking time", "100 ms", fmt.Sprintf("%.0f ms", value("total-blocking-time")), value("total-blocking-time") <= 100)
		add("layout shift", "0.02", fmt.Sprintf("%.3f", value("cumulative-layout-shift")), value("cumulative-layout-shift") <= 0.02)
		add("largest contentful paint", "1.5 s", fmt.Sprintf("%.2f s", value("largest-contentful-paint")/1000), value("largest-contentful-paint") <= 1500)
		add("bytes", "told, not bounded", fmt.Sprintf("%.1f KB", value("total-byte-weight")/1024), true)
	}
}

// pageAudit is what is read of Lighthouse's report.
type pageAudit struct {
	FinalURL   string `json:"finalDisplayedUrl"`
	Categories map[string]struct {
		Score float64 `json:"score"`
	} `json:"categories"`
	Audits map[string]struct {
		Value float64 `json:"numericValue"`
	} `json:"audits"`
}

func (l *limit) askLighthouse(b *testing.B, path string) (v pageAudit, err error) {
	b.Helper()
	npx, err := exec.LookPath("npx")
	if err != nil {
		return v, fmt.Errorf("no npx")
	}
	folder := b.TempDir()
	headers, out := filepath.Join(folder, "headers.json"), filepath.Join(folder, "out.json")
	content, err := json.Marshal(map[string]string{"Cookie": l.cookie})
	if err != nil {
		return v, err
	}
	if err := os.WriteFile(headers, content, 0o600); err != nil {
		return v, err
	}
	run := exec.Command(npx, "--yes", lighthouse, l.own.URL+path, "--quiet", "--output=json", "--output-path="+out, "--extra-headers="+headers,
		"--only-categories=performance,accessibility", "--chrome-flags=--headless=new --no-sandbox")
	run.Env = append(os.Environ(), "CHROME_PATH="+os.Getenv("JALON_CHROMIUM"))
	if said, err := run.CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(said)), "\n")
		return v, fmt.Errorf("%w: %s", err, lines[len(lines)-1])
	}
	report, err := os.ReadFile(out)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(report, &v); err != nil {
		return v, err
	}
	if !strings.HasSuffix(v.FinalURL, path) {
		return v, fmt.Errorf("it ended at %s", v.FinalURL)
	}
	return v, nil
}
