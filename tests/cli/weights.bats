#!/usr/bin/env bats
# From counts to weights: schemes, normalisation, classes without pixels, options of weighing.
#
# The numbers of the dataset are in helper.bash (tiny): n = 8 4 2 2, N = 16, K = 4, I = 16 12 7 5.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    mask scikit.png --rows "1 1 1 1 0 0"
    mask pytorch.png --rows "$(printf '1%.0s ' {1..100};)$(printf '0 %.0s' {1..300})"
    "$MASKWEIGHT" tiny --ignore-index 255 -o counts.json
    "$MASKWEIGHT" -qq counts.json -n 5 -o five.json # class 4 never occurs
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

@test "balanced is scikit-learn's documented example, and the scheme when none is named" {
    mw scikit.png
    clean
    expect 'w() == [1.5, 0.75]' 'd["weights"][0]["scheme"] == "balanced"' 'len(d["weights"]) == 1' \
        'share() == [0.5, 0.5]'
    mw scikit.png --scheme balanced -f list
    [ "$output" = '[1.5, 0.75]' ]
}

@test "pos-weight is PyTorch's documented example" {
    mw pytorch.png -s pos-weight -f list --foreground-only
    [ "$output" = '[3.0]' ]
    mw pytorch.png -s pos-weight
    clean
    expect 'near(w(), [1 / 3, 3.0])' 'near(share(), [0.5, 0.5])'
}

@test "every scheme gives the numbers of its formula" {
    mw counts.json -s all -qq
    ended 0
    expect '[e["scheme"] for e in d["weights"]] == ["fraction", "inverse", "log", "balanced",
            "median-frequency", "enet", "effective", "dice", "pos-weight"]' \
        'w(0) == [0.5, 0.25, 0.125, 0.125]' 'w(1) == [2.0, 4.0, 8.0, 8.0]' \
        'near(w(2), [1, math.log(4), math.log(8), math.log(8)])' 'w(3) == [0.5, 1.0, 2.0, 2.0]' \
        'near(w(4), [11 / 15, 11 / 10, 77 / 60, 11 / 12])' \
        'near(w(5), [1 / math.log(1.02 + f) for f in (0.5, 0.25, 0.125, 0.125)])' \
        'near(w(6), [1 / (1 + 0.999 + 0.999**2), 1 / 1.999, 1, 1])' \
        'w(7) == [1 / 64, 1 / 16, 1 / 4, 1 / 4]' 'w(8) == [1.0, 3.0, 7.0, 7.0]' \
        'near(share(0), [8 / 11, 2 / 11, 1 / 22, 1 / 22])' 'near(share(1), [0.25] * 4)' \
        'near(share(7), [1 / 11, 2 / 11, 4 / 11, 4 / 11])' \
        'near(share(8), [0.5] * 4)'
}

@test "every parameter of a scheme does what its formula says" {
    mw counts.json -qq -s inverse:power=0.5 -s log:c=16 -s log:of=fraction,c=16 -s enet:c=1.1 \
        -s enet:power=2,c=1.5 -s effective:of=pixels,beta=0.5 -s effective:beta=0.9 -s dice:power=1 \
        -s log:of=ratio,c=0.15
    ended 0
    expect 'near(w(0), [2**0.5, 2, 8**0.5, 8**0.5])' \
        'near(w(1), [math.log(16 * r) for r in (2, 4, 8, 8)])' \
        'near(w(2), [math.log(8), math.log(4), 1, 1])' \
        'near(w(3), [1 / math.log(1.1 + f) for f in (0.5, 0.25, 0.125, 0.125)])' \
        'near(w(4), [1 / math.log(1.5 + f) ** 2 for f in (0.5, 0.25, 0.125, 0.125)])' \
        'near(w(5), [0.5 / (1 - 0.5**n) for n in (8, 4, 2, 2)])' \
        'near(w(6), [0.1 / (1 - 0.9**m) for m in (3, 2, 1, 1)])' 'w(7) == [0.125, 0.25, 0.5, 0.5]' \
        'w(8) == [1.0] * 4' \
        'd["weights"][4]["parameters"] == {"c": 1.5, "power": 2.0}' \
        'd["weights"][5]["parameters"] == {"of": "pixels", "beta": 0.5}'
}

@test "a scheme's column in CSV is named as it was asked for, with aliases too" {
    mw counts.json -f csv -s enet:c=1.1 -s mfb -s inv:power=0.5 -s pos_weight
    ended 0
    [ "$(head -n 1 <<<"$output")" = \
        'id,name,pixels,masks,mask_pixels,fraction,enet:c=1.1,mfb,inv:power=0.5,pos_weight' ]
    # class 0: 1/ln(1.6), 11/15, sqrt(2), 1
    [[ $(sed -n 2p <<<"$output") == 0,,8,3,16,0.5,2.12764*,0.73333*,1.41421*,1.0 ]]
    mw counts.json -f csv -s enet:c=1.1,power=1
    [[ $output == *',"enet:c=1.1,power=1"'* ]]
    mw counts.json -s mfb -s inv -s pos_weight
    expect '[e["scheme"] for e in d["weights"]] == ["median-frequency", "inverse", "pos-weight"]'
}

# Normalisation and bounds.

@test "--normalize scales the weights of the classes that occur" {
    weights() {
        mw counts.json -f list -s "$1" --normalize "$2"
        clean
        [ "$output" = "$3" ] || fail "$1 $2: $output"
    }
    weights inverse none '[2.0, 4.0, 8.0, 8.0]'
    weights inverse min '[1.0, 2.0, 4.0, 4.0]'
    weights inverse max '[0.25, 0.5, 1.0, 1.0]'
    weights dice sum "$(printf '[%s, %s, %s, %s]' 0.02702702702702703 0.10810810810810811 \
        0.43243243243243246 0.43243243243243246)" # 1 4 16 16 of 37
    weights inverse pixel-mean '[0.5, 1.0, 2.0, 2.0]' # sum n w = 64 = 4 N
    mw counts.json -s inverse --normalize mean
    expect 'near(w(), [8 / 22, 16 / 22, 32 / 22, 32 / 22])' 'd["weights"][0]["normalize"] == "mean"' \
        'near(share(), [0.25] * 4)'
    mw five.json -qq -s inverse --normalize mean # the fifth class is no part of it
    expect 'near(w(), [8 / 22, 16 / 22, 32 / 22, 32 / 22, 0])'
}

@test "pos-weight is never normalised, alone or among others" {
    refuses 'pos-weight|--normalize' counts.json -s pos-weight --normalize mean
    mw counts.json -s pos-weight -s balanced --normalize max
    clean
    expect 'w(0) == [1.0, 3.0, 7.0, 7.0]' 'w(1) == [0.25, 0.5, 1.0, 1.0]' \
        '[e["normalize"] for e in d["weights"]] == ["none", "max"]'
}

@test "--min-weight and --max-weight cut before normalising" {
    mw counts.json --min-weight 1 --max-weight 1.5
    clean
    expect 'w() == [1.0, 1.0, 1.5, 1.5]' 'd["weights"][0]["min_weight"] == 1.0' \
        'd["weights"][0]["max_weight"] == 1.5'
    mw counts.json --max-weight 1 --normalize max
    expect 'w() == [0.5, 1.0, 1.0, 1.0]' 'd["weights"][0]["min_weight"] is None'
    mw counts.json -s pos-weight --max-weight 5
    expect 'w() == [1.0, 3.0, 5.0, 5.0]'
    mw counts.json --min-weight 2 --max-weight 2
    ended 0
    expect 'w() == [2.0] * 4'
    refuses '--min-weight|--max-weight' counts.json --min-weight 3 --max-weight 2
    for value in 0 -1 abc '' nan inf 1e999; do
        refuses '--min-weight' counts.json --min-weight "$value"
        refuses '--max-weight' counts.json --max-weight "$value"
    done
}

# Classes without pixels.

@test "--zero-class decides the weight of a class without pixels" {
    zero() {
        mw five.json -qq -f list "$@"
        ended 0
    }
    zero && [ "$output" = '[0.4, 0.8, 1.6, 1.6, 0.0]' ] # N / (5 n): K is what is declared
    zero --zero-class zero && [ "$output" = '[0.4, 0.8, 1.6, 1.6, 0.0]' ]
    zero --zero-class one && [ "$output" = '[0.4, 0.8, 1.6, 1.6, 1.0]' ]
    zero --zero-class max && [ "$output" = '[0.4, 0.8, 1.6, 1.6, 1.6]' ]
    zero --zero-class max --normalize max && [ "$output" = '[0.25, 0.5, 1.0, 1.0, 1.0]' ]
    zero --zero-class one --normalize max && [ "$output" = '[0.25, 0.5, 1.0, 1.0, 1.0]' ]
    zero --zero-class max --max-weight 1 && [ "$output" = '[0.4, 0.8, 1.0, 1.0, 1.0]' ]
    zero --zero-class formula -s fraction && [ "$output" = '[0.5, 0.25, 0.125, 0.125, 0.0]' ]
    mw five.json -qq --zero-class formula -s enet
    expect 'near(w()[4], 1 / math.log(1.02))' 'round(w()[4], 12) == 50.498349791844' 'share()[4] == 0.0'
    mw five.json -qq --zero-class formula -s enet --normalize max
    expect 'near(w()[4], 1 / math.log(1.02) * math.log(1.02 + 0.125))'
    mw five.json -qq --zero-class formula -s enet --normalize max --max-weight 20
    expect 'near(w()[4], 20 * math.log(1.02 + 0.125))'
    refuses 'class 4|--zero-class' five.json -qq --zero-class error
    for scheme in balanced inverse log median-frequency effective dice pos-weight; do
        refuses "$scheme|formula|class 4" five.json -qq --zero-class formula -s $scheme
    done
    mw counts.json --zero-class error
    clean
}

@test "a class that gets weight 0 for want of pixels is warned of" {
    mw five.json
    ended 0
    told 'class 4' '--zero-class zero' '[absent-class]'
    expect 'f("absent-class")["severity"] == "warning"' 'f("absent-class")["count"] == 1'
}

# What is weighed.

@test "--skip-empty weighs without the masks that have no foreground, and counts them still" {
    mw counts.json --skip-empty -s balanced -s mfb -s effective
    clean
    # n = 4 4 2 2, N = 12, I = 12 12 7 5, masks 2 2 1 1
    expect 'w(0) == [0.75, 0.75, 1.5, 1.5]' 'near(w(1), [1, 1, 7 / 6, 5 / 6])' \
        'near(w(2), [1 / 1.999, 1 / 1.999, 1, 1])' 'px == {0: 8, 1: 4, 2: 2, 3: 2}' \
        'data["empty_masks"] == 1' 'd["weights"][0]["skip_empty"] is True'
    mw tiny/b.png --skip-empty
    ended 0
    told 'no mask has foreground' '[nothing-to-weigh]'
    expect 'w() == [0.0]' 'n(0) == 4'
    mw tiny/b.png --skip-empty -f list
    ended 2
    [ -z "$output" ]
}

@test "--ignored-in-total adds the ignored pixels to N and I, but not for pos-weight" {
    mw counts.json --ignored-in-total -s balanced -s mfb -s pos-weight -s fraction -qq
    ended 0
    # N = 22, I = 20 16 8 8
    expect 'w(0) == [0.6875, 1.375, 2.75, 2.75]' 'w(1) == [0.625, 1.0, 1.0, 1.0]' \
        'w(2) == [1.0, 3.0, 7.0, 7.0]' 'near(w(3), [8 / 22, 4 / 22, 2 / 22, 2 / 22])' \
        '[e["ignored_in_total"] for e in d["weights"]] == [True, True, False, True]'
    mw counts.json --ignored-in-total --skip-empty # 12 + 6 less those of the ignored mask
    expect 'w() == [1.0, 1.0, 2.0, 2.0]'
}

@test "--foreground-only leaves the background out of the formats that are lists" {
    mw counts.json --foreground-only -f list
    clean
    [ "$output" = '[1.0, 2.0, 2.0]' ]
    mw counts.json --foreground-only -f yaml
    [ "$output" = '[1.0, 2.0, 2.0]' ]
    mw counts.json --foreground-only -f keras
    [ "$output" = '{"1": 1.0, "2": 2.0, "3": 2.0}' ]
    "$MASKWEIGHT" counts.json --foreground-only -f npy >"$BATS_TEST_TMPDIR/npy"
    [ "$(wc -c <"$BATS_TEST_TMPDIR/npy")" -eq $((128 + 3 * 4)) ]
    mw tiny --ignore-index 255 --background 1,2 --foreground-only -f list
    [ "$output" = '[0.5, 2.0]' ]
    for format in json csv table lut; do
        refuses "--foreground-only|$format" counts.json --foreground-only -f $format
    done
}

# What is wrong with a scheme.

@test "a wrong scheme, parameter or value: one line with the nearest right name" {
    refuses "balancd|'balanced'" counts.json -s balancd
    refuses "median|'median-frequency'" counts.json -s median
    refuses "medianfrequency|'median-frequency'" counts.json -s medianfrequency
    refuses "posweight|'pos-weight'" counts.json -s posweight
    refuses 'quadratic|balanced|enet|pos-weight' counts.json -s quadratic
    refuses 'enet|d|c and power' counts.json -s enet:d=1
    refuses 'balanced|no parameters' counts.json -s balanced:c=1
    refuses 'enet|c|above 1|1' counts.json -s enet:c=1
    refuses 'enet|KEY=VALUE' counts.json -s enet:c
    refuses 'enet|KEY=VALUE' counts.json -s enet:
    refuses 'enet|twice' counts.json -s enet:c=2,c=3
    refuses 'effective|beta|between 0 and 1' counts.json -s effective:beta=1
    refuses "effective|of|masks|pixels|images" counts.json -s effective:of=images
    refuses 'log:of=fraction|c' counts.json -s log:of=fraction
    for value in 0 -1 abc '' nan inf 1e999 '1 '; do
        refuses 'inverse|power' counts.json -s "inverse:power=$value"
    done
    refuses 'summ|sum' counts.json --normalize summ
    refuses 'zero-class|formula' counts.json --zero-class forumla
}

@test "a scheme asked for twice is refused" {
    refuses 'enet|twice' counts.json -s enet -s enet
    refuses 'balanced|twice' counts.json -s all -s balanced
    mw counts.json -s enet -s enet:c=1.1
    ended 0
}

@test "a weight that no number can hold is refused, never written as infinity" {
    refuses 'dice:power=400|power' counts.json -s dice:power=400
    refuses 'inverse:power=2000' counts.json -s inverse:power=2000
    refuses '32-bit' counts.json -s dice:power=80 -f npy
    mw counts.json -s dice:power=80
    ended 0
    expect 'near(w()[0], 2.0**-240)'
}
