# Everything here needs Go and nothing else, except lint (golangci-lint) and
# snapshot (goreleaser), which .ci/run installs.

FUZZTIME  ?= 60s
BENCHTIME ?= 1s
TOOLS     ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/llmctl-ci/bin
export PATH := $(TOOLS):$(PATH)

.DEFAULT_GOAL := help
.PHONY: build test lint fmt gen gen-check fuzz bench cover snapshot help

build: ## build ./llmctl
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o llmctl .

test: ## run every test; what needs an external server skips and says so
	go test ./...

lint: ## run golangci-lint with the rules of .golangci.yaml
	golangci-lint run

fmt: ## format every Go file
	gofmt -w .

gen: ## write completions/ and the generated pages of docs/
	go run ./docs/gen

gen-check: ## fail if a generated file is not what gen would write
	go run ./docs/gen -check

fuzz: ## run every fuzz target for FUZZTIME (default 60s)
	@grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' cmd pkg | sort | \
	while IFS=: read -r file line; do \
		name=$${line#func }; dir=./$$(dirname $$file); \
		echo "== $$dir $$name ($(FUZZTIME))"; \
		go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x $$dir || exit 1; \
	done

bench: ## run every benchmark for BENCHTIME (default 1s)
	go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...

cover: ## write cover.out and print the coverage of each package
	go test -covermode atomic -coverpkg ./cmd/...,./pkg/... -coverprofile cover.out ./...
	@go tool cover -func cover.out | tail -1

snapshot: ## build every release archive into dist/, publish nothing
	goreleaser release --snapshot --clean

help: ## print this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1	/' | expand -t 12
