package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"jalon/internal/locale"
)

type object = map[string]any

// openAPI serves the description of the interface (OpenAPI 3.1). It is made of
// the routes and columns that answer, and a test holds the answers against it.
func (s *Site) openAPI(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-cache")
	_ = json.NewEncoder(w).Encode(s.describe()) // the program may have gone
}

func (s *Site) describe() object {
	paths, schemas := object{}, object{"Problem": problemSchema()}
	for _, rt := range s.apiRoutes() {
		operation := object{"summary": rt.about, "operationId": operationID(rt), "security": []any{object{"token": []string{}}}, "x-scope": rt.scope}
		parameters := pathParameters(rt.pattern)
		if rt.list != nil {
			name := schemaName(rt.pattern)
			schemas[name] = rowSchema(rt.list.columns)
			parameters = append(parameters, queryParameters(*rt.list)...)
			operation["responses"] = answers(object{"200": listAnswer(name, rt.list.columns), "304": object{"description": "Not changed since the ETag"}})
		} else {
			schemas["Value"], schemas["Outcome"] = valueSchema(), outcomeSchema()
			operation["requestBody"] = object{"required": true, "content": jsonOf("Value")}
			operation["responses"] = answers(object{
				"200": object{"description": "It stood already, or another value of that day was superseded", "content": jsonOf("Outcome")},
				"201": object{"description": "Recorded", "content": jsonOf("Outcome")},
			})
		}
		operation["parameters"] = parameters
		paths[rt.pattern] = object{strings.ToLower(rt.method): operation}
	}
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Jalon", "version": "1",
			"description": "Objectives, reports and indicators, for programs such as Power BI and Excel. A token shows what its person may see, and nothing of evaluations.",
		},
		"servers":    []any{object{"url": s.BaseURL + apiPrefix}},
		"paths":      paths,
		"components": object{"schemas": schemas, "securitySchemes": object{"token": object{"type": "http", "scheme": "bearer", "description": "Made at /account/tokens"}}},
	}
}

func operationID(rt apiRoute) string {
	return strings.ToLower(rt.method) + schemaName(rt.pattern)
}

// schemaName gives Indicators for /indicators and IndicatorsValues for what is below.
func schemaName(pattern string) (name string) {
	for _, part := range strings.Split(pattern, "/") {
		if part != "" && part[0] != '{' {
			name += strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return name
}

func reference(name string) object { return object{"$ref": "#/components/schemas/" + name} }
func jsonOf(name string) object {
	return object{"application/json": object{"schema": reference(name)}}
}

// answers adds what every address may answer.
func answers(own object) object {
	problem := object{"application/problem+json": object{"schema": reference("Problem")}}
	for code, words := range map[string]string{
		"400": "Not understood", "401": "No valid token", "403": "Not allowed", "404": "Not there for you", "429": "Too many requests; see Retry-After",
	} {
		own[code] = object{"description": words, "content": problem}
	}
	own["default"] = object{"description": "Any other problem", "content": problem}
	return own
}

func cellSchema(c apiColumn) object {
	schema := object{"type": c.kind}
	if c.kind == "date" || c.kind == "date-time" {
		schema = object{"type": "string", "format": c.kind}
	}
	if c.null {
		schema["type"] = []string{schema["type"].(string), "null"}
	}
	if c.about != "" {
		schema["description"] = c.about
	}
	return schema
}

func rowSchema(columns []apiColumn) object {
	properties, names := object{}, make([]string, len(columns))
	for i, c := range columns {
		properties[c.name], names[i] = cellSchema(c), c.name
	}
	return object{"type": "object", "properties": properties, "required": names, "additionalProperties": false}
}

func listAnswer(name string, columns []apiColumn) object {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return object{
		"description": "A page of whole mandates. The next one is at next, and in the header Link",
		"headers":     object{"ETag": object{"schema": object{"type": "string"}}, "Link": object{"schema": object{"type": "string"}}},
		"content": object{
			"application/json": object{"schema": object{
				"type": "object", "required": []string{"asof", "known", "items", "next"}, "additionalProperties": false,
				"properties": object{
					"asof":  object{"type": "string", "format": "date"},
					"known": object{"type": []string{"string", "null"}, "format": "date-time", "description": "Up to when what was recorded counts; null for all that is known"}, "items": object{"type": "array", "items": reference(name)},
					"next": object{"type": []string{"string", "null"}, "description": "Address of the next page"},
				},
			}},
			"text/csv": object{"schema": object{"type": "string", "description": "With the columns " + strings.Join(names, ", ")}},
		},
	}
}

func pathParameters(pattern string) (all []any) {
	about := map[string]object{
		"code": {"type": "string", "description": "The code of the mandate, a point, and that of the indicator or the target, such as ACTIRIS-A4-EL.T5-K1A or ACTIRIS-A4-EL.S3.2-1"},
		"date": {"type": "string", "format": "date"},
	}
	for _, m := range placeholder.FindAllStringSubmatch(pattern, -1) {
		all = append(all, object{"name": m[1], "in": "path", "required": true, "schema": about[m[1]]})
	}
	return all
}

func queryParameters(l rowList) (all []any) {
	add := func(name, about string, schema object) {
		all = append(all, object{"name": name, "in": "query", "description": about, "schema": schema})
	}
	day := object{"type": "string", "format": "date"}
	add("asof", "Values, statuses, wording and holders of that day; today when left out", day)
	add("known", "As far as recorded by this day, to its end, or by this instant; everything when left out", object{"type": "string", "description": "A day, or an instant of RFC 3339"})
	if l.of == nil {
		add("mandate", "Only this mandate", object{"type": "string"})
		add("after", "Begin behind this mandate; the address at next has it", object{"type": "string"})
		add("limit", "Rows of a page: whole mandates until there are as many", object{"type": "integer", "minimum": 1, "maximum": mostRows, "default": usualRows})
	}
	for _, name := range []string{"from", "until"} {
		if about, ok := l.query[name]; ok {
			add(name, about, day)
		}
	}
	add("format", "csv for text/csv, as the header Accept does", object{"type": "string", "enum": []string{"json", "csv"}})
	return all
}

func valueSchema() object {
	number := func(about string) object {
		return object{"type": []string{"number", "string", "null"}, "description": fmt.Sprintf("%s. At most %d digits before the point and %d after it. A string may have a decimal comma", about, locale.MaxDigits, locale.MaxDecimals)}
	}
	return object{"type": "object", "additionalProperties": false, "description": "Each field at most once", "properties": object{
		"value": number("Of an indicator without numerator and denominator"), "numerator": number("With a denominator"), "denominator": number("Above zero"),
		"people": object{"type": "integer", "minimum": 0, "description": "In the group that the figure is about; asked for where there is a minimum group"},
		"note":   object{"type": "string", "maxLength": 1000},
	}}
}

func outcomeSchema() object {
	return object{"type": "object", "additionalProperties": false, "required": []string{"indicator", "date", "outcome"}, "properties": object{
		"indicator": object{"type": "string"}, "date": object{"type": "string", "format": "date"},
		"outcome": object{"type": "string", "enum": []string{"created", "replaced", "unchanged"}},
	}}
}

func problemSchema() object {
	text := object{"type": "string"}
	return object{
		"type": "object", "description": "RFC 9457, in the language of Accept-Language", "additionalProperties": false, "required": []string{"type", "title", "status", "instance"},
		"properties": object{"type": text, "title": text, "status": object{"type": "integer", "minimum": 400, "maximum": 599}, "detail": text, "instance": text},
	}
}
