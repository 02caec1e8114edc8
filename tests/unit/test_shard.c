/* Shards: paths fall to them evenly, and what is counted apart merges to the whole, or not at all. */
#include "made.h"

#include "audit/findings.h"
#include "count/document.h"
#include "count/shard.h"
#include "count/survey.h"
#include "write/report.h"

/* --- The hash -------------------------------------------------------------------------------- */

/* Computed in Python, as the manual page describes the hash. */
TEST(paths_have_the_documented_hash) {
    assert_int_equal(mw_shard_hash(""), UINT64_C(0xf52a15e9a9b5e89b));
    assert_int_equal(mw_shard_hash("a"), UINT64_C(0x02c0bdbf481420f8));
    assert_int_equal(mw_shard_hash("foobar"), UINT64_C(0x404da9e3b74078c2));
    assert_int_equal(mw_shard_hash("day/avenue-1.png"), UINT64_C(0xc7a354e03bcb6901));
    assert_int_equal(mw_shard_hash("m\xc3\xbcll/\xc3\xa4.png"), UINT64_C(0x1395963ebeb8de99));
    assert_int_equal(mw_shard_of("foobar", 12), 7);
    assert_int_equal(mw_shard_of("day/avenue-1.png", 12), 10);
    assert_int_equal(mw_shard_of("day/avenue-1.png", 1), 1);
}

enum { NAMES = 100000, MOST_SHARDS = 1024 };

/* Names as datasets have them: numbers with and without zeros, steps, directories by number. */
static void make_name(char out[64], size_t pattern, size_t number) {
    switch (pattern) {
    case 0: snprintf(out, 64, "%06zu.png", number); break;
    case 1: snprintf(out, 64, "%zu.png", number); break;
    case 2: snprintf(out, 64, "ADE_train_%08zu.png", number); break;
    case 3: snprintf(out, 64, "%03zu/%05zu_gtFine_labelIds.png", number / 500, 10 * number); break;
    case 4: snprintf(out, 64, "tile_%zu_%zu.tif", number / 317, number % 317); break;
    default: snprintf(out, 64, "%08zx.png", number << 12); break;
    }
}

/* Chi-squared of `shards` shards: its mean is shards - 1, its variance twice that. */
static double unevenness(size_t pattern, uint32_t shards) {
    static uint32_t seen[MOST_SHARDS];
    double expected = (double)NAMES / shards, sum = 0;
    memset(seen, 0, sizeof seen);
    for (size_t i = 0; i < NAMES; i++) {
        char name[64];
        make_name(name, pattern, i);
        uint32_t shard = mw_shard_of(name, shards);
        assert_true(shard >= 1 && shard <= shards);
        seen[shard - 1]++;
    }
    for (uint32_t i = 0; i < shards; i++)
        sum += (seen[i] - expected) * (seen[i] - expected) / expected;
    return sum;
}

TEST(typical_names_fall_evenly) {
    static const uint32_t numbers[] = {2, 3, 4, 7, 8, 10, 16, 64, 100, 256, 1000, 1024};
    for (size_t pattern = 0; pattern < 6; pattern++)
        for (size_t i = 0; i < COUNT(numbers); i++) {
            double freedom = numbers[i] - 1.0, sum = unevenness(pattern, numbers[i]);
            if (sum < freedom + 5 * sqrt(2 * freedom) + 5) continue;
            print_error("pattern %zu, %u shards: chi-squared %g\n", pattern, numbers[i], sum);
            fail();
        }
}

/* --- A dataset, counted in parts ------------------------------------------------------------- */

enum { MOST_FILES = 40, MOST_PARTS = 12 };

struct file {
    char path[32];
    enum { COUNTED, FAILED, SKIPPED } fate;
    struct made_mask mask;
    unsigned findings; /* a bit for each code */
};

struct files {
    struct file list[MOST_FILES];
    size_t count;
    struct mw_subset subset; /* those that are counted */
};

static void make_files(struct files *files, uint64_t *seed) {
    static const int fates[] = {COUNTED, COUNTED, COUNTED, COUNTED, FAILED, SKIPPED};
    bool may_fail = random_below(seed, 2);
    files->count = random_below(seed, MOST_FILES + 1);
    files->subset = (struct mw_subset){0};
    for (size_t i = 0; i < files->count; i++) {
        struct file *file = &files->list[i];
        *file = (struct file){.fate = fates[random_below(seed, may_fail ? COUNT(fates) : 4)]};
        snprintf(file->path, sizeof file->path, "%zu/%zu.png", random_below(seed, 5), i);
        file->findings = (unsigned)random_next(seed);
        file->findings &= (unsigned)random_next(seed); /* a quarter of them */
        for (size_t id = random_below(seed, 6); id < 6; id += 1 + random_below(seed, 3))
            file->mask.pixels[id] = random_below(seed, 90);
        file->mask.ignored = random_below(seed, 9);
    }
}

static void count_file(struct mw_counts *counts, const struct mw_labels *labels,
                       const struct file *file) {
    struct mw_error err;
    if (file->fate == SKIPPED) {
        counts->skipped_files += mw_shards_hold(&counts->shards, file->path);
        return;
    }
    if (!mw_shards_take(&counts->shards, file->path)) return;
    if (!mw_subset_take(&counts->subset, file->path)) return;
    if (file->fate == FAILED) {
        counts->complete = false;
        assert_ok(mw_places_add(&counts->failures, 0, file->path, "damaged PNG", &err), &err);
        return;
    }
    add_made_mask(counts, labels, &file->mask);
    if (mw_subset_active(&counts->subset)) {
        struct mw_counts one;
        mw_counts_init(&one);
        add_made_mask(&one, labels, &file->mask);
        assert_ok(mw_counts_add_group(counts, mw_subset_group(file->path), &one, &err), &err);
        mw_counts_free(&one);
    }
    mw_digest_add(&counts->digest, mw_digest_path(file->path));
    for (size_t i = 0; i < MW_MASK_FINDINGS; i++)
        if (file->findings >> i & 1)
            assert_ok(mw_places_add(&counts->findings[i], 0, file->path, NULL, &err), &err);
}

/* The document of settings and counts, as --shard writes it. */
static void write_text(const struct mw_labels *labels, const struct mw_counts *counts,
                       struct mw_text *text) {
    struct mw_findings findings = {0};
    struct mw_error err;
    assert_ok(mw_findings_make(&findings, counts, labels, NULL, 0, &err), &err);
    struct mw_report report = {.labels = labels, .counts = counts, .findings = &findings};
    assert_ok(mw_report_write(&report, &mw_writer_json, text, &err), &err);
    mw_findings_free(&findings);
}

/* The document of shard `index` of `count`; 0 of 0 is that of the whole. */
static void write_part(const struct files *files, uint32_t index, uint32_t count,
                       struct mw_text *text) {
    struct mw_labels labels = made_labels(0);
    struct mw_counts counts;
    struct mw_error err;
    mw_counts_init(&counts);
    assert_ok(mw_shards_begin(&counts.shards, index, count, &err), &err);
    counts.subset = files->subset;
    for (size_t i = 0; i < files->count; i++) count_file(&counts, &labels, &files->list[i]);
    assert_ok(mw_counts_finish(&counts, &labels, &err), &err);
    write_text(&labels, &counts, text);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* Merges documents as a run that names them as sources; their texts stay. */
static enum mw_status merge(const struct mw_text *texts, size_t count, struct mw_text *merged,
                            struct mw_error *err) {
    static const char *const names[MOST_PARTS] = {"p0", "p1", "p2", "p3", "p4",  "p5",
                                                  "p6", "p7", "p8", "p9", "p10", "p11"};
    struct mw_source sources[MOST_PARTS] = {{0}};
    struct mw_labels labels = {0};
    struct mw_counts counts;
    struct mw_survey survey = {.sources = sources, .source_count = count, .labels = &labels};
    mw_counts_init(&counts);
    for (size_t i = 0; i < count; i++) {
        sources[i] = (struct mw_source){.path = names[i], .kind = MW_SOURCE_DOCUMENT};
        mw_text_add(&sources[i].content, texts[i].data, texts[i].length);
    }
    enum mw_status status = mw_survey_read_documents(&survey, &counts, err);
    if (!status) status = mw_survey_run(&survey, &counts, err);
    if (!status) write_text(&labels, &counts, merged);
    for (size_t i = 0; i < count; i++) mw_text_free(&sources[i].content);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
    return status;
}

static void free_texts(struct mw_text *texts, size_t count) {
    for (size_t i = 0; i < count; i++) mw_text_free(&texts[i]);
}

static void shuffle(struct mw_text *texts, size_t count, uint64_t *seed) {
    for (size_t i = count; i > 1; i--) {
        size_t j = random_below(seed, i);
        struct mw_text kept = texts[i - 1];
        texts[i - 1] = texts[j];
        texts[j] = kept;
    }
}

/* Merges some of the documents to one, again and again, until one is left. */
static void merge_all(struct mw_text *texts, size_t count, uint64_t *seed) {
    struct mw_error err;
    do {
        size_t some = count > 1 ? 2 + random_below(seed, count - 1) : 1;
        struct mw_text merged = {0};
        shuffle(texts, count, seed);
        assert_ok(merge(texts + count - some, some, &merged, &err), &err);
        free_texts(texts + count - some, some);
        count -= some - 1;
        texts[count - 1] = merged;
    } while (count > 1);
}

TEST(any_split_into_shards_merges_to_the_whole_in_any_order_and_grouping) {
    uint64_t seed = 7;
    size_t empty = 0;
    for (int round = 0; round < 3000; round++) {
        struct files files;
        struct mw_text whole = {0}, parts[MOST_PARTS] = {{0}};
        uint32_t count = 1 + (uint32_t)random_below(&seed, MOST_PARTS);
        make_files(&files, &seed);
        if (round % 2) files.subset.last = mw_subset_last(files.subset.share = 0.6);
        write_part(&files, 0, 0, &whole);
        for (uint32_t k = 1; k <= count; k++) {
            write_part(&files, k, count, &parts[k - 1]);
            empty += strstr(text_of(&parts[k - 1]), "\"files\":\t0,") != NULL;
        }
        merge_all(parts, count, &seed);
        assert_string_equal(text_of(&parts[0]), text_of(&whole));
        mw_text_free(&parts[0]);
        mw_text_free(&whole);
    }
    assert_true(empty > 100); /* these were among them */
}

/* --- What is refused ------------------------------------------------------------------------- */

static void make_parts(const struct files *files, uint32_t count, struct mw_text *parts) {
    for (uint32_t k = 1; k <= count; k++) write_part(files, k, count, &parts[k - 1]);
}

static void some_files(struct files *files) {
    uint64_t seed = 3;
    do make_files(files, &seed);
    while (files->count < 30);
    for (size_t i = 0; i < files->count; i++) files->list[i].fate = COUNTED;
}

/* Merges the parts whose numbers stand in `order`, and expects a refusal that names all of `names`. */
static void refuse(const struct mw_text *parts, const char *order, const char *const *names) {
    struct mw_text chosen[MOST_PARTS], merged = {0};
    struct mw_error err;
    size_t count = strlen(order);
    for (size_t i = 0; i < count; i++) chosen[i] = parts[order[i] - '0'];
    assert_fails(merge(chosen, count, &merged, &err), MW_USAGE, names[0], &err);
    for (size_t i = 1; names[i]; i++) assert_non_null(strstr(err.message, names[i]));
    mw_text_free(&merged);
}

#define REFUSED(parts, order, ...) refuse(parts, order, (const char *const[]){__VA_ARGS__, NULL})

TEST(a_shard_that_is_there_twice_is_refused_with_both_documents) {
    struct files files;
    struct mw_text parts[5] = {{0}}, some[2];
    struct mw_error err;
    some_files(&files);
    make_parts(&files, 4, parts);
    some[0] = parts[1];
    some[1] = parts[2];
    assert_ok(merge(some, 2, &parts[4], &err), &err); /* shards 2 and 3 */
    REFUSED(parts, "00", "p0 and p1", "the same shard");
    REFUSED(parts, "0120", "p0 and p3", "the same shard");
    REFUSED(parts, "0342", "p2 and p3", "the same shard");
    REFUSED(parts, "041", "p1 and p2", "the same shard");
    free_texts(parts, 5);
}

TEST(parts_of_other_numbers_or_paths_are_refused) {
    struct files files;
    struct mw_text parts[6] = {{0}};
    some_files(&files);
    make_parts(&files, 2, parts);
    make_parts(&files, 3, parts + 2);
    files.count--; /* a mask has vanished */
    write_part(&files, 2, 2, &parts[5]);
    REFUSED(parts, "03", "p0 is one of 2 shards", "p1 one of 3");
    REFUSED(parts, "05", "p0 is a part of", "p1 of", "count all shards again");
    free_texts(parts, 6);
}

TEST(parts_are_not_mixed_with_what_is_none) {
    struct files files;
    struct mw_text parts[3] = {{0}};
    some_files(&files);
    make_parts(&files, 2, parts);
    write_part(&files, 0, 0, &parts[2]);
    REFUSED(parts, "02", "p0 is a part", "p1 is not");
    REFUSED(parts, "20", "p1 is a part", "p0 is not");
    free_texts(parts, 3);
}

static void replace(struct mw_text *text, const char *old, const char *with) {
    char *place = strstr(text->data, old);
    assert_non_null(place);
    assert_int_equal(strlen(old), strlen(with));
    for (size_t i = 0; with[i]; i++) place[i] = with[i];
}

/* Both parts say that there was one path more, and so agree with each other. */
TEST(parts_whose_paths_are_not_all_paths_are_refused) {
    struct files files;
    struct mw_text parts[2] = {{0}};
    char old[64], with[64];
    some_files(&files);
    make_parts(&files, 2, parts);
    snprintf(old, sizeof old, "\"count\":\t%zu,", files.count);
    snprintf(with, sizeof with, "\"count\":\t%zu,", files.count + 1);
    for (size_t i = 0; i < 2; i++) replace(&parts[i], old, with);
    REFUSED(parts, "01", "p0, p1", "together they hold");
    free_texts(parts, 2);
}

TEST(a_shard_that_contradicts_its_document_is_refused) {
    static const struct {
        const char *old, *with, *told;
    } changes[] = {
        {"\"index\":\t2,", "\"index\":\t9,", "\"index\" is not from 1 to \"count\""},
        {"\"index\":\t2,", "\"index\":\t0,", "\"index\" is not from 1 to \"count\""},
        {"\"index\":\t2,", "\"index\":\"2\",", "\"index\""},
        {"\"count\":\t3,", "\"count\":\t0,", "\"count\" is not from 1 to"},
        {"\"count\":\t3,", "\"count\":\t1000001,", "\"count\" is not from 1 to"},
        {"\"count\":\t3,", "\"count\":\t-3,", "\"count\""},
        {"\"index\":\t2,", "\"index\":\t[],", "\"index\""},
        {"\"all_paths\"", "\"all_pathz\"", "\"all_paths\""},
        {"\"paths\"", "\"pathz\"", "\"paths\""},
        {"\"digest\":\t\"", "\"digest\":\t\"0", "\"digest\""},
    };
    for (size_t i = 0; i < COUNT(changes); i++) {
        struct files files;
        struct mw_text part = {0}, merged = {0}, changed = {0};
        struct mw_error err;
        some_files(&files);
        write_part(&files, 2, 3, &part);
        const char *place = strstr(text_of(&part), changes[i].old);
        assert_non_null(place);
        mw_text_add(&changed, part.data, (size_t)(place - part.data));
        mw_text_print(&changed, "%s%s", changes[i].with, place + strlen(changes[i].old));
        assert_fails(merge(&changed, 1, &merged, &err), MW_USAGE, changes[i].told, &err);
        assert_non_null(strstr(err.message, "\"shard\""));
        free_texts((struct mw_text[]){part, merged, changed}, 3);
    }
}

/* The paths of a part are those that it counted, and all paths where no other shard has any. */
TEST(other_paths_than_were_counted_are_refused) {
    struct files files;
    struct mw_error err;
    some_files(&files);
    for (uint32_t shards = 1; shards <= 2; shards++)
        for (int nth = 0; nth < 3; nth++) { /* of "shard" two, then that of "dataset" */
            struct mw_text part = {0}, merged = {0};
            write_part(&files, 1, shards, &part);
            char *digest = part.data;
            for (int i = 0; i <= nth; i++) digest = strstr(digest + 1, "\"digest\":\t\"");
            digest[11] = digest[11] == '0' ? '1' : '0';
            bool seen = shards == 1 || nth != 1; /* other shards may have any */
            if (seen)
                assert_fails(merge(&part, 1, &merged, &err), MW_USAGE, "\"shard\" contradicts",
                             &err);
            else assert_ok(merge(&part, 1, &merged, &err), &err);
            mw_text_free(&part);
            mw_text_free(&merged);
        }
}

/* --- Sets of shards -------------------------------------------------------------------------- */

static struct mw_shards shards_of(uint32_t count, const char *held) {
    struct mw_shards shards = {.count = count};
    struct mw_error err;
    assert_ok(mw_ranges_parse(&shards.held, held, &err), &err);
    return shards;
}

TEST(missing_shards_are_those_that_are_not_held) {
    static const struct {
        uint32_t count;
        const char *held, *missing;
    } cases[] = {
        {4, "1-4", "none"},
        {4, "1", "2-4"},
        {4, "4", "1-3"},
        {4, "2-3", "1,4"},
        {9, "2,4,6,8", "1,3,5,7,9"},
        {1, "1", "none"},
        {1000000, "1,3-999999", "2,1000000"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_shards shards = shards_of(cases[i].count, cases[i].held);
        struct mw_text text = {0};
        struct mw_error err;
        assert_ok(mw_shards_print_missing(&shards, &text, &err), &err);
        assert_string_equal(text_of(&text), cases[i].missing);
        assert_int_equal(mw_shards_whole(&shards), strcmp(cases[i].missing, "none") == 0);
        mw_text_free(&text);
        mw_shards_free(&shards);
    }
}

TEST(of_many_missing_shards_the_first_are_named) {
    struct mw_shards shards = {.count = 1000};
    struct mw_text text = {0};
    struct mw_error err;
    for (int64_t k = 2; k <= 1000; k += 2)
        assert_ok(mw_ranges_add(&shards.held, (struct mw_range){k, k}, &err), &err);
    assert_ok(mw_shards_print_missing(&shards, &text, &err), &err);
    assert_true(strncmp(text_of(&text), "1,3,5,", 6) == 0);
    assert_non_null(strstr(text_of(&text), "39 and 480 more ranges"));
    mw_text_free(&text);
    mw_shards_free(&shards);
}

TEST(shards_overlap_where_one_is_in_both) {
    static const struct {
        const char *a, *b;
        bool overlap;
    } cases[] = {
        {"1", "1", true},          {"1", "2", false},          {"1-5", "3", true},
        {"1,3,5", "2,4,6", false}, {"1,3,5-7", "2,4,7", true}, {"9", "1-8,10", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_shards a = shards_of(20, cases[i].a), b = shards_of(20, cases[i].b);
        assert_int_equal(mw_shards_overlap(&a, &b), cases[i].overlap);
        assert_int_equal(mw_shards_overlap(&b, &a), cases[i].overlap);
        mw_shards_free(&a);
        mw_shards_free(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_have_the_documented_hash),
        cmocka_unit_test(typical_names_fall_evenly),
        cmocka_unit_test(any_split_into_shards_merges_to_the_whole_in_any_order_and_grouping),
        cmocka_unit_test(a_shard_that_is_there_twice_is_refused_with_both_documents),
        cmocka_unit_test(parts_of_other_numbers_or_paths_are_refused),
        cmocka_unit_test(parts_are_not_mixed_with_what_is_none),
        cmocka_unit_test(parts_whose_paths_are_not_all_paths_are_refused),
        cmocka_unit_test(a_shard_that_contradicts_its_document_is_refused),
        cmocka_unit_test(other_paths_than_were_counted_are_refused),
        cmocka_unit_test(missing_shards_are_those_that_are_not_held),
        cmocka_unit_test(of_many_missing_shards_the_first_are_named),
        cmocka_unit_test(shards_overlap_where_one_is_in_both),
    };
    return RUN_TESTS(tests);
}
