package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/netutil"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/demo"
	"jalon/internal/job"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/secret"
	"jalon/internal/shelf"
	"jalon/internal/site"
	"jalon/internal/store"
	"jalon/web"
)

// ServeCmd runs the web server. Every setting can come from the environment.
type ServeCmd struct {
	Addr           string   `env:"JALON_ADDR" default:"127.0.0.1:8080"`
	BaseURL        string   `env:"JALON_BASE_URL" placeholder:"url"`
	SealKeyFile    string   `env:"JALON_SEAL_KEY_FILE" placeholder:"file"`
	SecretKeyFile  string   `env:"JALON_SECRET_KEY_FILE" placeholder:"file"`
	SecondFactor   []string `env:"JALON_SECOND_FACTOR" placeholder:"role"` // of whom it is asked
	EvidenceDir    string   `env:"JALON_EVIDENCE_DIR" placeholder:"folder"`
	TrustedProxies []string `env:"JALON_TRUSTED_PROXIES"` // whose X-Forwarded-For is believed
	Contact        string   `env:"JALON_CONTACT" placeholder:"email"`
	SecondPerson   bool     `env:"JALON_SECOND_PERSON"` // whoever lists records to be removed does not approve the list
	Demo           bool
	MailFlags      `group:"mail"`
	SignOnFlags    `group:"sign_on"`
	DatabaseFlags  `group:"database"`

	mailServer  *job.SMTP     // nil: mails are kept
	factorRoles []access.Role // of SecondFactor
	provider    *site.SignOn  // nil: everybody has a password
}

// maxConnections is how many browsers may be connected at once; each costs
// about 16 kB while it is idle.
const maxConnections = 10_000

// Run serves until it is told to stop, and then lets the requests under way finish.
func (c ServeCmd) Run(out *Output) error {
	if err := c.check(out); err != nil {
		return err
	}
	collectSeldom()
	log := slog.New(slog.NewJSONHandler(out.Stderr, nil))
	for _, s := range []secretSetting{c.url(), c.password(), c.secret()} {
		s.warn(log)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	go func() { _, _ = locale.Load() }() // meanwhile the database is asked; an error comes back where they are used

	listener, err := net.Listen("tcp", c.Addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return Failure{exitFault, out.Print().T("command.setting.addr_taken", "Value", c.Addr)}
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Addr, err)
	}
	defer listener.Close()
	s, giveUp, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer giveUp()
	signer, err := c.signer()
	if err != nil {
		return err
	}
	files, err := c.shelf()
	if err != nil {
		return err
	}
	jobs, err := c.jobs(s, signer, files, log)
	if err != nil {
		return err
	}
	handler, err := c.site(ctx, s, signer, files, jobs, log)
	if err != nil {
		return err
	}
	jobs.MakeExports(handler.Makers())
	go c.keepHouse(store.AsSystem(ctx), s, handler, log)
	serving, stopServing := context.WithCancel(ctx)
	defer stopServing()
	working := startJobs(ctx, jobs, stopServing)
	defer stopJobs(ctx, jobs, log)
	// Reading catalogues and settings leaves more behind than an idle server needs.
	defer time.AfterFunc(settled, debug.FreeOSMemory).Stop()
	fmt.Fprintf(out.Stdout, "Jalon: http://%s\n", listener.Addr())
	return errors.Join(serve(serving, handler.Server(c.Addr), listener, maxConnections, log), <-working)
}

// check refuses wrong settings by name, before anything starts.
func (c *ServeCmd) check(out *Output) error {
	wrong := func(setting, value string) error { // a start does not wait for words that it may not need
		return Failure{exitUsage, out.Print().T("command.setting."+setting, "Value", value)}
	}
	host, port, err := net.SplitHostPort(c.Addr)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		return wrong("addr", c.Addr)
	}
	if c.Demo && !loopback(host) {
		return wrong("demo", c.Addr)
	}
	for i, proxies := range c.TrustedProxies {
		c.TrustedProxies[i] = strings.TrimSpace(proxies)
		if _, err := netip.ParsePrefix(c.TrustedProxies[i]); err != nil && c.TrustedProxies[i] != "" {
			return wrong("trusted_proxies", proxies)
		}
	}
	c.TrustedProxies = slices.DeleteFunc(c.TrustedProxies, func(p string) bool { return p == "" })
	if _, ok := site.MailAddress(c.Contact); !ok && c.Contact != "" {
		return wrong("contact", c.Contact)
	}
	if err := c.readAddress(); err != nil {
		return out.failure(err)
	}
	if c.mailServer, err = c.smtp(out, c.BaseURL); err != nil {
		return err
	}
	if c.factorRoles, err = factorRoles(out, c.SecondFactor); err != nil {
		return err
	}
	if c.provider, err = c.signOn(out, c.BaseURL); err != nil {
		return err
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Addr
	}
	origin, ok := originOf(c.BaseURL)
	if !ok {
		return wrong("base_url", c.BaseURL)
	}
	c.BaseURL = origin
	return nil
}

// originOf gives the scheme and host of an address that is nothing more: pages live
// at the root, and links are the origin and a path.
func originOf(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", false
	}
	origin := url.URL{Scheme: u.Scheme, Host: u.Host}
	rest := *u
	rest.Scheme, rest.Host, rest.Path = "", "", strings.TrimSuffix(u.Path, "/")
	return origin.String(), rest == url.URL{}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// signer reads the key that seals tables and signs the audit trail, and makes it when it is missing.
func (c ServeCmd) signer() (monitoring.Signer, error) {
	key := c.SealKeyFile
	if key == "" {
		key = filepath.Join(c.dataDir(), "seal.key")
	}
	signer, err := monitoring.LoadOrCreateSigner(key)
	if err != nil {
		return monitoring.Signer{}, fmt.Errorf("read the seal key %s: %w", key, err)
	}
	return signer, nil
}

// shelf opens the folder of the evidence, which also holds the big documents of a day.
func (c ServeCmd) shelf() (*shelf.Shelf, error) {
	folder := c.EvidenceDir
	if folder == "" {
		folder = filepath.Join(c.dataDir(), "evidence")
	}
	return shelf.Open(folder)
}

// site builds the handler; in demonstration mode it loads the example office first.
func (c ServeCmd) site(ctx context.Context, s *store.Store, signer monitoring.Signer, files *shelf.Shelf, jobs *job.Jobs, log *slog.Logger) (*site.Site, error) {
	secrets, err := secret.LoadOrCreate(c.secretKeyFile())
	if err != nil {
		return nil, fmt.Errorf("read the key of second factors: %w", err)
	}
	catalogues, err := locale.Load()
	if err != nil {
		return nil, err
	}
	o := site.Options{
		Store: s, Signer: signer, Shelf: files, Catalogues: catalogues, Log: log, Now: time.Now, BaseURL: c.BaseURL,
		TrustedProxies: c.TrustedProxies, Contact: c.Contact, Demo: c.Demo, Mail: c.mailServer != nil, SecondPerson: c.SecondPerson, Version: version,
		Secrets: secrets, SecondFactor: c.factorRoles, SignOn: c.provider, Nudges: jobs, ReportReminders: jobs, Exports: jobs,
	}
	if c.mailServer != nil {
		o.Links = jobs
	}
	if err := warnOfEmergency(ctx, s, c.provider, log); err != nil {
		return nil, err
	}
	if c.Demo {
		if _, err := demo.Load(ctx, s, files, signer, time.Now(), site.HashPassword); err != nil {
			return nil, fmt.Errorf("load the example office: %w", err)
		}
		for _, a := range demo.Accounts {
			o.DemoAccounts = append(o.DemoAccounts, web.DemoAccount(a))
		}
	}
	handler, err := site.New(o)
	if err != nil {
		return nil, err
	}
	return handler, renewSecrets(ctx, handler, log)
}

func (c ServeCmd) secretKeyFile() string {
	if c.SecretKeyFile != "" {
		return c.SecretKeyFile
	}
	return filepath.Join(c.dataDir(), "secret.key")
}

// renewSecrets brings second factors under the newest key. One whose key is
// gone is told and left: its person has recovery codes, and an administrator
// can remove it.
func renewSecrets(ctx context.Context, handler *site.Site, log *slog.Logger) error {
	n, err := handler.RenewSecrets(ctx)
	if n > 0 {
		log.Info("second factors encrypted under the newest key", "count", n)
	}
	if errors.Is(err, secret.ErrUnknownKey) {
		log.Error("a second factor is under a key that is not in the secret key file", "error", err.Error())
		return nil
	}
	return err
}

// factorRoles reads the roles that must have a second factor: any role, also
// that of a holder or delegate.
func factorRoles(out *Output, names []string) (roles []access.Role, err error) {
	known := append([]access.Role{access.Holder, access.Delegate}, access.Granted...)
	takes := make([]string, len(known))
	for i, r := range known {
		takes[i] = string(r)
	}
	for _, name := range names {
		role := access.Role(strings.TrimSpace(name))
		if role == "" {
			continue
		}
		if !slices.Contains(known, role) {
			return nil, Failure{exitUsage, out.Print().T("command.setting.second_factor", "Value", name, "Takes", strings.Join(takes, ", "))}
		}
		roles = append(roles, role)
	}
	return roles, nil
}

// jobs prepares to plan and send mails, and to make big documents.
func (c ServeCmd) jobs(s *store.Store, signer monitoring.Signer, files *shelf.Shelf, log *slog.Logger) (*job.Jobs, error) {
	catalogues, err := locale.Load()
	if err != nil {
		return nil, err
	}
	return job.New(job.Options{Store: s, Catalogues: catalogues, Log: log, Now: time.Now, BaseURL: c.BaseURL, SMTP: c.mailServer, Signer: signer, Shelf: files})
}

// startJobs starts them while the first visitors are answered, who only put work
// in. What it gives tells how that went; when they cannot start, fail is called.
func startJobs(ctx context.Context, jobs *job.Jobs, fail func()) <-chan error {
	working := make(chan error, 1)
	go func() {
		err := jobs.Start(ctx)
		if err != nil {
			fail()
		}
		working <- err
	}()
	return working
}

func stopJobs(ctx context.Context, jobs *job.Jobs, log *slog.Logger) {
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := jobs.Stop(finish); err != nil {
		log.Error("stop the jobs", "error", err.Error())
	}
}

// keepHouse does what the calendar asks for: the cells of a half-year that
// begins, and the removal of ended sessions and links.
func (c ServeCmd) keepHouse(ctx context.Context, s *store.Store, handler *site.Site, log *slog.Logger) {
	tick := time.NewTicker(10 * time.Minute)
	defer tick.Stop()
	for {
		if _, err := s.FillCells(ctx, calendar.HalfYearOf(calendar.DateOf(time.Now()))); err != nil && ctx.Err() == nil {
			log.Error("fill the cells", "error", err.Error())
		}
		if err := handler.RemoveEnded(ctx); err != nil && ctx.Err() == nil {
			log.Error("remove what has ended", "error", err.Error())
		}
		if err := handler.SweepEvidence(ctx); err != nil && ctx.Err() == nil {
			log.Error("sweep the evidence", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// A page leaves some 2 MB behind, and what lives is not much more: at Go's own
// setting a fifth of the time of a page goes to collecting.
const (
	garbagePerLive = 400       // per cent; Go's own is 100
	memoryAim      = 256 << 20 // bytes, above which it is collected as often as needed
)

// collectSeldom lets garbage lie longer, unless GOGC or GOMEMLIMIT say otherwise.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePerLive)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryAim)
	}
}

// settled is how long after its start a server has done what a start asks for.
const settled = 3 * time.Second

// drain is how long requests under way may take to finish at a stop.
const drain = 20 * time.Second

// serve answers at most so many connections at once, until ctx ends; whoever
// comes when all are taken waits for one that leaves.
func serve(ctx context.Context, server *http.Server, listener net.Listener, most int, log *slog.Logger) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(netutil.LimitListener(listener, most)) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping: requests under way may finish")
	finish, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := server.Shutdown(finish); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("stop the server: %w", err)
	}
	return nil
}
