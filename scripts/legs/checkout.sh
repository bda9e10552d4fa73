# Sourced by the legs: a copy of this checkout for somebody else, and a place to run it in that leaves nothing behind.
# shellcheck shell=bash

# The files of the checkout as they are now, without what git ignores, into the folder $1.
copy_checkout() {
    mkdir -p "$1"
    git ls-files --cached --others --exclude-standard -z |
        tar --null --files-from=- --ignore-failed-read --create --file=- | tar --directory="$1" --extract --file=-
}

# Run "$@" in namespaces of its own: when it ends, whatever way, its processes end and its mounts are gone.
contained() {
    if unshare --mount --pid --fork --kill-child --propagation private true 2>/dev/null; then
        unshare --mount --pid --fork --kill-child --propagation private --mount-proc "$@"
    else
        "$@"
    fi
}

# What a new user types, in the folder $1; the variables that a login gives, and no others.
both_commands() {
    printf 'cd %q && make demo && make test %s' "$1" "${TESTS:+TESTS=$(printf %q "$TESTS")}"
}
