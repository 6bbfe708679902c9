# Everything that people and machines do with this project. Needs Python 3.11 or later and make.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --constraint constraints.txt --build-constraint constraints.txt
OUT := build
COMPILE := uv pip compile --quiet pyproject.toml

# The oldest versions have wheels for the oldest Python only.
LOWEST_PYTHON ?= python3.11
LOWEST := .venv-lowest

.DEFAULT_GOAL := help
.PHONY: help demo test check check-laws check-rest laws docs bench bench-full build lock lowest clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.for-demo ## match the people of examples/ and show who meets whom
	@mkdir -p $(OUT)
	$(BIN)/mentormatch match examples/people.csv --program examples/program.json --out $(OUT)/pairs.csv

test: $(VENV)/.for-test ## run the tests
	$(BIN)/python -m pytest

check: $(VENV)/.for-check ## run all that must pass before a change lands
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(MAKE) --jobs=2 --output-sync=target check-laws check-rest
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Two processes, since one would need twice the time of one core.
CHECKED := $(BIN)/python -m pytest -W error --cov --cov-report= --cov-fail-under=0

check-laws: $(VENV)/.for-check
	COVERAGE_FILE=.coverage.laws $(CHECKED) tests/property

check-rest: $(VENV)/.for-check
	COVERAGE_FILE=.coverage.rest $(CHECKED) --doctest-modules --ignore=tests/property src tests

laws: $(VENV)/.for-test ## try every law on thousands of examples
	$(BIN)/python -m pytest --hypothesis-profile=laws tests/property

docs: $(VENV)/.for-docs ## build the documentation in build/docs: a minute, and no network
	$(BIN)/python -m sphinx --builder html --nitpicky --fail-on-warning --keep-going --quiet \
		--doctree-dir $(OUT)/doctrees docs $(OUT)/docs
	@echo "the pages begin at $(OUT)/docs/index.html"

bench: $(VENV)/.for-bench ## measure against the peers, side by side: takes minutes
	$(BIN)/python -m benchmarks

bench-full: $(VENV)/.for-bench ## measure up to a million people: half an hour or so
	$(BIN)/python -m benchmarks full

build: $(VENV)/.for-build ## make the wheel and the source distribution in dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation

lock: $(VENV)/.for-lock ## renew constraints.txt: the newest versions that fit each other
	$(BIN)/$(COMPILE) --universal --upgrade --python-version 3.11 --all-extras \
		--group bench --group browser --group dev --group docs --group hr --group lock \
		--custom-compile-command "make lock" --output-file constraints.txt

lowest: $(VENV)/.for-lock ## run the tests on the lowest versions that pyproject.toml allows
	rm -rf $(LOWEST)
	$(LOWEST_PYTHON) -m venv $(LOWEST)
	$(BIN)/$(COMPILE) --resolution lowest-direct --python-version 3.11 --all-extras \
		--group test --no-header --output-file $(LOWEST)/lowest.txt
	$(BIN)/uv pip install --quiet --python $(LOWEST) --constraint $(LOWEST)/lowest.txt \
		--requirement $(LOWEST)/lowest.txt --editable .
	$(LOWEST)/bin/python -m pytest

clean: ## remove what the commands made, but for .venv
	rm -rf $(OUT) dist htmlcov .coverage .coverage.* $(LOWEST) \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} +

# What each command needs, installed once and again when the versions or the metadata change.
# pip is renewed first: the one that comes with Python may not know dependency groups.

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade "pip>=25.3"
	@touch $@

$(VENV)/.for-demo: WANTED = --editable ".[cli]"
$(VENV)/.for-test: WANTED = --editable ".[all]" --group test
$(VENV)/.for-check: WANTED = --editable ".[all]" --group dev
$(VENV)/.for-docs: WANTED = --editable ".[all]" --group docs
$(VENV)/.for-bench: WANTED = --editable ".[all]" --group bench
$(VENV)/.for-build: WANTED = --group build
$(VENV)/.for-lock: WANTED = --group lock

$(VENV)/.for-%: $(VENV)/.made pyproject.toml constraints.txt src/mentormatch/_version.py
	$(INSTALL) $(WANTED)
	@touch $@
