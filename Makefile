# Two commands: make run, make test. Both build .venv first; everything after the download works offline.
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed-run
TEST_STAMP := $(VENV)/.installed-test

.PHONY: run test lint

run: $(STAMP)
	$(VENV)/bin/python -m bot serve

test: $(TEST_STAMP)
	$(VENV)/bin/python -m pytest

lint: $(TEST_STAMP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP): $(VENV)/bin/python pyproject.toml constraints.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[telegram,xlsx]"
	touch $@

$(TEST_STAMP): $(VENV)/bin/python pyproject.toml constraints.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[telegram,xlsx,postgres,redis,test,lint]"
	touch $(STAMP) $@
