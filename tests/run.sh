#!/bin/sh
# run.sh: what `make check` runs. The plain and the sanitized build, the unit tests and the
# end-to-end tests against each, the daemon's under ThreadSanitizer, the linters. Lanes side by
# side: while one build compiles, another is tested.
# One line per step with its time; at the end what failed, in full, and "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C.UTF-8
LIMIT=600 # seconds for one step
out=build/check
began=$(date +%s.%N)
child=''

seconds_since() { date +%s.%N | awk -v began="$1" '{ printf "%.1f", $1 - began }'; }

# ---- what a step's output says: "PASSED FAILED". Whatever ends badly without saying so, or says
# nothing, is one failure.

judge_build() { if test "$2" -eq 0; then echo 0 0; else echo 0 1; fi; }

judge_check()
{
    awk -v status="$2" '
        /^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+$/ {
            gsub(",", ""); ran += $3; failed += $5 + $7
        }
        END {
            if (ran == 0 || status != 0 && failed == 0) failed++
            print (ran > failed ? ran - failed : 0), failed
        }' "$1"
}

judge_python()
{
    awk -v status="$2" '
        function count(what) {
            return match($0, what "=[0-9]+") ? substr($0, RSTART + length(what) + 1) + 0 : 0
        }
        /^Ran [0-9]+ tests? in / { ran = $2 }
        /^(OK|FAILED)( \(.*\))?$/ {
            ran -= count("skipped")
            failed = count("failures") + count("errors") + count("unexpected successes")
        }
        END {
            if (ran <= 0 && failed == 0 || status != 0 && failed == 0) failed++
            print (ran > failed ? ran - failed : 0), failed
        }' "$1"
}

judge_lint()
{
    awk -v status="$2" '
        /^[0-9]+ passed, [0-9]+ failed$/ { passed = $1; failed = $3 }
        END {
            if (passed + failed == 0 || status != 0 && failed == 0) failed++
            print passed + 0, failed
        }' "$1"
}

# ---- steps and lanes

# step NAME KIND COMMAND...: runs the command, keeps its output, tells and notes the result.
step()
{
    name=$1 kind=$2
    shift 2
    log=$out/$(printf '%s' "$name" | tr ' /' '_-').log
    start=$(date +%s.%N)
    timeout -k 10 $LIMIT "$@" >"$log" 2>&1 </dev/null &
    child=$!
    wait $child
    status=$?
    child=''
    if test $status -ge 124; then echo "run.sh: ended with status $status" >>"$log"; fi
    counts=$("judge_$kind" "$log" $status)
    passed=${counts% *} failed=${counts#* }
    verdict=ok
    if test "$failed" -gt 0; then verdict=FAILED; fi
    printf '%-6s %4d passed %3d failed %6s s  %s\n' $verdict "$passed" "$failed" \
        "$(seconds_since "$start")" "$name"
    echo "$passed $failed $log $name" >>$out/results
}

# units BUILD NAME: the Check program of every *_test.c
units()
{
    for source in $(find tests -name '*_test.c' | sort); do
        step "$2 ${source%.c}" check "$1/${source%.c}"
    done
}

# whole BUILD NAME: the end-to-end tests against one program. servers_test.py needs no program.
whole()
{
    for script in tests/e2e/*_test.py; do
        test -e "$script" || continue
        case $2$script in
            sanitized*/servers_test.py | sanitized*/kill_test.py | sanitized*/speed_test.py | \
                sanitized*/inspect_memory_test.py | sanitized*/install_test.py | \
                sanitized*/demo_test.py | sanitized*/letters_test.py)
                continue ;;
        esac
        step "$2 $script" python env LIANLUO="$1/lianluo" /usr/bin/python3 "$script"
    done
}

# As a background job a lane never hears Ctrl-C; the script below tells it.
lane()
{
    trap 'test -z "$child" || kill "$child"; exit 143' TERM
    "lane_$1"
}

lane_plain()
{
    units build plain
    whole build plain
    step lint lint tests/lint/all.sh
}

lane_sanitized()
{
    step 'sanitized build' build make -k -j2 SANITIZE=1 tests
    export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
    # Without fork() the leak checker sees what the tests leave.
    CK_FORK=no
    export CK_FORK
    units build/sanitize sanitized
    unset CK_FORK
    whole build/sanitize sanitized
}

# Only what has threads: the daemon and inspect.
lane_thread()
{
    step 'thread build' build make -k -j2 SANITIZE=thread
    for script in tests/e2e/daemon_test.py tests/e2e/inspect_test.py; do
        step "thread $script" python env LIANLUO=build/thread/lianluo /usr/bin/python3 "$script"
    done
}

stop()
{
    # shellcheck disable=SC2086
    kill $child $lanes 2>/dev/null
    wait
    exit 130
}

# What failed, in full; the last line is for machines, too.
tell()
{
    while read -r passed failed log name; do
        if test "$failed" -gt 0; then
            printf '\n== FAILED: %s (%s)\n' "$name" "$log"
            cat "$log"
        fi
    done <$out/results
    printf '\n%s s in all\n' "$(seconds_since "$began")"
    awk '{ passed += $1; failed += $2 }
        END {
            print passed + 0 " passed, " failed + 0 " failed"
            exit failed > 0 || passed == 0
        }' $out/results
}

rm -rf $out
mkdir -p $out
: >$out/results
lanes=''
trap stop INT TERM
echo '== the plain build; then its tests and the linters, beside the sanitized builds and theirs'
step 'plain build' build make -k -j2 tests
lane plain &
lanes=$!
lane sanitized &
lanes="$lanes $!"
lane thread &
lanes="$lanes $!"
# shellcheck disable=SC2086
wait $lanes
tell
