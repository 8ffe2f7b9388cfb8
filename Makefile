tool := go tool -modfile=tools/go.mod

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: generate
generate: ## regenerate the templ views and the sqlc queries
	$(tool) templ generate
	$(tool) sqlc generate
