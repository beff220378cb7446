#!/usr/bin/env bash
# Makes the pictures of the README: a terminal session and a report.
#
# usage: run.sh PIXLOOM FOLDER        (needs chromium; Fixtures/photos are converted)
set -euo pipefail

pixloom=$(realpath "$1")
mkdir -p "$2"
pictures=$(realpath "$2")
photos=$(realpath "$(dirname "$0")/../../Fixtures/photos")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Enough images that a run takes some seconds, in a folder of a plain name.
mkdir photos
while read -r photo; do
    for round in 1 2 3 4 5 6 7 8; do
        cp "$photo" "photos/$(basename "${photo%.*}")-$round.${photo##*.}"
    done
done < <(find "$photos" -type f | sort)

escaped() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; }

# One command as a person types it, and what it shows. usage: session WORD...
session() {
    printf '<b>$</b> <i>%s</i>\n' "$(printf '%s' "$*" | escaped)"
    PATH="$work/bin:$PATH" bash -c "$*" 2>&1 | escaped
    printf '\n'
}

# A picture of a page. usage: shoot PAGE NAME WIDTH HEIGHT
shoot() {
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
        --window-size="$3,$4" --screenshot="$work/shots/$2.png" "file://$work/$1" 2>/dev/null
}

mkdir bin shots
ln -s "$pixloom" bin/pixloom
PIXLOOM_WORKER=$(dirname "$pixloom")/pixloom-worker
export PIXLOOM_WORKER
{
    cat <<'HEAD'
<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 0; background: #1b1d20; }
pre { margin: 0; padding: 22px 26px; white-space: pre-wrap; color: #d6d8dc; font: 14px/1.45 "DejaVu Sans Mono", monospace; }
b { color: #22a884; } i { color: #fff; font-style: normal; }
</style><pre>
HEAD
    session 'pixloom photos -o out -s 50% --filter unsharp:1 --profile --report report.html'
    session 'pixloom photos -o out -s 50% --filter unsharp:1'
    printf '</pre>\n'
} >terminal.html

lines=$(wc -l <terminal.html)
shoot terminal.html terminal 1010 $((lines * 20 + 10))
shoot report.html report 1010 1500

# Few colours: small files that every reader shows alike.
"$pixloom" shots -o small --png-effort small --quiet
for name in terminal report; do
    cp "small/$name.png" "$pictures/$name.png"
    size=$(stat -c %s "$pictures/$name.png")
    echo "$pictures/$name.png: $((size / 1024)) KiB"
    [ "$size" -lt 200000 ] || { echo "$name.png is too large for a README" >&2; exit 1; }
done
