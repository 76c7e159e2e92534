# Each target sets the course up where that is needed, then does its job. Without make
# (Windows): python bootstrap.py study
#
#   make study                           the course in the browser
#   make study NO_BROWSER=1 PORT=8123    without opening one, at a port
#   make workshop NAME="函館市 管理職研修" AGENDA=60
#   make homework ARGS="release dx-basics"
#   make wheelhouse                      the packages, for a machine without a network
#   make test ARGS="tests/test_pins.py"  pytest with these arguments only

# The first Python that is new enough; failing that, python3, which then says what is wrong.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && exit; done; echo python3)
ARGS ?=

study: ARGS += $(if $(filter-out 0,$(NO_BROWSER)),--no-browser) $(if $(PORT),--port $(PORT))

workshop: ARGS += $(if $(NAME),"$(NAME)") $(if $(AGENDA),--agenda $(AGENDA))

JOBS = study lab workshop serve homework answers check init quick test soak bench wheelhouse clean
.PHONY: $(JOBS)
$(JOBS):
	@$(PYTHON) bootstrap.py $@ $(ARGS)
