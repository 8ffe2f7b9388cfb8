package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"jalon/internal/calendar"
)

// dateCodec reads a date as a calendar.Date without a detour by database/sql,
// which takes some memory for each: a page over many targets reads tens of thousands.
type dateCodec struct{ pgtype.DateCodec }

// readDates makes a new connection read dates with dateCodec, also those in arrays.
func readDates(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "date", OID: pgtype.DateOID, Codec: dateCodec{}})
	return nil
}

// PlanScan is pgtype's, which asks it how a value of the database becomes the target.
func (c dateCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*calendar.Date); ok && format == pgtype.BinaryFormatCode {
		return scanDate{}
	}
	return c.DateCodec.PlanScan(m, oid, format, target)
}

type scanDate struct{}

// daysTo2000 is the day that the database counts from, counted as time.Unix does.
const daysTo2000 = 10957

// Scan takes the number of days since 1 January 2000, and nothing as no date.
func (scanDate) Scan(src []byte, dst any) error {
	d := dst.(*calendar.Date)
	if src == nil {
		*d = calendar.Date{}
		return nil
	}
	if len(src) != 4 {
		return fmt.Errorf("read a date from %d bytes", len(src))
	}
	days := int32(binary.BigEndian.Uint32(src))
	if days == math.MaxInt32 || days == math.MinInt32 {
		return fmt.Errorf("read a date that has no end")
	}
	year, month, day := time.Unix((int64(days)+daysTo2000)*24*60*60, 0).UTC().Date()
	*d = calendar.Date{Year: year, Month: month, Day: day}
	return nil
}
