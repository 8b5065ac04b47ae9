#!/bin/sh
# Starts the program beside this file, whose runtime, Bun, would else take its words from the environment, and not start
# in a directory that has been removed.
self=$0; [ -L "$self" ] && self=$(readlink -f "$self")
case $self in */*) home=${self%/*} ;; *) home=. ;; esac
case ${0##*/} in kubectl_complete-*) set -- __complete "$@" ;; esac
here=$(pwd -P 2>/dev/null; export -p)
case $here in *BUN_*)
  set -f
  for word in $here; do
    case $word in BUN_*=*) name=${word%%=*}; case $name in *[!A-Za-z0-9_]*) ;; *) unset "$name" ;; esac ;; esac
  done
esac
case $here in /*) ;; *) cd / && export ROLLOUTS_GROUP_NO_DIRECTORY=1 ;; esac
# A look is over before compiled code would pay: what runs for long is compiled.
export BUN_JSC_thresholdForJITAfterWarmUp=50000 BUN_JSC_thresholdForJITSoon=50000
program=$home/rollouts-group.bin
[ -x "$program" ] && exec "$program" "$@"
echo "error: $program is missing: unpack the whole archive into one directory" >&2; exit 1
