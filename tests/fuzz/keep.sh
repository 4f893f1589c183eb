#!/bin/sh
# keep.sh [NAME...]: after `make fuzz`, keeps what it found: of each corpus as little as covers the
# same, small inputs alone, packed into corpus/NAME.tar.xz, from which run.sh starts.
set -eu
cd "$(dirname "$0")/../.."
built=build/fuzz/tests/fuzz
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1
if test $# -eq 0; then
    # shellcheck disable=SC2046
    set -- $(for source in tests/fuzz/*_fuzz.c; do basename "$source" _fuzz.c; done)
fi
mkdir -p tests/fuzz/corpus
for name; do
    least=build/fuzz/least/$name
    rm -rf "$least"
    mkdir -p "$least" "build/fuzz/corpus/$name"
    "$built/${name}_fuzz" -merge=1 -max_len=3000 -timeout=10 "$least" "build/fuzz/corpus/$name" \
        >"build/fuzz/$name-merge.log" 2>&1
    # The same bytes for the same inputs.
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$least" -cf - . |
        xz -9e >"tests/fuzz/corpus/$name.tar.xz"
    printf '%-12s %s inputs, %s bytes\n' "$name" "$(find "$least" -type f | wc -l)" \
        "$(wc -c <"tests/fuzz/corpus/$name.tar.xz")"
done
