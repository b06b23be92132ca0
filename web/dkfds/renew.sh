#!/bin/sh
# Makes web/static/dkfds/ anew from the npm package `dkfds`: `make dkfds`. Needs Node.js and npm; serving needs neither.
# A new version: change it in package.json, run this, and commit what changed.
set -eu
cd "$(dirname "$0")"
npm ci --silent --omit=optional
from=node_modules/dkfds/dist
to=../static/dkfds
rm -rf "$to"
mkdir -p "$to/fonts" "$to/icons"
npx sass --no-source-map --no-error-css --no-charset dkfds.scss "$to/dkfds.css"
for icon in $(grep -o 'icons/[a-z-]*\.svg' "$to/dkfds.css" | sort -u); do
  cp "$from/img/svg-icons/${icon#icons/}" "$to/icons/"
done
for weight in Regular SemiBold; do
  for letters in Latin1 Latin2; do
    cp "$from/fonts/IBMPlexSans/split/woff2/IBMPlexSans-$weight-$letters.woff2" "$to/fonts/"
  done
done
cp "$from/fonts/IBMPlexSans/split/woff2/license.txt" "$to/fonts/"
cp "$from/LICENSE.md" "$to/"
chmod -R u=rwX,go=rX "$to"
rm -rf node_modules
