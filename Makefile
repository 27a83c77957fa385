# Everything a person does with a checkout. Needs Python >= 3.11 and make; the rest comes locked, into .venv.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
BOOTSTRAP := $(PYTHON) scripts/bootstrap.py

.PHONY: help setup run test prove bench lint format lock clean

help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## Make the environment alone, in .venv
	@$(BOOTSTRAP) dev

run: ## Start Firsthand; the first run also makes the database and a demo program
	@$(BOOTSTRAP) base
	@exec $(VENV_PYTHON) -m firsthand serve --prepare

test: ## Lint, types, import order, migrations, all tests (under 8 minutes)
	@$(BOOTSTRAP) dev
	@$(VENV_PYTHON) scripts/run_tests.py test

prove: ## What `make test` samples, in full, on PostgreSQL: races, kills, model runs, pages (about 40 minutes)
	@$(BOOTSTRAP) dev
	@$(VENV_PYTHON) scripts/run_tests.py prove

bench: ## Print figures; never pass or fail
	@$(BOOTSTRAP) dev
	@$(VENV_PYTHON) -m benchmarks

lint: ## Style, types, import order, migrations, templates
	@$(BOOTSTRAP) dev
	@$(VENV_PYTHON) scripts/lint.py

format: ## Let the machines put the code in order
	@$(BOOTSTRAP) dev
	@$(VENV_PYTHON) -m ruff check --fix-only --quiet .
	@$(VENV_PYTHON) -m ruff format .

lock: ## Lock the dependencies of pyproject.toml again (needs uv)
	@$(PYTHON) scripts/lock.py

clean: ## Remove what was made, except the data in var/
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
