# Everything starts here: `make run`, `make test`; `make help` lists the rest.

# The first Python that is new enough; PYTHON=/path/to/python3.12 chooses another.
PYTHON ?= $(shell for python in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
ENV := .venv
IN := $(ENV)/bin
# Wheels only: nothing is compiled and no package runs code of its own while it is installed.
INSTALL := $(IN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes
LOCK := $(IN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --no-annotate --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run test test-sqlite test-postgres prove faults mutate bench trace dev lint types hooks screenshots lock clean

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

run: $(ENV)/runtime.done ## prepare the database and serve the application on 127.0.0.1 (PORT, default 8000)
	@exec $(IN)/python manage.py start

test: dev ## the whole suite, on SQLite and PostgreSQL side by side; ARGS="-k standing" goes to pytest
	@exec $(IN)/python -m tests.run all $(ARGS)

test-sqlite: dev ## the suite on SQLite
	@exec $(IN)/python -m tests.run sqlite $(ARGS)

test-postgres: dev ## the suite on PostgreSQL
	@exec $(IN)/python -m tests.run postgres $(ARGS)

prove: dev ## everything, in every state and with many more examples, on both databases; takes some hours
	@exec $(IN)/python -m tests.run prove $(ARGS)

faults: dev ## a full disk, a lost database, a wrong clock, killed processes, on both databases; part of prove
	@exec $(IN)/python -m tests.run faults $(ARGS)

mutate: dev ## put small faults into the rules, which the nearest tests must catch; SEED=7 COUNT=60 ONLY=deadlines
	@exec $(IN)/python -m tests.mutate $(addprefix --seed ,$(SEED)) $(addprefix --count ,$(COUNT)) $(addprefix --only ,$(ONLY))

bench: dev ## measure on both databases; SIZES="10000 1000000", ONLY=evolution, FOLDER=... keeps the SQLite ones
	@exec $(IN)/python -m tests.bench $(if $(FOLDER),--folder $(FOLDER)) $(addprefix --only ,$(ONLY)) $(SIZES)

trace: dev ## print the files that a page, a form and an import go through, in order, with the calls between them
	@exec $(IN)/python -m pytest --quiet --capture=no tests/house/test_trace.py

dev: $(ENV)/dev.done ## the environment with what tests and maintenance need

lint: dev ## check the source: style, layout, types, templates, documents, and that the migrations are up to date
	@$(IN)/ruff check . && $(IN)/djlint templates --lint --quiet && $(IN)/python -m tests.lint
	@$(IN)/mypy && $(IN)/python manage.py makemigrations --check --dry-run

types: dev ## check the types of the rule, the writes, the register, the files and the merge
	@$(IN)/mypy

hooks: dev ## check each commit before it is made (.pre-commit-config.yaml)
	@$(IN)/prek install

screenshots: dev ## take the pictures of the documents from the running application
	@exec $(IN)/python -m tests.browser.screenshots $(ARGS)

lock: dev ## pin the newest versions that requirements*.in allow
	$(LOCK) --upgrade requirements.in -o requirements.txt
	$(LOCK) --upgrade requirements-dev.in -o requirements-dev.txt

clean: ## remove the environment and the caches; the record under var/ stays
	rm -rf $(ENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(IN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (on Debian: apt install python3)." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make an environment (on Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Making $(ENV) with $(PYTHON)"
	@"$(PYTHON)" -m venv $(ENV)

$(ENV)/runtime.done: requirements.txt | $(IN)/python
	@echo "Installing what the application runs on"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(ENV)/dev.done: requirements-dev.txt $(ENV)/runtime.done | $(IN)/python
	@echo "Installing what the tests need"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@
