# Every target sets up what it needs: `make demo` and `make test` work on a fresh clone with Python ≥ 3.11.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEV := .venv/.dev
# Bytecode is kept, wherever this runs: without it each worker and each command of a test compiles everything anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install demo test prove check lint bench lock clean

help:  ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(RUNTIME)  ## set up what running needs, in .venv

demo: $(RUNTIME)  ## play by hand in a browser: a WeCom on this machine, the bot, a sample brand
	$(BIN)/python main.py demo

# File by file in their order: the long stories come first, so that no worker is left alone with one in the end.
test: $(DEV)  ## the quick tests, on both databases
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

prove: $(DEV)  ## all tests, the long ones too, and the benchmarks' figures
	$(BIN)/python -m pytest -m "slow or not slow"
	$(MAKE) bench

check: $(DEV)  ## formatting, lint, types, import contracts, and what staff wrote
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python main.py check

lint: $(DEV)  ## mend formatting and what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV)  ## the benchmarks; docs/performance.md says how to read them
	$(BIN)/python -m bench.receive --json
	$(BIN)/python -m bench.welcome --json
	$(BIN)/python -m bench.rules --json
	$(BIN)/python -m bench.plan --json
	$(BIN)/python -m bench.simulate --json
	$(BIN)/python -m bench.console --json

lock: $(DEV)  ## write the lock files anew from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.lock

clean:  ## remove what was set up and cached
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache data

$(RUNTIME): requirements.lock
	$(call sync,requirements.lock)
	@touch $@

$(DEV): requirements-dev.lock
	$(call sync,requirements-dev.lock)
	@touch $@ $(RUNTIME)

# uv when it is there, pip when not; both check every hash
define sync
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11–3.13 / Python 3.11 to 3.13 is needed"; exit 1; }
	@if command -v uv >/dev/null; then \
		test -d .venv || uv venv --quiet --python $(PYTHON) --seed .venv; \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else \
		test -d .venv || $(PYTHON) -m venv .venv; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
	fi
endef
