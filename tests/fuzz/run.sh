#!/bin/sh
# run.sh SECONDS [NAME...]: runs the fuzzers built by `make fuzz`, each on the folders of seeds that
# NAME.seeds lists and on what earlier runs found (corpus/NAME.tar.xz, see keep.sh). What is found
# new goes to build/fuzz/corpus; a finding is written beside it and ends the run with 1.
set -u
cd "$(dirname "$0")/../.." || exit 1
seconds=$1
shift
built=build/fuzz/tests/fuzz
failed=0 ran=0
if test $# -eq 0; then
    # shellcheck disable=SC2046
    set -- $(for source in tests/fuzz/*_fuzz.c; do basename "$source" _fuzz.c; done)
fi
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
for name; do
    grown=build/fuzz/corpus/$name
    log=build/fuzz/$name.log
    mkdir -p "$grown"
    kept=tests/fuzz/corpus/$name.tar.xz
    if test -e "$kept"; then tar -xJf "$kept" -C "$grown"; fi
    seeds=$(tr '\n' ' ' <"tests/fuzz/$name.seeds")
    words=''
    if test -e "tests/fuzz/$name.dict"; then words=-dict=tests/fuzz/$name.dict; fi
    printf '%-12s %s s ... ' "$name" "$seconds"
    # shellcheck disable=SC2086
    if "$built/${name}_fuzz" $words -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" "$grown" $seeds >"$log" 2>&1; then
        awk '/number_of_executed_units/ { n = $2 }
            { for (i = 1; i < NF; i++) if ($i == "cov:") c = $(i + 1) }
            END { print n " inputs, coverage " c }' "$log"
    else
        echo "FOUND SOMETHING: $log"
        tail -n 30 "$log"
        failed=$((failed + 1))
    fi
    ran=$((ran + 1))
done
echo "$ran fuzzers, $failed with findings"
test "$failed" -eq 0
