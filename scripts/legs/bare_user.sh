#!/usr/bin/env bash
# Both commands of the README as a new user would type them: an account of its own with a rather long name, a copy of
# the checkout, the system's Python, and of the environment HOME, PATH and LANG only. Needs root, to make the account.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/legs/checkout.sh
. scripts/legs/checkout.sh

if [ "$(id -u)" != 0 ]; then
    echo 'bare-user: skipped: only root can make a user'
    exit 0
fi
user="somebody-with-a-long-name-$$"
home="/home/$user"
remove() {
    userdel --remove "$user" >/dev/null 2>&1 || { rm -rf "$home" && userdel "$user"; }
}
trap remove EXIT
trap 'exit 130' INT TERM
useradd --create-home --home-dir "$home" --shell /bin/sh "$user"
copy_checkout "$home/fairway"
chown -R "$user:" "$home/fairway"
contained runuser --user "$user" -- env -i HOME="$home" PATH=/usr/bin:/bin LANG=C.UTF-8 \
    sh -c "$(both_commands "$home/fairway")"
