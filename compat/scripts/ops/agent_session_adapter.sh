#!/bin/sh
# fairway-scripts shim: hands the call over to the suite, or with FAIRWAY_LEGACY=1 to the script that was here before.
name=${0##*/}
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
if [ "${FAIRWAY_LEGACY:-0}" != 0 ]; then
    for original in "$here/legacy/$name" "$here-legacy/$name"; do
        [ -f "$original" ] || continue
        [ -x "$original" ] && exec "$original" "$@"
        IFS= read -r line <"$original"
        case $line in '#!'*) line=${line#??} ;; *) line=/bin/sh ;; esac
        # shellcheck disable=SC2086 # the words of a #! line
        exec $line "$original" "$@"
    done
    echo "error: missing_dependency: FAIRWAY_LEGACY is set, but there is no $here/legacy/$name" >&2
    echo "hint: unset FAIRWAY_LEGACY" >&2
    exit 2
fi
main=$here/../..
if [ -f "$main/.git" ]; then # a lane: its .git is a file that leads to the shared git directory
    read -r _ main <"$here/../../.git"
    case $main in /*) ;; *) main=$here/../../$main ;; esac
    case $main in */worktrees/*) main=${main%/worktrees/*}/.. ;; *) main=$here/../.. ;; esac
fi
home=${FAIRWAY_HOME:-}
for file in "$here/../../.fairway/home" "$main/.fairway/home"; do
    [ -z "$home" ] && [ -f "$file" ] && IFS= read -r home <"$file"
done
case $home in '' | /*) ;; *) home=$main/$home ;; esac
if [ -f "$home/bin/compat-call" ]; then
    python=$home/.venv/bin/python
    [ -x "$python" ] || python=python3
    exec "$python" -I -S "$home/bin/compat-call" "$here/$name" "$@"
fi
command -v compat-call >/dev/null && exec compat-call "$here/$name" "$@"
echo "error: missing_dependency: $name cannot find fairway-scripts${home:+ in $home}" >&2
echo "hint: write the path of its checkout into .fairway/home, or call the original once with FAIRWAY_LEGACY=1" >&2
exit 2
