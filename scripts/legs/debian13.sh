#!/usr/bin/env bash
# Both commands of the README on Debian 13 (Python 3.13, git 2.47, GNU Make 4.4), as an ordinary user with a bare
# environment, in a folder that debootstrap makes. Needs root, debootstrap and Debian's packages.
#
#   FAIRWAY_DEBIAN13   the folder; default /var/cache/fairway/debian13. It is made when it is missing, and kept.
#   FAIRWAY_MIRROR     where packages come from; default: where this machine's come from, else debootstrap's own choice
#
# The Python packages are fetched outside, by the lock: inside nothing but Debian's own files is needed.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/legs/checkout.sh
. scripts/legs/checkout.sh

if [ "$(id -u)" != 0 ]; then
    echo 'debian13: only root can make the folder and run in it' >&2
    exit 1
fi
command -v debootstrap >/dev/null || { echo 'debian13: debootstrap is missing: apt-get install debootstrap' >&2; exit 1; }

root=${FAIRWAY_DEBIAN13:-/var/cache/fairway/debian13}
packages=git,make,postgresql,python3,python3-venv,ruby,ruby-sqlite3,tmux,util-linux,busybox-static,procps
user=somebody
if [ ! -e "$root/.complete" ]; then
    # shellcheck disable=SC2016  # the names are apt's
    mirror=${FAIRWAY_MIRROR:-$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
        awk '$1 == "bookworm" || $1 == "trixie" { print $2; exit }')}
    echo "debian13: making $root"
    rm -rf "$root"
    mkdir -p "$root"
    debootstrap --variant=minbase --include="$packages" trixie "$root" ${mirror:+"$mirror"} >"$root.log" 2>&1 ||
        { tail -20 "$root.log" >&2; exit 1; }
    chroot "$root" useradd --create-home --shell /bin/sh "$user"
    : >"$root/.complete"
fi

checkout=/home/$user/fairway
rm -rf "$root$checkout" "$root/wheels"
copy_checkout "$root$checkout"
.venv/bin/python -m pip download --quiet --require-hashes --requirement requirements.lock --dest "$root/wheels" \
    --python-version 3.13 --only-binary=:all: --no-deps
printf '[global]\nno-index = true\nfind-links = /wheels\n' >"$root/etc/pip.conf"
chroot "$root" chown -R "$user:" "$checkout"

inside() {
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    chroot --userspec="$user:$user" "$root" /usr/bin/env -i HOME="/home/$user" PATH=/usr/bin:/bin LANG=C.UTF-8 \
        sh -c "$(both_commands "$checkout")"
}
export root user checkout TESTS
export -f inside both_commands
# Mounts need a namespace of their own: no fault of ours can leave one behind.
unshare --mount --pid --fork --kill-child --propagation private bash -euc inside
