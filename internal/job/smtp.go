package job

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"jalon/internal/store"
)

// SMTP says which server takes our mail.
type SMTP struct {
	Host           string
	Port           int // 1 to 65535
	User, Password string
	From           mail.Address
	Security       Security
	Timeout        time.Duration  // for one mail as a whole; 0 means a minute
	Trust          *x509.CertPool // nil for what the machine trusts
}

// Security is how the connection is protected.
type Security string

// Kinds of security. A mail server elsewhere is never spoken to in the clear.
const (
	StartTLS Security = "starttls" // begins in the clear and goes on encrypted, or not at all
	TLS      Security = "tls"      // encrypted from the first byte
	Clear    Security = "none"     // for a server on this machine
)

// sender hands mails to a server.
type sender struct{ SMTP }

// sendError says in a code what went wrong: what a server writes may quote the mail.
type sendError struct {
	code  string
	cause error
}

func (e *sendError) Error() string { return e.code }
func (e *sendError) Unwrap() error { return e.cause }

// send hands one mail over. When the server has the mail but not its answer,
// the mail goes again later under the same Message-ID: it may come twice, and
// never not at all.
func (s sender) send(ctx context.Context, m store.Mail, at time.Time) error {
	msg, err := s.message(m, at)
	if err != nil {
		return &sendError{"message", err}
	}
	timeout := s.Timeout
	if timeout == 0 {
		timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	client, err := gomail.NewClient(s.Host, append(s.options(timeout), gomail.WithDialContextFunc(s.dialer(ctx)))...)
	if err != nil {
		return &sendError{"settings", err}
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() {
		return nil // what failed after the server took it is about the goodbye
	}
	return &sendError{codeOf(err, ctx.Err()), err}
}

func (s sender) options(timeout time.Duration) []gomail.Option {
	_, domain, _ := strings.Cut(s.From.Address, "@")
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(timeout), gomail.WithHELO(domain),
		gomail.WithTLSConfig(s.tls()),
	}
	switch s.Security {
	case Clear:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLS:
		options = append(options, gomail.WithSSL())
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return options
}

func (s sender) tls() *tls.Config {
	return &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: s.Trust}
}

// dialer connects, and cuts the connection when the time of the mail is up: a
// server that hangs keeps neither a worker nor a stop of ours waiting.
func (s sender) dialer(mailCtx context.Context) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (conn net.Conn, err error) {
		if s.Security == TLS {
			conn, err = (&tls.Dialer{Config: s.tls()}).DialContext(ctx, network, address)
		} else {
			conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		if err == nil {
			context.AfterFunc(mailCtx, func() { _ = conn.Close() })
		}
		return conn, err
	}
}

// message puts a mail in its envelope.
func (s sender) message(m store.Mail, at time.Time) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary(boundary(m.MessageID)))
	msg.FromMailAddress(&s.From)
	to, err := mail.ParseAddress(m.Email)
	if err != nil || to.Address != m.Email {
		return nil, fmt.Errorf("no mail address: %w", errors.Join(err, errAddress))
	}
	for _, header := range []string{m.Subject, m.MessageID, m.UnsubscribeURL} {
		if strings.ContainsAny(header, "\r\n\x00") {
			return nil, errHeader
		}
	}
	if err := msg.To(to.Address); err != nil {
		return nil, err
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(at)
	msg.SetMessageIDWithValue(m.MessageID)
	msg.SetListUnsubscribe("<" + m.UnsubscribeURL + ">")
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("Content-Language", string(m.Lang))
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg, nil
}

// boundary parts text and HTML; like the Message-ID it is the same every time.
func boundary(messageID string) string {
	sum := sha256.Sum256([]byte(messageID))
	return "jalon-" + hex.EncodeToString(sum[:12])
}

var (
	errAddress = errors.New("the address is not plain")
	errHeader  = errors.New("a header would break")
)

// codeOf names what went wrong without quoting anybody.
func codeOf(err, ctxErr error) string {
	var failed *gomail.SendError
	var reply interface{ Timeout() bool }
	var distrust *tls.CertificateVerificationError
	var dns *net.DNSError
	switch {
	case errors.As(err, &failed) && failed.ErrorCode() > 0:
		return "smtp " + strconv.Itoa(failed.ErrorCode())
	case ctxErr != nil, errors.As(err, &reply) && reply.Timeout():
		return "timeout"
	case errors.As(err, &dns):
		return "name"
	case errors.As(err, &distrust), strings.Contains(err.Error(), "STARTTLS"), strings.Contains(err.Error(), "tls:"):
		return "tls"
	case strings.Contains(strings.ToLower(err.Error()), "auth"):
		return "auth"
	}
	return "connection"
}
