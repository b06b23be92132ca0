# The working day. `make` alone lists the commands.
PYTHON ?= python3
UV := .tools/bin/uv
PY := .venv/bin/python
STOCK := var/bench/stock/.venv
AUDIT := .tools/audit
LOCK := $(UV) pip compile --quiet --upgrade --python-version 3.10 --generate-hashes --no-emit-index-url --no-annotate --no-header
SYNC := $(UV) pip sync --quiet --python $(PY) --require-hashes

# Where it is set, each process that starts would compile all of Rasa anew: ten seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check trust sbom train chat score bench scale screenshots dkfds lock fix clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

run: .venv/run ## set up, train if needed, start the whole assistant, print its addresses; Ctrl-C stops it
	@$(PY) -m puljeguiden run

test: .venv/dev ## everything that tests can tell; ALL=1 makes a test that cannot run here a failure
	@$(PY) -m tests $(if $(ALL),--all)

check: .venv/dev $(AUDIT)/ready ## prove every fact by its page; style, types and the project's own rules
	@$(PY) -m puljeguiden check
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy
	@$(AUDIT)/bin/bandit -qq --configfile pyproject.toml --recursive puljeguiden actions rasa_project staff 2>/dev/null

trust: .venv/dev ## attack, break and load the whole assistant, and write docs/trust.md; LONG=1 takes an hour
	@$(PY) -W ignore -m tests.trust $(if $(LONG),--long)

sbom: $(AUDIT)/ready ## write what is installed to var/sbom.json (CycloneDX)
	@mkdir -p var
	@$(AUDIT)/bin/cyclonedx-py requirements --output-reproducible -o var/sbom.json requirements/run.txt

train: .venv/run ## train the model, if what it is made from has changed
	@$(PY) -m puljeguiden train

chat: .venv/run ## talk to the running assistant in the terminal
	@$(PY) -m puljeguiden chat

score: .venv/dev ## ask the running assistant the unseen questions (the half that may be looked at)
	@$(PY) -m tests.unseen.score $(if $(TUNING),--tuning)

bench: .venv/run $(STOCK)/ready ## measure beside stock Rasa: table, JSON and plot; FRESH=1 trains stock anew; keep the machine idle
	@$(PY) -m benchmarks.stock $(if $(FRESH),--fresh)

scale: .venv/dev ## start what docker-compose.yml describes by hand, trouble it, measure it, write docs/capacity.md; keep the machine idle
	@$(PY) -m tests --all tests/scale
	@$(PY) -m benchmarks.scale

fix: .venv/dev ## put the code in its standard form
	@$(PY) -m ruff check --fix --quiet . && $(PY) -m ruff format --quiet .

screenshots: .venv/dev ## make the pictures of the README and the trainers' guide anew, with Chromium
	@$(PY) -m tests.browser.screenshots
	@$(PY) -m tests.staff.screenshots

dkfds: ## take the design system's parts anew from npm (needs Node.js; web/dkfds/)
	@sh web/dkfds/renew.sh

lock: $(UV) ## lock the dependencies anew, with hashes
	@$(LOCK) requirements/uv.in -o requirements/uv.txt
	@$(LOCK) --override requirements/overrides.txt requirements/run.in -o requirements/run.txt
	@$(LOCK) --override requirements/overrides.txt requirements/dev.in -o requirements/dev.txt
	@$(LOCK) requirements/audit.in -o requirements/audit.txt
	@$(LOCK) benchmarks/stock/requirements.in -o benchmarks/stock/requirements.txt

clean: ## remove the environment and all that was written (models, databases, logs)
	@rm -rf .venv .tools var

$(UV): requirements/uv.txt
	@$(PYTHON) -m pip install --quiet --root-user-action=ignore --disable-pip-version-check --upgrade --target .tools --require-hashes -r requirements/uv.txt
	@touch $(UV)

$(PY): .python-version | $(UV)
	@$(UV) venv --quiet --allow-existing --python "$$(cat .python-version)" .venv
	@touch $(PY)

.venv/run: requirements/run.txt $(UV) $(PY)
	@$(SYNC) requirements/run.txt
	@rm -f .venv/dev && touch .venv/run

.venv/dev: requirements/dev.txt $(UV) $(PY)
	@$(SYNC) requirements/dev.txt
	@touch .venv/run .venv/dev

$(STOCK)/ready: benchmarks/stock/requirements.txt $(UV) .python-version
	@$(UV) venv --quiet --allow-existing --python "$$(cat .python-version)" $(STOCK)
	@$(UV) pip sync --quiet --python $(STOCK)/bin/python --require-hashes benchmarks/stock/requirements.txt
	@touch $@

$(AUDIT)/ready: requirements/audit.txt $(UV) .python-version
	@$(UV) venv --quiet --allow-existing --python "$$(cat .python-version)" $(AUDIT)
	@$(UV) pip sync --quiet --python $(AUDIT)/bin/python --require-hashes requirements/audit.txt
	@touch $@
