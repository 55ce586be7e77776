# make run | lab | test | build | bench, each for all lessons or with LESSON=03 for one.
LESSON ?=
PYTHON ?= python3
BIN := .venv/bin
ONE := $(if $(LESSON),--lesson $(LESSON))
export PYTHONPATH :=
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help run lab test build bench fix

help:
	@sed -n '1s/# //p' Makefile

# The environment: made once, and again when the packages change.
.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	    "The course needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@echo "Installing the course into .venv (a few minutes the first time) ..."
	@if command -v uv >/dev/null; then \
	    uv venv --quiet --seed --allow-existing --python $(PYTHON) .venv && \
	    uv pip install --python $(BIN)/python -c constraints.txt -e ".[lab,dev]"; \
	else \
	    $(PYTHON) -m venv .venv && \
	    $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off \
	        -c constraints.txt -e ".[lab,dev]"; \
	fi
	@$(BIN)/python -c "import coursekit" && touch $@

run: .venv/ready
	@$(BIN)/python tools/build.py run $(ONE)

lab: .venv/ready
	$(BIN)/jupyter lab notebooks/es

build: .venv/ready
	@$(BIN)/python tools/build.py build $(ONE)

# Seconds first: style, stale notebooks, units. Then every notebook again, every output compared.
test: .venv/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python tools/build.py check $(ONE)
	$(BIN)/python -m pytest -m "not slow"
	$(BIN)/python -m pytest --nbval --nbval-current-env \
	    --nbval-sanitize-with tests/sanitize.cfg --durations 5 -v \
	    $(wildcard notebooks/es/*$(LESSON)_*.ipynb notebooks/en/*$(LESSON)_*.ipynb)
	$(BIN)/python -m pytest -m slow

bench: .venv/ready
	@$(BIN)/python tools/bench.py

fix: .venv/ready
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
