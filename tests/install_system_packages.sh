#!/bin/sh
# Installs what the tests need beside Python, where that is possible; otherwise says how to get it.
set -eu
PATH="$PATH:/usr/sbin:/sbin"
missing=""
have() { command -v "$1" >/dev/null 2>&1; }
have chromium || have chromium-browser || have google-chrome || missing="$missing chromium"
have fc-list && fc-list | grep -qi 'cjk' || missing="$missing fonts-noto-cjk fontconfig"
have postfix || missing="$missing postfix"
have msmtp || missing="$missing msmtp"
have saslpasswd2 || missing="$missing sasl2-bin"
have unshare || missing="$missing util-linux"
have mount || missing="$missing mount"
# deploy/ is tried with a real nginx, and the unit with systemd's own checks.
have nginx || missing="$missing nginx-light"
have systemd-analyze || missing="$missing systemd"
# The lab's users are in a sasldb, and their passwords are checked with these mechanisms.
set -- /usr/lib/*/sasl2/libsasldb.so*
[ -e "$1" ] || missing="$missing libsasl2-modules-db"
set -- /usr/lib/*/sasl2/libcrammd5.so*
[ -e "$1" ] || missing="$missing libsasl2-modules"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || [ ! -f /etc/debian_version ]; then
    echo "The browser tests, the lab and the tests of deploy/ need:$missing. On Debian: sudo apt-get install$missing. Without them those tests are left out."
    exit 0
fi
# The packages' own services are not wanted: nothing is started while they are installed, and the lab starts its own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
apt-get -o DPkg::Lock::Timeout=300 update -q
echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends $missing
