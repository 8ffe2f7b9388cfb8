package document

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

const docxSpaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`

const (
	relationType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	wordType     = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	packageSpace = "http://schemas.openxmlformats.org/package/2006/"
)

const docxTypes = `<Types xmlns="` + packageSpace + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>` +
	`<Override PartName="/word/document.xml" ContentType="` + wordType + `document.main+xml"/><Override PartName="/word/styles.xml" ContentType="` + wordType + `styles+xml"/><Override PartName="/word/numbering.xml" ContentType="` + wordType + `numbering+xml"/><Override PartName="/word/settings.xml" ContentType="` + wordType + `settings+xml"/>` +
	`<Override PartName="/word/header1.xml" ContentType="` + wordType + `header+xml"/><Override PartName="/word/footer1.xml" ContentType="` + wordType + `footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const docxRoot = `<Relationships xmlns="` + packageSpace + `relationships"><Relationship Id="rId1" Type="` + relationType + `officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="` + packageSpace + `relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const docxSettings = `<w:settings ` + docxSpaces + `><w:zoom w:percent="100"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`

const docxNumbering = `<w:numbering ` + docxSpaces + `><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="–"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="284" w:hanging="284"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`

// docxSection ends the document: the size of its pages, the head from the
// second page on, and the foot of each.
func docxSection(d Document) string {
	size := fmt.Sprintf(`w:w="%d" w:h="%d" w:orient="landscape"`, docxLong, docxShort)
	if d.Upright {
		size = fmt.Sprintf(`w:w="%d" w:h="%d"`, docxShort, docxLong)
	}
	return fmt.Sprintf(`<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="first" r:id="rId4"/><w:pgSz %s/><w:pgMar w:top="1000" w:right="%d" w:bottom="860" w:left="%[2]d" w:header="480" w:footer="400" w:gutter="0"/><w:titlePg/></w:sectPr>`, size, docxMargin(d))
}

// docxStyles gives the styles of a document in a language.
func docxStyles(d Document) string {
	lang := d.Lang.Tag()
	var b strings.Builder
	b.WriteString(`<w:styles ` + docxSpaces + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/><w:sz w:val="18"/><w:szCs w:val="18"/><w:lang w:val="` + lang + `" w:eastAsia="` + lang + `"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="80"/></w:pPr></w:pPrDefault></w:docDefaults>`)
	b.WriteString(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>`)
	for i, size := range []int{36, 23, 20, 18} {
		shade := accent
		if i == 0 {
			shade = ink
		}
		fmt.Fprintf(&b, `<w:style w:type="paragraph" w:styleId="Heading%d"><w:name w:val="heading %[1]d"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="%d" w:after="100"/><w:outlineLvl w:val="%d"/></w:pPr><w:rPr><w:b/><w:color w:val="%s"/><w:sz w:val="%d"/><w:szCs w:val="%[5]d"/></w:rPr></w:style>`,
			i+1, min(i, 1)*240, i, shade.hex(), size)
	}
	paragraph := func(id, name, more, run string) {
		fmt.Fprintf(&b, `<w:style w:type="paragraph" w:customStyle="1" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:pPr>%s</w:pPr><w:rPr>%s</w:rPr></w:style>`, id, name, more, run)
	}
	small := `<w:sz w:val="16"/><w:szCs w:val="16"/>`
	paragraph("Note", "Note", `<w:spacing w:before="80" w:after="120"/><w:ind w:left="200"/>`, "")
	paragraph("Gap", "Gap", `<w:spacing w:after="0"/>`, `<w:sz w:val="10"/>`)
	paragraph("TableText", "Table Text", `<w:spacing w:after="20"/>`, small)
	paragraph("TableHead", "Table Head", `<w:keepNext/><w:spacing w:after="20"/>`, small)
	b.WriteString(`<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>`)
	if d.hasContents() {
		paragraph("Contents", "Contents", fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="%d"/></w:tabs><w:spacing w:after="40"/>`, docxWidth(d)), "")
	}
	for _, edge := range []string{"Header", "Footer"} {
		fmt.Fprintf(&b, `<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:pPr><w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs></w:pPr><w:rPr><w:color w:val="%s"/>%s</w:rPr></w:style>`, edge, strings.ToLower(edge), docxWidth(d), muted.hex(), small)
	}
	margins := `<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>`
	line := func(name string) string {
		return `<w:` + name + ` w:val="single" w:sz="4" w:space="0" w:color="` + strong.hex() + `"/>`
	}
	b.WriteString(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>`)
	b.WriteString(`<w:style w:type="table" w:customStyle="1" w:styleId="Rows"><w:name w:val="Rows"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>` + line("top") + line("bottom") + line("insideH") + `</w:tblBorders>` + margins + `</w:tblPr></w:style>`)
	b.WriteString(`<w:style w:type="table" w:customStyle="1" w:styleId="Facts"><w:name w:val="Facts"/><w:basedOn w:val="TableNormal"/><w:tblPr>` + margins + `</w:tblPr></w:style></w:styles>`)
	return b.String()
}

// relations names the parts that the document uses.
func (t *typist) relations() {
	t.raw(`<Relationships xmlns="` + packageSpace + `relationships">`)
	relation := func(id, kind, target string) {
		t.rawf(`<Relationship Id="%s" Type="%s%s" Target="%s"/>`, id, relationType, kind, target)
	}
	relation("rId1", "styles", "styles.xml")
	relation("rId2", "settings", "settings.xml")
	relation("rId3", "header", "header1.xml")
	relation("rId4", "footer", "footer1.xml")
	relation("rId5", "numbering", "numbering.xml")
	if t.d.Data != nil {
		relation("rId6", "customXml", "../customXml/item1.xml")
	}
	for i := range t.media {
		relation(fmt.Sprintf("rIdImage%d", i+1), "image", strings.TrimPrefix(mediaName(i), "word/"))
	}
	t.raw("</Relationships>")
}

func (t *typist) head() {
	t.paragraph("Header", "", Part{Text: t.d.Running}, "", runLook{})
}

// foot has fields for the number of the page and of the last one.
func (t *typist) foot() {
	const page, pages = "\ue000", "\ue001"
	t.raw(`<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>`)
	t.run(clean(t.d.Footer)+"\t", runLook{}, "")
	field := func(code string) {
		t.rawf(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> %s </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`, code)
	}
	text := t.d.Words.PageOf(page, pages)
	for text != "" {
		i := strings.IndexAny(text, page+pages)
		if i < 0 {
			t.run(text, runLook{}, "")
			break
		}
		if i > 0 {
			t.run(text[:i], runLook{}, "")
		}
		if strings.HasPrefix(text[i:], page) {
			field("PAGE")
		} else {
			field("NUMPAGES")
		}
		text = text[i+len(page):]
	}
	t.raw("</w:p>")
}

func (t *typist) properties() {
	t.raw(`<cp:coreProperties xmlns:cp="` + packageSpace + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	say := func(open, text, end string) {
		t.raw(open)
		t.text(clean(text))
		t.raw(end)
	}
	at := t.d.Created.UTC().Format("2006-01-02T15:04:05Z")
	say("<dc:title>", t.d.Title, "</dc:title>")
	say("<dc:creator>", t.d.Author, "</dc:creator>")
	say("<cp:lastModifiedBy>", t.d.Author, "</cp:lastModifiedBy>")
	say(`<dcterms:created xsi:type="dcterms:W3CDTF">`, at, "</dcterms:created>")
	say(`<dcterms:modified xsi:type="dcterms:W3CDTF">`, at, "</dcterms:modified>")
	say("<dc:language>", t.d.Lang.Tag(), "</dc:language></cp:coreProperties>")
}

// dataSpace marks the part with the attachment.
const dataSpace = "urn:jalon:data"

func (t *typist) attachment() {
	data := t.d.Data
	t.raw(`<data xmlns="` + dataSpace + `" name="`)
	t.text(data.Name)
	t.raw(`" description="`)
	t.text(data.Description)
	t.raw(`">` + base64.StdEncoding.EncodeToString(data.Content) + `</data>`)
}

// ratio gives the height of a PNG as a share of its width.
func ratio(png []byte) float64 {
	if len(png) < 24 || !bytes.HasPrefix(png, []byte("\x89PNG")) {
		return 1
	}
	width, height := binary.BigEndian.Uint32(png[16:]), binary.BigEndian.Uint32(png[20:])
	if width == 0 {
		return 1
	}
	return float64(height) / float64(width)
}
