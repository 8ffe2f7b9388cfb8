# Everything a developer needs; "make" alone prints the list.

tool    := go tool -modfile=tools/go.mod
# Where git cannot or may not tell the commit, the build must go on without.
git     := git -c safe.directory='*'
version ?= $(shell $(git) describe --tags --always --dirty 2>/dev/null || echo unknown)
commit  ?= $(shell $(git) rev-parse --short HEAD 2>/dev/null || echo unknown)

# The program, its tests and the tools are compiled in one way, so each package only once.
export GOFLAGS := $(GOFLAGS) -buildvcs=false -trimpath
export CGO_ENABLED ?= 0

# The race detector needs a C compiler.
race    := $(shell command -v "$$(go env CC)" >/dev/null && echo -race)

# Tests that bound time or memory, which hold for the program itself.
bounded := TestAThousandSignInsAtOnce|TestABodyWithoutEndIsCut|TestLargeFormsOfStrangersHaveFewPlaces|TestLongTablesTakeLittleMemory

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: build ## run Jalon with example data on http://127.0.0.1:8080 (obtains PostgreSQL when missing)
	@scripts/ensure-postgres.sh >/dev/null
	@# Should make itself be killed, the server is told to stop.
	@if setpriv --pdeathsig TERM true 2>/dev/null; \
		then exec setpriv --pdeathsig TERM bin/jalon serve --demo; \
		else exec bin/jalon serve --demo; fi

.PHONY: build
build: ## build bin/jalon
	@mkdir -p bin
	go build -ldflags '-s -w -X main.version=$(version) -X main.commit=$(commit)' -o bin/jalon ./cmd/jalon

# The race detector makes everything take four times as long, and sees only what
# happens at the same time. So it watches the tests in files that start something
# beside themselves, which then need not run without it; "make race" lets it watch
# every test. Vet is part of "make check".
.PHONY: test
test: ## run every test, with a real PostgreSQL and a real browser (obtains both when missing)
	@set -e; \
	JALON_PG_BIN=$$(scripts/ensure-postgres.sh); \
	JALON_CHROMIUM=$$(scripts/ensure-chromium.sh); \
	export JALON_PG_BIN JALON_CHROMIUM; \
	files=$$(grep -rlE --include='*_test.go' 'go func|\.Go\(|sync\.|atOnce\(' cmd internal); \
	names=$$(sed -nE 's/^func (Test[A-Za-z0-9_]+)\(t .*/\1/p' $$files | grep -vxE 'TestMain|$(bounded)' | paste -sd'|'); \
	folders=$$(dirname $$files | sort -u | sed 's,^,./,'); \
	twice=$$(grep -rhoE --include='*_test.go' "^func ($$names)\(" cmd internal | sort | uniq -d); \
	[ -z "$$twice" ] || { echo "make test: two tests share a name, and one would not run: $$twice" >&2; exit 1; }; \
	run="go test -vet=off -timeout 18m $(TESTFLAGS)"; \
	failed=; \
	if [ -z "$(race)" ]; then \
		echo "make test: no C compiler, so without the race detector" >&2; \
		$$run ./... || failed=yes; \
	else \
		$$run -skip "^($$names)$$" ./... || failed=yes; \
		CGO_ENABLED=1 $$run -race -run "^($$names)$$" $$folders || failed=yes; \
	fi; \
	(cd tools && go test -vet=off $(TESTFLAGS) ./...) || failed=yes; \
	[ -z "$$failed" ]

.PHONY: race
race: ## run every test under the race detector (an hour)
	@JALON_PG_BIN=$$(scripts/ensure-postgres.sh) JALON_CHROMIUM=$$(scripts/ensure-chromium.sh) \
	CGO_ENABLED=1 go test -race -timeout 2h -skip '^($(bounded))$$' ./...

.PHONY: bench
bench: ## measure the goals of speed with 500 mandates and ten years (some ten minutes; on a quiet machine; JALON_BENCH_YEARS=2 or JALON_BENCH_MANDATES=24 for less)
	@set -e; \
	JALON_PG_BIN=$$(scripts/ensure-postgres.sh); \
	JALON_CHROMIUM=$$(scripts/ensure-chromium.sh); \
	export JALON_PG_BIN JALON_CHROMIUM; \
	failed=; \
	go test ./internal/site -timeout 30m -run '^$$' -bench AgainstTheLimit -benchtime 1x || failed=yes; \
	go test ./internal/site -timeout 10m -run '^$$' -bench EverybodyReports -benchtime 1x || failed=yes; \
	[ -z "$$failed" ]

.PHONY: check
check: generate ## what a change must pass beside its tests: generated code, format, vet, staticcheck
	@# Read-only: what generate changed shows here, in a working tree that was clean.
	$(git) diff --exit-code --stat -- '*_templ.go' internal/store/db 'locales/*.json'
	@unformatted=$$($(tool) gofumpt -l cmd internal migrations tools web); \
	if [ -n "$$unformatted" ]; then echo "gofumpt -w these: $$unformatted" >&2; exit 1; fi
	go vet ./...
	cd tools && go vet ./...
	$(tool) staticcheck ./...

.PHONY: generate
generate: ## regenerate the templ views, the sqlc queries and the catalogues that are read at a start
	$(tool) templ generate -path web
	$(tool) sqlc generate
	$(tool) goi18n merge -sourceLanguage nl -format json -outdir locales locales/active.nl.toml
	$(tool) goi18n merge -sourceLanguage fr -format json -outdir locales locales/active.fr.toml

.PHONY: golden
golden: ## write the golden files anew; then read the difference with git diff
	go test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' cmd internal | xargs -n 1 dirname | sort -u | sed 's,^,./,') -update
