# Every target does its own set-up, once: .venv is made anew only when the dependencies change.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
INGEST = $(BIN)/dudao ingest data/reported data/example

# Byte code is kept, whatever the shell says: every command loads hundreds of modules.
unexport PYTHONDONTWRITEBYTECODE

# nbval and JupyterLab start kernels by fork where they can; `make refresh` uses standard ones.
WARM := JUPYTER_DEFAULT_PROVISIONER_NAME=warm

.PHONY: help report check test coverage soak lab refresh example bench audit clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

$(READY): pyproject.toml constraints.txt environment.yml tools/bootstrap.sh
	@PYTHON="$(PYTHON)" tools/bootstrap.sh
	@touch "$@"

# The scenario runs first: run.json, and the site's list of what was left out, are of the last run.
report: $(READY) ## run every notebook on the data in the repository; print where to look
	@$(INGEST)
	@$(BIN)/dudao run --county 990102 --scenario 虚构补短板
	@$(BIN)/dudao run
	@$(BIN)/dudao publish --draft

test: $(READY) ## run every test
	@tools/test_programs.sh
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(WARM) $(BIN)/python -m pytest tests notebooks --nbval --nbval-current-env -n auto --dist loadfile

# Law, formulas, verdicts, golden tables and house rules: what most changes can break.
QUICK := $(addprefix tests/unit/test_,law.py verdict.py formulas.py measures.py gaps.py boundaries.py cells.py spread.py \
	money_rules.py walls.py docs.py architecture.py)

check: $(READY) ## the quick ring, within a minute: before every commit
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy lib/dudao lib/dudao_explore
	@$(BIN)/python -m pytest tests/test_house_style.py tests/golden $(QUICK) -n auto

# Counting lines doubles what tests cost, and files spread over workers would make fixtures twice.
COVERED ?= tests/unit tests/golden tests/published

coverage: $(READY) ## which lines no quick test reaches; some tests alone: COVERED=tests/unit/test_law.py
	@$(BIN)/python -m pytest $(COVERED) --cov -n auto --dist loadfile

lab: $(READY) ## open working copies of the notebooks in JupyterLab
	@$(INGEST)
	@$(BIN)/dudao lab

soak: $(READY) ## the long ring: kills and odd inputs; DUDAO_SOAK_MINUTES=1440 for a day
	@DUDAO_SOAK=1 $(BIN)/python -m pytest tests/soak -s -p no:cacheprovider

refresh: $(READY) ## execute the committed notebooks anew; look at the difference before committing
	@$(INGEST)
	@$(BIN)/python tools/write_item_docs.py
	@$(BIN)/python tools/write_command_docs.py
	@$(BIN)/dudao law --status > docs/law-status.md
	@$(BIN)/python tools/draw_architecture.py > /dev/null
	@$(BIN)/python tools/refresh_notebooks.py

example: $(READY) ## write the fictional counties of data/example anew
	@$(BIN)/python -m tools.example

bench: $(READY) ## cost of notebooks, plans, charts, workbooks, schools, as ratios
	@$(INGEST)
	@$(BIN)/python tests/benchmarks/batch_cost.py
	@$(BIN)/python tests/benchmarks/plan_cost.py
	@$(BIN)/python tests/benchmarks/scaling_cost.py
	@$(BIN)/python tests/benchmarks/nation_simulation.py
	@$(BIN)/python tests/benchmarks/chart_cost.py
	@$(BIN)/python tests/benchmarks/publish_cost.py
	@$(BIN)/python tests/benchmarks/workbook_cost.py
	@$(BIN)/python tests/benchmarks/school_cost.py
	@$(BIN)/python tests/benchmarks/slider_cost.py

audit: $(READY) ## licences of all packages, and known faults of the pinned versions
	@$(BIN)/python -m tools.dependencies

clean: ## remove what was made, not what was reported
	@rm -rf outputs/* data/store
