#!/bin/sh
# Installs what the browser tests need, where that is possible; otherwise says how to get it.
set -eu
packages="chromium fonts-noto-cjk"
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="chromium"
if command -v fc-list >/dev/null 2>&1 && fc-list | grep -qi 'cjk'; then :; else missing="$missing fonts-noto-cjk"; fi
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages fontconfig
    exit 0
fi
echo "The browser tests need:$missing. On Debian: sudo apt-get install $packages. Without them those tests are left out."
