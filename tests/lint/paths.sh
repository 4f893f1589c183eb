#!/bin/sh
# No file names a folder that only one machine has: a home, or the place where this tree lies. The
# words are pieced together so that this script does not find itself.
join='/'
folders=$(echo "ho${join}me|ro${join}ot|wo${join}rk" | tr -d "$join")
here=$(pwd -P | sed 's/[][\\.*^$+?(){}|]/\\&/g')
! git grep --untracked -nIE -e "(^|[^A-Za-z0-9_.~%})-])/($folders)/" -e "$here/"
