# Every word that a developer or an operator needs. `make` alone tells them.
PYTHON ?= python3
BIN := .venv/bin
RUN_PINS := requirements/run.txt
DEV_PINS := requirements/dev.txt

.PHONY: help demo test lint check format crash leaks bench burst corpus fuzz cost pins clean

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

demo: .venv/run ## the main job on sample data: nothing to configure
	$(BIN)/mailbot demo

test: .venv/dev ## all tests
	$(BIN)/pytest -n auto

lint: .venv/dev ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## lint and test

format: .venv/dev ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

crash: .venv/dev ## 20,000 mails, the daemon killed 30 times: the ledgers must agree
	$(BIN)/python -m tests.crash

leaks: .venv/dev ## 100,000 steps of people who write: no word may reach anybody else
	$(BIN)/python -m tests.security.walk 100000

bench: .venv/dev ## mails a second, CPU and memory, empty and at 50,000 incidents
	$(BIN)/python -m benchmarks.desk

burst: .venv/dev ## a storm of 10,000 mails over 100,000 incidents and a bulletin: acknowledged within a minute?
	$(BIN)/python -m benchmarks.burst

corpus: .venv/dev ## how well the mails of public test suites are read (../shared/corpora), with the targets
	$(BIN)/python -m tests.corpus

fuzz: .venv/dev ## any bytes keep the promises: the properties at length, then a million mails that a machine thinks of
	$(BIN)/pytest tests/mail/test_properties.py --hypothesis-profile=long -o timeout=3600
	$(BIN)/python -m tests.fuzz

cost: .venv/dev ## CPU and memory to read a mail, and how they grow with its size
	$(BIN)/python -m benchmarks.reading

pins: .venv/dev ## pin the newest versions that pyproject.toml allows, with their hashes
	$(BIN)/uv pip compile -q -U --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --group build -o $(RUN_PINS)
	$(BIN)/uv pip compile -q -U --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --group dev -o $(DEV_PINS)

clean: ## remove what was made
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/run: $(RUN_PINS) pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $(RUN_PINS)
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: $(DEV_PINS) pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $(DEV_PINS)
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
