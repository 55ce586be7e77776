# make run | lab | serve | test | test-browser | build | bench | wheel | handout | slides; LESSON=03: only one.
LESSON ?=
LANGUAGE ?=
PYTHON ?= python3
BIN := .venv/bin
TOOLS := $(BIN)/python -m tools
ONE := $(if $(LESSON),--lesson $(LESSON))
IN := $(if $(LANGUAGE),--language $(LANGUAGE))
export PYTHONPATH :=
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help run lab serve test test-quick test-notebooks test-back-ends test-clients \
    test-browser build bench wheel handout slides new fix

help:
	@sed -n '1s/# //p' Makefile

# The environment: made once, and again when the packages change.
.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	    "The course needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@echo "Installing the course into .venv (a few minutes the first time) ..."
	@if command -v uv >/dev/null; then \
	    uv venv --quiet --seed --allow-existing --python $(PYTHON) .venv && \
	    uv pip install --compile-bytecode --python $(BIN)/python -c constraints.txt -e ".[lab,dev,service]"; \
	else \
	    $(PYTHON) -m venv .venv && \
	    $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off \
	        -c constraints.txt -e ".[lab,dev,service]"; \
	fi
	@$(BIN)/python -c "import coursekit" && touch $@

# One language, that of the system: LANGUAGE=es, en or all chooses.
run: .venv/ready
	@$(TOOLS) run $(ONE) $(IN)

lab: .venv/ready
	@$(BIN)/python -m tools.lab $(LANGUAGE)

# Lesson 07's network as a service on this machine, until Ctrl+C: make serve PORT=8000
PORT ?= 8000
serve: .venv/ready
	@$(BIN)/python -m service --port $(PORT)

build: .venv/ready
	@$(TOOLS) build $(ONE) $(IN)

# Seconds first: style, stale notebooks, units. Then every notebook again, every output compared.
test: test-quick test-notebooks

test-quick: .venv/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(TOOLS) check $(ONE) $(IN)
	$(BIN)/python -m pytest -n logical --dist loadscope -m "not slow and not browser" \
	    $(if $(LESSON),-k "$(LESSON)_ or exercises_$(LESSON)")

# Every notebook in JupyterLab, in the system's Chromium; screenshots go to runs/screenshots.
test-browser: .venv/ready
	$(BIN)/python -m pytest -rs -m browser tests/test_browser.py tests/test_slides.py \
	    $(if $(LESSON),-k "not to_its_end and not can_be_seen or $(LESSON)_")

# As many notebooks side by side as there are cores, each with its share of threads.
test-notebooks: .venv/ready
	$(BIN)/python -m pytest -n logical --dist loadscope --nbval --nbval-current-env --durations 5 \
	    $$($(TOOLS) notebooks $(ONE) $(IN))
	$(if $(LESSON),,$(MAKE) test-browser LESSON=01 && $(MAKE) test-back-ends && \
	    $(MAKE) test-clients && $(MAKE) bench QUICK=1)

# JAX stands apart: Keras loads it wherever it finds it, and notebooks would hold more memory.
test-back-ends: .venv/back_ends/ready
	PYTHONPATH=$(CURDIR)/.venv/back_ends $(BIN)/python -m pytest -m slow

.venv/back_ends/ready: .venv/ready
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --upgrade \
	    --target .venv/back_ends -c constraints.txt jax jaxlib && touch $@

# The clients of IBM and KServe stand apart, too: they ask for older packages than the figures are
# made with, and work with the newer ones.
test-clients: .venv/clients/ready
	$(BIN)/python -m pytest tests/test_service.py -k official

.venv/clients/ready: .venv/ready
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --upgrade \
	    --target .venv/clients -c constraints.txt ibm-watson ibm-cloud-sdk-core PyJWT \
	    kserve kubernetes && touch $@

# QUICK=1: a few steps of each, to see that it works; it measures nothing. RESUME=1: goes on where
# a run was stopped.
bench: .venv/ready
	@$(BIN)/python -m tools.bench $(if $(QUICK),--quick) $(if $(RESUME),--resume)

# What a class needs without a public address: the helpers with their data, and a page on them.
wheel: .venv/ready
	@$(TOOLS) wheel

# What an instructor gives out: a zip with the notebooks to fill in and the wheel, another with
# the solutions.
handout: .venv/ready
	@$(TOOLS) handout

# A deck of each lesson, one HTML file that loads nothing, in slides/. SOLUTIONS=1 shows those, too.
slides: .venv/ready
	@$(TOOLS) slides $(if $(SOLUTIONS),solutions) $(ONE) $(IN)

# A new lesson from the template: make new LESSON=07 ID=production
new: .venv/ready
	@$(TOOLS) new $(LESSON) $(ID)

fix: .venv/ready
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
