# lianluo: make, make check, make demo. `make help` lists everything.
#
# One rule builds every room; the rooms and tests are found, not listed. SANITIZE=1 builds the same
# into another directory with ASan and UBSan, SANITIZE=thread into a third with TSan, SANITIZE=fuzz
# into a fourth with clang and libFuzzer.

SANITIZE =
FLAVOUR  = $(if $(filter thread fuzz,$(SANITIZE)),$(SANITIZE),sanitize)
BUILD    = build$(if $(SANITIZE),/$(FLAVOUR))
CC       = $(if $(filter fuzz,$(SANITIZE)),clang,gcc)
ROOMS    = base mail documents documents/read documents/write wording wording/notice \
	   wording/opinions wording/order wording/outline wording/reply channels templates db handlers \
	   handlers/clerk handlers/judge handlers/matter handlers/opinions bot bot/commands

PACKAGES = gnutls nettle libcurl sqlite3 gmime-3.0 glib-2.0 gio-2.0 jansson libsystemd libarchive \
	   libxml-2.0 libseccomp
# libetpan's own pkg-config flags would turn PIE off (they name a specs file), so it is linked plainly.
CPPFLAGS = -D_GNU_SOURCE -I. $(shell pkg-config --cflags $(PACKAGES))
CFLAGS   = -std=gnu11 -O2 -g -fPIE -fstack-protector-strong -Wall -Wextra -Werror -Wshadow \
	   -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wundef \
	   -Wformat=2 -Wno-unused-parameter
# Each program loads only the libraries that it calls.
LDFLAGS  = -pie -Wl,-z,relro,-z,now -Wl,--as-needed
LDLIBS   = -letpan -lxlsxwriter $(shell pkg-config --libs $(PACKAGES)) -lpthread
ifeq ($(SANITIZE),thread)
CFLAGS  += -fsanitize=thread -fno-omit-frame-pointer
LDFLAGS += -fsanitize=thread
else ifeq ($(SANITIZE),fuzz)
CFLAGS  += -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
	   -fno-omit-frame-pointer -Wno-missing-field-initializers
LDFLAGS += -fsanitize=address,undefined
else ifdef SANITIZE
CFLAGS  += -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LDFLAGS += -fsanitize=address,undefined
else
CPPFLAGS += -D_FORTIFY_SOURCE=2
endif
# lianluo itself, and a program of its own for each folder of documents/ that has a main.c.
MAINS    = bot/main.c $(wildcard documents/*/main.c)
SOURCES  = $(filter-out $(MAINS),$(foreach room,$(ROOMS),$(wildcard $(room)/*.c)))
OBJECTS  = $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/templates/zh.o $(BUILD)/letters/weights.o
# What letters mean is learnt from letters, once for all builds, by a program of the plain one.
LETTERS  = $(wildcard letters/*.json)
LEARNING = $(filter $(BUILD)/base/% $(BUILD)/mail/% $(BUILD)/wording/%,$(OBJECTS))
LIBRARY  = $(BUILD)/liblianluo.a
PROGRAM  = $(BUILD)/lianluo
HELPERS  = $(patsubst documents/%/main.c,$(BUILD)/lianluo-%,$(wildcard documents/*/main.c))
TESTS    = $(patsubst %.c,$(BUILD)/%,$(foreach room,$(ROOMS),$(wildcard tests/$(room)/*_test.c)))
TOOLS    = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/e2e/*.c))
FUZZERS  = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*_fuzz.c))
# Preloaded libraries that kill the program at a chosen call, move its clock or show its locks; for
# the plain build.
FAULTS   = $(if $(SANITIZE),,$(patsubst tests/faults/%.c,$(BUILD)/tests/%.so,$(wildcard tests/faults/*.c)))
TEXTS    = $(wildcard templates/zh/*.mustache)

# make V=1 shows the commands.
Q        = $(if $(V),,@)
say      = $(if $(V),,@echo '  $(1)')

all: $(PROGRAM) $(HELPERS)

$(PROGRAM): $(BUILD)/bot/main.o
$(HELPERS): $(BUILD)/lianluo-%: $(BUILD)/documents/%/main.o
$(PROGRAM) $(HELPERS): $(LIBRARY)
	$(call say,LINK  $@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBRARY) $(LDLIBS)

$(LIBRARY): $(OBJECTS)
	$(call say,AR    $@)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC    $<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The Chinese texts are compiled in, so that the program works from anywhere.
$(BUILD)/templates/zh.c: templates/zh.gresource.xml $(TEXTS)
	@mkdir -p $(@D)
	$(call say,TEXTS templates/zh)
	$(Q)glib-compile-resources --sourcedir=templates/zh --generate-source --c-name=templates_zh \
	    --target=$@ $<

$(BUILD)/templates/zh.o: $(BUILD)/templates/zh.c
	$(Q)$(CC) $(CPPFLAGS) $(filter-out -Wmissing-prototypes,$(CFLAGS)) -c -o $@ $<

ifeq ($(SANITIZE),)
build/letters/learn: $(BUILD)/letters/learn.o $(LEARNING)
	$(call say,LINK  $@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

build/letters/weights.c: build/letters/learn $(LETTERS)
	$(call say,LEARN letters)
	$(Q)build/letters/learn $(LETTERS) >$@.new && mv $@.new $@
else
build/letters/weights.c: $(LETTERS)
	$(Q)$(MAKE) --no-print-directory SANITIZE= $@
endif

$(BUILD)/letters/weights.o: build/letters/weights.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(TESTS): $(BUILD)/tests/%: tests/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,TEST  $<)
	$(Q)$(CC) $(CPPFLAGS) -Itests -DTEST_DATA='"tests/data"' $(CFLAGS) -Wno-strict-prototypes \
	    $(shell pkg-config --cflags check) -MMD -MP $(LDFLAGS) -o $@ $< $(LIBRARY) $(LDLIBS) \
	    $(shell pkg-config --libs check)

$(TOOLS): $(BUILD)/tests/e2e/%: tests/e2e/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,TOOL  $<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(LIBRARY) $(LDLIBS)

$(FUZZERS): $(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,FUZZ  $<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -Wno-missing-prototypes -MMD -MP $(LDFLAGS) \
	    -fsanitize=fuzzer -o $@ $< $(LIBRARY) $(LDLIBS)

$(BUILD)/tests/%.so: tests/faults/%.c
	@mkdir -p $(@D)
	$(call say,FAULT $<)
	$(Q)$(CC) $(filter-out -fPIE,$(CFLAGS)) -D_GNU_SOURCE -fPIC -shared -o $@ $< -ldl -lpthread

tests: $(PROGRAM) $(HELPERS) $(TESTS) $(TOOLS) $(FAULTS)

# Unit and end-to-end tests, plain and sanitized, then layout and linters; ends with one summary line.
check: deps deps-test
	tests/run.sh

demo: deps deps-test
	$(MAKE) --no-print-directory all
	/usr/bin/python3 tests/e2e/demo.py $(PROGRAM) build/demo

deps:
	@packaging/deps.sh build

deps-test:
	@packaging/deps.sh test

# The figures of the issue list, beside mbsync and pandoc, on this machine.
bench: deps deps-test all
	packaging/deps.sh bench
	/usr/bin/python3 tests/bench/bench.py $(PROGRAM) build/bench

# Every fuzzer for SECONDS, on its kept corpus; `make fuzz ONLY=inspect SECONDS=600` takes one.
SECONDS  = 60
fuzz: deps deps-test
	packaging/deps.sh fuzz
	$(MAKE) --no-print-directory SANITIZE=fuzz fuzzers
	tests/fuzz/run.sh $(SECONDS) $(ONLY)

fuzzers: $(FUZZERS)

lint:
	tests/lint/all.sh

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

# Everything that a service needs; DESTDIR stands before each path. An administrator's next steps
# are in README.md.
DOCS     = README.md README.zh-CN.md config.example docs/guide.zh-CN.md docs/templates.md
install: $(PROGRAM) $(HELPERS)
	install -D -m 755 -t $(DESTDIR)/usr/bin $(PROGRAM)
	install -D -m 755 -t $(DESTDIR)/usr/libexec/lianluo $(HELPERS)
	install -D -m 644 -t $(DESTDIR)/usr/lib/systemd/system packaging/lianluo@.service
	install -D -m 644 packaging/lianluo.sysusers $(DESTDIR)/usr/lib/sysusers.d/lianluo.conf
	install -D -m 644 packaging/lianluo.tmpfiles $(DESTDIR)/usr/lib/tmpfiles.d/lianluo.conf
	install -D -m 644 -t $(DESTDIR)/usr/share/man/man1 docs/lianluo.1
	install -D -m 644 -t $(DESTDIR)/usr/share/doc/lianluo $(DOCS)

clean:
	rm -rf build

help:
	@echo 'make          build build/lianluo'
	@echo 'make demo     play the story of one notice on private servers and show what came of it'
	@echo 'make check    every test, plain and sanitized, and the linters'
	@echo 'make install  the programs, the systemd unit, the manual page (DESTDIR=… for a package)'
	@echo 'make bench    speed and memory, beside mbsync'
	@echo 'make fuzz     every parser against made-up input; SECONDS=60 each, ONLY=NAME for one'
	@echo 'make deps     install what building needs; make deps-test: what tests and demo need'
	@echo 'make format   lay the code out;  make lint: only look;  make clean'

.PHONY: all tests check demo bench fuzz fuzzers deps deps-test lint format install clean help
-include $(OBJECTS:.o=.d) $(BUILD)/letters/learn.d $(MAINS:%.c=$(BUILD)/%.d) $(TESTS:=.d) $(TOOLS:=.d) $(FUZZERS:=.d)
