# Doorstart. `make help` lists what stands here.
SHELL := /bin/bash
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app portal
export PORT ?= 8000
export PYTHONPATH := $(CURDIR)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run reset test test-all check seed worker mail migrate messages bench screenshots browser format

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/made: 
	@command -v $(PYTHON) >/dev/null || { echo "Doorstart needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Doorstart needs Python 3.11 or newer; this is $$($(PYTHON) -V)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making the virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/ready: pyproject.toml constraints.txt | $(VENV)/made
	@echo "Installing (half a minute the first time) …"
	@$(BIN)/pip install --quiet --constraint constraints.txt .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
	@echo "Installing what tests and checks need …"
	@$(BIN)/pip install --quiet --constraint constraints.txt '.[dev]'
	@touch $@

run: $(VENV)/ready ## run the portal with its worker on http://localhost:8000 (PORT changes it)
	@exec $(FLASK) serve

reset: ## forget the demo's data; the next `make run` starts over
	@find instance -mindepth 1 ! -name .gitignore -delete
	@echo "The data is gone. make run starts over."

test: $(VENV)/ready-dev browser ## every test on SQLite, and what is marked engine on PostgreSQL
	@$(FLASK) messages compile
	@$(BIN)/python -m pytest -n auto --dist worksteal

test-all: $(VENV)/ready-dev browser ## every test on both engines
	@$(FLASK) messages compile
	@$(BIN)/python -m pytest -n auto --dist worksteal --all-engines

browser: # what the journeys need: Debian's Chromium, through apt where that may be done
	@command -v chromium >/dev/null || .ci/chromium

check: $(VENV)/ready-dev ## format, lint, types, layers, templates, texts, secrets
	@$(FLASK) messages compile
	@.ci/check

format: $(VENV)/ready-dev ## put code and templates in shape
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix-only -q .

seed: $(VENV)/ready ## fill an empty database with the demo year
	@$(FLASK) seed

worker: $(VENV)/ready ## run a worker of its own
	@exec $(FLASK) worker

mail: $(VENV)/ready ## deliver the letters that wait, now
	@$(FLASK) deliver

migrate: $(VENV)/ready ## create or migrate the database
	@$(FLASK) migrate

messages: $(VENV)/ready ## find new texts, print those without a translation
	@$(FLASK) messages update && $(FLASK) messages missing

bench: $(VENV)/ready-dev ## what pages cost, as ratios to a bare Flask answer
	@$(FLASK) messages compile
	@$(FLASK) bench

screenshots: $(VENV)/ready-dev browser ## the README's pictures, from a demo of their own
	@$(FLASK) messages compile
	@$(BIN)/python -m tests.screenshots
