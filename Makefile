# make run    set up and start the app on http://127.0.0.1:8501
# make test   set up, lint, type-check and test
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test bench sample clean
run: .venv/run.stamp
	MALLOC_ARENA_MAX=1 $(BIN)/streamlit run pages/_server.py  # one heap for all threads gives back more of a large file

test: .venv/dev.stamp
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

bench: .venv/dev.stamp
	$(BIN)/python -m tests.benchmarks

sample: .venv/run.stamp
	$(BIN)/python -m sample_data.generate

clean:
	rm -rf .venv

$(BIN)/python:
	$(PYTHON) -c "import sys; sys.exit('Motions needs Python 3.11 or newer, this is ' + sys.version.split()[0] if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev.stamp: requirements-dev.txt requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
