# make briefings   the tables of data/processed and the briefings, from the reports of data/raw
# make test        everything that checks the project
# make score       precision and recall on documents drawn for it, by table, layout and format; SCORE="--seeds 40 --family project"
# make bench       seconds and memory, and how they grow with the number of reports; BENCH="--most 100000"
# make lab         the notebooks in JupyterLab
# make clean       remove what was made: the environment, briefings, caches
#
# Everything stays inside this folder. PYTHON=/path/to/python3.12 chooses the Python that the environment is made with.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/made-with-requirements.txt
CLUSTER := $(VENV)/made-with-requirements-cluster.txt

# notebooks and charts keep their settings and font caches here too
export JUPYTER_CONFIG_DIR := $(CURDIR)/$(VENV)/jupyter
export JUPYTER_DATA_DIR := $(CURDIR)/$(VENV)/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/$(VENV)/jupyter/runtime
export IPYTHONDIR := $(CURDIR)/$(VENV)/ipython
export MPLCONFIGDIR := $(CURDIR)/$(VENV)/matplotlib

.PHONY: briefings build test test-code test-notebooks score bench lab clean

briefings: build
	$(BIN)/jixiao brief

build: $(STAMP)
	$(BIN)/jixiao build

# code and notebooks side by side, the output of each in one piece where make can do that (4.0)
test: $(CLUSTER)
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --no-cache --check .
	@$(MAKE) --no-print-directory -j2 $(if $(filter-out 3.%,$(MAKE_VERSION)),--output-sync=target) test-code test-notebooks

test-code:
	$(BIN)/python -m pytest -q -p no:cacheprovider -n auto --dist loadfile tests </dev/null

test-notebooks:
	$(BIN)/python -m pytest -q -p no:cacheprovider --nbval-lax notebooks </dev/null

score: $(STAMP)
	PYTHONPATH=tests $(BIN)/python -m generated.score $(SCORE)

bench: $(CLUSTER)
	$(BIN)/python bench/bench.py $(BENCH)

lab: $(STAMP)
	$(BIN)/jupyter lab notebooks

clean:
	rm -rf $(VENV) briefings evidence site data/.cache data/processed/*.parquet data/processed/*.xlsx data/processed/build.json data/processed/by_year data/processed/.new-*
	rm -rf .pytest_cache .ruff_cache .hypothesis lib/*.egg-info
	find lib tests notebooks bench -name __pycache__ -type d -prune -exec rm -rf {} +

# made once; made anew where requirements.txt says something else than it was made with, or a making was broken off
$(STAMP): requirements.txt pyproject.toml
	@if [ -f $@ ] && cat requirements.txt pyproject.toml | cmp -s - $@; then touch $@; exit 0; fi; \
	python="$(PYTHON)"; \
	for try in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	  [ -n "$$python" ] && break; \
	  if $$try -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then python=$$try; fi; \
	done; \
	if [ -z "$$python" ] || ! $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "Python 3.11 or newer is needed$${python:+ and $$python is not that}: install it, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	echo "making the environment in $(VENV) with $$python, once; it takes a few minutes"; \
	rm -rf $(VENV) && \
	$$python -m venv $(VENV) && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt && \
	cat requirements.txt pyproject.toml > $@

# besides it what builds on many machines need, and their tests
$(CLUSTER): $(STAMP) requirements-cluster.txt
	@if [ -f $@ ] && cat requirements-cluster.txt pyproject.toml | cmp -s - $@; then touch $@; exit 0; fi; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-cluster.txt && \
	cat requirements-cluster.txt pyproject.toml > $@
