# Carethread: everything starts here. `make` alone lists what there is.
#
# Packages are installed with pip, which comes with every Python.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup lint types test lock

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install the Python packages that running, testing and developing need.
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .

lint: ## Check style and the layers between packages.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: ## Check the types.
	$(BIN)/mypy

test: ## Run every test.
	$(BIN)/pytest

# Resolved for every platform and Python that pyproject.toml allows. Versions already in a lock stay,
# unless they no longer fit; `make lock UPGRADE=1` moves everything to the newest.
UV ?= uv
COMPILE = $(UV) pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet $(if $(UPGRADE),--upgrade)
lock: ## Write the lock files anew from pyproject.toml (needs uv).
	$(COMPILE) pyproject.toml --extra embedded --extra install --output-file requirements/run.lock
	$(COMPILE) pyproject.toml --extra embedded --extra install --extra dev --constraints requirements/run.lock \
		--output-file requirements/dev.lock
	$(COMPILE) requirements/node.in --output-file requirements/node.lock
