package demo

// Account is an invented person that a visitor of the demonstration may be.
type Account struct {
	Name     string
	Email    string
	Password string
	Who      string // key of the catalogues: what they are here for
}

// Password opens every account of the demonstration, which therefore only
// runs on a loopback address.
const Password = "jalon-demo"

// Accounts are offered on the sign-in page, the main job first.
var Accounts = []Account{
	{"Dirk Voorbeeld", "director@jalon.example", Password, "demo.who.director"},
	{"Dalila Steekproef", "delegate@jalon.example", Password, "demo.who.delegate"},
	{"Ilias Monsterboek", "delegate2@jalon.example", Password, "demo.who.delegate2"},
	{"Saar Specimen", "secretary@jalon.example", Password, "demo.who.secretary"},
	{"Chloé Exemple", "committee@jalon.example", Password, "demo.who.committee"},
	{"Farid Staal", "strategy@jalon.example", Password, "demo.who.strategy"},
	{"Hélène Modèle", "hr@jalon.example", Password, "demo.who.hr"},
	{"Émile Témoin", "evaluator@jalon.example", Password, "demo.who.evaluator"},
	{"Bart Proefmodel", "bart.proefmodel@jalon.example", Password, "demo.who.former"},
	{"Florence Essai", "director2@jalon.example", Password, "demo.who.director2"},
	{"An Proefdruk", "admin@jalon.example", Password, "demo.who.admin"},
}
