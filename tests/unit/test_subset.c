/* Samples: which masks are taken, evenly and whatever the shard; and that they merge. */
#include "made.h"

#include "count/shard.h"
#include "count/subset.h"

/* Computed in Python, as the manual page describes the hash. */
TEST(paths_have_the_documented_hash_and_group) {
    static const struct {
        const char *path;
        uint64_t hash;
        unsigned group;
    } known[] = {
        {"", UINT64_C(0xe587d3dff9e92ed0), 16},
        {"a", UINT64_C(0x538a21ec5e495b1a), 26},
        {"foobar", UINT64_C(0x9a3481c556061b72), 18},
        {"day/avenue-1.png", UINT64_C(0xaed1e4991f62d114), 20},
        {"m\xc3\xbcll/\xc3\xa4.png", UINT64_C(0x742cc1ee3cbfc7cc), 12},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        assert_int_equal(mw_subset_hash(known[i].path), known[i].hash);
        assert_int_equal(mw_subset_group(known[i].path), known[i].group);
    }
}

static struct mw_subset parsed(const char *text) {
    struct mw_subset subset;
    struct mw_error err;
    assert_ok(mw_subset_parse(&subset, text, &err), &err);
    return subset;
}

TEST(a_share_is_read_exactly_however_it_is_written) {
    static const struct {
        const char *text;
        double share;
        uint64_t last;
    } shares[] = {
        {"0.01", 0.01, UINT64_C(0x028f5c28f5c28f5f)},
        {"1%", 0.01, UINT64_C(0x028f5c28f5c28f5f)},
        {".5", 0.5, UINT64_C(0x7fffffffffffffff)},
        {"50.0%", 0.5, UINT64_C(0x7fffffffffffffff)},
        {"0.7%", 0.007, UINT64_C(0x01cac083126e978f)},
        {"0.007", 0.007, UINT64_C(0x01cac083126e978f)},
    };
    for (size_t i = 0; i < COUNT(shares); i++) {
        struct mw_subset subset = parsed(shares[i].text);
        assert_memory_equal(&subset.share, &shares[i].share, sizeof subset.share);
        assert_int_equal(subset.last, shares[i].last);
        assert_int_equal(subset.most, 0);
    }
    assert_int_equal(parsed("2").most, 2);
    assert_int_equal(parsed("1000000000").most, 1000000000);
    assert_true(mw_subset_active(&(struct mw_subset){.most = 2}));
    assert_false(mw_subset_active(&(struct mw_subset){0}));
}

TEST(what_is_neither_a_share_nor_a_number_is_refused) {
    static const char *const wrong[] = {
        "",           "1",
        "0",          "1.0",
        "100%",       "0%",
        "0.0",        "-1",
        "-0.5",       "+0.5",
        " 0.5",       "1e3",
        "5x",         "nan",
        "1000000001", "%",
        "1%%",        "0x10",
        "1/10",       ".",
        "0..1",       "99999999999999999999",
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct mw_subset subset;
        struct mw_error err;
        assert_fails(mw_subset_parse(&subset, wrong[i], &err), MW_USAGE, "--sample: '", &err);
    }
}

enum { PATHS = 200000 };

/* Within five standard deviations. */
static void assert_binomial(uint64_t count, double of, double share) {
    assert_true(fabs((double)count - of * share) < 5 * sqrt(of * share * (1 - share)));
}

/* Names as datasets have them; every shard, and every group of it, has its share of the sample. */
TEST(a_sample_is_even_in_all_shards_and_groups) {
    enum { SHARDS = 8 };
    static const char *const forms[] = {"%06zu.png", "%zu.png", "train/%zu_labelIds.png",
                                        "%zx.tif"};
    for (size_t form = 0; form < COUNT(forms); form++) {
        struct mw_subset subset = parsed("10%");
        uint64_t taken[SHARDS][MW_SUBSET_GROUPS] = {{0}}, all[SHARDS] = {0};
        for (size_t i = 0; i < PATHS; i++) {
            struct mw_text path = {0};
            mw_text_print(&path, forms[form], i);
            uint32_t shard = mw_shard_of(text_of(&path), SHARDS) - 1;
            all[shard]++;
            if (mw_subset_take(&subset, path.data)) taken[shard][mw_subset_group(path.data)]++;
            mw_text_free(&path);
        }
        assert_int_equal(subset.seen, PATHS);
        assert_binomial(subset.taken, PATHS, 0.1);
        for (size_t shard = 0; shard < SHARDS; shard++) {
            uint64_t of_shard = 0;
            for (size_t group = 0; group < MW_SUBSET_GROUPS; group++) {
                of_shard += taken[shard][group];
                assert_binomial(taken[shard][group], (double)all[shard],
                                0.1 / (double)MW_SUBSET_GROUPS);
            }
            assert_binomial(of_shard, (double)all[shard], 0.1);
        }
    }
}

static int compare_hashes(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

TEST(the_least_hashes_are_those_that_sorting_puts_first) {
    uint64_t seed = 5;
    for (int round = 0; round < 500; round++) {
        uint64_t hashes[5000];
        bool many = round < 4; /* more than there is room for at first */
        size_t count = random_below(&seed, many ? COUNT(hashes) : 300);
        struct mw_least_hashes least = {.most = 1 + random_below(&seed, many ? 4000 : 200)};
        struct mw_error err;
        for (size_t i = 0; i < count; i++) {
            hashes[i] = round % 2 ? random_next(&seed)
                                  : random_below(&seed, 50); /* or many equal */
            assert_ok(mw_least_hashes_add(&least, hashes[i], &err), &err);
        }
        qsort(hashes, count, sizeof *hashes, compare_hashes);
        uint64_t last = count < least.most ? UINT64_MAX : hashes[least.most - 1];
        assert_int_equal(mw_least_hashes_last(&least), last);
        free(least.hashes);
    }
}

TEST(a_sample_stands_for_all_files) {
    struct mw_subset whole = {0}, a = parsed("0.5"), b = parsed("50%"), other = parsed("0.25");
    assert_near(mw_subset_expansion(&whole), 1);
    a.taken = 3;
    a.seen = 10;
    b.taken = 5;
    b.seen = 10;
    assert_true(mw_subset_equal(&a, &b));
    assert_false(mw_subset_equal(&a, &other));
    assert_false(mw_subset_equal(&a, &whole));
    mw_subset_merge(&whole, &a);
    mw_subset_merge(&whole, &b);
    mw_subset_merge(&whole, &(struct mw_subset){0});
    assert_true(mw_subset_equal(&whole, &a));
    assert_near(mw_subset_expansion(&whole), 20.0 / 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_have_the_documented_hash_and_group),
        cmocka_unit_test(a_share_is_read_exactly_however_it_is_written),
        cmocka_unit_test(what_is_neither_a_share_nor_a_number_is_refused),
        cmocka_unit_test(a_sample_is_even_in_all_shards_and_groups),
        cmocka_unit_test(the_least_hashes_are_those_that_sorting_puts_first),
        cmocka_unit_test(a_sample_stands_for_all_files),
    };
    return RUN_TESTS(tests);
}
