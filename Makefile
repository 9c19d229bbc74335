# Rasd. `make help` lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := 0.13.9
# Processes the tests are spread over.
TESTERS ?= 2
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo run test quick check bench lock fmt

# list the targets
help:
	@awk '/^# /{text=substr($$0,3)} /^[a-z][a-z-]*:/{split($$1,t,":"); if (text) printf "  make %-10s %s\n", t[1], text; text=""}' Makefile

# make .venv and install everything from the lock
setup: $(VENV)/.installed

$(VENV)/.installed: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "Rasd needs Python 3.11 to 3.13; run make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

# set up, then show the whole pipeline over a make-believe press, under real Airflow
demo: setup
	@$(BIN)/python -m tests.demo

# set up, then run unattended on this machine: Airflow supervised, the starter outlets, SQLite
run: setup
	@$(BIN)/python -m pipeline.supervise

# set up, then run every check and every test, real services included
test: setup check
	$(BIN)/pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder

# the tests that need no service and take seconds
quick: setup
	$(BIN)/pytest -m "not elasticsearch and not postgresql and not airflow and not slow"

# set up, then measure: extraction, imports, queries and scheduled runs (takes long)
bench: setup
	$(BIN)/python -m bench

# make the lock files anew from pyproject.toml (no addresses in them)
lock: setup
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements-dev.lock

# read the code: ruff, formatting, mypy
check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# format the code
fmt: setup
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .
