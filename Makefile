# Two commands: make run, make test. Both build .venv first; once it is built they need no network.
PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check
STAMP := $(VENV)/.installed-run
TEST_STAMP := $(VENV)/.installed-test
RUN_EXTRAS := telegram
TEST_EXTRAS := telegram,postgres,redis,test,lint

.PHONY: run test lint

run: $(STAMP)
	$(VENV)/bin/python -m bot serve

test: $(TEST_STAMP)
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile

lint: $(TEST_STAMP)
	$(VENV)/bin/python -m ruff check .
	$(VENV)/bin/python -m ruff format --check .
	$(VENV)/bin/python -m mypy
	$(VENV)/bin/lint-imports

# pip is the last thing put into an environment; a half-made one lacks it and is made again.
$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is not one. Name one: make run PYTHON=python3.11" >&2; \
	  echo "需要 Python 3.11 或更新的版本。装好后这样启动:make run PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make an environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  echo "缺少 venv 模块,Debian、Ubuntu 上请先运行:apt-get install python3-venv" >&2; exit 1; }

# setuptools first and no build isolation: the pinned one builds, and an environment that is complete asks no index.
# Its warnings about editable installs are for authors of packages, not for whoever starts the service.
define install
	@echo "Installing packages; the first time takes a minute or two. / 正在安装,第一次要一两分钟。"
	@$(PIP) install --quiet --constraint constraints.txt pip setuptools
	@PYTHONWARNINGS=ignore $(PIP) install --quiet --constraint constraints.txt --no-build-isolation --editable ".[$(1)]"
endef

$(STAMP): pyproject.toml constraints.txt | $(VENV)/bin/pip
	$(call install,$(RUN_EXTRAS))
	@touch $@

$(TEST_STAMP): pyproject.toml constraints.txt | $(VENV)/bin/pip
	$(call install,$(TEST_EXTRAS))
	@touch $(STAMP) $@
