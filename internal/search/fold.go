package search

import "strings"

// The letters with an accent that texts in Brussels hold, names included, and
// what stands for each. migrations/00022_search.sql has the same list.
const (
	accented = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžȘșȚțØøĐđŁłıĦħ"
	plain    = "aaaaaaceeeeiiiinooooouuuuyaaaaaaceeeeiiiinooooouuuuyyaaaaaaccccccccddeeeeeeeeeegggggggghhiiiiiiiiijjkkllllllnnnnnnoooooorrrrrrssssssssttttuuuuuuuuuuuuwwyyyzzzzzzssttooddllihh"

	// between stands between words; a space takes its place.
	between = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r" +
		"\u00a0¡§«°´·»¿×\u2009\u2010\u2011–—‘’‚“”„•…\u202f‹›€→"

	// unseen is left out: soft hyphens, joiners, and accents written apart.
	unseen = "\u00ad\u200b\u200c\u200d\ufeff\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328"
)

var doubled = map[rune]string{'œ': "oe", 'Œ': "oe", 'æ': "ae", 'Æ': "ae", 'ß': "ss", 'ĳ': "ij", 'Ĳ': "ij"}

var folds = func() map[rune]string {
	to := []rune(plain)
	m := map[rune]string{}
	for i, r := range []rune(accented) {
		m[r] = string(to[i])
	}
	for r := 'A'; r <= 'Z'; r++ {
		m[r] = string(r - 'A' + 'a')
	}
	for _, r := range between {
		m[r] = " "
	}
	for _, r := range unseen {
		m[r] = ""
	}
	for r, s := range doubled {
		m[r] = s
	}
	return m
}()

func foldRune(r rune) string {
	if s, ok := folds[r]; ok {
		return s
	}
	return string(r)
}

// Fold gives a text without accents, capitals and punctuation, as the database
// folds it.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(foldRune(r))
	}
	return b.String()
}
