# The project's own targets. Nothing here needs an activated environment.
# make/fairway.mk is the fragment that other repositories include; it is not used here.

PYTHON ?= python3
VENV := .venv
VPYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.ready

.PHONY: docs release release-verify help setup lock demo demo-day demo-cutover test test-all lint bench fragment interface clean
.PHONY: test-bare-user test-debian13 test-oldest test-newest test-later test-artifacts

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "%-14s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## Make .venv with everything that the tools and the tests need
	@$(VPYTHON) scripts/hot_bundle.py

$(STAMP): pyproject.toml requirements.lock scripts/setup.sh
	@PYTHON='$(PYTHON)' sh scripts/setup.sh

lock: ## Write requirements.lock anew: the newest versions that pyproject.toml allows, with their hashes
	@PYTHON='$(PYTHON)' sh scripts/lock.sh

demo: $(STAMP) ## Walk the normal path of a task in a throw-away repository (KEEP=1 keeps it)
	@$(VPYTHON) scripts/demo.py $(if $(KEEP),--keep)

demo-day: $(STAMP) ## Live through a coordinator's day in a throw-away repository (needs tmux; ENGINE=postgres: on a server)
	@$(VPYTHON) scripts/demo_day.py $(if $(KEEP),--keep) $(if $(ENGINE),--engine $(ENGINE))

demo-cutover: $(STAMP) ## Move a repository from its older scripts to the suite, lane by lane (STANDIN=b: other scripts; needs ruby)
	@$(VPYTHON) scripts/demo_cutover.py $(if $(KEEP),--keep) $(if $(STANDIN),--stand-in '$(STANDIN)')

test: $(STAMP) ## Run the tests: every kind of them, models, crowds, kills and fuzzing in short
	@$(VPYTHON) -m pytest -q -n auto --dist worksteal $(TESTS)

test-all: $(STAMP) ## Run all tests in full length, with a fresh interpreter for every call of a tool
	@FAIRWAY_TEST_LENGTH=full $(VPYTHON) -m pytest -q -n auto --dist worksteal $(TESTS)

test-bare-user: ## Run demo and test as a new user in a bare environment, with the system's Python (root)
	@TESTS='$(TESTS)' scripts/legs/bare_user.sh

test-debian13: $(STAMP) ## Run demo and test on Debian 13, in a folder that debootstrap makes (root)
	@TESTS='$(TESTS)' scripts/legs/debian13.sh

test-oldest: $(STAMP) ## Run the unit and document tests with the oldest versions that pyproject.toml allows
	@scripts/legs/versions.sh oldest $(TESTS)

test-newest: $(STAMP) ## Run the unit and document tests with the newest versions that pyproject.toml allows
	@scripts/legs/versions.sh newest $(TESTS)

test-later: $(STAMP) ## Run the suite on later days and in other zones (needs cc; LATER="+9@UTC" says when and where)
	@LATER='$(LATER)' scripts/legs/later.sh $(TESTS)

test-artifacts: $(STAMP) ## Run the demo with each thing that a release consists of (pipx, uv tool, pyz, Debian package)
	@scripts/legs/artifacts.sh

lint: $(STAMP) ## Check style, types and shell scripts
	@$(VPYTHON) -m ruff check .
	@$(VPYTHON) -m ruff format --check .
	@$(VPYTHON) -m mypy
	@$(VENV)/bin/shellcheck -x .ci/run scripts/*.sh scripts/legs/*.sh compat/adapters/*.sh compat/stand-in.sh

bench: $(STAMP) ## Measure the tools beside their floors (SIZES="400 2000"; RECORD=1 writes docs/benchmarks.md)
	@$(VPYTHON) scripts/bench $(if $(SIZES),--sizes "$(SIZES)") $(if $(RECORD),--record)

tables: $(STAMP) ## Write the tables of a new store, the number of the schema, and its types, from its steps
	@$(VPYTHON) -m fairway_scripts.store.sqlite.new_tables
	@$(VPYTHON) scripts/shapes.py

fragment: $(STAMP) ## Write make/fairway.mk, bin/, the console scripts and the types of calls from the catalogue
	@$(VPYTHON) scripts/tool_stubs.py
	@$(VPYTHON) scripts/shapes.py
	@$(VPYTHON) -m fairway_scripts.front.make_fragment > make/fairway.mk.part && mv make/fairway.mk.part make/fairway.mk
	@for tier in help help-all; do $(VPYTHON) -m fairway_scripts.front.make_fragment $$tier > make/help.part && \
	    mv make/help.part make/fairway-$$tier.mk || exit 1; done

interface: $(STAMP) ## Write docs/interface.md from the catalogue and real runs, and the error words of README.md
	@$(VPYTHON) -m tests.support.interface_page

docs: $(STAMP) ## Write the documents as a site into build/site, with every link checked
	@$(VPYTHON) scripts/docs_site.py

release: $(STAMP) ## Write all that a release consists of into dist (DRAFT=1: of what lies here)
	@$(VPYTHON) scripts/release.py $(if $(DRAFT),--draft) $(if $(URL),--url '$(URL)')

release-verify: $(STAMP) ## Look at the release in dist: its version, its files, and what this clone has of the work in it
	@[ -e .fairway/fairway.mk ] || bin/fairway-init --config scripts/release_files/verify.toml >/dev/null
	@bin/release-verify --config scripts/release_files/verify.toml --ref HEAD

clean: ## Remove the environment and everything that is made
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis bench.json
