package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/site"
	"jalon/internal/store"
)

// UserCmd works on people and roles from the machine itself: it makes the first
// administrator, and lets one in again when nobody else can.
type UserCmd struct {
	Add      UserAddCmd      `cmd:""`
	List     UserListCmd     `cmd:""`
	Disable  UserDisableCmd  `cmd:""`
	Password UserPasswordCmd `cmd:""`
	Grant    UserGrantCmd    `cmd:""`
	Revoke   UserRevokeCmd   `cmd:""`

	RemoveFactor UserRemoveFactorCmd `cmd:""`
}

// UserAddCmd makes an account.
type UserAddCmd struct {
	Email         string `arg:""`
	Name          string `required:""`
	Lang          string `enum:"nl,fr," default:"" placeholder:"lang"`
	Role          string `placeholder:"role"`
	Institution   string `placeholder:"code"`
	DatabaseFlags `group:"database"`
}

// Run makes the account and prints its password.
func (c UserAddCmd) Run(out *Output) error {
	role, err := roleOf(out, c.Role, true)
	if err != nil {
		return err
	}
	email, valid := site.MailAddress(c.Email)
	if !valid {
		return Failure{exitUsage, out.Print().T("error.form.email")}
	}
	name, wrong := site.PersonName(c.Name, out.Print())
	if wrong != "" {
		return Failure{exitUsage, out.Print().T("frame.labelled", "Label", "--name", "Text", wrong)}
	}
	lang, ok := bilingual.ParseLang(c.Lang)
	if !ok {
		lang = out.Lang
	}
	return c.with(func(ctx context.Context, s *store.Store) error {
		password := site.OneTimePassword()
		_, _, err := s.CreatePerson(ctx, store.Submission{Action: "create person"}, store.NewPerson{
			Email: email, Name: name, Lang: lang, PasswordHash: site.HashPassword(password), MustChange: true,
			Role: role, Institution: c.Institution, Today: calendar.DateOf(time.Now()),
		}, "")
		switch {
		case errors.Is(err, store.ErrExists):
			return Failure{exitNo, out.Print().T("people.exists")}
		case errors.Is(err, store.ErrNotFound):
			return noScope(out, c.Institution, "")
		case err != nil:
			return err
		}
		fmt.Fprintln(out.Stdout, out.Print().T("people.command.password", "Email", email, "Password", password))
		return nil
	})
}

// UserListCmd lists the accounts.
type UserListCmd struct {
	JSON          bool `name:"json"`
	DatabaseFlags `group:"database"`
}

type userLine struct {
	Email    string         `json:"email"`
	Name     string         `json:"name"`
	Lang     bilingual.Lang `json:"lang"`
	Disabled bool           `json:"disabled"`
	Roles    []userRole     `json:"roles"`
}

type userRole struct {
	Role  access.Role `json:"role"`
	Scope string      `json:"scope,omitempty"` // code of an institution or mandate; absent: all
}

// Run prints one line per account.
func (c UserListCmd) Run(out *Output) error {
	return c.with(func(ctx context.Context, s *store.Store) error {
		people, err := s.People(ctx, calendar.DateOf(time.Now()))
		if err != nil {
			return err
		}
		lines := make([]userLine, len(people))
		for i, p := range people {
			lines[i] = userLine{p.Email, p.Name, p.Lang, p.Disabled, []userRole{}}
			for _, r := range p.Roles {
				lines[i].Roles = append(lines[i].Roles, userRole{r.Role, r.Scope})
			}
		}
		if c.JSON {
			return printJSON(out, lines)
		}
		for _, l := range lines {
			fmt.Fprintf(out.Stdout, "%-32s  %-28s  %s  %s\n", l.Email, l.Name, l.Lang, l.words(out))
		}
		return nil
	})
}

// words lists the roles of a person in the reader's language.
func (l userLine) words(out *Output) string {
	var words []string
	if l.Disabled {
		words = append(words, "["+out.Print().T("people.disabled")+"]")
	}
	for _, r := range l.Roles {
		word := out.Print().T("role." + string(r.Role))
		if r.Scope != "" {
			word += " (" + r.Scope + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// UserDisableCmd closes an account, or opens it again.
type UserDisableCmd struct {
	Email         string `arg:""`
	Enable        bool
	DatabaseFlags `group:"database"`
}

// Run closes or opens the account.
func (c UserDisableCmd) Run(out *Output) error {
	action := "disable person"
	if c.Enable {
		action = "enable person"
	}
	return c.about(out, c.Email, func(ctx context.Context, s *store.Store, person int64) error {
		return s.SetDisabled(ctx, store.Submission{Action: action}, person, !c.Enable, time.Now(), "")
	})
}

// UserPasswordCmd gives another password.
type UserPasswordCmd struct {
	Email         string `arg:""`
	DatabaseFlags `group:"database"`
}

// Run prints a password to be used once.
func (c UserPasswordCmd) Run(out *Output) error {
	return c.about(out, c.Email, func(ctx context.Context, s *store.Store, person int64) error {
		password := site.OneTimePassword()
		_, _, err := s.SetPassword(ctx, store.Submission{Action: "reset password"}, person, site.HashPassword(password), true, "")
		if err != nil {
			return err
		}
		fmt.Fprintln(out.Stdout, out.Print().T("people.command.password", "Email", c.Email, "Password", password))
		return nil
	})
}

// UserRemoveFactorCmd takes a second factor away.
type UserRemoveFactorCmd struct {
	Email         string `arg:""`
	DatabaseFlags `group:"database"`
}

// Run takes the second factor away; where the role asks for one, the next
// sign-in leads to a new one.
func (c UserRemoveFactorCmd) Run(out *Output) error {
	return c.about(out, c.Email, func(ctx context.Context, s *store.Store, person int64) error {
		_, _, err := s.RemoveSecondFactor(ctx, store.Submission{Action: "remove second factor"}, person, "")
		if errors.Is(err, store.ErrNotFound) {
			return Failure{exitNo, out.Print().T("people.command.no_factor", "Email", c.Email)}
		}
		return err
	})
}

// UserGrantCmd gives a role.
type UserGrantCmd struct {
	Email         string `arg:""`
	Role          string `arg:""`
	Institution   string `placeholder:"code"`
	Body          string `placeholder:"code"`
	DatabaseFlags `group:"database"`
}

// Run gives the role from today on. It also works when no administrator is left.
func (c UserGrantCmd) Run(out *Output) error {
	role, err := roleOf(out, c.Role, false)
	if err != nil {
		return err
	}
	institution, body, err := bodyOf(out, role, c.Institution, c.Body)
	if err != nil {
		return err
	}
	return c.about(out, c.Email, func(ctx context.Context, s *store.Store, person int64) error {
		err := s.GrantRole(ctx, store.Submission{Action: "grant role"}, person, store.RoleGrant{
			Role: role, Institution: institution, Body: body, From: calendar.DateOf(time.Now()),
		}, "")
		if errors.Is(err, store.ErrNotFound) {
			return noScope(out, institution, body)
		}
		return err
	})
}

// UserRevokeCmd takes a role back.
type UserRevokeCmd struct {
	Email         string `arg:""`
	Role          string `arg:""`
	Institution   string `placeholder:"code"`
	Body          string `placeholder:"code"`
	DatabaseFlags `group:"database"`
}

// Run ends the role: yesterday was its last day.
func (c UserRevokeCmd) Run(out *Output) error {
	role, err := roleOf(out, c.Role, false)
	if err != nil {
		return err
	}
	institution, body, err := bodyOf(out, role, c.Institution, c.Body)
	if err != nil {
		return err
	}
	return c.about(out, c.Email, func(ctx context.Context, s *store.Store, person int64) error {
		err := s.RevokeRoles(ctx, store.Submission{Action: "revoke role"}, person, store.RoleGrant{
			Role: role, Institution: institution, Body: body,
		}, calendar.DateOf(time.Now()))
		if errors.Is(err, store.ErrNotFound) {
			return Failure{exitNo, out.Print().T("people.command.no_role", "Email", c.Email)}
		}
		return err
	})
}

// with opens the database for a command.
func (f DatabaseFlags) with(do func(ctx context.Context, s *store.Store) error) error {
	ctx := store.AsSystem(context.Background())
	s, giveUp, err := f.open(ctx, quiet())
	if err != nil {
		return err
	}
	defer giveUp()
	return do(ctx, s)
}

// about finds the account of an address for a command.
func (f DatabaseFlags) about(out *Output, email string, do func(ctx context.Context, s *store.Store, person int64) error) error {
	return f.with(func(ctx context.Context, s *store.Store) error {
		who, err := s.CredentialsByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
		if errors.Is(err, store.ErrNotFound) {
			return Failure{exitNo, out.Print().T("people.command.nobody", "Email", email)}
		}
		if err != nil {
			return err
		}
		err = do(ctx, s, who.PersonID)
		if errors.Is(err, store.ErrLastAdministrator) {
			return Failure{exitNo, out.Print().T("people.last_administrator")}
		}
		if errors.Is(err, store.ErrOverlap) {
			return Failure{exitNo, out.Print().T("people.overlap")}
		}
		return err
	})
}

// noScope says that there is no institution or body of the codes that were given.
func noScope(out *Output, institution, body string) Failure {
	if body == "" {
		return Failure{exitNo, out.Print().T("people.command.no_institution", "Institution", institution)}
	}
	return Failure{exitNo, out.Print().T("command.no_body", "Institution", institution, "Body", body)}
}

// bodyOf gives the institution and the body that a role is for, and refuses a
// body without its institution, or for a role that sits on none.
func bodyOf(out *Output, role access.Role, institution, body string) (ofInstitution, code string, err error) {
	if body == "" {
		return institution, "", nil
	}
	ofInstitution, code, ok := namedBody(institution, body)
	switch {
	case !ok:
		err = Failure{exitUsage, out.Print().T("people.command.body")}
	case role != access.CommitteeMember && role != access.Secretary:
		err = Failure{exitUsage, out.Print().T("people.scope_body")}
	}
	return ofInstitution, code, err
}

// roleNames lists the roles that can be given, for the help.
func roleNames() string {
	names := make([]string, len(access.Granted))
	for i, r := range access.Granted {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// roleOf reads the name of a role that can be given.
func roleOf(out *Output, name string, optional bool) (access.Role, error) {
	if name == "" && optional {
		return "", nil
	}
	for _, r := range access.Granted {
		if string(r) == name {
			return r, nil
		}
	}
	return "", Failure{exitUsage, out.Print().T("people.command.role", "Role", name, "Roles", roleNames())}
}
