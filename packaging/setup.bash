# Sourced by packaging/run and packaging/test: finds what is missing, says so, installs it.
# Quick when nothing is missing: a few dpkg questions and one comparison of a stamp.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VENV="$ROOT/.venv"

# What Qt and its web engine load, as ldd tells on a minimal Debian 12, fonts for Latin, Arabic,
# Hebrew, Cyrillic and CJK letters, and what checks spelling, with English words. a|b: either does;
# Ubuntu 24.04 and Debian 13 renamed some.
# shellcheck disable=SC2034
RUN_PACKAGES=(
    libegl1 libgl1 libfontconfig1 'libglib2.0-0t64|libglib2.0-0' libdbus-1-3
    libxkbcommon0 libxkbcommon-x11-0 libxkbfile1 libwayland-client0 libwayland-cursor0 libwayland-egl1
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0
    libxcb-xinerama0 libxcomposite1 libxdamage1 libxrandr2 libxtst6
    libnss3 libnspr4 'libasound2t64|libasound2' libpulse0
    libenchant-2-2 hunspell-en-us
    fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji
)
# The screen, the servers and the keyring that tests run against.
# shellcheck disable=SC2034
TEST_PACKAGES=(
    xvfb xauth xdotool
    dovecot-core dovecot-imapd dovecot-pop3d dovecot-lmtpd postfix
    dbus dbus-x11 gnome-keyring libmime-tools-perl
    hunspell-de-de hunspell-ru
)
# Mail servers for a second opinion, each with the libraries of its own. Debian lets only one IMAP
# server be installed, so these are unpacked below the virtual environment and never installed.
# shellcheck disable=SC2034
CYRUS_PACKAGES=(
    cyrus-common cyrus-imapd libical3 libxapian30 libpcre3 libclamav12 libmspack0 libzephyr4
)
# shellcheck disable=SC2034
COURIER_PACKAGES=(courier-imap courier-base courier-authlib libcourier-unicode4 gamin libgamin0 libpcre3)

say() { printf 'martlet: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

installed() {
    local status
    status=$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) && [[ $status == installed ]]
}

# The name of a package here: the installed one of a|b, else the one apt can install, else the last.
choose() {
    local name names
    IFS='|' read -r -a names <<<"$1"
    for name in "${names[@]}"; do
        if installed "$name"; then echo "$name"; return; fi
    done
    if ((${#names[@]} > 1)); then
        for name in "${names[@]}"; do
            if apt-cache policy "$name" 2>/dev/null | grep -q 'Candidate: [0-9]'; then
                echo "$name"
                return
            fi
        done
    fi
    echo "${names[-1]}"
}

find_python() {
    local name
    for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# The package with venv and pip for this Python, where Debian has taken them out.
venv_package() {
    if "$1" -c 'import ensurepip, venv' 2>/dev/null; then return; fi
    if [[ $(readlink -f "$1") == "$(readlink -f /usr/bin/python3)" ]]; then
        echo python3-venv
    else
        "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
}

# Runs a command as root; how that may be done is found out once.
AS_ROOT=()
may_be_root() {
    if ((EUID == 0)); then return 0; fi
    command -v sudo >/dev/null || return 1
    AS_ROOT=(sudo)
    sudo -n true 2>/dev/null || [[ -t 0 ]]
}

# Installs packages and starts no service of theirs, now or at the next boot: tests run their own.
install_packages() {
    local quiet=/usr/sbin/policy-rc.d ours=no service
    local as_root=("${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive)
    "${as_root[@]}" apt-get update -q
    if [[ " $* " == *" postfix "* ]]; then
        echo 'postfix postfix/main_mailer_type select No configuration' |
            "${as_root[@]}" debconf-set-selections
    fi
    if [[ ! -e $quiet ]]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $quiet >/dev/null
        "${as_root[@]}" chmod +x $quiet
        ours=yes
    fi
    local result=0
    "${as_root[@]}" apt-get install -q -y --no-install-recommends "$@" || result=$?
    if [[ $ours == yes ]]; then "${as_root[@]}" rm -f $quiet; fi
    ((result == 0)) || die "apt-get could not install these packages; its own words are above."
    if [[ -d /run/systemd/system ]]; then
        for service in dovecot postfix; do
            if [[ " $* " == *" $service"[\ -]* ]]; then
                "${as_root[@]}" systemctl disable -q "$service" || true
            fi
        done
    fi
}

# system_packages NAME...: sees that these are there, and a Python with venv.
system_packages() {
    local missing=() name python
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "This is no Debian or Ubuntu: the system libraries that README.md names must be there."
        return
    fi
    for name in "$@"; do
        name=$(choose "$name")
        installed "$name" || missing+=("$name")
    done
    if python=$(find_python); then
        name=$(venv_package "$python")
        [[ -z $name ]] || missing+=("$name")
    elif ! command -v python3 >/dev/null; then
        missing+=(python3 python3-venv)
    fi
    ((${#missing[@]})) || return 0
    if may_be_root; then
        say "installing system packages: ${missing[*]}"
        install_packages "${missing[@]}"
    else
        say "These system packages are missing: ${missing[*]}"
        die "Install them as root: apt-get install --no-install-recommends ${missing[*]}"
    fi
}

# python_packages LOCKFILE: the virtual environment with exactly what the lock says.
python_packages() {
    local lock="$ROOT/packaging/$1" python stamp
    python=$(find_python) || die "Martlet needs Python 3.11 or newer; $(
        python3 --version 2>/dev/null || echo 'no python3'
    ) is what is here."
    stamp=$({ cat "$lock" "$ROOT/pyproject.toml"; echo "$1 $ROOT"; "$python" --version; } | sha256sum)
    if [[ -x $VENV/bin/python ]] && grep -qxF "$stamp" "$VENV/martlet-stamps" 2>/dev/null; then
        return
    fi
    if [[ -d $VENV ]] && ! "$VENV/bin/python" -c 'import pip' 2>/dev/null; then
        rm -rf "$VENV"
    fi
    if [[ ! -d $VENV ]]; then
        say "making a virtual environment in .venv with $("$python" --version)"
        "$python" -m venv "$VENV"
    fi
    rm -f "$VENV/martlet-stamps"
    say "installing the Python packages of packaging/$1 into .venv"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" ||
        die "pip could not install the Python packages; its own words are above."
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
        --editable "$ROOT" || die "Martlet itself could not be installed; pip's words are above."
    # What the tests need holds all that running needs.
    if [[ $1 == requirements-test.txt ]]; then
        { cat "$ROOT/packaging/requirements.txt" "$ROOT/pyproject.toml"; echo "requirements.txt $ROOT"
            "$python" --version; } | sha256sum >>"$VENV/martlet-stamps"
    fi
    echo "$stamp" >>"$VENV/martlet-stamps"
}

# unpacked SERVER PROGRAM NAME...: these packages' files in .venv/servers/SERVER, where tests look.
# Without them its tests are skipped, so what goes wrong is said and no more.
unpacked() {
    local server=$1 program=$2 place="$VENV/servers/$1" made
    shift 2
    if [[ -x $place/$program ]]; then return; fi
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 0
    say "fetching $server to run tests against"
    made=$(mktemp -d "$VENV/servers.XXXXXX")
    # The lists are there since the system packages were installed, or else are fetched by root.
    if (cd "$made" && { apt-get download -q "$@" || { may_be_root && "${AS_ROOT[@]}" apt-get update -q &&
        apt-get download -q "$@"; }; } && for package in *.deb; do dpkg-deb -x "$package" files; done
        ) >/dev/null && [[ -x $made/files/$program ]]; then
        mkdir -p "$VENV/servers"
        rm -rf "$place"
        mv "$made/files" "$place"
        # A server's own user must be able to read it.
        chmod -R go+rX "$place"
    else
        say "$server could not be fetched; the tests against it are skipped."
    fi
    rm -rf "$made"
}

# apart SERVER PROGRAM NAME: the same for a package that brings half a desktop along, with all that
# it needs and is not here. Installed, it would change what else runs on this computer.
apart() {
    local names schemas="$VENV/servers/$1/usr/share/glib-2.0/schemas"
    if [[ -x /$2 || -x $VENV/servers/$1/$2 ]] || ! command -v apt-get >/dev/null; then return 0; fi
    mapfile -t names < <(apt-get install -s --no-install-recommends "$3" 2>/dev/null |
        awk '/^Inst/ { print $2 }')
    ((${#names[@]})) || return 0
    unpacked "$1" "$2" "${names[@]}"
    if [[ -d $schemas ]] && command -v glib-compile-schemas >/dev/null; then
        glib-compile-schemas "$schemas"
    fi
}

# Chromium's sandbox refuses to run as root; a page that can do nothing is still behind the
# sanitiser, the request interceptor and the content security policy.
if ((EUID == 0)); then export QTWEBENGINE_DISABLE_SANDBOX=1; fi
