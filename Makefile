# Two commands do everything: `make run` and `make test`. Both make .venv first, with uv where it is installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
PORT ?= 8055
RUNS ?= build/lab-runs.jsonl
SECONDS ?= 60
# Without byte code each of the five runs of pytest would compile all the tests anew.
unexport PYTHONDONTWRITEBYTECODE

ifdef UV
new_venv = uv venv -q --seed --python '>=3.11' $(VENV)
install = uv pip install -q --python $(BIN)/python
# pip does this by itself.
compiled = --compile-bytecode
else
new_venv = $(PYTHON) -m venv $(VENV)
install = $(BIN)/pip install -q --disable-pip-version-check
endif

.PHONY: run test bench fuzz check eval lint types unit thorough kills lab-part lab browser whoosh-fallback system lock schema clean

run: $(VENV)/.run
	$(BIN)/kb serve --port $(PORT)

# Every run of pytest would compile the catalogue and build the search index anew; the folder that they share is made by the first.
test: system $(VENV)/.test
	rm -rf build/test-cache
	KB_TEST_CACHE=$(CURDIR)/build/test-cache $(MAKE) --no-print-directory lint types check unit thorough lab-part browser whoosh-fallback

# What the tests need beside Python. As root on Debian it is installed; elsewhere the tests say what they left out.
system:
	@sh tests/install_system_packages.sh

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

check:
	$(BIN)/kb schema --check
	$(BIN)/kb check

unit:
	$(BIN)/pytest -q -n auto --dist worksteal -m 'not browser and not package and not lab and not thorough'

# What takes long: a hundred thousand hostile texts, postconf beside our reader, content exchanged under load, search quality;
# and all the examples of which the unit tests try a part (tests/effort.py).
thorough:
	KB_TEST_FULL=1 $(BIN)/pytest -q -n auto --dist worksteal -m 'thorough or sampled'

# The builder of the search index killed a thousand times, a thousand bits flipped, a full disk and a read-only one (some minutes).
kills: $(VENV)/.test
	$(BIN)/python tests/kills.py

# Real clients against a real Postfix: a representative part of the matrix, as in every run of the tests.
lab-part:
	$(BIN)/pytest -q -m lab

# The whole matrix (some 3,900 pairs, about ten minutes on two cores): records, predictions held against them, and every failing
# pair run again with the cures that are offered for it (as long once more).
lab: system $(VENV)/.test
	@mkdir -p $(dir $(RUNS))
	cd tests && ../$(BIN)/python -m lab.run $(abspath $(RUNS))
	cd tests && ../$(BIN)/python -m lab.compare $(abspath $(RUNS))
	cd tests && ../$(BIN)/python -m lab.fixes $(abspath $(RUNS))

browser:
	$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder -m 'browser or package'

# The library that search falls back to, should whoosh3 vanish: the same tests on it, from a folder of its own (docs/whoosh.md).
whoosh-fallback: $(VENV)/whoosh-fallback/.installed
	PYTHONPATH=$(VENV)/whoosh-fallback KB_TEST_WHOOSH=2.7.5 $(BIN)/pytest -q -n auto tests/test_search.py tests/test_search_index.py

$(VENV)/whoosh-fallback/.installed: tests/whoosh-fallback.txt | $(VENV)/.test
	$(install) --no-deps --require-hashes --target $(VENV)/whoosh-fallback -r tests/whoosh-fallback.txt
	@touch $@

# Labelled rows of your own: make eval ROWS='folder-or-file.jsonl'
eval: $(VENV)/.run
	$(BIN)/kb eval $(ROWS)

# Speed beside peers, in one table; the module docstrings in bench/ say what is measured.
bench: $(VENV)/.test
	$(BIN)/python bench/table.py

# Coverage-guided fuzzing of everything that takes foreign text: SECONDS for each target; make fuzz TARGETS='lookup http' for some.
fuzz: $(VENV)/.test
	cd tests && ../$(BIN)/python -m fuzz.run --seconds $(SECONDS) $(TARGETS)

schema: $(VENV)/.run
	$(BIN)/kb schema --write

lock:
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --extra metrics pyproject.toml -o deploy/requirements.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --all-extras pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	$(new_venv)

# Versions come from the lock; the byte code is compiled so that every start of `kb` is fast.
$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(install) $(compiled) --require-hashes -r requirements.lock
	$(install) --no-deps -e .
	@$(BIN)/python -m compileall -q kb
	@touch $@

$(VENV)/.test: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(install) --require-hashes -r requirements-dev.lock
	$(install) --no-deps -e .
	@$(BIN)/python -m compileall -q kb
	@touch $@ $(VENV)/.run
