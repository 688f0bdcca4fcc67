# make run    set everything up and open the shell on the first lesson
# make test   set everything up and run all tests
.PHONY: run test build format lint bench lessons install clean setup

SWIFT ?= swift
BUILD := $(SWIFT) build -c release --disable-index-store
ATTUNE := .build/release/attune
PREFIX ?= /usr/local

run: build
	@$(ATTUNE) pull minilm --yes || echo "Going on with the small models that come with attune."
	@$(ATTUNE)

build: setup
	$(BUILD) --product attune

# Release mode and no @testable, so that the tests reuse the build; XCTest is not used.
test: setup
	$(SWIFT) test -c release --disable-testable-imports --disable-xctest

# Proves the lessons, those that the tests leave out because they train included.
lessons: build
	@for model in minilm smollm2 en-pt; do $(ATTUNE) pull $$model --yes || exit; done
	$(ATTUNE) check lessons/[0-9]*.md lessons/demo.md

bench: build
	@$(ATTUNE) pull minilm --yes
	$(ATTUNE) bench

format:
	$(SWIFT) format format --in-place --recursive --parallel Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

install: build
	install -d $(PREFIX)/bin $(PREFIX)/share/attune
	install $(ATTUNE) $(PREFIX)/bin/attune
	cp -RL lessons samples $(PREFIX)/share/attune/

clean:
	rm -rf .build

setup:
	@sh .ci/setup
