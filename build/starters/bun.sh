#!/bin/sh
# Starts the program beside this file. Its runtime, Bun, would take words from the environment that are not meant for it,
# start nowhere in a directory that has been removed, and compile at once what is soon over.
fail() { echo "error: $1" >&2; exit 1; }
self=$0
case $self in */*) ;; *) self=$(command -v -- "$self") ;; esac
[ ! -L "$self" ] || self=$(command -p readlink -f -- "$self")
# What lies in the working directory is another's: without a path there is no way to what belongs to this.
case $self in */*) program=${self%/*}/rollouts-group.bin ;; *) fail "$0 cannot tell where it is: call it by its path" ;; esac
[ -x "$program" ] || fail "$program is missing, or may not be run: unpack the whole archive into one directory"
# macOS has none, and needs none.
[ -e /proc/self/maps ] || [ -d /System/Library ] || fail "/proc is not mounted, and the program's runtime needs it"
case ${0##*/} in kubectl_complete-*) set -- __complete "$@" ;; esac
given=$(export -p)
case $given in *BUN_* | *[Mm][Ii][Mm][Aa][Ll][Ll][Oo][Cc]_* | *SIMDUTF_*)
  set -f
  for word in $given; do
    name=${word%%=*}
    case $name in
      *[!A-Za-z0-9_]*) ;;
      BUN_* | [Mm][Ii][Mm][Aa][Ll][Ll][Oo][Cc]_* | SIMDUTF_*) unset "$name" ;;
    esac
  done ;;
esac
# The directory itself stays open, and the program goes back to it.
if [ -z "$PWD" ] || ! pwd -P >/dev/null 2>&1; then command exec 9<. && cd / && export BUN_DIRECTORY=9; fi
[ ! -t 1 ] || export BUN_TERMINAL=1
export BUN_JSC_thresholdForJITAfterWarmUp=50000 BUN_JSC_thresholdForJITSoon=50000
exec "$program" "$@"
