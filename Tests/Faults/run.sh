#!/usr/bin/env bash
# Breaks what pixloom stands on while it works, and looks at what becomes of the images.
#
# usage: run.sh PIXLOOM [FAULT...]        (without FAULT: all of them)
#
# After each fault the images must have the bytes of an undisturbed run in threads, or the run must
# have said why not; and nothing may be left: no child, no object in /dev/shm, no temporary file.
# What mounts file systems needs root, and is left out, saying so, without. SEED repeats a run.
set -uo pipefail
# With job control, or else commands in the background would be started with SIGINT ignored.
set -m

pixloom=$(realpath "$1")
shift
photos=$(realpath "$(dirname "$0")/../../Fixtures/photos")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RANDOM=${SEED:=$RANDOM}
failures=0

# --- What the faults are made of ---

# 96 images in one folder: six links to each photograph.
make_images() {
    local number=0 round photo
    mkdir "$work/images"
    while read -r photo; do
        for round in 1 2 3 4 5 6; do
            number=$((number + 1))
            cp "$photo" "$(printf '%s/images/%03d.%s' "$work" $number "${photo##*.}")"
        done
    done < <(find "$photos" -type f | sort)
}

# The command of each run. usage: convert MODE OUTPUT [OPTION...]
convert() {
    local mode=$1 output=$2
    shift 2
    exec "$pixloom" convert "$work/images" -o "$output" --mode "$mode" -j 2 --quiet \
        --filter resize:50% --filter median:3 "$@"
}

# One number for all files of a folder and their names.
fingerprint() {
    (cd "$1" && find . -name .pixloom -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
}

# Starts a run in the background: its id in $run, its output in $output, its words in $work/words.
start() {
    output=$work/output
    rm -rf "$output"
    convert processes "$output" "$@" >/dev/null 2>"$work/words" &
    run=$!
}

# Waits for the run's end and returns its status. The shell would report how it was killed.
ended() { wait "$run" 2>/dev/null; }

children() { cat "/proc/$run/task/"*/children 2>/dev/null | tr ' ' '\n' | grep .; }

# How many images have their final name.
image_count() { find "$output" -name .pixloom -prune -o -type f ! -name '.*' -print 2>/dev/null | wc -l; }

# Waits for the first child, at most 5 s. Looks often, since a run is short.
wait_for_child() {
    local try
    for try in $(seq 500); do
        [ -z "$(children)" ] || return 0
        sleep 0.01
    done
    return 1
}

a_while() { sleep "0.$(printf '%03d' $((RANDOM % 1000)))"; }

failed() {
    printf 'FAILED  %-20s %s (SEED=%s)\n' "$fault" "$1" "$SEED"
    sed 's/^/        /' "$work/words" 2>/dev/null | tail -3
    failures=$((failures + 1))
    return 1
}

expect_status() {
    local status=$1 allowed=" $2 "
    [[ $allowed == *" $status "* ]] || failed "ended with $status, expected one of$allowed"
}

expect_same_images() {
    [ "$(fingerprint "$output")" = "$reference" ] || failed "the images differ from those of an undisturbed run"
}

# usage: expect_clean [PID...]: these processes are gone after a second, and /dev/shm is as before.
expect_clean() {
    local pid left
    sleep 1
    for pid in "$@"; do
        if [ -e "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status"; then
            failed "process $pid lives on" || return
        fi
    done
    left=$(comm -13 "$work/shm" <(ls /dev/shm | sort) | grep -i pixloom)
    [ -z "$left" ] || failed "left in /dev/shm: $left"
}

expect_no_temporaries() {
    local left
    left=$(find "$output" -name .pixloom -prune -o -type f -name '.*' -print 2>/dev/null)
    [ -z "$left" ] || failed "left $(wc -l <<<"$left") temporary files, the first is $(head -1 <<<"$left")"
}

# Every file under its final name is as in the undisturbed run.
expect_whole_images() {
    local file
    while read -r file; do
        cmp -s "$output/$file" "$work/reference/$file" || failed "$file is not whole" || return
    done < <(cd "$output" 2>/dev/null && find . -name .pixloom -prune -o -type f ! -name '.*' -print)
}

# Runs a shell command as root of a mount namespace of its own.
in_namespace() { unshare --mount --propagation private bash -c "$1"; }

# --- The faults ---

# A child dies by SIGKILL after every third image.
killed_children() {
    local kills=0 next=0 alive
    start
    while kill -0 "$run" 2>/dev/null; do
        mapfile -t alive < <(children)
        if [ "$(image_count)" -ge $next ] && [ ${#alive[@]} -gt 0 ] &&
            kill -9 "${alive[RANDOM % ${#alive[@]}]}" 2>/dev/null; then
            kills=$((kills + 1)) next=$(($(image_count) + 3))
        fi
        sleep 0.01
    done
    ended
    expect_status $? 0 && expect_same_images && expect_clean || return
    [ $kills -ge 10 ] || failed "only $kills children could be killed before the end"
}

# A child stops for ever: it must be killed at the deadline of its image.
stopped_child() {
    start --timeout 2s
    wait_for_child || failed "no child was started" || return
    kill -STOP "$(children | head -1)" || failed "the child had ended" || return
    ended
    expect_status $? 0 && expect_same_images && expect_clean
}

# SIGINT at ten moments: what is there is whole, and the same command ends the work.
interrupted() {
    local round workers
    for round in $(seq 10); do
        start
        a_while
        workers=$(children)
        kill -INT "$run" 2>/dev/null
        ended
        expect_status $? "0 130" && expect_clean $workers && expect_no_temporaries && expect_whole_images || return
    done
    (convert processes "$output" --overwrite always) 2>"$work/words"
    expect_status $? 0 && expect_same_images
}

# The parent dies by SIGKILL at ten moments: its children follow.
killed_parent() {
    local round workers
    for round in $(seq 10); do
        start
        a_while
        workers=$(children)
        kill -9 "$run" 2>/dev/null
        ended
        expect_clean $workers && expect_whole_images || return
    done
    (convert processes "$output" --overwrite always) 2>"$work/words"
    expect_status $? 0 && expect_same_images && expect_no_temporaries
}

# /dev/shm holds less than an image.
small_shared_memory() {
    output=$work/output
    rm -rf "$output"
    in_namespace "mount -t tmpfs -o size=1M tmpfs /dev/shm && $(declare -f convert); work='$work' pixloom='$pixloom'; convert processes '$output'" 2>"$work/words"
    expect_status $? "0 4" || return
    [ ! -d "$output" ] || expect_same_images
}

# The disk of the outputs is full after a few: those are whole, the others have failed.
full_disk() {
    output=$work/output
    rm -rf "$output"
    mkdir "$output" "$work/disk"
    in_namespace "mount -t tmpfs -o size=512K tmpfs '$work/disk' && $(declare -f convert); work='$work' pixloom='$pixloom'
        (convert processes '$work/disk'); status=\$?; cp -a '$work/disk/.' '$output'; exit \$status" 2>"$work/words"
    expect_status $? "1 75" && expect_no_temporaries && expect_whole_images
}

# The folder of the outputs cannot be written.
read_only_output() {
    mkdir -p "$work/locked"
    in_namespace "mount -t tmpfs -o ro tmpfs '$work/locked' && $(declare -f convert); work='$work' pixloom='$pixloom'; convert processes '$work/locked'" 2>"$work/words"
    expect_status $? 4
}

# 64 descriptors for everything.
few_descriptors() {
    output=$work/output
    rm -rf "$output"
    (ulimit -n 64 && convert processes "$output" --io-jobs 32) 2>"$work/words"
    local status=$?
    expect_status $status "0 4" || return
    [ $status = 4 ] || expect_same_images
}

unprivileged=(killed_children stopped_child interrupted killed_parent few_descriptors)
privileged=(small_shared_memory full_disk read_only_output)

make_images
ls /dev/shm | sort >"$work/shm"
(convert threads "$work/reference") || { echo "the undisturbed run failed" >&2; exit 1; }
reference=$(fingerprint "$work/reference")

selected=("$@")
[ $# -gt 0 ] || selected=("${unprivileged[@]}" "${privileged[@]}")
for fault in "${selected[@]}"; do
    if [[ " ${privileged[*]} " == *" $fault "* ]] && ! unshare --mount true 2>/dev/null; then
        printf 'left out %s: it needs root\n' "$fault"
        continue
    fi
    rm -rf "$work/disk" "$work/words"
    "$fault" && printf 'ok      %s\n' "$fault"
done
[ "$failures" = 0 ]
