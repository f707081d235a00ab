.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PROOFS := $(VENV)/.proofs
STUDY ?= data/sample/study.toml
QUARTER ?= 2026Q3
OUT ?= reports
PORT ?= 8866
# One thread per process: the notebooks already run side by side.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help report test test-all lint lab app sample bench simulate lock environment clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (a few minutes the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

report: $(STAMP)  ## set up, then make the reports of the sample campaign in reports/
	@$(BIN)/evaluation refresh $(STUDY) --quarter $(QUARTER) --out $(OUT)

test: $(STAMP)  ## set up, then run the tests
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -n 2 --dist loadgroup

$(PROOFS): $(STAMP) requirements-proofs.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements-proofs.lock
	@touch $@

test-all: $(PROOFS)  ## the tests and the slow proofs, beside independent tools
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m ""

lint: $(STAMP)  ## check and format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lab: $(STAMP)  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=. notebooks

app: $(STAMP)  ## serve the start page as an app in the browser: check, make and open the report with buttons
	$(BIN)/voila notebooks/00_start.ipynb --port=$(PORT)

sample: $(STAMP)  ## write the synthetic sample campaign again, byte for byte
	$(BIN)/evaluation sample data/sample

bench: $(STAMP)  ## how fast it is, beside R and pandas, and how long a full release takes to protect: writes benchmarks/README.md (minutes; fetches R on Debian)
	$(BIN)/python benchmarks
	$(BIN)/python benchmarks/disclosure.py
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python benchmarks/pipeline.py

simulate: $(STAMP)  ## do the intervals cover what they promise: writes docs/simulation.md (ten minutes)
	$(BIN)/python benchmarks/simulate.py docs/simulation.md

lock: $(STAMP)  ## renew requirements.lock and environment.yml from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --all-extras --group build --group test --no-emit-index-url --no-header --no-annotate --upgrade --output-file requirements.lock
	@# deduce wants an older regex than the tests have
	grep -E '^[a-z]' requirements.lock | sed 's/ \\$$//' | grep -v '^regex==' > $(VENV)/constraints.txt
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --all-extras --group proofs --constraint $(VENV)/constraints.txt --no-emit-index-url --no-header --no-annotate --output-file requirements-proofs.lock
	$(MAKE) environment

environment: $(STAMP)  ## write environment.yml from pyproject.toml
	$(BIN)/pyproject2conda project --envs environment --yaml-ext .yml --no-header --overwrite force

clean:  ## remove what can be made again: the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
