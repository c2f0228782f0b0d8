# `make scan` shows the tool at work, `make test` is everything that CI runs. Both make what they need.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help

# The newest interpreter is not needed, only one that is new enough and can make environments.
CANDIDATES = python3 python3.13 python3.12 python3.11 python3.14 \
	$(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.1[1-9]*/bin/python3)
PYTHON ?= $(shell for python in $(CANDIDATES); do \
	"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$python" && break; done)

# Thousands of short runs of the tool: without byte code to keep, each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
RUNTIME := .venv/.runtime
DEV := .venv/.dev
DEMO := .build/demo
PYTEST := $(BIN)/python -m pytest
# Each process takes a half of the tests, so that most modules make their fixtures once, and helps the other.
PARALLEL ?= -n 2 --dist worksteal
SLOW := --ignore=tests/truth --ignore=tests/real --ignore=tests/packaging
# What the Python that runs the tool hardly changes is tried on one of them only.
ONCE := --ignore=tests/torture --ignore=tests/fuzz --ignore=tests/audit --ignore=tests/action \
	--ignore=tests/docs --ignore=tests/gate --ignore=tests/catalogue
# Each of these asks all Pythons that there are, whichever runs it.
ONCE += --ignore=tests/evasions/test_truth.py \
	--deselect=tests/evasions/test_same.py::test_on_every_python_the_report_is_the_same

.PHONY: help scan test dev format lint types layers unit truth real packaging suite fuzz torture bench sites chains survival docs readme readme-update matrix lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# Environments

.venv/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "wheelwatch needs Python 3.11 or newer with its venv module (on" \
	"Debian: apt-get install python3 python3-venv), or name one: make PYTHON=/path/to/python3" >&2; exit 2; }
	@echo "making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv

$(RUNTIME): .venv/pyvenv.cfg pyproject.toml
	@echo "installing wheelwatch and what it needs to run"
	@$(PIP) install -qq -e .
	@touch $@

# uv does in seconds what pip does in a minute; where it finds no index, pip's own settings decide.
$(DEV): $(RUNTIME) requirements-dev.txt
	@echo "installing the tools of development"
	@$(PIP) install -qq 'uv>=0.7'
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.txt \
	|| $(PIP) install -qq --require-hashes -r requirements-dev.txt
	@touch $@

dev: $(DEV) ## make .venv with all tools of development

# The tool at work

scan: $(RUNTIME) ## scan this project's own environment and a demo wheel that is built on the spot
	@mkdir -p $(DEMO)
	@$(BIN)/wheelwatch --version
	@set -e; wheel=$$($(BIN)/python -m tools.demo $(DEMO)); \
	show() { echo; echo "\$$ wheelwatch scan $$1"; code=0; $(BIN)/wheelwatch scan "$$1" || code=$$?; \
	echo "exit code: $$code"; }; \
	show .venv; test $$code -le 1; \
	show "$$wheel"; test $$code -eq 1; \
	echo; echo "The demo is found and would stop a CI job (exit code 1), as it should."

# The gate

test: lint types layers matrix readme suite ## everything that CI runs

format: $(DEV) ## rewrite the code in the one format
	$(BIN)/ruff check --fix src tests tools benchmarks
	$(BIN)/ruff format src tests tools benchmarks

lint: $(DEV) ## ruff: rules and format
	$(BIN)/ruff check src tests tools benchmarks
	$(BIN)/ruff format --check src tests tools benchmarks

types: $(DEV) ## mypy, strict
	$(BIN)/mypy

layers: $(DEV) ## import-linter: the layers of the house
	$(BIN)/lint-imports --no-logo

unit: $(DEV) ## the tests without the slow parts
	$(PYTEST) -q $(PARALLEL) $(SLOW)

truth: $(DEV) ## the tests that ask real interpreters
	$(PYTEST) -q $(PARALLEL) tests/truth

real: $(DEV) ## the tests on real packages from the index
	$(PYTEST) -q $(PARALLEL) tests/real

packaging: $(DEV) ## the tests that build, install and run wheelwatch
	$(PYTEST) -q $(PARALLEL) tests/packaging

suite: $(DEV) ## every test, with branch coverage
	$(PYTEST) -q $(PARALLEL) --cov --cov-report=term

fuzz: $(DEV) ## 10,000 spellings of hooks planted in real files (300 of them are in the suite)
	WHEELWATCH_FUZZ_CASES=10000 $(PYTEST) -q $(PARALLEL) tests/fuzz

torture: $(DEV) ## every hostile input, also those that take a while
	WHEELWATCH_TORTURE=all $(PYTEST) -q $(PARALLEL) tests/torture

bench: $(DEV) ## cost on the pinned corpus, beside limits and peers: benchmarks/RESULTS.md (BENCH="--only tree")
	$(BIN)/python -m benchmarks $(BENCH)

sites: $(DEV) ## all sites of the pinned corpus by API and trigger: benchmarks/SITES.md
	$(BIN)/python -m benchmarks.sites

chains: $(DEV) ## chains of the pinned corpus beside what was checked by hand: benchmarks/CHAINS.md
	$(BIN)/python -m benchmarks.chains

survival: $(DEV) ## kill, fill and lock what a corpus scan needs: benchmarks/SURVIVAL.md
	$(BIN)/python -m benchmarks.survival

matrix: $(DEV) ## most of the suite on the other supported Pythons of this machine
	$(BIN)/python -m tools.matrix -q $(PARALLEL) $(SLOW) $(ONCE)

docs: $(DEV) ## write docs/rules, usage, man page and completion anew; the suite holds that they are up to date
	$(BIN)/python -m tools.docs
	$(BIN)/python -m tools.manual

readme: $(DEV) ## compare the blocks of README.md with what the commands print now
	$(BIN)/python -m tools.readme --check

readme-update: $(DEV) ## write the blocks of README.md and docs/terminal.svg anew
	$(BIN)/python -m tools.readme

lock: $(DEV) ## write requirements-dev.txt anew from pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --group dev --generate-hashes --upgrade \
	--custom-compile-command "make lock" -o requirements-dev.txt pyproject.toml

clean: ## remove everything that was made here
	rm -rf .venv .venvs .build .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} +
