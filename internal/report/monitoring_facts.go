package report

import (
	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/locale"
)

// facts gives what a title page says about the table.
func (m Monitoring) facts(p *locale.Printer) document.Facts {
	t := m.Table
	var list document.Facts
	say := func(key, text string) {
		if text != "" {
			list = append(list, document.Fact{Name: titled(key, p), Value: document.Part{Text: text}})
		}
	}

	both := func(key string, t bilingual.Text) {
		for _, f := range doubled(key, t, p) {
			if f.Value.Text != "" {
				list = append(list, f)
			}
		}
	}
	both("export.mandate", t.Mandate.Title)
	if t.Mandate.Rank != "" && len(list) > 0 {
		list[0].Value.Text += " · " + p.T("export.rank", "Rank", t.Mandate.Rank)
	}
	both("export.institution", t.Institution.Name)
	holder := t.Holder.Name
	switch {
	case holder == "":
		holder = aside("export.vacant", p)
	case t.Holder.Interim:
		holder = aside("export.interim", p, "Name", holder)
	}
	say("export.holder", holder)
	both("export.body", t.Body.Name)
	say("export.as_of", p.Date(t.AsOf))
	previous := aside("export.no_previous", p)
	if r := t.Previous; r != nil {
		previous = p.T("export.previous_table", "Number", r.Number, "Version", r.Version, "Period", p.HalfYear(r.Period))
	}
	say("export.previous", previous)
	_, reported, owed := t.Counts()
	say("export.reported", aside("export.reported_of", p, "Reported", reported, "Owed", owed))
	if s := m.ownSeal(); s != nil {
		say("export.number", aside("export.number_version", p, "Number", s.Number, "Version", s.Version))
		say("export.sealed", aside("export.sealed_by", p, "When", p.DateTime(s.SealedAt), "By", s.SealedBy))
		say("export.hash", s.SHA256)
	}
	return list
}

// seal gives what is needed to check the seal by hand.
func (m Monitoring) seal(p *locale.Printer) []document.Block {
	s := m.ownSeal()
	if s == nil {
		return nil
	}
	list := document.Facts{
		{Name: aside("export.number", p), Value: document.Part{Text: aside("export.number_version", p, "Number", s.Number, "Version", s.Version)}},
		{Name: aside("export.sealed", p), Value: document.Part{Text: aside("export.sealed_by", p, "When", p.DateTime(s.SealedAt), "By", s.SealedBy)}},
		{Name: aside("export.hash", p), Value: document.Part{Text: s.SHA256}},
	}
	if s.Replaces != nil {
		list = append(list,
			document.Fact{Name: aside("export.replaces", p), Value: document.Part{Text: aside("export.number_version", p, "Number", s.Replaces.Number, "Version", s.Replaces.Version)}},
			document.Fact{Name: aside("export.reason", p), Value: document.Part{Text: s.Reason}})
	}
	list = append(list,
		document.Fact{Name: aside("export.key", p), Value: document.Part{Text: "Ed25519 " + s.KeyID}},
		document.Fact{Name: aside("export.public_key", p), Value: document.Part{Text: s.PublicKey}},
		document.Fact{Name: aside("export.signature", p), Value: document.Part{Text: s.Signature}})
	blocks := []document.Block{document.Heading{Level: 2, Text: document.Part{Text: aside("export.seal", p)}}}
	return append(append(blocks, asides("export.check", p)...), list)
}
