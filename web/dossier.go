package web

// DossierView offers the dossier of an evaluation.
type DossierView struct {
	Frame
	Orders     []DossierOrder // the language of record first
	Closed     bool           // confidential evidence is not in it
	BackURL    string
	ExportsURL string // where what was ordered is found
}

// DossierOrder is the button of one language.
type DossierOrder struct {
	ExportOrder
	Words string
}
