package store

import "github.com/shopspring/decimal"

func decimalOf(s string) decimal.NullDecimal {
	return decimal.NewNullDecimal(decimal.RequireFromString(s))
}
