#!/bin/sh
# Starts the program beside this file. Its runtime, Bun, would take words from the environment that are not meant for it,
# start nowhere in a directory that has been removed, and compile at once what is soon over.
self=$0; [ -L "$self" ] && self=$(readlink -f "$self")
case $self in */*) program=${self%/*}/rollouts-group.bin ;; *) program=./rollouts-group.bin ;; esac
case ${0##*/} in kubectl_complete-*) set -- __complete "$@" ;; esac
given=$(export -p)
case $given in *BUN_* | *MIMALLOC_* | *SIMDUTF_*)
  set -f
  for word in $given; do
    name=${word%%=*}
    case $name in *[!A-Za-z0-9_]*) ;; BUN_* | MIMALLOC_* | SIMDUTF_*) unset "$name" ;; esac
  done ;;
esac
if [ -z "$PWD" ] || ! pwd -P >/dev/null 2>&1; then cd / && export BUN_DIRECTORY_GONE=1; fi
export BUN_JSC_thresholdForJITAfterWarmUp=50000 BUN_JSC_thresholdForJITSoon=50000
[ -x "$program" ] && exec "$program" "$@"
echo "error: $program is missing: unpack the whole archive into one directory" >&2
exit 1
