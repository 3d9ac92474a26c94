# make run      set up and start the app on http://127.0.0.1:8501
# make test     set up; lint, types, all fast tests, a little fuzz, and what is slow once each: under five minutes
# make proof    everything else that proves, at most 20 minutes: benchmarks, more fuzz and examples, the lowest versions
#               that the bounds allow, every story in the browser, PostgreSQL and Spark
# make journeys what is longest in the browser: reloads, the keyboard alone, a sixth motion, presenting, dark pages;
#               and what repeats the proof with other numbers or more examples
# make pythons  the fast tests on the other Pythons that Motions is for, 3.12 and 3.13, those of them that are there
# make fuzz     files, mappings, rules, ledgers, scenarios and links with random faults, until it is stopped
# make bench    speed and memory as ratios, up to a million accounts
# make lock     requirements*.lock out of the bounds in requirements*.txt; UPGRADE=--upgrade for the newest versions
# make docs     docs/ as pages in docs/_build/; a warning is an error
# make pictures the pictures of the app in docs/pictures/ again, with Debian's Chromium
# make licences everything that is installed, with its licence
# make audit    what is known to be weak in the locked versions; asks an outside host
# make soak     visitors who come, upload, simulate and go, for MINUTES=30: its memory, open files and folders drawn
PYTHON ?= python3
BIN := .venv/bin
LOWEST := .venv-lowest
OTHERS ?= 3.12 3.13
INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes
# Three at a time on two cores: the browser and Spark wait much of their time.
PYTEST := -m pytest -n 3 --dist loadgroup --no-loadscope-reorder --durations=12 --durations-min=1
# How long the fuzz goes on, in seconds; 0 is without end. CI looks at the same examples every time.
SECONDS_OF_FUZZ ?= 0
MINUTES ?= 30
LOCK := $(BIN)/uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(UPGRADE)

.PHONY: run test proof journeys pythons check fuzz lowest bench docs pictures lock licences audit soak sample clean
run: .venv/run.stamp
	MALLOC_ARENA_MAX=1 $(BIN)/streamlit run pages/_server.py  # one heap for all threads gives back more of a large file

test: .venv/dev.stamp
	$(MAKE) --no-print-directory --jobs=2 check fuzz SECONDS_OF_FUZZ=15
	$(BIN)/python $(PYTEST) -m "not proof and not fuzz"

proof: .venv/dev.stamp
	$(BIN)/python -m tests.benchmarks proof
	$(MAKE) --no-print-directory --jobs=2 fuzz lowest SECONDS_OF_FUZZ=60
	$(BIN)/python $(PYTEST) -m "(proof or hypothesis) and not long" --hypothesis-profile=proof

journeys: .venv/dev.stamp
	$(BIN)/python $(PYTEST) -m "long or hypothesis" --hypothesis-profile=journeys

# By its name, or where pyenv keeps it; what pyenv puts in the place of one that it has not does not run.
pythons:
	@for version in $(OTHERS); do \
		for python in python$$version "$$HOME"/.pyenv/versions/$$version.*/bin/python ""; do \
			[ -z "$$python" ] || "$$python" -c "" 2>/dev/null && break; \
		done; \
		if [ -z "$$python" ]; then echo "Python $$version is not installed: skipped"; continue; fi; \
		$(MAKE) --no-print-directory PYTHON="$$python" .venv-$$version/stamp || exit 1; \
		.venv-$$version/bin/python $(PYTEST) -m "not proof and not fuzz and not main" || exit 1; \
	done

check: .venv/dev.stamp
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy

fuzz: .venv/dev.stamp
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS_OF_FUZZ) $(if $(CI),--seed 1)

lowest: $(LOWEST)/stamp
	$(LOWEST)/bin/python $(PYTEST) --once -m "not proof and not main and not fuzz and not hypothesis"

bench: .venv/dev.stamp
	$(BIN)/python -m tests.benchmarks

docs: .venv/dev.stamp
	$(BIN)/python -m sphinx --fresh-env --fail-on-warning --keep-going --quiet docs docs/_build  # the code may have changed

pictures: .venv/dev.stamp
	$(BIN)/python docs/pictures.py

lock: .venv/dev.stamp
	$(LOCK) requirements.txt --output-file requirements.lock
	$(LOCK) requirements-dev.txt --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) requirements-spark.txt --constraint requirements-dev.lock --output-file requirements-spark.lock
	$(LOCK) requirements-dev.txt --resolution lowest-direct --output-file requirements-lowest.lock

licences: .venv/dev.stamp
	@$(BIN)/python -m tests.licences

audit: .venv/run.stamp
	@$(BIN)/python -m tests.audit

soak: .venv/dev.stamp
	@$(BIN)/python -m tests.benchmarks.soak $(MINUTES)

sample: .venv/run.stamp
	$(BIN)/python -m sample_data.generate

clean:
	rm -rf .venv $(LOWEST) $(OTHERS:%=.venv-%) docs/_build

.PRECIOUS: %/bin/python
%/bin/python:
	$(PYTHON) -c "import sys; sys.exit('Motions needs Python 3.11 or newer, this is ' + sys.version.split()[0] if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv $*

.venv/run.stamp: requirements.lock | $(BIN)/python
	$(BIN)/python $(INSTALL) -r $<
	touch $@

.venv/dev.stamp: requirements-dev.lock | $(BIN)/python
	$(BIN)/python $(INSTALL) -r $<
	touch $@

$(LOWEST)/stamp: requirements-lowest.lock | $(LOWEST)/bin/python
	$(LOWEST)/bin/python $(INSTALL) -r $<
	touch $@

.venv-%/stamp: requirements-dev.lock | .venv-%/bin/python
	.venv-$*/bin/python $(INSTALL) -r $<
	touch $@
