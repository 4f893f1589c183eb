#!/bin/sh
# The manifest of the built-in texts lists exactly the templates of the folder, in order.
export LC_ALL=C
listed=$(sed -n 's|.*<file>\(.*\)</file>.*|\1|p' templates/zh.gresource.xml)
present=$(cd templates/zh && ls -- *.mustache)
if test "$listed" = "$present"; then exit 0; fi
echo 'templates/zh.gresource.xml must list, in this order:'
for name in $present; do
    echo "    <file>$name</file>"
done
exit 1
