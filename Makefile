# Thin targets over manage.py and pytest. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test test-postgres lint format bench screenshots clean environment environment-dev browser

PORT ?= 8000
# How the tests run: `make test ARGS="-k users"`, `make test ARGS="-n 0 -x tests/browser"`.
ARGS ?=
PYTEST_ARGS = $(or $(ARGS),-n auto --dist worksteal)
BIN := .venv/bin

# The first Python on the PATH that is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '  make %-14s %s\n' "$$name" "$$text"; done

run: environment ## Install, make the database and the demo data when there are none, serve (PORT=8000)
	@PORT="$(PORT)" exec $(BIN)/python -m iamconsole.serve

test: environment-dev browser ## Run the whole test suite, browser journeys included (ARGS=… for pytest)
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

test-postgres: environment-dev browser ## Run the same tests on PostgreSQL: yours by DATABASE_URL, else a throw-away one
	@$(BIN)/python -m iamconsole.setup.postgres $(BIN)/python -m pytest $(PYTEST_ARGS)

lint: environment-dev ## Check style, format, types and import directions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: environment-dev ## Format the code and repair what can be repaired
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: environment-dev ## Measure; one JSON line a figure (ARGS="engine" for some of them)
	@$(BIN)/python manage.py bench $(ARGS)

screenshots: environment-dev browser ## Take the README's picture anew
	@$(BIN)/python -m pytest -n 0 tests/browser/take_screenshot.py

clean: ## Remove the environment and caches; var/ (the data) stays
	@rm -rf .venv .venv-aws .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results

environment environment-dev:
	@test -n "$(PYTHON)" || { echo "iamconsole needs Python 3.11 or newer, and there is none on the PATH." >&2; exit 1; }
	@$(PYTHON) iamconsole/setup/environment.py $(patsubst environment-%,%,$(filter environment-%,$@))

browser: environment-dev
	@$(BIN)/python -m iamconsole.setup.browser
