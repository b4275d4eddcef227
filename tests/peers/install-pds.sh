#!/bin/sh
# Installs the official Bluesky PDS and its PLC directory beside tests/peers/pds/package.json.
# Needs Node 20 with npm 10 or 11, a C++ compiler, make and python3: SQLite is compiled once, which takes
# two to three minutes. Says nothing and is quick when everything is there already.
set -eu
cd "$(dirname "$0")/pds"

installed() {
    [ node_modules/.package-lock.json -nt package-lock.json ] &&
        node -e 'new (require("better-sqlite3"))(":memory:"); require.resolve("@atproto/pds"); require.resolve("@did-plc/server")' 2>/dev/null
}

installed && exit 0

# Node's own headers, where they stand beside it, spare node-gyp a download.
prefix=$(node -p 'require("node:path").dirname(require("node:path").dirname(fs.realpathSync(process.execPath)))')
if [ -f "$prefix/include/node/node.h" ]; then
    export npm_config_nodedir="$prefix"
fi

# npm 11 runs only the install scripts that allowScripts in package.json names; npm 10 runs all.
npm ci --no-audit --no-fund --loglevel=error
touch node_modules/.package-lock.json

installed || {
    echo "install-pds.sh: the PDS is installed but does not load" >&2
    exit 1
}
