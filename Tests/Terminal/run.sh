#!/usr/bin/env bash
# Looks at the progress line in a real terminal: tmux, of several widths, with few and many inputs.
#
# usage: run.sh PIXLOOM
set -uo pipefail

pixloom=$(realpath "$1")
photo=$(find "$(realpath "$(dirname "$0")/../../Fixtures/photos")" -name '*.png' | sort | head -1)
work=$(mktemp -d)
session=pixloom-$$
failures=0
trap 'tmux -L $session kill-server 2>/dev/null; rm -rf "$work"' EXIT

# Starts a command in a new terminal. usage: start COLUMNS COMMAND
start() {
    tmux -L $session kill-server 2>/dev/null
    # What ran there may write on for a moment.
    within rm -rf "$work/out" 2>/dev/null
    rm -f "$work/log" "$work/status"
    tmux -L $session -f /dev/null new-session -d -x "$1" -y 20 \
        "sh -c 'trap : INT; $2; echo \$? > $work/status; read wait'"
    tmux -L $session pipe-pane -o "cat > $work/log"
}

screen() { tmux -L $session capture-pane -p; }

# Waits until a command is true, for 30 s at most. usage: within COMMAND...
within() {
    local tries
    for tries in $(seq 600); do
        "$@" && return 0
        sleep 0.05
    done
    return 1
}

ended() { [ -s "$work/status" ]; }
shows() { screen | grep -qE -- "$1"; }

# usage: check NAME COMMAND...
check() {
    local name=$1
    shift
    if "$@"; then
        echo "ok    $name"
    else
        echo "FAIL  $name"
        screen | sed 's/^/      | /'
        failures=$((failures + 1))
    fi
}

redraws_are_few() {
    # Bytes as they came, over about two seconds: each redraw begins with a carriage return.
    local before after
    before=$(tr -cd '\r' <"$work/log" | wc -c)
    sleep 2
    after=$(tr -cd '\r' <"$work/log" | wc -c)
    [ $((after - before)) -le 22 ]
}

fits() { [ "$(screen | grep -c .)" -le 1 ]; }

# What was written is never wider than the terminal, so no line was broken into two. usage: never_wider COLUMNS
never_wider() {
    tr '\r' '\n' <"$work/log" | sed 's/\x1b\[K//g; s/≥/=/g' | awk -v columns="$1" 'length > columns { exit 1 }'
}

has_no_colour() { ! grep -qE $'\e\\[[0-9;]*m' "$work/log"; }

mkdir "$work/none" "$work/one" "$work/many" "$work/slow"
cp "$photo" "$work/one/"
for number in $(seq 400); do ln -s "$photo" "$work/many/$number.png"; done
for number in $(seq 2000); do ln "$photo" "$work/slow/$number.png" 2>/dev/null || cp "$photo" "$work/slow/$number.png"; done
seq 1000000 | sed "s|.*|$photo|" >"$work/million"

start 80 "$pixloom $work/none -o $work/out"
check 'no input: ends and says so' within shows 'no input matched'

start 80 "$pixloom $work/one -o $work/out -s 50%"
check 'one input: leaves a summary alone' within shows '^1 converted in'

start 100 "$pixloom $work/many --follow -o $work/out -s 50% --filter median:3"
check 'many inputs: tells done, total, rates and what is left' \
    within shows '^[0-9]+/400 images, [0-9.]+ images/s, [0-9.]+ MB/s, .* left'
check 'many inputs: at most ten redraws a second' redraws_are_few
check 'many inputs: no colour' has_no_colour

start 20 "$pixloom $work/many --follow -o $work/out -s 50% --filter median:3"
check 'narrow: the line is cut off' within shows '^[0-9]+/400 images'
check 'narrow: and stays one line' fits
check 'narrow: from the beginning' never_wider 20

start 100 "NO_COLOR=1 $pixloom $work/many --follow -o $work/out -s 50% --filter median:3"
check 'NO_COLOR: shows progress all the same' within shows '^[0-9]+/400 images'
check 'NO_COLOR: no colour' has_no_colour

start 100 "TERM=dumb $pixloom $work/many --follow -o $work/out -s 50% --filter median:3"
check 'a dumb terminal: ends' within ended
check 'a dumb terminal: no control characters' test -z "$(tr -d '[:print:]\r\n' <"$work/log")"

start 100 "$pixloom --files-from $work/million -o $work/out/{index}.{ext} -s 50%"
check 'a million: counts while it still finds them' within shows '^[0-9]+/[≥0-9]+ images'
tmux -L $session send-keys C-c
check 'a million: ends after an interrupt' within ended
check 'a million: and says what was done' within shows 'converted.* in '

start 100 "$pixloom --files-from $work/million -o $work/out/{index}.{ext} -n --progress always >/dev/null"
check 'a million in a dry run: counts while it still finds them' within shows '^[0-9]+/≥[0-9]+ images'
check 'a million in a dry run: at most ten redraws a second' redraws_are_few
check 'a million in a dry run: ends' within ended
check 'a million in a dry run: with all of them' within shows '^1000000 planned in '

rm -rf "$work/out"
"$pixloom" "$work/one" -o "$work/out" -s 50% 2>"$work/words"
check 'no terminal: no control characters' test -z "$(tr -d '[:print:]\n' <"$work/words")"

# Long enough for one line, which comes every 10 s.
"$pixloom" "$work/slow" -o "$work/out2" --filter nl-means --mode threads -j 1 --max-duration 15s 2>"$work/words" >&2
check 'no terminal: a plain line every 10 s' \
    test "$(grep -cE '^pixloom: [0-9]+/[≥0-9]+ images, .*images/s, .*MB/s' "$work/words")" -eq 1
check 'no terminal: and nothing is redrawn' test -z "$(tr -d '[:print:]≥\n' <"$work/words")"

exit $((failures > 0))
