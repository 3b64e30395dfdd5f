# Pulsekeep. Every target is one line of `make help`.

PYTHON  ?= python3
PY      := .venv/bin/python
MPY     := .cache/micropython/bin/micropython
UMQTT   := .cache/umqtt/umqtt/simple.py
UMODBUS := .cache/umodbus/umodbus/serial.py
ROBUST  := .cache/umqtt_robust/umqtt/robust.py

# The 32-bit interpreter, unless there is none to be had on this machine.
vm      = $(or $(VM),$(shell test -x $(MPY) && echo micropython || echo cpython))
option  = $(if $($(1)),--$(2) "$($(1))")
options = $(call option,DAYS,days) $(call option,SEED,seed) $(call option,METER,meter) $(call option,DATA,data) \
          $(call option,BROKER,broker) $(call option,CONFIG,config)

# For every Python and system that the project runs on; names no package index.
COMPILE := .venv/bin/uv pip compile -q --no-config --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --custom-compile-command 'make lock'

# The journal forgets its recovery's code and imports it again, thousands of times in some tests:
# compiled files are a third of their time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check bench image flash dump size journal powercut outages years link recorded leaks kills fuzz scan console provision picture lines fmt lock clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: .venv/complete $(UMQTT) $(if $(filter cpython,$(VM)),,$(MPY)) ## simulate a week: DAYS= SEED= METER= VM=micropython|cpython DATA= BROKER=host:port CONFIG=
	@$(PY) -m host_sim.run --vm $(vm) $(options)

# Three at a time on two cores: a seventh of the time is spent waiting for real clocks.
test: .venv/complete $(UMQTT) $(MPY) $(UMODBUS) $(ROBUST) ## check, and the tests, on both Pythons; with LONG=1 all long lives on both: PYTEST_ARGS=
	@$(PY) -m pytest -n 3 --dist loadfile $(if $(LONG),--long) $(PYTEST_ARGS)

check: .venv/complete $(UMQTT) ## style, types, layers, shims, compiled firmware; seconds
	@$(PY) -m pytest -q tests/check $(PYTEST_ARGS)

bench: .venv/complete $(UMQTT) $(MPY) $(UMODBUS) $(ROBUST) ## what is claimed, measured beside targets and peers; writes build/bench.json: BENCH_ARGS=
	@$(PY) -m tools.bench $(BENCH_ARGS)

image: .venv/complete ## what is written onto a board, on a stock MicroPython: BOARD=esp32_devkit MICROPYTHON=file SITE=folder
	@$(PY) -m tools.image $(or $(BOARD),esp32_devkit) $(call option,MICROPYTHON,micropython) $(call option,SITE,site)

flash: .venv/complete ## write what `make image` made onto a board, and read it back: BOARD=esp32_devkit PORT=/dev/ttyUSB0 CONFIG=file.json
	@$(PY) -m tools.flash $(or $(BOARD),esp32_devkit) $(call option,PORT,port) $(call option,CONFIG,config) $(FLASH_ARGS)

dump: .venv/complete ## bring a board's journal home over its serial port: PORT=/dev/ttyUSB0
	@$(PY) -m tools.dump $(call option,PORT,port) $(FLASH_ARGS)

size: .venv/complete $(UMQTT) $(MPY) ## bytes of each compiled module, and of the heap after the start, beside tools/size.json: BOARD=esp32_devkit COMMIT=1
	@$(PY) -m tools.size $(or $(BOARD),esp32_devkit) $(if $(COMMIT),--commit)

journal: .venv/complete ## print the records of a journal image, with statistics and damage: IMAGE=file JSON=1
	@$(PY) -m tools.journal $(IMAGE) $(if $(JSON),--json)

powercut: .venv/complete ## cut the supply of the journal so many times, at random: CUTS=100000 SEED=
	@$(PY) -m tests.sim.powercut --cuts $(or $(CUTS),100000) $(call option,SEED,seed)

outages: .venv/complete $(UMQTT) ## lose mains so many times, at random, on capacitors and batteries: OUTAGES=1000 SEED= VM=micropython|cpython
	@$(PY) -m tests.sim.outages --outages $(or $(OUTAGES),1000) --vm $(or $(VM),cpython) $(call option,SEED,seed)

years: .venv/complete $(UMQTT) ## lives of a year with cuts, outages and lying clocks, from one seed: LIVES=4 DAYS=365 SEED= VM=micropython|cpython
	@$(PY) -m tests.sim.years --lives $(or $(LIVES),4) --days $(or $(DAYS),365) --vm $(or $(VM),cpython) $(call option,SEED,seed)

link: .venv/complete $(UMQTT) ## short lives on a network as bad as can be: RUNS=1000 SEED= VM=micropython|cpython EVERY_BYTE=1
	@$(PY) -m tests.sim.link_faults --runs $(or $(RUNS),1000) --vm $(or $(VM),cpython) $(call option,SEED,seed) $(if $(EVERY_BYTE),--every-byte)

recorded: .venv/complete ## replay a year of both recorded electricity homes, and compare each hour in the books: DAYS= VM=
	@$(PY) -m tests.sim.recorded_year $(call option,DAYS,days) $(call option,VM,vm)

leaks: .venv/complete ## replay a year of each recorded water meter, and compare the leaks that are told: DAYS= VM=
	@$(PY) -m tests.sim.recorded_leaks $(call option,DAYS,days) $(call option,VM,vm)

kills: .venv/complete ## kill the head-end's receivers so many times while collectors send: SQLite and PostgreSQL, one and two: KILLS=100 SEED=
	@$(PY) -m tests.integration.kills --kills $(or $(KILLS),100) $(call option,SEED,seed)

fuzz: .venv/complete ## lie to the Modbus driver so many times, at random: ANSWERS=1000000 SEED=
	@$(PY) -m tests.drivers.fuzz --answers $(or $(ANSWERS),1000000) $(call option,SEED,seed)

scan: .venv/complete ## find meters on a serial port, simulated without one: PORT=/dev/ttyUSB0 WATCH=1 BAUD= FORMAT= ADDRESSES=1-16 QUICK=1 JSON=1 PROFILES=folder
	@$(PY) -m tools.scan $(call option,PORT,port) $(call option,BAUD,baud) $(call option,FORMAT,format) \
	  $(call option,ADDRESSES,addresses) $(call option,PROFILES,profiles) \
	  $(if $(WATCH),--watch) $(if $(QUICK),--quick) $(if $(JSON),--json) $(SCAN_ARGS)

console: .venv/complete $(UMQTT) ## a session with a collector, unlocked; simulated without a port: PORT=/dev/ttyUSB0 SECRET=file
	@$(PY) -m tools.console $(call option,PORT,port) $(call option,SECRET,secret) $(CONSOLE_ARGS)

provision: .venv/complete ## configure a site's collectors, one at each port: SITE=site.yaml PORTS="/dev/ttyUSB0 ..." CSV= COMMISSION=1
	@$(PY) -m tools.provision $(SITE) $(foreach port,$(PORTS),--port $(port)) $(call option,CSV,csv) $(if $(COMMISSION),--commission) $(PROVISION_ARGS)

picture: .venv/complete $(UMQTT) $(if $(filter cpython,$(VM)),,$(MPY)) ## draw a session with a simulated collector, as it is held: TECHNICIAN.svg; VM=
	@$(PY) -m tools.console.picture TECHNICIAN.svg --vm $(vm)

lines: .venv/complete $(UMQTT) ## say nonsense to the console so many times, at random: LINES=100000 SEED= VM=micropython|cpython
	@$(PY) -m tests.sim.console_fuzz --lines $(or $(LINES),100000) --vm $(or $(VM),cpython) $(call option,SEED,seed)

fmt: .venv/complete ## put imports and layout in order
	@$(PY) -m ruff check -q --fix-only . && $(PY) -m ruff format -q .

lock: .venv/complete ## write requirements*.lock anew from the pins in pyproject.toml
	@$(PY) -m pip install -qq uv==0.13.8
	@$(COMPILE) pyproject.toml --group dev -o requirements.lock
	@$(COMPILE) --group stubs -o requirements-stubs.lock

clean: ## back to a fresh clone: also removes .venv and .cache
	@rm -rf .venv .cache build .hypothesis .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/complete: tools/bootstrap.py requirements.lock requirements-stubs.lock
	@$(PYTHON) tools/bootstrap.py

$(UMQTT): tools/fetch_umqtt.py tools/package_index.py | .venv/complete
	@$(PY) tools/fetch_umqtt.py

# Peers to measure: without one (the reason is printed) a table has one column less.
$(UMODBUS): tools/fetch_umodbus.py tools/package_index.py | .venv/complete
	@$(PY) tools/fetch_umodbus.py || true

$(ROBUST): tools/fetch_umqtt_robust.py tools/package_index.py | .venv/complete
	@$(PY) tools/fetch_umqtt_robust.py || true

# Status 3: not to be had here. The reason has been printed, and CPython does what it can.
$(MPY): | .venv/complete
	@$(PY) tools/fetch_micropython.py || test $$? -eq 3
