# `make` lists the targets. Everything is installed into $(VENV), nothing outside it. GNU make 3.81 or newer, bash.

SHELL := /bin/bash
VENV = .venv
PYTHON = python3.14 python3.13 python3.12 python3.11 python3
UV ?= uv
AS_OF = latest 2025-06-09
FAST =
WORKERS =
OUT =
ADDRESS =
PYTEST_ARGS =
LAB_ARGS =
LOCK_ARGS = --upgrade
# What make makes rests on the edition, never on what a user of this machine has refreshed.
export TRADELIB_DATA := edition

bin := $(VENV)/bin
ready := $(VENV)/.ready
# The tests of the pages in a browser need Chromium; without it they are skipped and say so.
browser := $(if $(shell command -v chromium || command -v chromium-browser || command -v google-chrome),$(VENV)/.browser)
pip := PYTHONUNBUFFERED=1 $(bin)/python -m pip --disable-pip-version-check

.PHONY: help report site test lowest licences lab notebooks docs dist lint types bench check-data verify lock clean
.DEFAULT_GOAL := help

help: ## list the targets
	@echo 'Targets (the first one you call sets up $(VENV), once):'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  %-10s %s\n' "$$name" "$$text"; done
	@echo 'Variables:'
	@echo '  PYTHON     Python to use, 3.11 or newer (default: the newest of python3.14 to python3.11, then python3)'
	@echo '  AS_OF      days to report on (default: $(AS_OF)); WORKERS, OUT and ADDRESS (where the site will'
	@echo '             stand, such as https://example.org/truce/) go to `tradelib publish`'
	@echo '  LAB_ARGS   passed on to JupyterLab; in a container as root: LAB_ARGS="--allow-root --ip=0.0.0.0 --no-browser"'
	@echo '  FAST       FAST=1: `make test` without pages, browsers, kernels and processes (conftest.py, SLOW)'
	@echo '  PYTEST_ARGS, LOCK_ARGS   passed on to pytest and to `uv pip compile`'

publish = $(bin)/tradelib publish $(foreach day,$(AS_OF),--as-of $(day)) $(if $(WORKERS),--workers $(WORKERS)) $(if $(OUT),--out '$(OUT)') $(if $(ADDRESS),--address '$(ADDRESS)')

report: $(ready) ## publish the reports as HTML, for the latest day and for 2025-06-09
	@$(publish)

# Of the days with a name the reports that tell a day; the others, which measure, of the days of AS_OF alone.
site: report ## publish the whole site: the reports, the first four of them for every day with a name, every tariff line (some minutes)
	@$(bin)/tradelib publish 00_today 01_briefing 02_truce 03_tariff_history --named-days $(if $(WORKERS),--workers $(WORKERS)) $(if $(OUT),--out '$(OUT)') $(if $(ADDRESS),--address '$(ADDRESS)')
	@$(bin)/tradelib publish 06_product_exposure --products $(if $(WORKERS),--workers $(WORKERS)) $(if $(OUT),--out '$(OUT)') $(if $(ADDRESS),--address '$(ADDRESS)')

test: $(ready) $(if $(FAST),,$(browser)) ## run all tests, the notebooks' outputs included; FAST=1 for what takes less than a minute
	@$(if $(FAST),FAST=1 )OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(bin)/python -m pytest -n logical --maxprocesses 8 $(PYTEST_ARGS)

lowest: ## run a part of the tests with the lowest versions that pyproject.toml allows (needs uv)
	@$(UV) venv --quiet --clear --python 3.11 build/lowest
	@$(UV) pip compile pyproject.toml --extra all --extra test --group build --resolution lowest-direct --python-version 3.11 \
	  --only-binary :all: --no-header --quiet --output-file build/lowest.txt
	@$(UV) pip install --quiet --python build/lowest/bin/python --only-binary :all: --requirement build/lowest.txt
	@PYTHONPATH='$(CURDIR)' OMP_NUM_THREADS=1 build/lowest/bin/python -m pytest -n logical $(PYTEST_ARGS) $(lowest_tests)

lowest_tests := $(addprefix tests/,report refresh $(addprefix test_,$(addsuffix .py,catalogue catalogue_rules data_package ledger tariffs price charts display installed sweep_cluster)))

licences: $(ready) ## write LICENSES.md: under what what we ship, and what it asks for, stands
	@$(bin)/python tools/licences.py >LICENSES.md.part && mv LICENSES.md.part LICENSES.md

lab: $(ready) ## open the notebooks in JupyterLab
	@$(bin)/jupyter lab notebooks $(LAB_ARGS)

notebooks: $(ready) ## run the notebooks again and write their outputs
	@$(bin)/tradelib run

docs: report $(VENV)/.docs ## build guides and reference into the site, beside the reports, which lead to them
	@NO_MKDOCS_2_WARNING=1 $(bin)/mkdocs build --quiet --site-dir '$(or $(OUT),site)/docs'
	@$(publish)
	@echo 'open $(or $(OUT),site)/docs/index.html'

dist: $(VENV)/.lint ## build the package into dist/, and check what it holds and says of itself
	@rm -rf dist
	@$(bin)/hatchling build -d dist >/dev/null
	@$(bin)/twine check --strict dist/*
	@$(bin)/check-wheel-contents dist/*.whl

types: $(VENV)/.types ## check the types of the rooms that pyproject.toml names
	@$(bin)/mypy

lint: $(VENV)/.lint types ## check style, format, types and the workflows
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(bin)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

bench: $(ready) ## show how long publishing, pages of lines, sweeps, the engine, lists of goods, the draws and the equilibrium take
	@$(bin)/python benchmarks/publishing.py
	@$(bin)/python benchmarks/products.py
	@$(bin)/python benchmarks/sweeps.py
	@$(bin)/python benchmarks/engine.py
	@$(bin)/python benchmarks/pricing.py
	@$(bin)/python benchmarks/scenarios.py
	@$(bin)/python benchmarks/equilibrium.py

recipes := data-tools other_languages

check-data: $(ready) $(VENV)/.tools ## try the data in the tools of docs/data-tools.md
	@OMP_NUM_THREADS=1 $(bin)/python -m pytest -n0 tests/test_data_tools.py tests/test_export.py $(recipes:%='tests/test_recipes.py::test_a_recipe_prints_what_its_page_says[%]') $(PYTEST_ARGS)

verify: $(ready) ## check the data files against their description
	@$(bin)/tradelib data verify

lock: ## renew the locks (needs uv; see CONTRIBUTING.md)
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: install it, or say where it is with UV=...' >&2; exit 1; }
	@$(UV) pip compile pyproject.toml --extra all --extra test --group build --universal --python-version 3.11 \
	  --fork-strategy fewest --no-build --generate-hashes --no-emit-index-url --no-header --quiet $(LOCK_ARGS) \
	  --output-file requirements.lock
	@$(UV) pip compile --group browser --universal --python-version 3.11 --fork-strategy fewest --no-build --generate-hashes \
	  --no-emit-index-url --no-header --quiet $(LOCK_ARGS) --constraint requirements.lock --output-file requirements-browser.lock
	@$(UV) pip compile --group types --universal --python-version 3.11 --fork-strategy fewest --no-build --generate-hashes \
	  --no-emit-index-url --no-header --quiet $(LOCK_ARGS) --constraint requirements.lock --output-file requirements-types.lock
	@$(UV) pip compile --group docs --universal --python-version 3.11 --fork-strategy fewest --no-build --generate-hashes \
	  --no-emit-index-url --no-header --quiet $(LOCK_ARGS) --constraint requirements.lock --output-file requirements-docs.lock
	@$(UV) pip compile --group tools --universal --python-version 3.11 --fork-strategy fewest --no-build --generate-hashes \
	  --no-emit-index-url --no-header --quiet $(LOCK_ARGS) --constraint requirements.lock --output-file requirements-tools.lock
	@echo "requirements.lock: $$($(locked)) packages"

clean: ## remove the site, caches and build products; the environment stays
	@rm -rf site build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage
	@find . -type d \( -name .git -o -name '.venv*' \) -prune -o -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# Set-up. The stamp is as new as the lock and pyproject.toml, so a second run installs nothing. The copy of the lock
# in $(VENV) says what is installed: when only pyproject.toml has changed, the locked packages are left alone.

locked = grep -c '^[A-Za-z0-9].*==' requirements.lock

$(ready): requirements.lock pyproject.toml
	@$(check_venv) || { $(find_python); echo "Making $(VENV) with $$($$python -V)"; $$python -m venv $(VENV) && rm -f $(VENV)/.installed.lock; }
	@cmp -s requirements.lock $(VENV)/.installed.lock || { set -o pipefail; \
	  echo "Installing up to $$($(locked)) packages from requirements.lock (once; some minutes on a slow line)"; \
	  $(pip) install --no-deps --require-hashes -r requirements.lock 2> >(sed '/^WARNING/d' >&2) | $(progress) && \
	  cp requirements.lock $(VENV)/.installed.lock; }
	@$(pip) install --quiet --no-build-isolation --no-deps --editable .
	@touch $@
	@echo 'Ready: $(VENV)'

# What one target alone needs, each with a lock of its own.
for_browser = Found Chromium: installing what the tests of the pages in a browser need
for_docs = Installing what builds the documentation
for_tools = Installing what others read the data with
for_types = Installing the checker of types

$(VENV)/.%: requirements-%.lock $(ready)
	@echo '$(for_$*)'
	@$(pip) install --quiet --no-deps --require-hashes -r $<
	@touch $@

$(VENV)/.lint: $(ready)
	@echo 'Installing what checks style, types and packages'
	@$(pip) install --quiet --no-build-isolation --editable '.[dev]'
	@touch $@

check_venv = $(bin)/python -c 'import pip' 2>/dev/null

# Sets $python to the first candidate that is new enough and can make a virtual environment, or says what is missing.
find_python = python=; old=; bare=; \
  for candidate in $(PYTHON); do \
    if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
      if $$candidate -c 'import ensurepip, venv' >/dev/null 2>&1; then python=$$candidate; break; fi; bare=$${bare:-$$candidate}; \
    elif $$candidate -c '' >/dev/null 2>&1; then old="$$old $$candidate"; fi; \
  done; \
  if [ -z "$$python" ] && [ -n "$$bare" ]; then \
    version=$$($$bare -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
    echo "$$bare lacks the modules venv and ensurepip. On Debian or Ubuntu: apt install python$$version-venv" >&2; exit 1; \
  elif [ -z "$$python" ]; then \
    echo "tradelib needs Python 3.11 or newer; found$${old:- none} among: $(PYTHON). Install one, or say where it is: make PYTHON=..." >&2; exit 1; \
  fi

# One line a package: on a terminal it is written over, in a log every twentieth stays.
progress = { n=0; while IFS= read -r line; do case "$$line" in \
  Collecting*|Processing*) n=$$((n + 1)); line=$${line\#* }; line=$${line%% *}; \
    if [ -t 1 ]; then printf '\r  %3d  %-50.50s' $$n "$${line\#\#*/}"; elif [ $$((n % 20)) -eq 0 ]; then echo "  $$n fetched"; fi;; \
  Installing*) if [ -t 1 ]; then printf '\r%-60s\r' ''; fi; echo "  $$n fetched, installing";; \
  esac; done; }
