# Two commands matter: `make run` and `make test`. Both set up everything they need.
VENV ?= .venv
BIN := $(VENV)/bin
OLDEST_SDK := 2.45.1
OLDEST_VENV := .venv-oldest-sdk

# Tests that look at how long others must wait, or keep many processes busy themselves.
ALONE := tests/contract/engine tests/integration/engine_attacks tests/integration/processes

# On a busy machine things come late: what failed beside others is tried once more, alone, and must pass then.
AGAIN := -q --last-failed --last-failed-no-failures none --maxfail 1

# Tests keep what they build (template layers) in the checkout, never in your data directory.
TEST_DATA := $(CURDIR)/.stackwright-data
test setup-dev integration conformance e2e chaos chaos-quick prove prove-quick bench eval: export STACKWRIGHT_DATA_DIR = $(TEST_DATA)

.PHONY: eval help run test check format lint types imports console unit integration conformance e2e chaos chaos-quick prove prove-quick bench bench-edits lock setup setup-dev doctor clean
help:  ## List the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: setup  ## Set up everything and start the platform on http://localhost:8000
	@$(BIN)/stackwright serve

setup:  ## Python packages, system packages, application template
	@scripts/setup $(VENV)

setup-dev:  ## The same for development and tests
	@scripts/setup $(VENV) --dev

test: setup-dev check integration conformance e2e chaos-quick  ## Everything: checks, then all test tiers
	@echo "All checks and tests passed."

check: format lint types imports console unit  ## Format, lint, types, import rules, unit and repository tests

format:
	@$(BIN)/ruff format --check .

lint:
	@$(BIN)/ruff check .

types:
	@$(BIN)/basedpyright

imports:
	@$(BIN)/lint-imports

console:  ## Types and unit tests of the console (web/)
	@scripts/check-console $(VENV)

unit:
	@$(BIN)/pytest tests/unit tests/repository tests/prove/test_rows.py tests/evaluation -q

integration:  ## Contract and integration tests: real PostgreSQL, Redis, engine, Chromium
	@$(BIN)/pytest tests/contract tests/integration -q -n 2 --dist loadfile $(ALONE:%=--ignore=%) || \
		$(BIN)/pytest tests/contract tests/integration $(AGAIN) $(ALONE:%=--ignore=%)
	@$(BIN)/pytest $(ALONE) -q

eval: setup-dev  ## Forty applications built and tried by checks that no builder has, for hours; the table goes to docs/scoreboard.md
	@PYTHONPATH=tests $(BIN)/python -m evaluation.run $(EVAL)

conformance: setup-dev  ## The engine against the e2b SDK, the newest and the oldest supported
	@scripts/setup-oldest-sdk $(OLDEST_VENV) $(VENV) $(OLDEST_SDK)
	@$(BIN)/pytest tests/conformance -q -n 2 --dist loadfile || $(BIN)/pytest tests/conformance $(AGAIN)
	@$(OLDEST_VENV)/bin/python -m pytest tests/conformance tests/contract/sandbox -q -n 2 --dist loadfile || \
		$(OLDEST_VENV)/bin/python -m pytest tests/conformance tests/contract/sandbox $(AGAIN)

e2e:  ## A real server builds real applications
	@$(BIN)/pytest tests/e2e -q || $(BIN)/pytest tests/e2e $(AGAIN)

chaos: setup-dev  ## Kill, cut and restart under real runs, for an hour or two; the table goes to docs/reliability.md
	@$(BIN)/python -m chaos.run

chaos-quick:  ## A few minutes of it
	@$(BIN)/pytest tests/chaos -q

prove: setup-dev  ## Faults in sound apps and lying models against the gate, for hours; the table goes to docs/proof.md
	@$(BIN)/python -m prove.run

prove-quick:  ## A handful of them
	@$(BIN)/pytest tests/prove -q

bench: setup-dev  ## Measure; results with the machine's description go to benchmarks/results/
	@$(BIN)/python -m benchmarks.run

bench-edits: setup-dev  ## Our edit engine beside those of other agents; the table goes to docs/edit-engine.md
	@$(BIN)/python -m benchmarks.edits

doctor: setup  ## What this host lacks, and the fix
	@$(BIN)/stackwright doctor

lock:  ## Recompile the hashed lock files from pyproject.toml
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.txt
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml --group dev --extra mongo -c requirements.txt -o requirements-dev.txt

clean:  ## Remove the virtual environment and caches (never your data)
	rm -rf $(VENV) $(OLDEST_VENV) .pytest_cache .ruff_cache .import_linter_cache
