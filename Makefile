NODE  := node_modules/.bin/node
MOCHA := $(NODE) node_modules/mocha/bin/mocha.js
PARALLEL := --parallel --jobs 2 --require test/support/to-its-end.ts
BIN   := dist/start.cjs
RELEASE := dist/release/checksums.txt
BORDER := 'test/border/*.test.ts'
SRC   := $(shell find src -type f)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup build check format test mutants properties docs demo controlplane conformance conformance-all bench bench-plan bench-tui dist krew krew-bot npm release-check test-dist packers conformance-node clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: node_modules/.package-lock.json ## install the pinned Node and every dependency
node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

build: $(BIN) ## bundle the plugin into dist/
$(BIN): node_modules/.package-lock.json build/bundle.ts build/core-scripts.ts $(wildcard build/starters/*) $(SRC)
	$(NODE) build/bundle.ts

check: setup ## check the types and the format
	$(NODE) node_modules/typescript/bin/tsc -p .
	node_modules/.bin/biome format

format: setup ## format the code
	node_modules/.bin/biome format --write

ifdef TEST
test: setup
	$(MOCHA) --no-config --timeout 60000 $(TEST)
else
test: check build ## check, build, and run the tests; TEST=test/domain/trace.test.ts runs that file alone
	$(MOCHA)
endif

mutants: setup ## see that faults in the product turn the tests red that are named for them
	$(MOCHA) --no-config --forbid-only --timeout 60000 'test/mutants/*.test.ts'

properties: setup ## whole releases of many random groups, killed anywhere, and the life of Rollouts; of others: RUNS=5000 SEED=42
	PROPERTY_RUNS=$(or $(RUNS),1000)$(addprefix  PROPERTY_SEED=,$(SEED)) $(MOCHA) --no-config --forbid-only --timeout 60000 $(PARALLEL) 'test/properties/*.test.ts' 'test/sweeps/*.test.ts'

demo: build ## release a group on an embedded simulated cluster
	bin/kubectl-rollouts_group demo

controlplane: setup ## build and start a real control plane (needs Go; the first build takes minutes)
	$(NODE) test/controlplane/main.ts

docs: build ## write the pages and pictures of the documents that are made from the program
	$(NODE) test/documents/main.ts
	$(NODE) test/pictures/main.ts

conformance: check dist ## whole releases by the packaged program on the real control plane (needs Go)
	LAUNCHER=$$($(NODE) test/dist/unpack.ts) $(MOCHA) --no-config --forbid-only --retries 1 --timeout 120000 --require test/conformance/plane.ts 'test/conformance/**/*.test.ts'

conformance-all: check dist ## the same and longer releases, every state judged: some hours (needs Go); a part: ONLY='a pair, pinned'
	LAUNCHER=$$($(NODE) test/dist/unpack.ts) CONFORMANCE=all $(MOCHA) --no-config --forbid-only --retries 1 --timeout 120000 --require test/conformance/plane.ts $(if $(ONLY),--grep '$(ONLY)') 'test/conformance/**/*.test.ts'

bench: dist npm ## our programs beside the official plugin, on one real control plane (needs Go); writes the table of docs/speed.md
	$(NODE) test/bench/main.ts

bench-plan: setup ## groups of up to a thousand members read, checked, planned and proved; no cluster is needed
	$(NODE) --max-semi-space-size=8 test/bench/plan.ts

bench-tui: build ## the live screen with 500 rollouts and 50 changes a second, beside the official plugin (needs Go)
	$(NODE) test/bench/tui.ts

dist: $(RELEASE) ## every platform's archive, checksums and a bill of materials, in dist/release/
$(RELEASE): $(BIN) $(wildcard build/* build/packers/* build/licences/* bin/*) LICENSE
	$(NODE) build/release.ts

krew: $(RELEASE) ## the krew manifest of those archives
	$(NODE) build/krew.ts

krew-bot: setup ## .krew.yaml, from krew-manifest.yaml
	$(NODE) build/krew.ts bot

npm: build ## the package for the npm registry
	$(NODE) build/npm-package.ts

release-check: build ## see that version, changelog, manifest and help agree: TAG=v1.2.3
	$(NODE) build/release-check.ts $(TAG)

# A crash is brought about through NODE_OPTIONS, of which a binary hears nothing, and the package on Node does.
test-dist: check dist krew npm ## unpack, install and run what was packaged
	LAUNCHER=$$($(NODE) test/dist/unpack.ts) $(MOCHA) --no-config --forbid-only $(PARALLEL) --timeout 120000 --grep 'by a crash' --invert 'test/dist/*.test.ts' 'test/e2e/*.test.ts' 'test/terminal/*.test.ts' $(BORDER)
	PATH="$$PWD/node_modules/.bin:$$PATH" LAUNCHER=$$($(NODE) test/dist/unpack.ts npm) $(MOCHA) --no-config --forbid-only $(PARALLEL) --timeout 120000 test/terminal/tui-leaving.test.ts $(BORDER)

packers: build ## the program of this machine by each packer, tested and measured; writes the table of docs/install.md
	$(NODE) test/dist/packers.ts

conformance-node: check build ## the releases of the conformance suite by the program on Node (needs Go)
	$(MOCHA) --no-config --forbid-only --timeout 120000 --require test/conformance/plane.ts --grep 'meet no two versions' test/conformance/releases/releases.test.ts

clean: ## remove what was built
	rm -rf dist node_modules
