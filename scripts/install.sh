#!/usr/bin/env bash
# Installs what is missing from Debian's packages: scripts/install.sh GROUP ... (groups: scripts/packages.txt)
set -euo pipefail
cd "$(dirname "$0")"
missing=()
for group in "$@"; do
  for package in $(sed -n "s/^$group: //p" packages.txt); do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
  done
done
[ ${#missing[@]} -eq 0 ] && exit 0
echo "Installing ${missing[*]}"
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get update -q
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
