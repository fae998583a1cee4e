# `make demo` serves the sample edition, `make test` proves it. Both install what they need.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VNU_VERSION := 26.9.27
LIGHTHOUSE_VERSION := 12.8.2

UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PYTHON := .venv/bin/python

.PHONY: help demo test quick lint format bench requirements

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.uv/bin/uv:
	python3 -m venv .uv
	.uv/bin/pip install --quiet uv

.venv/base.stamp: requirements/base.txt .python-version | $(filter .uv/bin/uv,$(UV))
	$(UV) venv --quiet --allow-existing .venv
	$(UV) pip install --quiet --compile-bytecode --require-hashes -r requirements/base.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/base.stamp
	$(UV) pip install --quiet --compile-bytecode --require-hashes -r requirements/dev.txt
	@touch $@

demo: .venv/base.stamp ## the site with its sample edition on http://127.0.0.1:8000
	@exec $(PYTHON) manage.py demo

lint: .venv/dev.stamp ## format, lint, types, templates, imports, migrations, deploy checks
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	git ls-files '*.html' -z | xargs -0 .venv/bin/djade --target-version 6.0 --check
	.venv/bin/mypy newsroom accounts articles comments donations pagecache
	.venv/bin/lint-imports
	$(PYTHON) manage.py makemigrations --check --dry-run
	NEWSROOM_URL=https://news.example.org EMAIL_URL=smtp+tls://news:secret@mail.example.org:587 $(PYTHON) manage.py check --deploy --fail-level WARNING

format: .venv/dev.stamp ## rewrite to the house's format
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	git ls-files '*.html' -z | xargs -0 .venv/bin/djade --target-version 6.0

# The Nu HTML checker is a Java program that npm carries; without npm its test skips (and fails in CI).
.tools/vnu/package.json:
	@if command -v npm >/dev/null; then mkdir -p .tools && npm install --silent --no-save --no-package-lock --prefix .tools vnu-jar@$(VNU_VERSION) && mkdir -p .tools/vnu && cp .tools/node_modules/vnu-jar/package.json $@; fi

test: lint .tools/vnu/package.json ## everything: lint, types, the whole suite with the browser
	$(PYTHON) -m pytest -n 2 --dist loadgroup

quick: .venv/dev.stamp ## the edit loop: no browser, no kill tests, nothing slow
	$(PYTHON) -m pytest -n 2 -m "not browser and not process and not slow"

# The last one that runs on the Node of Debian 12 and of 13; without npm its part is not measured.
.tools/lighthouse/package.json:
	@if command -v npm >/dev/null; then mkdir -p .tools/lighthouse && npm install --silent --no-save --no-package-lock --prefix .tools/lighthouse lighthouse@$(LIGHTHOUSE_VERSION) && cp .tools/lighthouse/node_modules/lighthouse/package.json $@; fi || true

bench: .venv/dev.stamp .tools/lighthouse/package.json ## measure, see docs/performance.md
	$(PYTHON) -m bench

requirements: $(filter .uv/bin/uv,$(UV)) ## pin anew what pyproject.toml asks for
	$(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements/base.txt
	$(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-emit-index-url pyproject.toml --group s3 -o requirements/s3.txt
	$(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-emit-index-url pyproject.toml --group dev -o requirements/dev.txt
