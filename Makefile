# Thin over portal.py, which serves alone where make is missing: python3 portal.py help
PYTHON ?= python3
ARGS ?=
export PORT HOST

.PHONY: help run test check bench demo-reset stop pins
help run test check bench demo-reset stop pins:
	@$(PYTHON) portal.py $@ $(ARGS)
