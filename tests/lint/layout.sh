#!/bin/sh
# C is laid out as .clang-format says (make format does it); tells the first line of each file that
# is not.
findings=$(git ls-files -co --exclude-standard -- '*.c' '*.h' | while read -r file; do
    if test -f "$file"; then echo "$file"; fi
done | xargs -r clang-format --dry-run -Werror 2>&1) && exit 0
lines=$(echo "$findings" | sed -n 's/^\([^: ]*:[0-9]*\):[0-9]*: error: .*/\1/p' | sort -t: -k1,1 -u)
echo "${lines:-$findings}"
exit 1
