# Everything starts here. `make` alone lists the targets.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SCENARIO ?= demo
UV ?= uv

.PHONY: help setup run test lint check bench soak lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready ## virtual environment with the locked packages (run and test do it by themselves)

$(VENV)/.ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(VENV)/.ready ## the main job: four sessions, ten years (SCENARIO=smoke|demo|full)
	$(BIN)/farm run --scenario $(SCENARIO)

test: $(VENV)/.ready ## all tests, fast ones first, on real servers; in containers where an engine is there
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile tests/unit tests/properties tests/integration tests/acceptance tests/engine

lint: $(VENV)/.ready ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## what must pass before anything lands (.ci/run calls this)

bench: $(VENV)/.ready ## rows/s end to end against COPY of the same bytes, as a ratio in one run
	$(BIN)/python -m benchmarks.end_to_end

soak: $(VENV)/.ready ## random faults until the farm is finished all the same; the digest must not care
	$(BIN)/python -m benchmarks.soak

lock: ## pin every package again, with hashes and without registry hosts (needs uv)
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url pyproject.toml -o requirements/run.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	echo hatchling | $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url -c requirements/dev.txt - -o requirements/build.txt

clean: ## remove the virtual environment and caches; generated data in .farm stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
