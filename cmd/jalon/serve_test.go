package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"jalon/internal/access"
	"jalon/internal/bilingual"
)

func TestRolesOfTheSecondFactorAreKnown(t *testing.T) {
	for _, lang := range bilingual.Langs {
		out := &Output{Lang: lang}
		for name, c := range map[string]struct {
			set  []string
			want []access.Role
		}{
			"none":              {nil, nil},
			"set to nothing":    {[]string{""}, nil},
			"one":               {[]string{"administrator"}, []access.Role{access.Administrator}},
			"several":           {[]string{"hr_officer", " holder"}, []access.Role{access.HROfficer, access.Holder}},
			"also the delegate": {[]string{"delegate"}, []access.Role{access.Delegate}},
		} {
			if got, err := factorRoles(out, c.set); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, %v", name, got, err)
			}
		}
		for _, wrong := range []string{"admin", "Administrator", "administrator;secretary"} {
			_, err := factorRoles(out, []string{"secretary", wrong})
			var failure Failure
			if !errors.As(err, &failure) || failure.Code != exitUsage || !strings.Contains(failure.Message, "JALON_SECOND_FACTOR") || !strings.Contains(failure.Message, wrong) || !strings.Contains(failure.Message, "hr_officer") {
				t.Errorf("%s: %v", wrong, err)
			}
		}
	}
}
