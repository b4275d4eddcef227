# Two commands: `make run` serves the desk, `make test` runs every test.
# Both need git, make and Python 3.11 or newer; everything else is installed into .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
HASHED := install --require-hashes --no-deps
UV ?= uv
UPGRADE ?=
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate $(if $(UPGRADE),--upgrade)
RECENT := import sys; sys.exit(sys.version_info < (3, 11))

# Which Python makes .venv: `make run PYTHON=/path/to/python3.13`, else the first that is new enough.
PYTHON ?=

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: .venv/run.done ## serve the desk on http://127.0.0.1:8000 (PUBLISHER_HOST and PUBLISHER_PORT move it)
	@exec $(BIN)/publisher run

.PHONY: test
test: check peers ## install what the tests need and run every test
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 4 --dist loadscope --no-loadscope-reorder

.PHONY: bench
bench: .venv/test.done ## what we cost above a named limit, measured in the same run
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.report
	@$(BIN)/python -m tests.bench.sending

.PHONY: check
check: .venv/test.done .venv/audit.done ## style, types, layers and known vulnerabilities, without the tests
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tests.advisories .venv/audit/bin/pip-audit

.PHONY: peers
peers: .venv/test.done ## install the browser and the servers that the tests talk to
	@sh tests/peers/install.sh

.PHONY: lock
lock: ## pin what pyproject.toml and requirements/*.in ask for (needs uv; UPGRADE=1 takes the newest releases)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv, or make lock UV=/path/to/uv" >&2; exit 1; }
	@$(LOCK) --extra heic --output-file requirements/run.txt pyproject.toml
	@$(LOCK) --output-file requirements/build.txt requirements/build.in
	@$(LOCK) --output-file requirements/test.txt requirements/test.in
	@$(LOCK) --output-file requirements/node.txt requirements/node.in
	@$(LOCK) --output-file requirements/audit.txt requirements/audit.in

.PHONY: clean
clean: ## remove everything that was installed or built; var/, the newsroom's data, stays
	@rm -rf .venv dist build tests/peers/*/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find publisher tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps make a second start fast; a changed pin installs again.

.venv/made.done:
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
		for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
			if "$$candidate" -c '$(RECENT)' >/dev/null 2>&1; then python=$$candidate; break; fi; \
		done; \
	fi; \
	if [ -z "$$python" ]; then \
		echo "Publisher needs Python 3.11 or newer, and none is on the PATH. Install one, or name it: make run PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	if ! "$$python" -c '$(RECENT)'; then \
		echo "Publisher needs Python 3.11 or newer; $$python is older or does not start." >&2; \
		exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$python comes without its venv module. On Debian and Ubuntu install it with: apt-get install python3-venv" >&2; \
		exit 1; \
	fi; \
	"$$python" -m venv .venv
	@touch $@

.venv/run.done: .venv/made.done pyproject.toml requirements/run.txt requirements/build.txt
	@echo "Installing what Publisher needs; this takes about a minute, once." >&2
	@$(PIP) $(HASHED) --requirement requirements/run.txt --requirement requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test.done: .venv/run.done requirements/test.txt
	@echo "Installing what the tests need." >&2
	@$(PIP) $(HASHED) --requirement requirements/test.txt
	@touch $@

# It brings libraries of its own, which must not decide about ours.
.venv/audit.done: .venv/made.done requirements/audit.txt
	@$(BIN)/python -m venv .venv/audit
	@.venv/audit/bin/python -m pip --quiet --quiet --disable-pip-version-check $(HASHED) --requirement requirements/audit.txt
	@touch $@
