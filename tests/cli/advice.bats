#!/usr/bin/env bats
# --report advice, and the end of the summary: each statement where it is true, and nowhere else; and the
# Python to paste in the hands of those that it is for.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    masks <<'END'
two/0.png --rows "1 0 0 0 0 0 0 0 0 0"
two/1.png --rows "0 0 0 0 0 0 0 0 0 1"
two/z0.png --rows "0 0 0 0 0 0 0 0 0 0"
even/0.png --rows "0 1 1 0 0 0 1"
four/0.png --rows "0 1 2 3"
half/0.png --rows "0 1"
rare/0.png --rows "1 1 2"
rare/z0.png --size 20x20 --fill 0
one/0.png --rows "0 0"
void/0.png --rows "255 255"
void.d/0.png --rows "0 1 1 0 255"
void.d/z.png --rows "0 0 255 255 255"
void.d/v.png --rows "255 255"
skipped/0.png --rows "0 1 0 0"
skipped/z.png --rows "0 255"
gap/0.png --rows "0 2 2"
seven/0.png --rows "0 1 7"
nodata/other.tif --rows "0 1 2;0 255 2" --nodata 2
nodata/same.tif --rows "0 1 255" --nodata 255
frequent/0.png --rows "0 1 1 1 1 1 1 1 1 1 1 1"
END
    mkdir broken sampled
    ln half/0.png broken/0.png && echo no mask >broken/1.png
    for i in {1..20}; do ln half/0.png sampled/$i.png; done
    for i in {1..7}; do ln two/z0.png two/z$i.png; done
    for i in {1..3}; do ln even/0.png even/$i.png && ln one/0.png one/$i.png; done
    for i in {1..2}; do ln rare/z0.png rare/z$i.png; done
    printf '%s\n' road 'car <b>' '$(x) "y"' >names.txt
    mkdir planes full
    # Class 0 in half of all pixels, class 1 in 2 of 400; two planes of 10 x 10 pixels in each of 4 masks.
    "$PYTHON" -S - <<'END'
import os, pathlib, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
from masks import tiff
half = [[x % 2 for x in range(10)] for _ in range(10)]
for i in range(4):
    rare = [[int(i < 2 and x == y == 3) for x in range(10)] for y in range(10)]
    full = [[1] * 10] * 10
    pathlib.Path(f"full/{i}.tif").write_bytes(tiff([{"rows": full}, {"rows": rare}]))
    pathlib.Path(f"planes/{i}.tif").write_bytes(tiff([{"rows": half}, {"rows": rare}]))
END
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# advice ARGUMENT...: the report on standard output.
advice() {
    mw "$@" -qq -o /dev/null --report advice
    ended "${expected:-0}"
}

# states ARGUMENT... -- NAME...: the report makes these statements, in the order of the table, and no other.
states() {
    local arguments=() found
    while [ "$1" != -- ]; do
        arguments+=("$1")
        shift
    done
    shift
    advice "${arguments[@]}"
    found=$(sed -n 's/^\([a-z-]\{1,\}\): .*/\1/p' <<<"$output" | sed 1d | tr '\n' ' ') # maskweight: advice
    [ "$found" = "$*${*:+ }" ] || fail "${arguments[*]}: stated: $found" "instead of: $*"
    printf '%s\n' "$@" >>"$BATS_TEST_TMPDIR/stated"
}

# states_with STATUS ...: the same, of a run that ends with this status.
states_with() {
    local expected=$1
    shift
    states "$@"
}

# says TEXT...: each stands in the report, however its lines are broken.
says() {
    local text whole
    whole=$(tr -s ' \n' ' ' <<<"$output")
    for text; do
        [[ $whole == *"$text"* ]] || fail "not in the advice: $text" "$output"
    done
}

@test "each statement stands where it holds, and nowhere else" {
    states tiny -n 4 --ignore-index 255 -- loss-share batch scale left-out void-masks
    states tiny -n 9 --ignore-index 255 -- loss-share batch scale absent left-out void-masks
    states tiny -n 4 --ignore-index 255 -s pos-weight -- positive-share batch pos-weight left-out
    states tiny -n 4 --ignore-index 255 --skip-empty -- loss-share scale left-out
    states tiny/a.png tiny/b.png -n 3 --ignore-index 255 -- loss-share scale left-out
    states skipped --ignore-index 255 -- loss-share scale pos-weight left-out
    states skipped --ignore-index 255 --skip-empty -- loss-share scale pos-weight
    states two -- loss-share batch scale pos-weight bias
    states two -s pos-weight -- positive-share batch pos-weight bias
    states two --skip-empty -- loss-share scale pos-weight
    states two -s fraction -- loss-share upside-down batch pos-weight bias
    states even -- loss-share even scale pos-weight
    states even -n 3 -- loss-share even scale absent
    states even -s inverse:power=10 -- loss-share scale pos-weight # 1.33 to 1, but the weights 17.8
    states four -- loss-share even scale
    states four -s pos-weight -- positive-share pos-weight # 3 each
    states half -s pos-weight -- positive-share even pos-weight
    states frequent -- loss-share scale pos-weight # its foreground is frequent: no bias
    states rare -s inverse -- loss-share extreme batch scale
    states rare -s inverse --max-weight 99 -- loss-share batch scale
    states rare -s enet -- loss-share batch scale
    states rare -s log -- loss-share batch scale
    states rare -s pos-weight -- positive-share extreme batch pos-weight bias
    states rare -s pos-weight --max-weight 100 -- positive-share batch pos-weight bias
    states_with 3 broken -n 2 --keep-going -- incomplete loss-share even scale pos-weight
    says '1 file could not be counted: nothing that follows is about it.'
    states sampled -n 2 --sample 50% -- estimated loss-share even scale pos-weight
    says '10 of 20 files were counted (--sample)'
    states one -- one-class
    states one -n 2 -s pos-weight -- one-class absent
    states planes --encoding planes -- positive-share extreme batch pos-weight bias
    states planes --encoding planes -s enet -- batch pos-weight bias
    states planes --encoding planes -s inverse -- batch pos-weight bias # 100 to 1, and not above
    states planes --encoding planes -s inverse:power=2 -- extreme batch pos-weight bias

    states full --encoding planes -- positive-share extreme everywhere batch pos-weight bias
    states full --encoding planes --min-weight 1 -- positive-share extreme batch pos-weight bias
    states full --encoding planes -s enet -- batch pos-weight bias

    sed -n 's/.*{\.name = "\(.*\)",/\1/p' "$MW_SOURCE/src/write/advice.c" | sort >"$BATS_TEST_TMPDIR/table"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/table")" -ge 12 ]
    sort -u "$BATS_TEST_TMPDIR/stated" >"$BATS_TEST_TMPDIR/seen"
    same "$BATS_TEST_TMPDIR/table" "$BATS_TEST_TMPDIR/seen"
}

@test "where nothing was weighed there is no advice" {
    advice void --ignore-index 255
    says 'None: nothing was weighed.'
    mw tiny -n 3 --report advice="$BATS_TEST_TMPDIR/advice" -o "$BATS_TEST_TMPDIR/doc"
    ended 2
    grep -qx 'None: nothing was weighed.' "$BATS_TEST_TMPDIR/advice"
    [ ! -e "$BATS_TEST_TMPDIR/doc" ]
    advice two --shard 1/1
    says 'None: nothing was weighed.'
}

@test "figures worked out by hand: two classes, 2 of 100 pixels in 2 of 10 masks" {
    advice two -c <(printf '%s\n' background defect)
    # balanced: 100 / (2 * 98), 100 / (2 * 2); half of the loss each. 49 to 1; mean weight 1
    says 'class 0 (background) makes up 98 % of the loss and class 1 (defect) 2 %; under balanced 50 % and 50 %'
    says 'In Keras and MMSegmentation 0.x, which divide by the number of pixels'
    [[ $output != *Paddle* ]] # its versions differ
    # 8 (1 - 2 / 10); C(8, 8) / C(10, 8) = 1 / 45; t = 4 / 5
    says 'batch of 8 whole masks 6.4 on average are without class 1 (defect), which 2 of 10 have; 2.22 % of such'
    says 'Counting the masks with --per-mask FILE --sampling repeat-factor:t=0.8 gives masks with it the sample weight 2'
    says 'at most 49 to 1' 'as large as without weights.'
    says '`pos_weight` balances: negatives / positives, 49 for class 1 (defect)'
    says '0.02 of the pixels, with the bias log(p / (1 - p)) = -3.892, if it is trained without pos_weight'
    says '0 10 98 % 50 % 0 0 background' '1 2 2 % 50 % 3.2 6.4 defect'
    "$MASKWEIGHT" two -qq --per-mask "$BATS_TEST_TMPDIR/m.ndjson" --sampling repeat-factor:t=0.8 -o /dev/null
    [ "$(grep -c '"sample_weight":2.0}' "$BATS_TEST_TMPDIR/m.ndjson")" -eq 2 ]

    advice two -s pos-weight
    says 'positives of class 1 make up 2 % of the loss of this class; under pos-weight 50 %'
    says '= -3.892 without pos_weight; with the one of pos-weight it is 0.'
    advice two -s pos-weight --max-weight 10 # log(10 * 0.02 / 0.98) = -1.589; 0.2 / 1.18
    says 'under pos-weight 16.95 %' 'with the one of pos-weight it is -1.589.'
    advice two --background 1 # the other one is the foreground
    says '0.02041 for class 0'
}

@test "figures worked out by hand: extremes, scale, what is left out" {
    advice rare -s inverse # 1200, 2, 1 of 1203: 1200 to 1
    says 'a pixel of class 2, mislabelled or not, counts as much as 1200 of class 0'
    says '--max-weight 100.2 is 100 to 1' # 100 * 1203 / 1200
    says 'In a random batch of 4 whole masks 3 on average are without class 1, which 1 of 4 have; 0 % of such'
    advice rare -s inverse --max-weight 100.25
    [[ $output != *extreme:* ]]
    advice rare -s inverse # enet: ln(1.02 + 1200/1203) / ln(1.02 + 1/1203); log: ln 1203
    says 'prefer enet (here 34 to 1), log (7.09 to 1)'
    says 'the loss would be 3 times as large as without weights; --normalize pixel-mean keeps it'
    advice rare -s inverse --normalize sum # the cap comes before it
    says 'a cap (--max-weight).'
    advice tiny -n 4 --ignore-index 255 # 6 of 22 pixels; 1 of 4 masks
    says '27.27 % of the pixels are left out' 'with ignore_index' '1 of 4 masks have no pixel with a class'
    advice void.d --ignore-index 255 --skip-empty
    says '20 % of the pixels are left out'
    advice void.d --ignore-index 255
    says '50 % of the pixels are left out'
    advice void.d -n 2 --unknown ignore --skip-empty
    says '50 % of the pixels of all masks, skipped ones too, are left out'
    advice tiny -n 4 --ignore-index 255 -s pos-weight
    says 'by a mask, because BCEWithLogitsLoss has no ignore_index'
    advice full --encoding planes
    says 'Every pixel is of class 0: the pos_weight is 0 and with it the loss, so nothing is learnt of it.'
    advice planes --encoding planes -s inverse:power=2 # 200 / 400, 2 / 400: 100 to 1, squared
    says 'the whole loss of class 1, positives and negatives, counts as much as 10000 times that of class 0'
    [[ $output != *mislabelled* ]]
    advice rare -s dice # 1200^2
    says 'at most 1440000 to 1' 'counts as much as 1440000 of class 0'
    advice planes --encoding planes # 398 / 2
    says 'a pixel of class 1, mislabelled or not, counts as much as 199 others' '199 for class 1' 'log(p / (1 - p)) = -5.293 without pos_weight'
}

@test "the table holds one kind of share, and each column has its whole name" {
    advice two -s balanced -s pos-weight
    says 'Share of the loss of each class;' 'class masks unweighted balanced B=4 B=8 name'
    advice two -s pos-weight -s balanced
    says "Share of the positives in each class's own loss;" 'class masks unweighted pos-weight B=4 B=8 name'
    advice planes --encoding planes -s enet -s pos-weight
    says "Share of the positives in each class's own loss;" 'class masks unweighted pos-weight B=4 name'
    advice two -s enet:c=1.02,power=1 -s enet:c=1.02,power=2
    says ' unweighted enet:c=1.02,power=1 enet:c=1.02,power=2 B=4 B=8 name'
    # a column ends where its title ends
    "$PYTHON" -S -c 'import sys; a, b = [l for l in sys.stdin if "B=4" in l or l.startswith("    0 ")]
assert [a.index("r=1") + 3, a.index("r=2") + 3] == [i + 1 for i, c in enumerate(b) if c == "%"][1:]' <<<"$output"
}

@test "even classes are not 1 to 1" {
    advice four
    says 'The classes are even: weights change little.' 'only their ratios count there, and all weights are the same.'
    [[ $output != *'1 to 1'* ]]
    advice even
    says 'nearly even, 1.33 to 1 between'
}

@test "every statement has its source, and no line is longer than 96 columns but in what is to be pasted" {
    advice rare -s inverse -c names.txt
    sed '/^```python/,$d' <<<"$output" >"$BATS_TEST_TMPDIR/words"
    [ "$(grep -c '^[a-z-]*: ' "$BATS_TEST_TMPDIR/words")" -eq 5 ] # with the title
    [ "$(grep -c '^    \[' "$BATS_TEST_TMPDIR/words")" -eq 4 ]
    "$PYTHON" -S -c 'import sys; assert all(len(line) <= 97 for line in sys.stdin)' <"$BATS_TEST_TMPDIR/words"
}

@test "of many classes the most frequent and the rarest are shown" {
    "$PYTHON" -S - "$BATS_TEST_TMPDIR/many.png" <<'END'
import os, pathlib, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
from masks import png
pathlib.Path(sys.argv[1]).write_bytes(png([[min(x // (y + 1), 99) for x in range(200)] for y in range(100)]))
END
    advice "$BATS_TEST_TMPDIR/many.png"
    says '... and 84 more classes'
    [ "$(grep -c '^ \{0,4\}[0-9]\{1,3\}  ' <<<"$output")" -eq 16 ]
    says 'weights = json.load(open("weights.json")) # --scheme balanced --format list'
}

@test "the summary on a terminal ends in the shortest advice, and a file has none of it" {
    command -v script >/dev/null || skip "no script here"
    printf -v command '%q ' "$MASKWEIGHT" rare -s inverse -q
    output=$(TERM=xterm script -qefc "${command% -q *} -o $BATS_TEST_TMPDIR/doc" /dev/null </dev/null) || skip "no pseudo-terminal"
    output=${output//$'\r'/}
    says 'advice: Without weights class 0 makes up' 'advice: Under inverse a pixel of class 2, mislabelled or not, counts as much as 1200 of' \
        'advice: In a random batch of 4 whole masks' 'to paste: --report advice=FILE'
    [[ $output != *'CrossEntropyLoss'* && $output != *'import torch'* && $output != *arXiv* ]]
    [ "$(tail -n 1 <<<"$output")" = 'more advice, and the weights as Python to paste: --report advice=FILE' ]
    mw rare -s inverse -f table
    [[ $output != *advice* ]]
}

# What is to be pasted.

# paste ARGUMENT...: the Python of the report, in $BATS_TEST_TMPDIR/pasted.py.
paste_python() {
    advice "$@"
    sed -n '/^```python$/,/^```$/p' <<<"$output" | sed '1d;$d' >"$BATS_TEST_TMPDIR/pasted.py"
}

@test "what is to be pasted is Python, for every kind of loss, whatever the classes are called" {
    while read -r arguments; do
        # shellcheck disable=SC2086 # a list of words
        paste_python $arguments
        [ -s "$BATS_TEST_TMPDIR/pasted.py" ] || fail "nothing to paste: $arguments"
        "$PYTHON" -S -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$BATS_TEST_TMPDIR/pasted.py"
        grep -q '^import torch$' "$BATS_TEST_TMPDIR/pasted.py"
    done <<'END'
tiny -n 4 --ignore-index 255
tiny -n 4 --ignore-index 255 -s pos-weight
two
two -s pos-weight
rare -c names.txt -s enet
rare -c names.txt -s pos-weight --foreground-only -f list
rare -n 65
rare -n 65 -s pos-weight
planes --encoding planes
planes --encoding planes -s enet
planes --encoding planes --ignore-index 255
END
}

@test "left-out pixels have the value that the settings name, else one that is no class" {
    paste_python seven --ignore-index 7
    grep -q '; left-out pixels: 7$' "$BATS_TEST_TMPDIR/pasted.py"
    grep -q ', ignore_index=7)$' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python seven --ignore-index 7,9
    grep -q 'ignore_class=255)$' "$BATS_TEST_TMPDIR/pasted.py"
    grep -q '^# map every value that is left out to 255 in the target$' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python seven --map 7=ignore
    grep -q 'ignore_class=255)$' "$BATS_TEST_TMPDIR/pasted.py"
    grep -q '^# map every value that is left out to 255 ' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python seven --ignore-index 7 -s pos-weight
    grep -q 'num_classes=2, .*ignore_index=7, ' "$BATS_TEST_TMPDIR/pasted.py"
    run ! grep '^# map' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python seven --ignore-index 7,9 -s pos-weight
    grep -q '^# map every value that is left out to 255 ' "$BATS_TEST_TMPDIR/pasted.py"
    # nodata is another value than the one that is ignored, and stands in no option
    paste_python nodata --ignore-index 255
    grep -q '^# map every value that is left out to 255 in the target$' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python nodata --ignore-index 255 --nodata count -n 3
    run ! grep '^# map' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python nodata/same.tif --ignore-index 255
    run ! grep '^# map' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python seven -n 2 --ignore-index 255 --unknown ignore
    grep -q '^# map every value that is left out to 255 ' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python tiny -n 4 --ignore-index 255
    run ! grep '^# map' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python tiny --ignore-index 255 -n 300
    grep -q '^table = tf.constant(weights + \[0.0\] \* 1)$' "$BATS_TEST_TMPDIR/pasted.py"
    grep -q 'ignore_index=300)$' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python even
    run ! grep 'ignore_\|left-out' "$BATS_TEST_TMPDIR/pasted.py"
}

@test "there is nothing to paste where weights are not for a loss, or classes have gaps" {
    advice two -s fraction
    says 'Nothing to paste: these weights are not for a loss'
    advice one
    says 'Nothing to paste: there is nothing to balance'
    advice gap
    says 'Nothing to paste: a list of weights needs the class ids 0 to K-1'
    advice tiny --ignore-index 255 -s dice:power=80
    says 'Nothing to paste: a weight does not fit in a 32-bit float'
}

@test "Keras and MMSegmentation get what they take: every pixel's weight, and 0 for what is left out" {
    paste_python tiny -n 4 --ignore-index 255
    # TensorFlow as far as it is used; its functions have the parameters of the real ones
    consume numpy <<END
import types
def sparse(from_logits=False, ignore_class=None): return ("sparse", from_logits, ignore_class)
tf = types.SimpleNamespace(
    constant=lambda value: numpy.array(value, dtype=numpy.float32), int32=numpy.int32,
    cast=lambda x, dtype: x.astype(dtype), gather=lambda params, indices: params[indices],
    keras=types.SimpleNamespace(losses=types.SimpleNamespace(SparseCategoricalCrossentropy=sparse)))
class Loss:
    def __init__(self, weight, ignore_index=-100): pass
sys.modules["tensorflow"] = tf
sys.modules["torch"] = types.SimpleNamespace(tensor=list, nn=types.SimpleNamespace(CrossEntropyLoss=Loss))
names = {}
exec(open("$BATS_TEST_TMPDIR/pasted.py").read(), names)
target = numpy.array([[0, 1, 255], [2, 3, 0]], dtype=numpy.uint8)
image, same, weights = names["add_weights"]("image", target)
assert image == "image" and same is target
assert weights.tolist() == [[0.5, 1.0, 0.0], [2.0, 2.0, 0.5]]
assert names["loss"] == ("sparse", True, 255)
head = names["model"]["decode_head"]
assert head["num_classes"] == 4 and head["ignore_index"] == 255
assert head["loss_decode"] == dict(type="CrossEntropyLoss", class_weight=[0.5, 1.0, 2.0, 2.0],
                                   avg_non_ignore=True)
END
    paste_python two -s pos-weight
    consume numpy <<END
import types
def weighted(labels, logits, pos_weight):  # not with a list for pos_weight: it is added to
    return labels * numpy.log1p(numpy.exp(-logits)) * pos_weight + (1 - labels) * numpy.log1p(numpy.exp(logits))
tf = types.SimpleNamespace(
    constant=lambda value, dtype: numpy.array(value, dtype=dtype), cast=lambda x, dtype: x.astype(dtype),
    nn=types.SimpleNamespace(weighted_cross_entropy_with_logits=weighted))
sys.modules["tensorflow"] = tf
source = open("$BATS_TEST_TMPDIR/pasted.py").read()
source = source[:source.index("# PyTorch")] + source[source.index("# Keras"):]
names = {}
exec(source, names)
logits = numpy.zeros((1, 1, 2, 1), dtype=numpy.float32)
loss = names["keras_loss"](numpy.array([[[[1], [0]]]], dtype=numpy.uint8), logits)
assert numpy.allclose(loss.ravel(), [49 * numpy.log(2), numpy.log(2)])
head = names["model"]["decode_head"]
assert head["num_classes"] == 2 and head["out_channels"] == 1 and "ignore_index" not in head
weight = numpy.array(head["loss_decode"]["class_weight"])  # new_tensor makes the same of it
assert weight.shape == (1, 1, 1) and weight.item() == 49 and head["loss_decode"]["use_sigmoid"]
END
}

@test "MMSegmentation gets a pos_weight for each of its logits, or none" {
    paste_python rare -s pos-weight
    grep -q 'num_classes=3, ' "$BATS_TEST_TMPDIR/pasted.py"
    [ "$(grep -c '^    [0-9.]*,  # [012]$' "$BATS_TEST_TMPDIR/pasted.py")" -eq 3 ]
    paste_python rare -s pos-weight --foreground-only -f list # two weights, and a logit for each of three classes
    [ "$(grep -c '^    [0-9.]*,  # [12]$' "$BATS_TEST_TMPDIR/pasted.py")" -eq 2 ]
    run ! grep num_classes "$BATS_TEST_TMPDIR/pasted.py"
    grep -q '^# Not for MMSegmentation: .*--foreground-only' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python rare -s pos-weight --foreground-only -f list --background none
    grep -q 'num_classes=3, ' "$BATS_TEST_TMPDIR/pasted.py"
    # of two classes the logit stands for class 1
    paste_python two -s pos-weight --foreground-only -f list
    grep -q 'num_classes=2, out_channels=1, ' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python two -s pos-weight --background 1
    grep -q '^    0.0204[0-9]*,  # 0$' "$BATS_TEST_TMPDIR/pasted.py"
    run ! grep num_classes "$BATS_TEST_TMPDIR/pasted.py"
    grep -q '^# Not for MMSegmentation: its only logit stands for class 1, and the foreground is class 0$' "$BATS_TEST_TMPDIR/pasted.py"
    paste_python planes --encoding planes
    run ! grep MMSegmentation "$BATS_TEST_TMPDIR/pasted.py"
}

@test "torch runs what is to be pasted, and the losses are those of the weights" {
    torch_part() { # up to what needs TensorFlow
        paste_python "$@"
        sed -i '/^# Keras/,$d' "$BATS_TEST_TMPDIR/pasted.py"
    }
    torch_part tiny -n 4 --ignore-index 255
    consume math torch <<END
names = {}
exec(open("$BATS_TEST_TMPDIR/pasted.py").read(), names)
target = torch.tensor([[[0, 1], [3, 255]]])  # weights 0.5, 1, 2, and nothing
logits = torch.zeros(1, 4, 2, 2)
logits[0, 1, 0, 1] = 5.0  # class 1 is met
rest = math.log(math.exp(5) + 3) - 5
found = float(names["loss"](logits, target))
assert abs(found - (0.5 * math.log(4) + 1.0 * rest + 2.0 * math.log(4)) / 3.5) < 1e-5, found
twice = torch.nn.CrossEntropyLoss(weight=2 * torch.tensor(names["weights"]), ignore_index=255)
assert abs(float(twice(logits, target)) - found) < 1e-5  # only ratios count
void = torch.full((1, 2, 2), 255)
assert math.isnan(float(names["loss"](logits, void)))  # void-masks
END
    torch_part two -s pos-weight
    consume math torch <<END
names = {}
exec(open("$BATS_TEST_TMPDIR/pasted.py").read(), names)
target = torch.zeros(2, 1, 5, 10)
target[0, 0, 0, 0] = target[1, 0, 0, 0] = 1.0  # as in the data: 2 of 100
logits = torch.zeros(2, 1, 5, 10)
assert abs(float(names["loss"](logits, target)) - math.log(2) * 2 * 98 / 100) < 1e-5
bias = torch.zeros(1, requires_grad=True)
names["loss"](logits + bias, target).backward()
assert abs(float(bias.grad)) < 1e-6  # with it the best bias is 0
plain = torch.full((1,), -3.892, requires_grad=True)
torch.nn.BCEWithLogitsLoss()(logits + plain, target).backward()
assert abs(float(plain.grad)) < 1e-4  # without, the one that is advised
scaled = torch.nn.BCEWithLogitsLoss(weight=torch.tensor([49.0]))
assert abs(float(scaled(logits, target)) - 49 * math.log(2)) < 1e-4  # weight: the whole loss
END
    torch_part planes --encoding planes --ignore-index 255
    consume math torch <<END
names = {}
exec(open("$BATS_TEST_TMPDIR/pasted.py").read(), names)
assert names["pos_weight"] == [1.0, 199.0]
target = torch.ones(1, 2, 1, 3)
known = torch.tensor([[[[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]]])
found = float(names["loss"](torch.zeros(1, 2, 1, 3), target, known))
assert abs(found - math.log(2) * (1 + 1 + 199) / 3) < 1e-4, found
assert float(names["loss"](torch.zeros(1, 2, 1, 3), target, 0 * known)) == 0
END
    torch_part planes --encoding planes -s enet
    consume math torch <<END
names = {}
exec(open("$BATS_TEST_TMPDIR/pasted.py").read(), names)
found = float(names["loss"](torch.zeros(1, 2, 1, 3), torch.ones(1, 2, 1, 3)))
assert abs(found - math.log(2) * sum(names["weights"]) / 2) < 1e-4, found
END
}
