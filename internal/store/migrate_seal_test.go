package store

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// addressedSeals is the step that lets a body seal what is addressed to it.
const addressedSeals = 26

// A table that was sealed before stays the whole table of its mandate; there is
// still only one, beside those of bodies, which the step back takes away.
func TestSealsOfBeforeStayThoseOfWholeMandates(t *testing.T) {
	ctx := AsSystem(context.Background())
	dsn := emptyDatabase(t)
	migrateTo(t, dsn, addressedSeals-1)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	const seal = `INSERT INTO seal (mandate_id, body_id, period, number, sealed_at, sealed_by, document, sha256, signature, key_id, public_key`
	const values = `'2025-07-01', $1, now(), 1, 'x', sha256('x'), '', '', ''`
	_, err = conn.Exec(ctx, `
		INSERT INTO person (email, name, lang) VALUES ('an@jalon.example', 'An Voorbeeld', 'nl');
		INSERT INTO institution (code, name_nl, name_fr) VALUES ('ACTIRIS', 'x', 'x');
		INSERT INTO framework (code, name_nl, name_fr, adopted_on) VALUES ('F', 'F', 'F', '2024-01-01');
		INSERT INTO mandate (institution_id, framework_id, code, title_nl, position) VALUES (1, 1, 'A4', 'x', 1);
		INSERT INTO body (institution_id, code, name_nl, name_fr, scope) VALUES (1, 'DR', 'x', 'x', 'all'), (1, 'CSO', 'x', 'x', 'addressed')`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, seal+`) VALUES (1, 1, `+values+`)`, "DR-2025-H2-001"); err != nil {
		t.Fatal(err)
	}
	migrateTo(t, dsn, addressedSeals)
	if _, err := conn.Exec(ctx, seal+`) VALUES (1, 1, `+values+`)`, "DR-2025-H2-002"); err == nil {
		t.Error("a whole table is sealed twice")
	}
	for i, number := range []string{"CSO-2025-H2-001", "CSO-2025-H2-002"} {
		_, err := conn.Exec(ctx, seal+`, targets) VALUES (1, 2, `+values+`, '{}')`, number)
		if (err != nil) != (i > 0) {
			t.Errorf("%s: %v", number, err)
		}
	}
	migrateTo(t, dsn, addressedSeals-1)
	var numbers string
	if err := conn.QueryRow(ctx, `SELECT string_agg(number, ' ') FROM seal`).Scan(&numbers); err != nil || numbers != "DR-2025-H2-001" {
		t.Errorf("after the step back: %s %v", numbers, err)
	}
	if _, err := conn.Exec(ctx, `DELETE FROM seal`); err == nil {
		t.Error("a seal can be removed after the step back")
	}
}
