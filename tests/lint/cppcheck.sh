#!/bin/sh
# What cppcheck finds in the rooms and their tests. It remembers unchanged files below build. A bare
# NULL ends an argument list well enough here, because in C it is a pointer (varFuncNullUB).
memory=build/cppcheck
mkdir -p "$memory"
rooms=
for room in base mail channels documents wording templates db handlers bot tests; do
    if test -d "$room"; then rooms="$rooms $room"; fi
done
# shellcheck disable=SC2086 # the list of rooms is meant to be split
exec cppcheck --quiet -j2 --cppcheck-build-dir="$memory" --error-exitcode=1 --inline-suppr \
    --enable=warning,portability,performance --library=posix,gtk,tests/lint/macros.cfg \
    --suppress=missingInclude --suppress=varFuncNullUB -I. -Itests $rooms
