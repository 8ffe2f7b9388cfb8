package web_test

import (
	"time"

	"jalon/web"
)

func (s sampler) exportOrder() web.ExportOrder {
	return web.ExportOrder{Action: s.url("/exports"), Kind: "tables", Parameters: `{"body":"ACT-DR"}`, IdempotencyKey: "k12"}
}

func (s sampler) export(state string) web.ExportView {
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	v := web.ExportView{Frame: s.frame("export_job.order"), Before: 3, Again: s.exportOrder(), ExportLine: web.ExportLine{
		Name: s.p.T("export_job.order"), URL: s.url("/exports/1"), State: state, AskedAt: at, ExpiresAt: at.AddDate(0, 0, 1), Done: 12, Steps: 41,
	}}
	if state == "ready" {
		v.FileURL, v.FileName, v.Bytes = v.URL+"/file", "tabellen-DR-2026-H1.nl.xlsx", 3_400_000
	}
	return v
}

func (s sampler) exports() web.ExportsView {
	v := web.ExportsView{Frame: s.frame("export_job.list")}
	for _, state := range []string{"waiting", "making", "ready", "failed"} {
		v.Exports = append(v.Exports, s.export(state).ExportLine)
	}
	return v
}
