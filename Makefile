# Everything that people and machines do with this project. Needs Python 3.11 or later and make.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# What is installed is compiled when it is first imported: most of it never is.
INSTALL := install --quiet --no-compile --constraint constraints.txt --build-constraint constraints.txt
OUT := build
COMPILE := uv pip compile --quiet pyproject.toml

# The oldest versions have wheels for the oldest Python only.
LOWEST_PYTHON ?= python3.11
LOWEST := .venv-lowest

# The wheel with nothing that it does not need, and what the HR system of examples/ needs.
HR := .venv-hr

.DEFAULT_GOAL := help
.PHONY: help demo test laws docs notebooks notebooks-full pictures bench bench-full build hr lock lowest clean
.PHONY: check check-docs check-hr check-laws check-long check-notebooks check-ready check-rest check-types

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.for-demo ## match the people of examples/ and show who meets whom
	@mkdir -p $(OUT)
	$(BIN)/mentormatch match examples/people.csv --program examples/program.json --out $(OUT)/pairs.csv

test: $(VENV)/.for-test ## run the tests
	$(BIN)/python -m pytest

check: $(VENV)/.for-check $(VENV)/.for-build ## run all that must pass before a change lands
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) --jobs=2 --output-sync=target check-long check-hr check-laws check-rest check-types \
		check-docs check-notebooks
	$(BIN)/coverage report

# Two at a time, in an order in which both end together: all of it would take one core twice as
# long. `check-hr` runs no kernel: meanwhile the long tests compile those that the others find on disk.
check-types: $(VENV)/.for-check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

TRIED := $(BIN)/python -m pytest -W error
# Whole runs and long comparisons say little of coverage that the others do not, and take twice as
# long where it is measured.
LONG := $(patsubst %,tests/%.py,test_benchmarks test_docs test_hostile_files test_readme test_real_data \
	test_scale assign/test_capacitated cli/test_discretion cli/test_match matching/test_left_out_of_rings \
	matching/test_ring_questions matching/test_scan matching/test_why_nobody report/test_browser \
	report/test_page report/test_pictures rounds/test_a_year rounds/test_shortlists)

check-ready: $(VENV)/.for-check $(VENV)/.for-build

# Coverage is that of the other tests alone: laws, too, run half as long again where it is measured.
check-laws: $(VENV)/.for-check
	$(TRIED) tests/property

check-rest: $(VENV)/.for-check
	$(TRIED) --cov --cov-report= --cov-fail-under=0 --doctest-modules \
		--ignore=tests/property --ignore=tests/test_notebooks.py $(LONG:%=--ignore=%) src tests

check-long: $(VENV)/.for-check
	$(TRIED) $(LONG)

# One job of make's: it would put off what waits for `build` until all else has begun.
check-hr: $(VENV)/.for-check $(VENV)/.for-build
	$(MAKE) hr

check-notebooks: $(VENV)/.for-check
	$(TRIED) tests/test_notebooks.py

check-docs: $(VENV)/.for-check
	$(DOCS)

laws: $(VENV)/.for-test ## try every law on thousands of examples
	$(BIN)/python -m pytest --hypothesis-profile=laws tests/property

DOCS := $(BIN)/python -m sphinx --builder html --nitpicky --fail-on-warning --keep-going --quiet \
	--doctree-dir $(OUT)/doctrees docs $(OUT)/docs

docs: $(VENV)/.for-docs ## build the documentation in build/docs: a minute, and no network
	$(DOCS)
	@echo "the pages begin at $(OUT)/docs/index.html"

bench: $(VENV)/.for-bench ## measure against the peers, side by side: takes minutes
	$(BIN)/python -m benchmarks

bench-full: $(VENV)/.for-bench ## measure up to a million people: half an hour or so
	$(BIN)/python -m benchmarks full

notebooks: $(VENV)/.for-notebooks ## run the notebooks of examples/ and write back what they show
	$(BIN)/python -m examples.notebooks examples/*.ipynb

notebooks-full: $(VENV)/.for-notebooks ## run the notebook of a large workforce with a million people, into build/
	@mkdir -p $(OUT)
	cp examples/5_large_workforce.ipynb $(OUT)/
	MENTORMATCH_PEOPLE=1000000 $(BIN)/python -m examples.notebooks $(OUT)/5_large_workforce.ipynb

pictures: $(VENV)/.for-notebooks ## draw the pictures of the README anew
	$(BIN)/python -m examples.pictures

build: $(VENV)/.for-build ## make the wheel and the source distribution in dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation

# Run from the empty environment's folder: nothing of the source tree but the tests is in sight.
hr: build ## try the wheel, alone, as the HR system of examples/ does
	rm -rf $(HR)
	$(PYTHON) -m venv $(HR)
	$(PIP) --python $(HR) $(INSTALL) dist/*.whl ./examples/hr_system --group hr
	cd $(HR) && bin/python -m pytest -p no:cacheprovider $(CURDIR)/examples/hr_system

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
	rm -rf $(OUT) dist htmlcov .coverage .coverage.* $(HR) $(LOWEST) \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks docs examples -name __pycache__ -prune -exec rm -rf {} +

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
$(VENV)/.for-notebooks: WANTED = --editable ".[all]" --group notebooks
$(VENV)/.for-build: WANTED = --group build
$(VENV)/.for-lock: WANTED = --group lock

$(VENV)/.for-%: $(VENV)/.made pyproject.toml constraints.txt src/mentormatch/_version.py
	$(PIP) $(INSTALL) $(WANTED)
	@touch $@
