# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ORACLES := $(addsuffix /node_modules,$(addprefix tests/oracles/,cdk github mermaid sarif serverless taplo))

.PHONY: demo test lint generated benchmark changelog dist release docs programs clean
.DELETE_ON_ERROR:

# The demo wants the plain install only, as a user would have it.
demo: $(VENV)/installed
	@$(BIN)/slslint check examples/orders examples/checkout || test $$? -eq 1

test: $(VENV)/developer lint $(ORACLES) programs
	$(BIN)/pytest --numprocesses 2 --quiet

# What must hold before a commit, quickest first.
lint: $(VENV)/developer
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=rules $(BIN)/lint-imports
	$(BIN)/python scripts/build_rules_index.py --check
	$(BIN)/python scripts/build_schema.py --check

# Everything that scripts write from the code. The measured and compiled tables in slslint/data have scripts of their own.
generated: $(VENV)/developer
	$(BIN)/python scripts/build_rules_index.py
	$(BIN)/python scripts/build_schema.py

benchmark: $(VENV)/developer
	$(BIN)/python benchmarks/run.py

# The wheel and the sdist, as they would be uploaded.
dist: $(VENV)/developer
	rm -rf dist
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m twine check --strict dist/*

# Before a release is tagged: what changed moves from changes/ into CHANGELOG.md, under the version in slslint/__init__.py.
release: $(VENV)/developer
	$(BIN)/towncrier build --yes
	$(MAKE) dist

# What the next release will say, from the fragments in changes/.
changelog: $(VENV)/developer
	@$(BIN)/towncrier build --draft

# The site of the documentation, in build/site.
docs: $(VENV)/developer
	$(BIN)/python scripts/build_docs.py
	$(BIN)/zensical build --strict --clean

$(VENV)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/installed: $(VENV)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@# pip compiles what it installs, but not what stays in the checkout.
	$(BIN)/python -m compileall -q slslint rules
	@touch $@

$(VENV)/developer: $(VENV)/installed pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

# The real CDK, Serverless Framework, Mermaid and others, which tests hold slslint against; without npm they are skipped.
$(ORACLES): %/node_modules: %/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix $(@D) --no-audit --no-fund --loglevel=error && touch $@; \
	else echo 'npm is not there: tests against the tools in tests/oracles are skipped'; fi

# Draws the graphs of tests, and the shells that complete; in CI they have to be there.
programs:
	@for program in dot:graphviz zsh:zsh fish:fish; do \
		command -v "$${program%:*}" >/dev/null && continue; \
		if [ "$$CI" = true ]; then sudo apt-get install --yes --no-install-recommends "$${program#*:}" || exit 1; \
		else echo "$${program%:*} is not there (apt-get install $${program#*:}): tests with it are skipped"; fi; \
	done

clean:
	rm -rf $(ORACLES) $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
