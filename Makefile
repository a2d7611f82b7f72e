# Guatu 挂图. `make run` shows the map; `make test` runs everything the project promises.
# Nothing but Python 3.11 or newer and make is assumed; see CONTRIBUTING.md.

PORT ?= 8501
CITY ?= city

VENV := .venv
PY := $(VENV)/bin/python
VENDOR := geodata/maps/web/vendor
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test check web-test format bench lock clean

help:
	@echo "make run     set up and open the dashboard on 127.0.0.1:$(PORT)   (PORT=8600 CITY=folder)"
	@echo "make test    set up and run every check and test"
	@echo "make check   style, types, import contracts, documents"
	@echo "make format  let ruff format the code"
	@echo "make bench   measure speed against the budgets"
	@echo "make lock    resolve the pinned requirements again"
	@echo "make clean   remove what set-up made (never a city folder)"

# --- set-up: each step leaves a stamp, so a second run starts at once -------------------------

$(VENV)/.made: .ci/venv
	@bash .ci/venv "$(VENV)"
	@touch $@

$(VENV)/.installed: requirements.txt $(VENV)/.made
	@echo "Installing the Python packages (some hundred megabytes, once) ..."
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.installed-test: requirements-test.txt $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(PIP_INSTALL) -r requirements-test.txt
	@touch $@

$(VENDOR)/.complete: package-lock.json geodata/maps/vendor.py $(VENV)/.installed
	@$(PY) -m geodata.maps.vendor

setup: $(VENV)/.installed $(VENDOR)/.complete

# --- the product ------------------------------------------------------------------------------

run: setup
	@test -e "$(CITY)/city.toml" || $(PY) -m geodata demo "$(CITY)"
	@exec $(PY) -m geodata serve "$(CITY)" --port "$(PORT)"

# --- the checks; pytest comes last, so that its closing line is the last line -----------------

test: setup check web-test
	@$(PY) -m tests.chromium
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile

check: $(VENV)/.installed-test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports
	@$(PY) -m pytest tests/architecture

web-test: setup
	@set -- tests/web/*.test.mjs; if [ -e "$$1" ]; then "$$($(PY) -m geodata.maps.vendor --node)" --test "$$@"; fi

format: $(VENV)/.installed-test
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

bench: setup $(VENV)/.installed-test
	@$(PY) -m tests.chromium
	@$(PY) -m tests.benchmarks

# --- the pinned requirements (see CONTRIBUTING.md for why they carry no hashes) ---------------

UV := $(VENV)/bin/python -m uv
RESOLVE := $(UV) pip compile --quiet --universal --python-version 3.11 --upgrade \
	--no-header --no-annotate

lock: $(VENV)/.made
	@$(PIP_INSTALL) uv
	@$(RESOLVE) pyproject.toml --output-file requirements.txt
	@$(RESOLVE) --group test --constraint requirements.txt --output-file requirements-test.txt
	@$(RESOLVE) --group node --output-file requirements-node.txt

clean:
	rm -rf $(VENV) $(VENDOR) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
