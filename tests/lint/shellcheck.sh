#!/bin/sh
# Shell scripts are portable and quote what they expand.
git ls-files -co --exclude-standard -- '*.sh' | while read -r file; do
    if test -f "$file"; then echo "$file"; fi
done | xargs -r shellcheck
