package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"jalon/internal/bilingual"
)

// fileOf writes a file of a mode, whatever the umask is.
func fileOf(t *testing.T, content string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := errors.Join(os.WriteFile(path, []byte(content), 0o600), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecretComesFromItsSettingOrItsFile(t *testing.T) {
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		value, file string
		want        string
		names       []string // in the refusal; none when it is read
		warns       bool
	}{
		"neither":                   {},
		"setting":                   {value: "kanarie", want: "kanarie"},
		"file":                      {file: fileOf(t, "kanarie", 0o400), want: "kanarie"},
		"file with an end of line":  {file: fileOf(t, "kanarie geheim \n", 0o600), want: "kanarie geheim "},
		"file of Windows":           {file: fileOf(t, "kanarie\r\n", 0o600), want: "kanarie"},
		"readable by the group":     {file: fileOf(t, "kanarie\n", 0o440), want: "kanarie"},
		"readable by all":           {file: fileOf(t, "kanarie\n", 0o444), want: "kanarie", warns: true},
		"writable by the group":     {file: fileOf(t, "kanarie\n", 0o620), names: []string{"JALON_X_FILE", "/secret", "chmod 600"}},
		"writable by all":           {file: fileOf(t, "kanarie\n", 0o602), names: []string{"JALON_X_FILE", "/secret", "chmod 600"}},
		"both":                      {value: "kanarie", file: fileOf(t, "kanarie", 0o600), names: []string{"JALON_X ", "JALON_X_FILE"}},
		"empty file":                {file: fileOf(t, "\n", 0o600), names: []string{"JALON_X_FILE", "/secret"}},
		"no such file":              {file: "/nergens/kanarie", names: []string{"JALON_X_FILE", "/nergens/kanarie"}},
		"a folder":                  {file: folder, names: []string{"JALON_X_FILE"}},
		"larger than a secret ever": {file: fileOf(t, strings.Repeat("kanarie", maxSecret), 0o600), names: []string{"JALON_X_FILE"}},
	} {
		setting := secretSetting{"JALON_X", c.value, c.file}
		got, err := setting.read()
		if got != c.want || (err != nil) != (c.names != nil) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if err != nil {
			for _, lang := range bilingual.Langs {
				failure := (&Output{Lang: lang}).failure(err)
				said := strings.ReplaceAll(failure.Message, c.file, "")
				for _, part := range c.names {
					if failure.Code != exitUsage || !strings.Contains(failure.Message, part) || strings.Contains(said, "kanarie") || strings.Contains(said, "⟨") {
						t.Errorf("%s, %s: %+v, want a refusal that says %q", name, lang, failure, part)
					}
				}
			}
		}
		var log bytes.Buffer
		setting.warn(slog.New(slog.NewTextHandler(&log, nil)))
		if got := strings.Contains(log.String(), "JALON_X_FILE"); got != c.warns || strings.Contains(log.String(), "kanarie") {
			t.Errorf("%s: logs %q", name, &log)
		}
	}
}

// withSecrets sets every setting that is a secret to something recognisable.
func withSecrets(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"JALON_ADDR": "127.0.0.1:0", "JALON_DATA_DIR": t.TempDir(), "JALON_BASE_URL": "https://jalon.example",
		"JALON_DATABASE_URL": "postgres://jalon:kanarie-db@127.0.0.1:1/jalon", "JALON_DATABASE_URL_FILE": "",
		"JALON_SMTP_HOST": "127.0.0.1", "JALON_SMTP_PORT": "1", "JALON_SMTP_USER": "jalon", "JALON_SMTP_PASSWORD": "kanarie-mail", "JALON_SMTP_PASSWORD_FILE": "",
		"JALON_SMTP_FROM": "jalon@jalon.example", "JALON_OIDC_ISSUER": "https://127.0.0.1:1", "JALON_OIDC_CLIENT_ID": "jalon",
		"JALON_OIDC_CLIENT_SECRET": "kanarie-oidc", "JALON_OIDC_CLIENT_SECRET_FILE": "",
	} {
		t.Setenv(name, value)
	}
	t.Setenv("LC_ALL", "nl_BE")
}

func TestNoSecretIsToldWhenTheStartFails(t *testing.T) {
	for name, c := range map[string]struct {
		set  map[string]string
		args []string
		code int
		says string
	}{
		"help":                      {args: []string{"--help"}, says: "JALON_SMTP_PASSWORD_FILE"},
		"unknown flag":              {args: []string{"--nergens"}, code: exitUsage, says: "--nergens"},
		"wrong address":             {set: map[string]string{"JALON_ADDR": "hier"}, code: exitUsage, says: "JALON_ADDR"},
		"wrong base":                {set: map[string]string{"JALON_BASE_URL": "hier"}, code: exitUsage, says: "JALON_BASE_URL"},
		"wrong port":                {set: map[string]string{"JALON_SMTP_PORT": "x"}, code: exitUsage, says: "JALON_SMTP_PORT"},
		"wrong issuer":              {set: map[string]string{"JALON_OIDC_ISSUER": "http://x.example"}, code: exitUsage, says: "JALON_OIDC_ISSUER"},
		"wrong bool":                {set: map[string]string{"JALON_SECOND_PERSON": "misschien"}, code: exitUsage, says: "JALON_SECOND_PERSON is “misschien”, maar moet true of false zijn."},
		"mail: twice":               {set: map[string]string{"JALON_SMTP_PASSWORD_FILE": "/x"}, code: exitUsage, says: "JALON_SMTP_PASSWORD_FILE"},
		"provider: twice":           {set: map[string]string{"JALON_OIDC_CLIENT_SECRET_FILE": "/x"}, code: exitUsage, says: "JALON_OIDC_CLIENT_SECRET_FILE"},
		"database: twice":           {set: map[string]string{"JALON_DATABASE_URL_FILE": "/x"}, code: exitUsage, says: "JALON_DATABASE_URL_FILE"},
		"database: escape":          {set: map[string]string{"JALON_DATABASE_URL": "postgres://jalon:kanarie@kanarie%zz@db/jalon"}, code: exitUsage, says: "JALON_DATABASE_URL"},
		"database: words":           {set: map[string]string{"JALON_DATABASE_URL": "host=db port=x password = kanarie"}, code: exitUsage, says: "JALON_DATABASE_URL"},
		"database: no scheme":       {set: map[string]string{"JALON_DATABASE_URL": "jalon:kanarie@db/jalon"}, code: exitUsage, says: "JALON_DATABASE_URL"},
		"database: bad file":        {set: map[string]string{"JALON_DATABASE_URL": "", "JALON_DATABASE_URL_FILE": fileOf(t, "jalon:kanarie@db/jalon\n", 0o600)}, code: exitUsage, says: "JALON_DATABASE_URL_FILE"},
		"database: no answer":       {code: exitFault, says: "127.0.0.1"},
		"database: file, no answer": {set: map[string]string{"JALON_DATABASE_URL": "", "JALON_DATABASE_URL_FILE": fileOf(t, "postgres://jalon:kanarie@127.0.0.1:1/jalon\n", 0o444)}, code: exitFault, says: `"setting":"JALON_DATABASE_URL_FILE"`},
	} {
		t.Run(name, func(t *testing.T) {
			withSecrets(t)
			for setting, value := range c.set {
				t.Setenv(setting, value)
			}
			var said bytes.Buffer
			code := run(append([]string{"serve"}, c.args...), &said, &said)
			if code != c.code || !strings.Contains(said.String(), c.says) || strings.Contains(said.String(), "kanarie") {
				t.Errorf("exit %d, want %d; says %s", code, c.code, &said)
			}
		})
	}
}

func TestNoSecretIsToldAtTheStart(t *testing.T) {
	dsn, _ := trailOf(t)
	withSecrets(t)
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword(address.User.Username(), "kanarie-db")
	t.Setenv("JALON_DATABASE_URL", "")
	t.Setenv("JALON_DATABASE_URL_FILE", fileOf(t, address.String()+"\n", 0o600))
	t.Setenv("JALON_SMTP_PASSWORD", "")
	t.Setenv("JALON_SMTP_PASSWORD_FILE", fileOf(t, "kanarie-mail\n", 0o644))
	var stderr bytes.Buffer
	stdout, printed := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run([]string{"serve"}, printed, &stderr)
		_ = printed.Close()
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("exit %d: %s", <-ended, &stderr)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	select {
	case code := <-ended:
		if said := line + stderr.String(); code != 0 || strings.Contains(said, "kanarie") || !strings.Contains(said, "JALON_SMTP_PASSWORD_FILE") {
			t.Errorf("exit %d: %s", code, said)
		}
	case <-ctx.Done():
		t.Fatal("does not stop")
	}
	for log := range strings.Lines(stderr.String()) {
		if !json.Valid([]byte(log)) {
			t.Errorf("logs %q", log)
		}
	}
}

func TestKeyFileThatOthersReadStopsTheStart(t *testing.T) {
	dsn, _ := trailOf(t)
	for _, setting := range []string{"JALON_SEAL_KEY_FILE", "JALON_SECRET_KEY_FILE"} {
		for lang, words := range map[string]string{"nl_BE": "Voer chmod 600 uit", "fr_BE": "Exécutez chmod 600"} {
			key := fileOf(t, "x", 0o640)
			t.Setenv("LC_ALL", lang)
			t.Setenv("JALON_ADDR", "127.0.0.1:0")
			t.Setenv("JALON_DATA_DIR", t.TempDir())
			t.Setenv("JALON_DATABASE_URL", dsn)
			t.Setenv("JALON_SEAL_KEY_FILE", "")
			t.Setenv(setting, key)
			var said bytes.Buffer
			if code := run([]string{"serve"}, io.Discard, &said); code != exitFault || !strings.Contains(said.String(), key) || !strings.Contains(said.String(), words) {
				t.Errorf("%s, %s: exit %d, %s", setting, lang, code, &said)
			}
			said.Reset()
			if code := run([]string{"audit", "sign"}, io.Discard, &said); setting == "JALON_SEAL_KEY_FILE" && (code != exitFault || !strings.Contains(said.String(), words)) {
				t.Errorf("audit sign, %s: exit %d, %s", lang, code, &said)
			}
		}
	}
}
