#!/bin/sh
# Every check on the sources: one line each, what a failed one found below it, and a summary. A
# check is a script of this folder; it prints its findings and exits with 0 if there are none.
cd "$(dirname "$0")/../.." || exit 1
passed=0
failed=0
for check in tests/lint/*.sh tests/lint/*.py; do
    name=$(basename "${check%.*}")
    case $check in
    */all.sh) continue ;;
    *.py) interpreter=python3 ;;
    *) interpreter="sh" ;;
    esac
    if findings=$($interpreter "$check" 2>&1); then
        echo "ok $name"
        passed=$((passed + 1))
    else
        echo "FAILED $name"
        echo "$findings" | sed 's/^/    /'
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
test "$failed" -eq 0
