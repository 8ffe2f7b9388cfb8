package main

import (
	"log/slog"
	"os"
	"strings"

	"jalon/internal/locale"
)

// secretSetting is a setting that holds a secret. A file can have it instead, as
// Docker and systemd hand secrets over: NAME_FILE says which.
type secretSetting struct{ name, value, file string }

func (s secretSetting) fileName() string { return s.name + "_FILE" }

func (s secretSetting) given() bool { return s.value != "" || s.file != "" }

// maxSecret is how many bytes a file with a secret may have.
const maxSecret = 64 << 10

// read gives the secret, "" when it is not set, without the end of the line.
// Its errors are *settingError and tell nothing of the secret.
func (s secretSetting) read() (string, error) {
	if s.file == "" {
		return s.value, nil
	}
	wrong := func(key string) error { return &settingError{key, s.fileName(), s.file, s.name} }
	if s.value != "" {
		return "", wrong("command.setting.secret_twice")
	}
	if info, err := os.Stat(s.file); err == nil && info.Mode().Perm()&0o022 != 0 {
		return "", wrong("command.setting.secret_writable")
	}
	content, err := readBounded(s.file, maxSecret)
	if secret := strings.TrimRight(string(content), "\r\n"); err == nil && secret != "" {
		return secret, nil
	}
	return "", wrong("command.setting.secret_file")
}

// warn logs that everybody on the machine can read the file. It is no reason not
// to start: Docker hands secrets over like that, inside the container.
func (s secretSetting) warn(log *slog.Logger) {
	if info, err := os.Stat(s.file); s.file != "" && err == nil && info.Mode().Perm()&0o004 != 0 {
		log.Warn("everybody on this machine can read the file of a secret: chmod 600", "setting", s.fileName(), "file", s.file)
	}
}

// settingError is a setting that cannot be used.
type settingError struct{ key, name, value, beside string }

func (e *settingError) Error() string { return "setting " + e.name + " cannot be used" }

func (e *settingError) failure(print *locale.Printer) Failure {
	return Failure{exitUsage, print.T(e.key, "Name", e.name, "Value", e.value, "Beside", e.beside)}
}
