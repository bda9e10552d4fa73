#!/bin/sh
# fairway-scripts shim: hands the call over to the suite, or with FAIRWAY_LEGACY=1 to the script that was here before.
name=${0##*/}
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
root=$here
for _ in 1 2 3 4 5 6; do [ -e "$root/.git" ] || root=$root/..; done
main=$root
if [ -f "$root/.git" ]; then # a lane: its .git is a file that leads to the shared git directory
    read -r _ main <"$root/.git"
    case $main in /*) ;; *) main=$root/$main ;; esac
    case $main in */worktrees/*) main=${main%/worktrees/*}/.. ;; *) main=$root ;; esac
fi
# What the caller runs it with (`bash FILE`, `python3 -u FILE`) runs the original too: its words, a line each.
caller=${FAIRWAY_RUN_WITH-} && unset FAIRWAY_RUN_WITH
case $caller-${BASH-} in -*/bash)
    caller=$BASH
    for flag in e u; do case $- in *$flag*) caller="$caller
-$flag" ;; esac done ;;
esac
original=
for file in "$here-legacy/$name" "$here/legacy/$name"; do [ -f "$file" ] && original=$file; done

run_original() { # ARGUMENT...
    export FAIRWAY_LEGACY=1
    if [ -n "$caller" ]; then
        set -f
        IFS='
'
        # shellcheck disable=SC2086 # a word each line
        exec $caller "$original" "$@"
    fi
    IFS= read -r line <"$original"
    case $line in '#!'*) line=${line#??} ;; *) line=/bin/sh && [ "$name" = "${name%.rb}" ] || line='/usr/bin/env ruby' ;; esac
    [ "$line" != '/usr/bin/env ruby' ] && [ -x "$original" ] && exec "$original" "$@"
    # shellcheck disable=SC2086 # the words of a #! line
    exec $line "$original" "$@"
}

is_on() { # LANE ENGINE...: whether its line in the file of engines names one of them
    lane=$1 && shift
    while IFS= read -r line; do
        for engine in "$@"; do
            case $line in "$lane = \"$engine\""* | "\"$lane\" = \"$engine\""*) return 0 ;; esac
        done
    done <"$engines"
    return 1
}

has_moved() { # WORD: whether it is a task, and the lanes with its first letters, else all without a line, have moved
    case $1 in [!A-Z]* | *[!A-Z0-9-]*) return 1 ;; *-*) first=${1%%-*} ;; *) return 1 ;; esac
    small=$(printf %s "$first" | tr '[:upper:]' '[:lower:]')
    rest=1 moves=
    while IFS= read -r line; do
        line=${line%% #*} && line=${line#\"}
        case $line in "$first"[-\"' '=]*=* | "$small"[-\"' '=]*=*) ;; default*=*fairway*) rest=0 && continue ;; *) continue ;; esac
        case ${line#*=} in *fairway*) moves=0 ;; *) return 1 ;; esac
    done <"$engines"
    return ${moves:-$rest}
}

if [ "${FAIRWAY_LEGACY:-0}" != 0 ]; then
    [ -n "$original" ] && run_original "$@"
    echo "error: missing_dependency: FAIRWAY_LEGACY is set, but the original of $here/$name is not there" >&2
    echo "hint: unset FAIRWAY_LEGACY" >&2
    exit 2
fi
engines=$main/.fairway/engines.toml
[ -f "$engines" ] || engines=$root/.fairway/engines.toml
default='' shadowed='' moved=''
if [ -n "$original" ] && [ -f "$engines" ]; then
    while IFS= read -r line; do
        case ${line%% #*} in '#'*) ;; *=*fairway*) moved=yes ;; *=*shadow*) shadowed=yes ;; 'default = "legacy"'*) default=legacy ;; esac
    done <"$engines"
    # While all lanes are on the older scripts, nothing else has to be asked.
    [ "$default$shadowed$moved${FAIRWAY_ENGINE:-}" = legacy ] && run_original "$@"
fi
home=${FAIRWAY_HOME:-}
for file in "$root/.fairway/home" "$main/.fairway/home"; do
    [ -z "$home" ] && [ -f "$file" ] && IFS= read -r home <"$file"
done
case $home in '' | /*) ;; *) home=$main/$home ;; esac
[ -z "$caller" ] || export FAIRWAY_RUN_WITH="$caller"
if [ -f "$home/bin/compat-call" ]; then
    python=$home/.venv/bin/python
    [ -x "$python" ] || python=python3
    exec "$python" -I -S "$home/bin/compat-call" "$here/$name" "$@"
fi
command -v compat-call >/dev/null && exec compat-call "$here/$name" "$@"
# This machine has no suite: what older scripts answer, they go on answering.
if [ "$default$shadowed" != '' ] || [ -n "$moved" ]; then
    old=yes role='' flag='' && [ -n "$moved" ] && old=
    for word in "$@"; do # as with the suite, a named lane decides
        case $flag in --role | --ROLE) role=$word ;; esac
        case $word in --role=* | --ROLE=* | ROLE=*) role=${word#*=} ;; esac
        flag=$word
    done
    [ -z "$old" ] && is_on "$role" legacy shadow && old=yes
    [ -z "$old" ] && is_on "$role" fairway && old=no
    for word in "${TASK_ID:-}" "${TASK:-}" "$@"; do # the lane of a reviewer says nothing of a task that has moved
        [ -z "$old" ] && has_moved "${word#*=}" && old=no
    done
    for word in "${ROLE:-}" "${AGENT_ROLE:-}" "$@"; do
        [ -z "$old" ] && is_on "${word#*=}" legacy shadow && old=yes
    done
    if [ -z "$old" ] && branch=$(git -C "$root" symbolic-ref --quiet --short HEAD); then
        is_on "${branch#agent/}" legacy shadow && old=yes
    fi
    [ "$old" = no ] && old=
    [ -n "$old" ] && [ -t 2 ] && echo "note: fairway-scripts is not on this machine: $original answers" >&2
    [ -n "$old" ] && run_original "$@"
fi
echo "error: missing_dependency: $name cannot find fairway-scripts${home:+ in $home}" >&2
echo "hint: put it on PATH, or its path from here into .fairway/home, or call the original with FAIRWAY_LEGACY=1" >&2
exit 2
