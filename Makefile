# Carethread: everything starts here. `make` alone lists what there is.
#
# Packages are installed by uv, itself from a lock with hashes: 8 s where pip takes 67 (2 cores, 100 packages).
# pip, which comes with every Python and obeys a machine's settings for mirrors, proxies and certificates,
# installs uv, and takes over when uv cannot do it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run dev setup test test-fast test-web lint types api bench drill mutants diagram files pictures demo-reset lock clean

# Set in many containers. Every start would then compile some two thousand modules anew: seconds for each process.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
BIN := .venv/bin
# A Node from a wheel lives in the virtual environment, and is only there when the machine's own is missing
# or too old.
NPM = PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix web

# The first Python that is new enough. Only set-up needs one; everything else runs in the virtual environment.
FIND_PYTHON = for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done; \
	test -n "$$python" || { echo "Carethread needs Python 3.11 or newer: install it, or name one with PYTHON=/path/to/python3." >&2; exit 1; }
SETUP = @$(FIND_PYTHON); PYTHONPATH=platform $$python -m scripts.setup

# Two workers, each with a PostgreSQL and a Valkey of its own.
TWO_AT_A_TIME = --numprocesses 2 --dist loadfile
FAST_TESTS = $(BIN)/pytest -m "not whole" $(TWO_AT_A_TIME)
# What leans on sessions, locks and transactions, once more behind a pooler that keeps none.
POOLED_TESTS = $(BIN)/pytest --pgbouncer tests/core/edge tests/core/events tests/core/live tests/core/test_hot.py \
	tests/core/test_open_transactions.py tests/core/database/test_engine.py tests/messaging/test_threads.py \
	tests/followup/test_tasks.py tests/visits/test_calls.py tests/visits/test_booking.py \
	tests/chart/notes/test_notes.py tests/chart/test_summary.py tests/identity/sessions

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Set up what is missing and run a whole clinic on this machine; PORT=9000 for another port.
	$(SETUP) run
	@$(BIN)/carethread run --port $(PORT)

dev: ## The same, starting again when a source changes, with Vite's development server in front.
	$(SETUP) dev
	@$(BIN)/carethread run --port $(PORT) --dev

setup: ## Install what developing needs, without running anything.
	$(SETUP) dev

test: ## Run every test, browser tests included, installing what they need.
	$(SETUP) test
	$(NPM) run test
	$(NPM) run size
	$(FAST_TESTS)
	$(POOLED_TESTS)
	$(BIN)/pytest -m whole --ignore tests/e2e $(TWO_AT_A_TIME)
	$(BIN)/pytest tests/e2e $(TWO_AT_A_TIME)

test-fast: ## Only the unit and database tests, two at a time: under a minute on two cores.
	$(SETUP) dev
	$(FAST_TESTS)

test-web: ## Only the web application's unit tests.
	$(SETUP) dev
	$(NPM) run test
	$(NPM) run size

lint: ## Check style, and that packages import only what lies beneath them.
	$(SETUP) dev
	@# With one, `import platform` would find our folder and the standard library would break.
	test ! -e platform/__init__.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(NPM) run lint

types: ## Check types, and that the web's API client matches the API.
	$(SETUP) dev
	$(BIN)/mypy
	$(NPM) run types
	$(BIN)/python -m scripts.api --check

api: ## Write the OpenAPI schema and the web's API client anew.
	$(SETUP) dev
	$(BIN)/python -m scripts.api

mutants: ## Break one small thing at a time and see whether a test notices, for hours; ONLY=followup/access.py for one module.
	$(SETUP) dev
	$(BIN)/python -m tests.mutants $(ONLY)

diagram: ## Draw the tables into docs/database.md anew, after a migration.
	$(SETUP) run
	$(BIN)/python -m scripts.diagram

files: ## List the files in docs/files.md anew, after one was added, moved or described otherwise.
	$(SETUP) dev
	$(BIN)/python -m scripts.files

KILLS ?= 200
drill: ## Kill what a clinic on two nodes stands on, over and over, during calls and writes; KILLS=200 SEED=1.
	$(SETUP) test
	nice -n 5 $(BIN)/python -m tests.drill $(KILLS) $(SEED)

bench: ## Measure, each figure beside its ceiling; ONLY=note_save_p95 for one.
	$(SETUP) test
	$(BIN)/python -m tests.bench $(ONLY)

pictures: ## Take the README's pictures anew, from the real screens of a fresh demo.
	$(SETUP) test
	$(BIN)/python -m scripts.pictures

demo-reset: ## Throw the demo clinic's data away and make it anew.
	$(SETUP) run
	@$(BIN)/carethread demo-reset

# Resolved for every platform and Python that pyproject.toml allows. Versions already in a lock stay,
# unless they no longer fit; `make lock UPGRADE=1` moves everything to the newest.
UV ?= $(BIN)/uv
COMPILE = $(UV) pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet $(if $(UPGRADE),--upgrade)
lock: ## Write the lock files anew from pyproject.toml.
	$(SETUP) dev
	$(COMPILE) pyproject.toml --extra embedded --extra install --output-file requirements/run.lock
	$(COMPILE) pyproject.toml --extra embedded --extra install --extra dev \
		--constraints requirements/run.lock --output-file requirements/dev.lock
	$(COMPILE) requirements/node.in --output-file requirements/node.lock
	$(COMPILE) requirements/uv.in --output-file requirements/uv.lock

clean: ## Remove what was installed and built; the clinic's data stays.
	rm -rf .venv build web/node_modules web/dist
