# What CI calls, and nothing else. `make help` lists the targets.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
OPA ?= opa

.PHONY: help setup test check format generated schemas bench lock

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

setup: $(VENV)/.ready ## build the environment in .venv

test: $(VENV)/.ready ## run all tests
	$(BIN)/python -m pytest

check: $(VENV)/.ready ## format, lint, types, import contracts, policies, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.generate --check
	$(BIN)/python -m tools.check_policies --opa $(OPA)

format: $(VENV)/.ready ## format Python and Rego
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(OPA) fmt --write policies

generated: $(VENV)/.ready ## write all generated files anew
	$(BIN)/python -m tools.generate --write

schemas: $(VENV)/.ready ## take a new snapshot of the CloudFormation schemas from cfn-lint
	$(BIN)/python -m tools.generate --schemas

bench: $(VENV)/.ready ## time and memory, by hand
	$(BIN)/python -m benchmarks.run

lock: $(VENV)/.ready ## pin what the action installs anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/python -m tools.lock
