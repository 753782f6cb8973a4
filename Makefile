# One door to everything: `make help` lists what there is.
# `make demo` and `make test` need Python 3.11 or newer and this machine's package manager, and set
# up the rest themselves, each time only what is missing.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules

PYTHON ?=
JOBS ?= 2

BIN := .venv/bin
STAMPS := .venv/stamps
INSTALL := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input install
# A lock file names everything, so nothing is left to resolve: pip, asked to, may meet an extra
# (`coverage[toml]`) before the pin and stumble over a release that is newer than the lock.
LOCKED := --require-hashes --no-deps
# SQLite waits for the disk at each commit: where memory has room, the tests' files lie there.
IN_MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 { print "TMPDIR=/dev/shm" }')
PYTEST := $(IN_MEMORY) $(BIN)/pytest --numprocesses $(JOBS) --dist worksteal
UPGRADE ?=
NOTHING := AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
TABLET := scanners/tablet
TABLET_BUILD := api/static/tablet/index.html
TABLET_MODULES := $(TABLET)/node_modules/.package-lock.json
# Folders are named too: they change when a file goes away.
TABLET_SOURCES := $(shell find $(TABLET)/src $(TABLET)/public) api/rendering/shapes.json \
	$(addprefix $(TABLET)/,index.html package.json tsconfig.json vite.config.ts vite.precache.ts own-origin.ts)
# Node and npm come from a wheel and lie beside Python; npm's scripts ask the path for `node`.
IN_TABLET := cd $(TABLET) && PATH="$(CURDIR)/$(BIN):$$PATH"
COMPILE := $(BIN)/uv pip compile $(UPGRADE) --quiet --universal --python-version 3.11 --generate-hashes --no-header

.PHONY: help setup demo test bench bench-log bench-growth bench-costs bench-http bench-burst read-rates tablet-speed mutation lint format types contracts unit storage api workflows browser \
	faults faults-long fuzz security architecture coverage openapi pictures lock system-packages tablet tablet-test clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- Setting up ----------------------------------------------------------------------------------

setup: $(STAMPS)/test system-packages ## Install everything that running and testing need

# Without npm's registry everything but the bay tablet works, and its page says what is missing.
demo: $(STAMPS)/demo ## Fill a plant with demo data and serve it on 127.0.0.1:8000 (PORT changes it)
	@$(MAKE) --no-print-directory tablet || echo 'The bay tablet could not be built.' >&2
	@$(BIN)/waybill demo

$(STAMPS)/venv:
	@for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
		$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		$$name -c 'import ensurepip, venv' 2>/dev/null || deploy/system-packages venv || exit 1; \
		$$name -m venv .venv && mkdir -p $(STAMPS) && touch $@; \
		exit; \
	done; \
	echo 'Python 3.11 or newer was not found; `make PYTHON=/path/to/python` names one.' >&2; exit 1

$(STAMPS)/demo: deploy/requirements.lock pyproject.toml $(STAMPS)/venv
	$(INSTALL) $(LOCKED) --requirement deploy/requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/test: requirements.lock $(STAMPS)/demo
	$(INSTALL) $(LOCKED) --requirement requirements.lock
	@touch $@

$(STAMPS)/bench: tests/benchmarks/requirements.lock $(STAMPS)/test
	$(INSTALL) $(LOCKED) --requirement tests/benchmarks/requirements.lock
	@touch $@

system-packages: ## Install what the tests need beside Python, if it is missing: Chromium, Chinese fonts, Go, nginx
	@deploy/system-packages browser fonts go proxy

tablet: $(TABLET_BUILD) ## Build the bay tablet, if its sources changed

$(TABLET_MODULES): $(TABLET)/package-lock.json | $(STAMPS)/demo
	$(IN_TABLET) npm ci --no-audit --no-fund --prefer-offline --fetch-retries=1 --loglevel=error
	@touch $@

$(TABLET_BUILD): $(TABLET_MODULES) $(TABLET_SOURCES)
	$(IN_TABLET) npm run --silent build
	@touch $@

# --- Testing -------------------------------------------------------------------------------------

# Four that need one processor each and wait for nobody, then the tests, whose summary comes last.
test: setup $(TABLET_MODULES) ## Everything continuous integration runs
	@$(MAKE) --no-print-directory --jobs=2 lint types contracts tablet-test
	@$(MAKE) --no-print-directory coverage

lint: $(STAMPS)/test ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .

types: $(STAMPS)/test ## Check types, strictly
	$(BIN)/mypy

contracts: $(STAMPS)/test ## Check who imports whom
	$(BIN)/lint-imports --no-logo --no-cache

tablet-test: $(TABLET_MODULES) ## Check the types of the bay tablet and run its own tests
	$(IN_TABLET) npm run --silent types
	$(IN_TABLET) npm run --silent test

coverage: $(STAMPS)/test $(TABLET_BUILD) ## Run all tests and compare coverage with its floors
	@mkdir -p var
	$(PYTEST) --cov --cov-report=term:skip-covered

unit: $(STAMPS)/test ## Run the tests of single modules
	$(PYTEST) tests/unit

architecture: $(STAMPS)/test $(TABLET_BUILD) ## Run the tests of the house's own rules
	$(PYTEST) tests/architecture

storage: $(STAMPS)/test ## Run the tests of tables, queries and migrations, on both databases
	$(PYTEST) tests/storage

api: $(STAMPS)/test $(TABLET_BUILD) ## Run the tests of the API, on both databases
	$(PYTEST) tests/api

workflows: $(STAMPS)/test ## Run whole stories through HTTP, on both databases
	$(PYTEST) tests/workflows

browser: $(STAMPS)/test $(TABLET_BUILD) system-packages ## Run the tests that drive a real Chromium
	$(PYTEST) tests/browser

faults: $(STAMPS)/test system-packages ## Run what goes wrong: attacks on the log, flipped bits, killed processes
	$(PYTEST) tests/faults

faults-long: $(STAMPS)/test $(TABLET_BUILD) system-packages ## Break server, database and a tablet's line for minutes; counts go to var/faults.md (long)
	@mkdir -p var
	FAULTS=long $(BIN)/pytest --numprocesses 0 tests/faults/test_under_load.py tests/faults/test_replica.py
	WAYBILL_TABLET_CUTS=$(or $(CUTS),25) $(PYTEST) tests/browser/test_tablet_faults.py

# Atheris has wheels for some platforms only, so no lock file can hold it; without it Hypothesis and
# plain chance make the texts.
fuzz: $(STAMPS)/test ## Try parsers and API with very many made-up texts and requests (long; FUZZ_SECONDS per parser)
	-$(INSTALL) --only-binary atheris --no-deps atheris==3.0.0
	$(BIN)/python -m tests.harness.fuzz
	$(PYTEST) --hypothesis-profile fuzz -m "hypothesis or made_up" tests/unit tests/api

# Fails where the database of advisories cannot be reached: then nothing was audited.
security: $(STAMPS)/test $(TABLET_MODULES) ## Scan code and locked packages: bandit, pip-audit, npm audit
	$(BIN)/python -m tests.harness.security

bench: $(STAMPS)/test ## Measure what verdicts and the log cost, beside yardsticks in the same run
	$(BIN)/python -m tests.benchmarks.verdicts
	$(BIN)/python -m tests.benchmarks.sequencer

bench-log: $(STAMPS)/test ## Fill a PostgreSQL with EVENTS events, search and export them (long; 40 GB of disk)
	$(BIN)/python -m tests.benchmarks.log_at_scale --events $(or $(EVENTS),10000000)

bench-growth: $(STAMPS)/test ## Compare what requests cost with ten thousand and with CHECKS checks stored (long; 40 GB of disk)
	$(BIN)/python -m tests.benchmarks.growth --checks 10000 --checks $(or $(CHECKS),1000000)

bench-costs: $(STAMPS)/test ## Measure what starting, a worker's memory, codes and printed pages cost
	$(BIN)/python -m tests.benchmarks.costs

bench-http: $(STAMPS)/bench ## Compare scan and issue with small twins in other frameworks, on one PostgreSQL
	@deploy/system-packages load
	$(BIN)/python -m tests.benchmarks.throughput

bench-burst: $(STAMPS)/test ## Hold a nation's busiest minutes on one machine, then raise the rate until it is too slow (long)
	$(BIN)/python -m tests.benchmarks.burst

read-rates: $(STAMPS)/test system-packages ## Measure how surely codes are read when they are seen badly (long)
	$(BIN)/python -m tests.benchmarks.read_rates

tablet-speed: $(STAMPS)/test $(TABLET_BUILD) system-packages ## Measure what six codes and the verdict cost at a bay tablet
	$(BIN)/python -m tests.benchmarks.tablet_speed

mutation: $(STAMPS)/test ## Change the rules line by line and see whether the tests notice (long)
	tests/harness/mutation

# --- Keeping -------------------------------------------------------------------------------------

format: $(STAMPS)/test ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The description says nothing of an installation, so its secrets can be anything.
openapi: $(STAMPS)/test ## Write the API's description to docs/openapi.json
	WAYBILL_SECRET_KEY=$(NOTHING) WAYBILL_PII_KEY=$(NOTHING) WAYBILL_PII_INDEX_KEY=$(NOTHING) \
		$(BIN)/flask --app wsgi openapi write --format=json docs/openapi.json

pictures: $(STAMPS)/test ## Take the README's pictures from a demonstration that runs (PORT as for demo)
	$(BIN)/python -m tests.harness.pictures http://127.0.0.1:$(or $(PORT),8000) docs/pictures

# The lock files name no index, so that every machine uses its own.
lock: $(STAMPS)/test ## Lock the dependencies with their hashes (UPGRADE=--upgrade takes newer ones)
	$(COMPILE) --group build pyproject.toml --output-file deploy/requirements.lock
	$(COMPILE) --group build --group dev --constraint deploy/requirements.lock pyproject.toml \
		--output-file requirements.lock
	$(COMPILE) --group build --group bench --constraint requirements.lock pyproject.toml \
		--output-file tests/benchmarks/requirements.lock

clean: ## Remove everything that was made here, .venv and demo data included
	rm -rf .venv var build dist waybill.egg-info .mypy_cache .ruff_cache .hypothesis
	rm -rf $(TABLET)/node_modules api/static/tablet
