#!/usr/bin/env bats
# The weights in the hands of those they are for. Skipped where Debian's python3-numpy or python3-torch
# is not installed.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    for scheme in balanced pos-weight; do
        for format in list npy lut keras; do
            "$MASKWEIGHT" tiny --ignore-index 255 -s $scheme -f $format -o "$scheme.$format"
        done
    done
    "$MASKWEIGHT" tiny --binary --ignore-index 255 -s pos-weight --foreground-only -f npy -o one.npy
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

@test "NumPy loads npy and lut" {
    consume numpy <<'END'
weights = numpy.load("balanced.npy", allow_pickle=False)
assert weights.dtype == numpy.float32 and weights.shape == (4,)
assert weights.tolist() == [0.5, 1.0, 2.0, 2.0]
weights = numpy.load("pos-weight.npy", allow_pickle=False)
assert weights.shape == (4, 1, 1) and weights.ravel().tolist() == [1.0, 3.0, 7.0, 7.0]
table = numpy.load("balanced.lut", allow_pickle=False)
assert table.dtype == numpy.float32 and table.shape == (256,)
mask = numpy.array([[0, 1, 255], [3, 2, 0]], dtype=numpy.uint8)
assert table[mask].tolist() == [[0.5, 1.0, 0.0], [2.0, 2.0, 0.5]]  # a sample_weight for Keras
END
}

@test "torch takes list as weight of CrossEntropyLoss and npy as pos_weight of BCEWithLogitsLoss" {
    consume json math numpy torch <<'END'
# logits [batch, class, row, column] of 0: every class as likely
with open("balanced.list") as file:
    weight = torch.tensor(json.load(file))
loss = torch.nn.CrossEntropyLoss(weight=weight, ignore_index=255, reduction="none")
target = torch.zeros(2, 3, 5, dtype=torch.long)
target[0, 0, :4] = torch.tensor([0, 1, 2, 255])
found = loss(torch.zeros(2, 4, 3, 5), target)[0, 0, :4].tolist()
assert all(abs(a - b * math.log(4)) < 1e-6 for a, b in zip(found, (0.5, 1.0, 2.0, 0.0))), found

weight = torch.from_numpy(numpy.load("pos-weight.npy"))
loss = torch.nn.BCEWithLogitsLoss(pos_weight=weight, reduction="none")
target = torch.ones(2, 4, 3, 5)
target[:, :, 0, 0] = 0
found = loss(torch.zeros(2, 4, 3, 5), target)
for index, positive in enumerate((1.0, 3.0, 7.0, 7.0)):
    assert abs(float(found[1, index, 2, 4]) - positive * math.log(2)) < 1e-6
    assert abs(float(found[1, index, 0, 0]) - math.log(2)) < 1e-6

weight = torch.from_numpy(numpy.load("one.npy"))  # one logit: 8 positives, 8 negatives
assert weight.shape == (1, 1, 1) and float(weight) == 1.0
loss = torch.nn.BCEWithLogitsLoss(pos_weight=weight)
assert abs(float(loss(torch.zeros(2, 1, 3, 5), torch.ones(2, 1, 3, 5))) - math.log(2)) < 1e-6
END
}

@test "Keras' dictionary has integers for keys once read, and every weight" {
    "$PYTHON" - <<'END'
import json
weights = {int(key): value for key, value in json.load(open("balanced.keras")).items()}
assert weights == {0: 0.5, 1: 1.0, 2: 2.0, 3: 2.0}
END
}

@test "torch takes the sample weights of --per-mask for WeightedRandomSampler" {
    "$MASKWEIGHT" tiny --ignore-index 255 --per-mask masks.ndjson --sampling inverse -o /dev/null
    consume json torch <<'END'
with open("masks.ndjson") as file:
    masks = [json.loads(line) for line in file]
weights = [mask["sample_weight"] for mask in masks]  # 8, 2, 0 (no class), 8
drawn = list(torch.utils.data.WeightedRandomSampler(
    weights, 20000, generator=torch.Generator().manual_seed(1)))
shares = [drawn.count(index) / len(drawn) for index in range(len(masks))]
assert shares[2] == 0 and all(abs(share - weight / 18) < 0.02
                              for share, weight in zip(shares, weights)), shares
END
}
