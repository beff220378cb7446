# demo         install what is missing, convert Fixtures/photos in both modes and compare the results
# build        the debug build, in .build
# release      the optimised build, in .build-release
# test         build and run all tests
# lint         what the formatter and the rules below say about the sources
# format       let the formatter put the sources right
# check        lint, build with warnings as errors, test: must pass before any commit
# bench        measure against other programs, which are downloaded; works='resize gray' for less
# conformance  compare pixels with other decoders'; corpus=DIR for those of DIR/valid and DIR/hostile
# fuzz         feed broken PNG files to the codec; seconds=3600 for more than a minute
# agreement    compare filters with formulas of scipy on photographs; and builds for two processors
# faults       kill children, fill disks and so on, and look at the images; as root for all of it
# verdicts     slow one part down on purpose, and look whether the profile names it
# terminal     look at the progress line in tmux
# pictures     make the pictures of the README again, with chromium
# fixtures     make Fixtures again from its seed
# packages     install the libraries that are missing
# install      copy both programs to $(DESTDIR)$(PREFIX)
# clean        remove whatever was built here

# C libraries: the name that Package.swift knows, the header, the package of Debian. The first two
# are required; the others are compiled in when their header is found.
required := png=png.h=libpng-dev z=zlib.h=zlib1g-dev
optional := \
    jpeg=jpeglib.h=libjpeg62-turbo-dev \
    curl=curl/curl.h=libcurl4-openssl-dev \
    crypto=openssl/sha.h=libssl-dev \
    deflate=libdeflate.h=libdeflate-dev \
    webp=webp/decode.h=libwebp-dev \
    tiff=tiffio.h=libtiff-dev \
    lcms2=lcms2.h=liblcms2-dev

PREFIX ?= /usr/local
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo build release test lint format check bench agreement conformance fuzz faults verdicts terminal pictures fixtures install clean packages libraries

field = $(word $(2),$(subst =, ,$(1)))
# The compiler beside swift sees the headers that the build will see. jpeglib.h wants stdio.h.
where = $(or $(shell command -v swift),$(error there is no swift in PATH: see https://www.swift.org/install))
clang = $(firstword $(wildcard $(addsuffix clang,$(dir $(where) $(realpath $(where))))) clang)
has = $(shell $(clang) -fsyntax-only -include stdio.h -include $(call field,$(1),2) -x c /dev/null 2>/dev/null && echo yes)
# Of the optional libraries only those count that Package.swift names.
used = $(foreach row,$(optional),$(shell grep -q 'name: "$(call field,$(row),1)"' Package.swift && echo $(row)))
libraries = $(strip $(foreach row,$(used),$(if $(call has,$(row)),$(call field,$(row),1))))
missing = $(strip $(foreach row,$(required) $(used),$(if $(call has,$(row)),,$(call field,$(row),3))))

swift = PIXLOOM_LIBRARIES='$(libraries)' swift
# Code for x86-64-v3 where this processor has it; the program itself refuses to start on a lesser one.
v3 := $(shell for flag in avx2 bmi2 fma movbe f16c abm; do grep -qsw $$flag /proc/cpuinfo || exit; done; echo -Xcc -march=x86-64-v3)
release_flags = -c release --scratch-path .build-release --static-swift-stdlib $(v3)
sources := Sources Tests Package.swift

help:
	@sed -n '/^# /s/^# /make /p; /^$$/q' Makefile

demo: packages release
	@.ci/demo .build-release/release/pixloom Fixtures/photos out/demo

build: libraries
	$(swift) build

release: libraries
	$(swift) build $(release_flags)

test: packages
	$(swift) build --build-tests $(test_flags)
	$(swift) test --skip-build --quiet --disable-xctest $(test_flags)

lint:
	swift format lint --strict --recursive $(sources)
	@.ci/rules

format:
	swift format --in-place --recursive $(sources)

check: lint
	@$(MAKE) --no-print-directory test test_flags='--scratch-path .build-check -Xswiftc -warnings-as-errors'

bench: packages release .build-bench/made
	.build-bench/bin/python -B Tests/Benchmarks/photos.py .build-photos
	.build-bench/bin/python -B Tests/Benchmarks/run.py .build-release/release/pixloom .build-photos $(works)
	PIXLOOM_BENCHMARKS=1 $(swift) build $(release_flags) --product CodecBenchmarks
	PIXLOOM_BENCHMARKS=1 $(swift) build $(release_flags) --product FilterBenchmarks
	.build-bench/bin/python -B Tests/Benchmarks/codecs.py .build-release/release/CodecBenchmarks .build-photos/photographs-png
	.build-bench/bin/python -B Tests/Benchmarks/filter_table.py .build-release/release/FilterBenchmarks

# sanitize=address looks at memory too.
conformance: build_flags = $(if $(sanitize),\
    -c release --scratch-path .build-$(sanitize) -Xswiftc -sanitize=$(sanitize) -Xcc -fsanitize=$(sanitize),\
    $(release_flags))
conformance: packages .build-conformance/made
	@command -v djpeg >/dev/null && command -v dwebp >/dev/null && command -v tiffcp >/dev/null \
	    || .ci/install libjpeg-turbo-progs webp libtiff-tools
	$(swift) build $(build_flags)
	.build-conformance/bin/python -B Tests/Conformance/run.py .build-$(or $(sanitize),release)/release/pixloom \
	    $(if $(corpus),'$(corpus)/valid' --hostile '$(corpus)/hostile')

# SwiftPM gives the program a main function, so the library must be the one without.
fuzzer = $(shell $(clang) -print-resource-dir)/lib/linux/libclang_rt.fuzzer_no_main-$(shell uname -m).a
fuzz: packages
	PIXLOOM_FUZZ=1 PIXLOOM_LIBRARIES=deflate swift build -c release --scratch-path .build-fuzz \
	    --product PNGFuzzer -Xswiftc -enable-testing -Xswiftc -sanitize=address \
	    -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp \
	    -Xcc -fsanitize=address,fuzzer-no-link -Xlinker -lstdc++ -Xlinker $(fuzzer)
	mkdir -p .build-fuzz/corpus
	ASAN_OPTIONS=detect_leaks=0 .build-fuzz/release/PNGFuzzer -max_total_time=$(or $(seconds),60) \
	    -print_final_stats=1 -artifact_prefix=.build-fuzz/ .build-fuzz/corpus Fixtures/fuzz/png

agreement: packages release .build-bench/made .build-fixtures/made
	$(swift) build -c release --scratch-path .build-plain --static-swift-stdlib
	python3 -B Tests/Agreement/builds.py .build-release/release/pixloom .build-plain/release/pixloom Fixtures
	.build-bench/bin/python -B Tests/Benchmarks/photos.py .build-photos
	.build-fixtures/bin/python -B Tests/Agreement/run.py .build-release/release/pixloom .build-photos/photographs-png

faults: packages release
	python3 -B Tests/Faults/run.py .build-release/release/pixloom

verdicts: packages release
	python3 -B Tests/Verdicts/run.py .build-release/release/pixloom

terminal: release
	Tests/Terminal/run.sh .build-release/release/pixloom

pictures: release
	Tests/Pictures/run.sh .build-release/release/pixloom Fixtures/pictures

fixtures: .build-fixtures/made
	.build-fixtures/bin/python -B Fixtures/make.py

.build-fixtures/made: Fixtures/requirements.txt
.build-bench/made: Tests/Benchmarks/requirements.txt
.build-conformance/made: Tests/Conformance/requirements.txt
.build-fixtures/made .build-bench/made .build-conformance/made:
	python3 -c 'import ensurepip' 2>/dev/null || .ci/install python3-venv
	python3 -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

install: release
	install -D .build-release/release/pixloom '$(DESTDIR)$(PREFIX)/bin/pixloom'
	install -D .build-release/release/pixloom-worker '$(DESTDIR)$(PREFIX)/libexec/pixloom/pixloom-worker'

clean:
	rm -rf .build .build-* out

packages:
	@$(if $(missing),.ci/install $(missing),:)

# What is missing is said, not installed: who builds a package decides that.
libraries:
	@$(if $(missing),echo 'building without $(missing): "make packages" installs them' >&2,:)
