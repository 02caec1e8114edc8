# maskweight. `make help` lists the targets.

PROFILE ?= release
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc

BUILD := $(if $(filter release,$(PROFILE)),build,build/$(PROFILE))

# --- What is installed where, and what has to be installed before -------------------------------

BINDIR  = $(DESTDIR)$(PREFIX)/bin
MANDIR  = $(DESTDIR)$(PREFIX)/share/man/man1
BASHDIR = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR  = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
DATADIR = $(DESTDIR)$(PREFIX)/share/maskweight
LIBDIR  = $(DESTDIR)$(PREFIX)/lib
HEADERDIR = $(DESTDIR)$(PREFIX)/include
FISHDIR = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

# pkg-config name and least version : Debian package
LIBRARIES = libpng>=1.6:libpng-dev libdeflate>=1.8:libdeflate-dev zlib>=1.2.11:zlib1g-dev libtiff-4>=4.5:libtiff-dev libarchive>=3.4:libarchive-dev libcjson>=1.7.13:libcjson-dev libxxhash>=0.8:libxxhash-dev sqlite3>=3.38:libsqlite3-dev
BUILD_PACKAGES = gcc libc6-dev pkg-config libpng-dev libdeflate-dev zlib1g-dev libtiff-dev libarchive-dev libcjson-dev libxxhash-dev libsqlite3-dev
CHECK_PACKAGES = libcmocka-dev bats python3 python3-jsonschema libxml2-utils mandoc valgrind sqlite3
BENCH_PACKAGES = time python3-numpy python3-pil python3-opencv python3-gdal libvips-tools
CONSUMER_PACKAGES = python3-numpy python3-torch python3-yaml pre-commit git
LINT_PACKAGES  = clang clang-tidy clang-format cppcheck shellcheck libclang-rt-14-dev

# --- Flags --------------------------------------------------------------------------------------

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wpointer-arith -Wwrite-strings -Wundef -Wvla
HARDENING = -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2 \
            $(if $(filter x86_64%,$(shell $(CC) -dumpmachine)),-fcf-protection)

FLAGS_release = -O2 -g $(HARDENING)
FLAGS_debug   = -O0 -g3 -Werror
FLAGS_asan    = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_tsan    = -O1 -g -fsanitize=thread
FLAGS_fuzz    = $(FLAGS_asan) -fsanitize=fuzzer-no-link
# Counters are a mapped file: they outlive SIGKILL, and are written where the sandbox forbids to open one.
FLAGS_cov     = -O1 -g -fprofile-instr-generate=$(CURDIR)/build/cov/%m%c.profraw -fcoverage-mapping \
                -mllvm -runtime-counter-relocation -Wno-unused-command-line-argument
# Other processors, under qemu: s390x is big-endian, arm64 has NEON.
FLAGS_s390x   = -O2 -g $(HARDENING)
FLAGS_arm64   = $(FLAGS_s390x)
LINK_s390x    = $(LINK_release)
LINK_arm64    = $(LINK_release)
LINK_release  = -Wl,-z,relro,-z,now -Wl,--as-needed

ifeq ($(FLAGS_$(PROFILE)),)
$(error PROFILE=$(PROFILE) is unknown; there are: release, debug, asan, tsan, fuzz, cov, s390x, arm64)
endif

# Asked for when first needed, so that `make deps demo` can install the libraries first.
PACKAGE_FLAGS = $(eval PACKAGE_FLAGS := $$(patsubst -I%,-isystem %,$$(shell pkg-config --cflags libpng libdeflate zlib libtiff-4 libarchive libcjson libxxhash sqlite3)))$(PACKAGE_FLAGS)
# libtiff, libarchive and SQLite are loaded when they are needed (src/base/library.h).
PACKAGE_LIBS  = $(eval PACKAGE_LIBS := $$(shell pkg-config --libs libpng libdeflate zlib libcjson))$(PACKAGE_LIBS)

# One set of objects for the program and for the shared object, which shows what maskweight.h says.
ALL_CFLAGS = -fPIC -fvisibility=hidden -std=c11 -D_POSIX_C_SOURCE=200809L -DMW_DATA_DIR='"$(PREFIX)/share/maskweight"' -Isrc $(WARNINGS) $(FLAGS_$(PROFILE)) $(CFLAGS)
ALL_LIBS   = $(LDFLAGS) $(FLAGS_$(PROFILE)) $(LINK_$(PROFILE)) $(PACKAGE_LIBS) -lm -ldl -pthread

# --- Files --------------------------------------------------------------------------------------

LIBRARY_SOURCES = $(wildcard src/base/*.c src/read/*.c src/count/*.c src/weigh/*.c src/audit/*.c src/write/*.c)
CLI_SOURCES     = $(wildcard src/cli/*.c)
UNIT_SOURCES    = $(wildcard tests/unit/test_*.c)
FUZZ_SOURCES    = $(wildcard tests/fuzz/fuzz_*.c)

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIBRARY_OBJECTS = $(call objects,$(LIBRARY_SOURCES))
CLI_OBJECTS     = $(call objects,$(CLI_SOURCES))
UNIT_PROGRAMS   = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SOURCES))
FUZZ_OBJECTS    = $(call objects,tests/fuzz/fuzz.c tests/fuzz/masks.c) $(CLI_OBJECTS)
REPLAY_PROGRAMS = $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/replay_%,$(FUZZ_SOURCES))
FUZZ_PROGRAMS   = $(patsubst tests/fuzz/%.c,$(BUILD)/tests/%,$(FUZZ_SOURCES))
COMPLETIONS     = $(addprefix $(BUILD)/completions/,maskweight.bash _maskweight maskweight.fish)
DOCUMENTS       = $(BUILD)/maskweight.1 $(COMPLETIONS)

LIBRARY = $(BUILD)/libmaskweight.a

# What others link: the same with src/maskweight.c and the table of options. SONAME changes when a program that was
# linked with an earlier one would not work.
VERSION  = $(shell sed -n 's/^.define MW_VERSION "\(.*\)"/\1/p' src/write/report.h)
SONAME   = libmaskweight.so.0
INSTALLED_OBJECTS = $(call objects,src/maskweight.c) $(CLI_OBJECTS) $(LIBRARY_OBJECTS)
SHARED   = $(BUILD)/lib/libmaskweight.so.$(VERSION)
STATIC   = $(BUILD)/lib/libmaskweight.a
PROGRAM = $(BUILD)/maskweight
EXAMPLE = $(BUILD)/tests/example

PIE = $(if $(LINK_$(PROFILE)),-pie)
comma = ,

# Short lines; V=1 shows the commands.
Q = $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)')

.PHONY: all
all: $(PROGRAM) $(DOCUMENTS) $(SHARED) $(STATIC)

# --- Build --------------------------------------------------------------------------------------

$(PROGRAM): $(call objects,src/main.c) $(CLI_OBJECTS) $(LIBRARY)
	$(call say,link    $@)
	$(Q)$(CC) $(PIE) $^ -o $@ $(ALL_LIBS)

$(LIBRARY): $(LIBRARY_OBJECTS)
	$(call say,archive $@)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

$(SHARED): $(INSTALLED_OBJECTS)
	@mkdir -p $(@D)
	$(call say,link    $@)
	$(Q)$(CC) -shared -Wl,-soname,$(SONAME) $(if $(filter release,$(PROFILE)),-Wl$(comma)-z$(comma)defs) $^ -o $@ $(ALL_LIBS)

$(STATIC): $(INSTALLED_OBJECTS)
	@mkdir -p $(@D)
	$(call say,archive $@)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/obj/%.o: %.c Makefile | packages
	@mkdir -p $(@D)
	$(call say,compile $<)
	$(Q)$(CC) $(ALL_CFLAGS) $(PACKAGE_FLAGS) -MMD -MP -c $< -o $@

$(BUILD)/generate: $(call objects,man/generate.c) $(CLI_OBJECTS) $(LIBRARY)
	$(call say,link    $@)
	$(Q)$(CC) $^ -o $@ $(ALL_LIBS)

$(BUILD)/maskweight.1: man/maskweight.1.in $(BUILD)/generate
	$(call say,make    $@)
	$(Q)$(BUILD)/generate man $< >$@.tmp && mv $@.tmp $@

$(BUILD)/completions/maskweight.bash: $(BUILD)/generate
	@mkdir -p $(@D)
	$(call say,make    $@)
	$(Q)$(BUILD)/generate bash >$@.tmp && mv $@.tmp $@

$(BUILD)/completions/_maskweight: $(BUILD)/generate
	@mkdir -p $(@D)
	$(call say,make    $@)
	$(Q)$(BUILD)/generate zsh >$@.tmp && mv $@.tmp $@

$(BUILD)/completions/maskweight.fish: $(BUILD)/generate
	@mkdir -p $(@D)
	$(call say,make    $@)
	$(Q)$(BUILD)/generate fish >$@.tmp && mv $@.tmp $@

# One line for each library that is missing or too old, with the package that has it.
.PHONY: packages
packages:
	@command -v pkg-config >/dev/null || { echo 'maskweight needs pkg-config: run `make deps`, or install the package pkg-config' >&2; exit 1; }
	@missing=0; for entry in $(foreach library,$(LIBRARIES),'$(library)'); do \
	    wanted=$${entry%:*}; name=$${wanted%%>*}; version=$${wanted##*=}; \
	    pkg-config --atleast-version="$$version" "$$name" && continue; \
	    echo "maskweight needs $$name $$version or later: run \`make deps\`, or install the package $${entry#*:}" >&2; \
	    missing=1; \
	done; exit $$missing

# --- Run ----------------------------------------------------------------------------------------

.PHONY: deps deps-build deps-consumers deps-lint deps-bench demo
deps:
	tests/install-packages $(BUILD_PACKAGES) $(CHECK_PACKAGES)

deps-build:
	tests/install-packages $(BUILD_PACKAGES)

# Those that tests are skipped without.
deps-consumers:
	tests/install-packages $(CONSUMER_PACKAGES)

deps-lint:
	tests/install-packages $(LINT_PACKAGES)

deps-bench:
	tests/install-packages $(BENCH_PACKAGES)

demo: $(PROGRAM)
	$(PROGRAM) data/sample --class-map data/names.txt --ignore-index 255 --scheme enet --format table --color never

# --- Check --------------------------------------------------------------------------------------

# test_tiff_library links libtiff to see that the one that is loaded is the same.
TEST_FLAGS = $(eval TEST_FLAGS := $$(shell pkg-config --cflags --libs cmocka) -Wl,--as-needed $$(shell pkg-config --libs libtiff-4))$(TEST_FLAGS)

$(BUILD)/tests/test_%: $(BUILD)/obj/tests/unit/test_%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,link    $@)
	$(Q)$(CC) $^ -o $@ $(TEST_FLAGS) $(ALL_LIBS)

$(EXAMPLE): $(call objects,tests/example.c) $(STATIC)
	@mkdir -p $(@D)
	$(call say,link    $@)
	$(Q)$(CC) $^ -o $@ $(ALL_LIBS)

$(BUILD)/tests/replay_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(FUZZ_OBJECTS) $(call objects,tests/fuzz/replay.c) $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,link    $@)
	$(Q)$(CC) $^ -o $@ $(ALL_LIBS)

# Preloaded into the program of any profile: built without its sanitizer.
FAULTS = $(BUILD)/tests/faults.so
$(FAULTS): tests/faults/faults.c Makefile
	@mkdir -p $(@D)
	$(call say,link    $@)
	$(Q)$(CC) -std=c11 -O2 -g $(WARNINGS) -fPIC -shared $< -o $@

.PHONY: check tests
tests: $(PROGRAM) $(SHARED) $(STATIC) $(FAULTS) $(EXAMPLE) $(UNIT_PROGRAMS) $(REPLAY_PROGRAMS) $(DOCUMENTS)

check: tests
	tests/run $(BUILD)

# Every fault in turn, for half an hour or more; TORTURE='--scenario tree' chooses.
.PHONY: torture
torture: $(PROGRAM) $(FAULTS) $(DOCUMENTS)
	tests/faults/kill $(PROGRAM) 200
	tests/faults/kill-cache $(PROGRAM) 100
	tests/faults/race $(PROGRAM) 60
	tests/faults/surroundings $(BUILD)
	tests/faults/run $(BUILD) $(TORTURE)

# Everything again under the sanitizers.
.PHONY: check-asan check-tsan
check-asan check-tsan: check-%:
	$(MAKE) PROFILE=$* check

# What the tests reach, with clang: tests/coverage.py. It takes half an hour, since every allocation fails once.
.PHONY: cov
cov:
	rm -f build/cov/*.profraw
	$(MAKE) PROFILE=cov CC=clang tests
	tests/run build/cov
	tests/faults/run build/cov --call memory
	tests/coverage.py build/cov

# On another processor, emulated: a cross compiler, qemu and the libraries in build/sysroot, which touch no
# package of this machine. What runs there is said in tests/qemu/run.
GNU_s390x = s390x-linux-gnu
GNU_arm64 = aarch64-linux-gnu

.PHONY: foreign check-s390x check-arm64
foreign: $(PROGRAM) $(UNIT_PROGRAMS) $(REPLAY_PROGRAMS)

check-s390x check-arm64: check-%:
	tests/install-packages qemu-user gcc-$(GNU_$*) libc6-dev-$*-cross sqlite3
	tests/qemu/sysroot $* build/sysroot/$* $(filter %-dev,$(BUILD_PACKAGES)) libcmocka-dev
	PKG_CONFIG_SYSROOT_DIR=$(CURDIR)/build/sysroot/$* \
	PKG_CONFIG_LIBDIR=$(CURDIR)/build/sysroot/$*/usr/lib/$(GNU_$*)/pkgconfig \
	    $(MAKE) PROFILE=$* CC='$(GNU_$*)-gcc --sysroot=$(CURDIR)/build/sysroot/$*' foreign
	$(MAKE) build/maskweight
	tests/qemu/run build/$* build/sysroot/$* $(GNU_$*) $(CURDIR)/build/maskweight

# Shards under real launchers, which are installed; see data/cluster.
CLUSTER_parallel = parallel
CLUSTER_mpi      = openmpi-bin
CLUSTER_slurm    = slurm-wlm munge

.PHONY: check-parallel check-mpi check-slurm
check-parallel check-mpi check-slurm: check-%: $(PROGRAM)
	tests/install-packages $(CLUSTER_$*)
	tests/cluster/$* $(BUILD)

# FUZZ_SECONDS for each target; FUZZ_TARGETS chooses among them (png tiff ...).
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(FUZZ_SOURCES))

$(BUILD)/tests/fuzz_png $(BUILD)/tests/fuzz_png_decoders: $(call objects,tests/fuzz/png_mutator.c)
$(BUILD)/tests/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(FUZZ_OBJECTS) $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,link    $@)
	$(Q)$(CC) $^ -o $@ -fsanitize=fuzzer $(ALL_LIBS)

.PHONY: fuzz fuzzers
fuzzers: $(FUZZ_PROGRAMS)

fuzz:
	$(MAKE) PROFILE=fuzz CC=clang fuzzers
	tests/fuzz/run build/fuzz $(FUZZ_SECONDS) $(FUZZ_TARGETS)

.PHONY: lint
lint: packages
	tests/lint '$(PACKAGE_FLAGS)'

# What the benchmark compares the program with.
BENCH_PROGRAMS = $(addprefix $(BUILD)/tests/bench/,floor naive)

$(BUILD)/tests/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(call say,link    $@)
	$(Q)$(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -O2 $(WARNINGS) $< -o $@ $$(pkg-config --cflags --libs libpng libtiff-4 libdeflate)

# make bench BENCH='--sets camvid,voc --repeat 9'
.PHONY: bench
bench: $(PROGRAM) $(BENCH_PROGRAMS)
	tests/bench/run --build $(BUILD) $(BENCH)

# --- Install ------------------------------------------------------------------------------------

.PHONY: install uninstall
install: all
	install -D -m 755 $(PROGRAM) $(BINDIR)/maskweight
	install -D -m 644 $(BUILD)/maskweight.1 $(MANDIR)/maskweight.1
	install -D -m 644 $(BUILD)/completions/maskweight.bash $(BASHDIR)/maskweight
	install -D -m 644 $(BUILD)/completions/_maskweight $(ZSHDIR)/_maskweight
	install -D -m 644 $(BUILD)/completions/maskweight.fish $(FISHDIR)/maskweight.fish
	install -D -m 644 -t $(DATADIR)/class-maps data/class-maps/*.json
	install -D -m 644 src/maskweight.h $(HEADERDIR)/maskweight.h
	install -D -m 644 $(SHARED) $(LIBDIR)/libmaskweight.so.$(VERSION)
	ln -sf libmaskweight.so.$(VERSION) $(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(LIBDIR)/libmaskweight.so
	install -D -m 644 $(STATIC) $(LIBDIR)/libmaskweight.a
	install -d $(LIBDIR)/pkgconfig
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' data/maskweight.pc.in >$(LIBDIR)/pkgconfig/maskweight.pc
	install -D -m 644 data/python/maskweight.py $(DATADIR)/python/maskweight.py

uninstall:
	rm -f $(BINDIR)/maskweight $(MANDIR)/maskweight.1 $(BASHDIR)/maskweight \
	    $(ZSHDIR)/_maskweight $(FISHDIR)/maskweight.fish $(HEADERDIR)/maskweight.h \
	    $(LIBDIR)/libmaskweight.* $(LIBDIR)/pkgconfig/maskweight.pc
	rm -rf $(DATADIR)

.PHONY: format
format:
	clang-format -i $$(git ls-files '*.c' '*.h')

.PHONY: clean
clean:
	rm -rf build

.PHONY: help
help:
	@echo 'make              build/maskweight, its manual page and completions'
	@echo 'make deps         install the packages that building and checking need (Debian)'
	@echo 'make deps-build   only those that building needs'
	@echo 'make deps-consumers  those that make check leaves out tests without (PyTorch, pre-commit)'
	@echo 'make demo         weigh the sample masks in data/'
	@echo 'make check        run every test'
	@echo 'make check-asan   run every test under the address and undefined-behaviour sanitizers'
	@echo 'make check-tsan   run every test under the thread sanitizer'
	@echo 'make check-parallel check-mpi check-slurm   shards under GNU parallel, Open MPI and Slurm, which are installed'
	@echo 'make torture      every call of the program fails, each in turn (tests/faults/README.md)'
	@echo 'make cov          what the tests reach, and why some branches are not (clang; build/cov/html)'
	@echo 'make check-s390x check-arm64   the tests on a big-endian processor, and on one with NEON, emulated'
	@echo 'make fuzz         fuzz every parser (clang; FUZZ_SECONDS each), as in tests/fuzz/README.md'
	@echo 'make deps-lint lint   static analysis, warnings of gcc and clang, formatting'
	@echo 'make deps-bench bench   speed and memory, as in tests/bench/README.md'
	@echo 'make install      into $(PREFIX) (PREFIX, DESTDIR); make uninstall'
	@echo 'make format       clang-format'
	@echo 'make clean        remove build/'
	@echo 'PROFILE=release|debug|asan|tsan|fuzz|cov, CC=, CFLAGS=, LDFLAGS= and V=1 are understood'

# With `make -j deps TARGET` nothing is built before the packages are there.
ifneq ($(filter deps deps-build,$(MAKECMDGOALS)),)
packages: | $(filter deps deps-build,$(MAKECMDGOALS))
endif

-include $(shell find build -name sysroot -prune -o -name '*.d' -print 2>/dev/null)
