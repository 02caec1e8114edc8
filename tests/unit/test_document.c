/* The JSON form of counts: what is written is read back equal, and what is wrong is refused with
 * the key that is wrong. */
#include "made.h"

#include "audit/findings.h"
#include "base/json.h"
#include "count/document.h"
#include "write/report.h"

/* --- A dataset to write ---------------------------------------------------------------------- */

static const struct made_mask dataset[] = {
    {.pixels = {50, 10, 0}, .ignored = 5},
    {.pixels = {10, 0, 30}},
    {.pixels = {60, 0, 0}, .ignored = 7},
    {.ignored = 40},
};

/* Latin-1 'ü', which is no UTF-8; a line end; a quote; UTF-8. */
static const char *const paths[] = {"m\xfcll/a.png", "line\nend.png", "say \"a\".png",
                                    "m\xc3\xbcll/b.png"};

static void add_places(struct mw_counts *counts) {
    struct mw_error err;
    for (size_t i = 0; i < COUNT(paths); i++) {
        assert_ok(
            mw_places_add(&counts->failures, (uint32_t)i, paths[i], "damaged PNG: \"x\"", &err),
            &err);
        assert_ok(mw_places_add(&counts->findings[MW_TRAILING_DATA], 0, paths[i], NULL, &err),
                  &err);
        assert_ok(
            mw_places_add(&counts->findings[MW_SYMLINK_LOOP], (uint32_t)i, paths[i], NULL, &err),
            &err);
    }
    counts->findings[MW_TRAILING_DATA].count = 1000; /* more than are kept */
    mw_places_sort(&counts->failures);
    for (size_t i = 0; i < MW_MASK_FINDINGS; i++) mw_places_sort(&counts->findings[i]);
    counts->complete = false;
}

static void make_names(struct mw_labels *labels) {
    static const char *const names[] = {"sky", "m\xc3\xbcll, \"rest\"", "a\\b/c"};
    labels->classes = COUNT(names);
    labels->names = calloc(COUNT(names), sizeof *labels->names);
    assert_non_null(labels->names);
    for (size_t i = 0; i < COUNT(names); i++) {
        labels->names[i] = strdup(names[i]);
        assert_non_null(labels->names[i]);
    }
}

/* Settings and counts with something in every field. */
static void make_dataset(struct mw_labels *labels, struct mw_counts *counts) {
    struct mw_error err;
    *labels = (struct mw_labels){.unknown = MW_UNKNOWN_IGNORE};
    make_names(labels);
    assert_ok(mw_ranges_parse(&labels->ignore, "-1,100,250-255", &err), &err);
    assert_ok(mw_labels_resolve(labels, &err), &err);
    make_counts(counts, labels, dataset, COUNT(dataset));
    counts->unknown_pixels = 3;
    counts->skipped_files = 60;
    counts->digest = mw_digest_path("a.png");
    add_places(counts);
}

/* A document of settings, counts, weights and findings, as the command writes it. */
static void write_document(const struct mw_labels *labels, const struct mw_counts *counts,
                           struct mw_text *text) {
    struct mw_weigh_options options = plain_options();
    struct mw_weights weights = weigh("enet", &options, counts);
    struct mw_findings findings = {0};
    struct mw_error err;
    assert_ok(mw_findings_make(&findings, counts, labels, &weights, 1, &err), &err);
    struct mw_report report = {.labels = labels,
                               .counts = counts,
                               .weights = &weights,
                               .weight_count = 1,
                               .findings = &findings};
    assert_ok(mw_report_write(&report, mw_writers[0], text, &err), &err);
    mw_findings_free(&findings);
    mw_weights_free(&weights);
}

/* --- Round trips ----------------------------------------------------------------------------- */

static void assert_labels_equal(const struct mw_labels *a, const struct mw_labels *b) {
    assert_int_equal(a->classes, b->classes);
    assert_int_equal(a->reduce_zero, b->reduce_zero);
    assert_int_equal(a->binary, b->binary);
    if (a->binary == MW_BINARY_THRESHOLD) assert_int_equal(a->threshold, b->threshold);
    assert_int_equal(a->unknown, b->unknown);
    assert_true(mw_ranges_equal(&a->ignore, &b->ignore));
    assert_true(mw_ranges_equal(&a->background, &b->background));
    assert_int_equal(!a->names, !b->names);
    for (uint32_t i = 0; a->names && b->names && i < a->classes; i++)
        assert_string_equal(a->names[i], b->names[i]);
}

static void check_read_back(const struct mw_text *text, const struct mw_labels *labels,
                            const struct mw_counts *counts) {
    struct mw_document document;
    struct mw_error err;
    assert_ok(mw_document_parse(&document, text_of(text), text->length, &err), &err);
    assert_labels_equal(&document.labels, labels);
    assert_counts_equal(&document.counts, counts);
    mw_document_free(&document);
}

TEST(what_the_writer_wrote_is_read_back_equal) {
    struct mw_labels labels;
    struct mw_counts counts;
    struct mw_text text = {0};
    make_dataset(&labels, &counts);
    write_document(&labels, &counts, &text);
    check_read_back(&text, &labels, &counts);
    mw_text_free(&text);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* The least document that can be a source: settings, counts, places; no weights. */
TEST(counts_without_weights_are_read_back_equal) {
    struct mw_labels labels;
    struct mw_counts counts;
    make_dataset(&labels, &counts);
    for (size_t i = 0; i < MW_MASK_FINDINGS; i++) {
        mw_places_clear(&counts.findings[i]);
        counts.findings[i].count = 0;
    }
    cJSON *root = cJSON_CreateObject();
    assert_true(mw_json_add(root, "maskweight", cJSON_CreateString("1.0")));
    assert_true(mw_json_add_unsigned(root, "schema", MW_DOCUMENT_SCHEMA));
    assert_true(mw_json_add(root, "complete", cJSON_CreateBool(counts.complete)));
    assert_true(mw_document_add_counts(root, &labels, &counts));
    assert_true(mw_json_add(root, "findings", cJSON_CreateArray()));
    assert_true(mw_document_add_places(root, "failures", &counts.failures));
    struct mw_text text = {.data = cJSON_PrintUnformatted(root)};
    assert_non_null(text.data);
    text.length = strlen(text.data);
    check_read_back(&text, &labels, &counts);
    cJSON_free(text.data);
    cJSON_Delete(root);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

static void check_settings(struct mw_labels *labels) {
    struct mw_counts counts;
    struct mw_text text = {0};
    struct mw_error err;
    static const struct made_mask masks[] = {{.pixels = {5, 6}, .ignored = 1}};
    assert_ok(mw_labels_resolve(labels, &err), &err);
    make_counts(&counts, labels, masks, 1);
    write_document(labels, &counts, &text);
    check_read_back(&text, labels, &counts);
    mw_text_free(&text);
    mw_counts_free(&counts);
    mw_labels_free(labels);
}

TEST(every_label_setting_is_read_back_equal) {
    struct mw_error err;
    check_settings(&(struct mw_labels){0});
    check_settings(&(struct mw_labels){.classes = 2});
    check_settings(&(struct mw_labels){.classes = 7, .unknown = MW_UNKNOWN_IGNORE});
    check_settings(&(struct mw_labels){.reduce_zero = true});
    check_settings(&(struct mw_labels){.binary = MW_BINARY_NONZERO});
    check_settings(&(struct mw_labels){.binary = MW_BINARY_THRESHOLD, .threshold = 128});
    check_settings(&(struct mw_labels){.binary = MW_BINARY_THRESHOLD, .threshold = 0});
    check_settings(&(struct mw_labels){.binary = MW_BINARY_THRESHOLD, .threshold = -7});
    check_settings(&(struct mw_labels){.given = MW_SET_BACKGROUND});
    struct mw_labels several = {.given = MW_SET_BACKGROUND, .classes = 9};
    assert_ok(mw_ranges_parse(&several.background, "0,2-4,8", &err), &err);
    assert_ok(mw_ranges_parse(&several.ignore, "-9999,-5--2,255,4294967295", &err), &err);
    check_settings(&several);
}

/* Paths of every length modulo 3 and of any bytes. */
TEST(any_path_is_read_back_byte_for_byte) {
    uint64_t seed = 4;
    for (int round = 0; round < 300; round++) {
        struct mw_labels labels = made_labels(0);
        struct mw_counts counts;
        struct mw_text text = {0};
        struct mw_error err;
        char path[32];
        size_t length = 1 + random_below(&seed, sizeof path - 1);
        for (size_t i = 0; i < length; i++)
            path[i] = (char)(round % 2 ? 0x80 + random_below(&seed, 0x80)
                                       : 1 + random_below(&seed, 0xff));
        path[length] = '\0';
        make_counts(&counts, &labels, dataset, COUNT(dataset));
        counts.complete = false;
        assert_ok(mw_places_add(&counts.failures, 0, path, "broken", &err), &err);
        write_document(&labels, &counts, &text);
        assert_true(mw_utf8_valid(text_of(&text), text.length));
        check_read_back(&text, &labels, &counts);
        mw_text_free(&text);
        mw_counts_free(&counts);
        mw_labels_free(&labels);
    }
}

/* RFC 4648: "\xff\xfe\xfd" is "//79"; a readable path stands beside it, with U+FFFD for the bytes
 * that are no characters. */
TEST(a_path_that_is_not_utf_8_has_its_bytes_beside_it) {
    cJSON *object = cJSON_CreateObject();
    assert_true(mw_json_add_path(object, "\xff\xfe\xfd"));
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(object, "path_bytes")), "//79");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(object, "path")),
                        "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    cJSON_Delete(object);
    object = cJSON_CreateObject();
    assert_true(mw_json_add_path(object, "m\xc3\xbcll.png"));
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(object, "path")),
                        "m\xc3\xbcll.png");
    assert_null(cJSON_GetObjectItem(object, "path_bytes"));
    cJSON_Delete(object);
}

/* The vectors of RFC 4648, section 10, read. */
TEST(path_bytes_are_base64) {
    static const struct {
        const char *base64, *path; /* NULL: refused */
    } cases[] = {
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"},
        {"//79", "\xff\xfe\xfd"},
        {"Zm9", NULL},
        {"Zm9v!", NULL},
        {"Z===", NULL},
        {"", NULL},
        {"AAAA", NULL},
        {"Zg==Zg==", NULL},
        {"Zm 9", NULL},
        {"====", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_error err = {0};
        char *path = NULL;
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "path", "shown");
        cJSON_AddStringToObject(object, "path_bytes", cases[i].base64);
        enum mw_status status = mw_json_path(object, &path, &err);
        if (cases[i].path) {
            if (status || strcmp(path, cases[i].path) != 0) fail_msg("%s", cases[i].base64);
        } else {
            assert_fails(status, MW_USAGE, "path_bytes", &err);
        }
        free(path);
        cJSON_Delete(object);
    }
}

/* --- Changed documents ----------------------------------------------------------------------- */

static struct mw_text whole; /* a sound document */

static int make_whole(void **state) {
    struct mw_labels labels;
    struct mw_counts counts;
    (void)state;
    make_dataset(&labels, &counts);
    write_document(&labels, &counts, &whole);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
    return 0;
}

static int free_whole(void **state) {
    (void)state;
    mw_text_free(&whole);
    return 0;
}

static cJSON *parse_whole(void) {
    cJSON *root = cJSON_Parse(text_of(&whole));
    assert_non_null(root);
    return root;
}

/* The object that holds the last key of a path such as "classes.1.pixels", and that key. */
static cJSON *find_parent(cJSON *root, const char *place, const char **key) {
    cJSON *item = root;
    for (const char *dot; (dot = strchr(place, '.')); place = dot + 1) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(dot - place), place);
        item = cJSON_IsArray(item) ? cJSON_GetArrayItem(item, (int)strtol(name, NULL, 10))
                                   : cJSON_GetObjectItemCaseSensitive(item, name);
        assert_non_null(item);
    }
    *key = place;
    assert_non_null(cJSON_GetObjectItemCaseSensitive(item, place));
    return item;
}

static enum mw_status parse_tree(const cJSON *root, struct mw_error *err) {
    struct mw_document document;
    char *text = cJSON_Print(root);
    assert_non_null(text);
    enum mw_status status = mw_document_parse(&document, text, strlen(text), err);
    mw_document_free(&document);
    cJSON_free(text);
    return status;
}

/* Parses the document with JSON `value` in this place (NULL: with the key taken out). */
static enum mw_status parse_changed(const char *place, const char *value, struct mw_error *err) {
    const char *key;
    cJSON *root = parse_whole(), *parent = find_parent(root, place, &key);
    if (value) cJSON_ReplaceItemInObjectCaseSensitive(parent, key, cJSON_CreateRaw(value));
    else cJSON_DeleteItemFromObjectCaseSensitive(parent, key);
    enum mw_status status = parse_tree(root, err);
    cJSON_Delete(root);
    return status;
}

/* Every key that a source needs, and what it may hold. */
enum {
    NUMBER = 1,
    STRING = 2,
    BOOLEAN = 4,
    ARRAY = 8,
    OBJECT = 16,
    NULL_ALLOWED = 32,
    SIGNED = 64,
    ANYTHING = 128
};

static const struct {
    const char *place;
    unsigned holds;
} keys[] = {
    {"schema", NUMBER},
    {"complete", BOOLEAN},
    {"labels", OBJECT},
    {"labels.kind", STRING},
    {"labels.encoding", STRING},
    {"labels.declared", BOOLEAN},
    {"labels.classes", NUMBER},
    {"labels.map", ANYTHING}, /* refused by the name of "labels" */
    {"labels.reduce_zero_label", BOOLEAN},
    {"labels.ignore_index", ARRAY},
    {"labels.binary", NULL_ALLOWED | NUMBER | SIGNED | STRING},
    {"labels.background", ARRAY},
    {"labels.unknown", STRING},
    {"dataset", OBJECT},
    {"dataset.files", NUMBER},
    {"dataset.masks", NUMBER},
    {"dataset.empty_masks", NUMBER},
    {"dataset.ignored_masks", NUMBER},
    {"dataset.pixels", NUMBER},
    {"dataset.ignored_pixels", NUMBER},
    {"dataset.unknown_pixels", NUMBER},
    {"dataset.in_empty_masks", OBJECT},
    {"dataset.in_empty_masks.pixels", NUMBER},
    {"dataset.in_empty_masks.ignored_pixels", NUMBER},
    {"dataset.in_empty_masks.first", ARRAY},
    {"dataset.most_ignored", OBJECT},
    {"dataset.most_ignored.masks", NUMBER},
    {"dataset.most_ignored.first", ARRAY},
    {"dataset.in_ignored_masks", OBJECT},
    {"dataset.in_ignored_masks.ignored_pixels", NUMBER},
    {"dataset.skipped_files", NUMBER},
    {"dataset.failed_files", NUMBER},
    {"dataset.paths", OBJECT},
    {"dataset.paths.count", NUMBER},
    {"dataset.paths.digest", STRING},
    {"classes", ARRAY},
    {"classes.1.id", NUMBER},
    {"classes.1.name", STRING | NULL_ALLOWED},
    {"classes.1.pixels", NUMBER},
    {"classes.1.masks", NUMBER},
    {"classes.1.mask_pixels", NUMBER},
    {"classes.1.mask_ignored_pixels", NUMBER},
    {"classes.0.in_empty_masks", OBJECT},
    {"classes.0.in_empty_masks.pixels", NUMBER},
    {"classes.0.in_empty_masks.masks", NUMBER},
    {"classes.0.in_empty_masks.mask_pixels", NUMBER},
    {"classes.0.in_empty_masks.mask_ignored_pixels", NUMBER},
    {"findings", ARRAY},
    {"findings.0.code", STRING},
    {"findings.0.count", NUMBER},
    {"findings.0.first", ARRAY},
    {"findings.0.first.0.path", STRING},
    {"failures", ARRAY},
    {"failures.0.path", STRING},
    {"failures.1.source", NUMBER},
};

static const char *last_key(const char *place) {
    const char *dot = strrchr(place, '.');
    return dot ? dot + 1 : place;
}

static bool is_object(const char *place) {
    for (size_t i = 0; i < COUNT(keys); i++)
        if (strcmp(keys[i].place, place) == 0) return keys[i].holds == OBJECT;
    return false;
}

/* The change is refused, and the message names the key in quotes. */
static void check_refused(const char *place, const char *value) {
    struct mw_error err = {0};
    char named[64];
    /* in place of an object's key, one that should have been in it may be named */
    snprintf(named, sizeof named, value && is_object(place) ? "\"" : "\"%s\"", last_key(place));
    enum mw_status status = parse_changed(place, value, &err);
    if (status != MW_USAGE) fail_msg("%s: %s was taken", place, value ? value : "nothing");
    if (!strstr(err.message, named) || !is_one_line(err.message))
        fail_msg("%s: %s: the message is: %s", place, value ? value : "nothing", err.message);
}

TEST(every_missing_key_is_named) {
    for (size_t i = 0; i < COUNT(keys); i++)
        if (strcmp(keys[i].place, "failures.1.source") != 0) check_refused(keys[i].place, NULL);
}

TEST(a_document_is_known_by_its_first_key) {
    struct mw_error err;
    assert_fails(parse_changed("maskweight", NULL, &err), MW_USAGE, "maskweight", &err);
}

TEST(every_wrong_type_is_named) {
    static const struct {
        unsigned holds;
        const char *value;
    } values[] = {{BOOLEAN, "true"}, {ARRAY, "[]"},  {OBJECT, "{}"},      {NULL_ALLOWED, "null"},
                  {STRING, "\"1\""}, {NUMBER, "17"}, {ARRAY, "[[], {}]"}, {OBJECT, "{\"id\": 1}"}};
    for (size_t i = 0; i < COUNT(keys); i++)
        for (size_t j = 0; j < COUNT(values); j++)
            if (!(keys[i].holds & (values[j].holds | ANYTHING)))
                check_refused(keys[i].place, values[j].value);
}

TEST(negative_numbers_and_fractions_are_named) {
    static const char *const values[] = {"-1", "0.5", "1e300", "-1e300", "12345.000001"};
    for (size_t i = 0; i < COUNT(keys); i++)
        for (size_t j = 0; j < COUNT(values) && keys[i].holds & NUMBER; j++)
            if (!(keys[i].holds & SIGNED) || strcmp(values[j], "-1") != 0)
                check_refused(keys[i].place, values[j]);
}

/* 2^53 - 1 is the last integer that every reader of JSON keeps apart from its neighbours. */
TEST(counts_above_2_to_the_53_minus_1_are_refused) {
    static const char *const values[] = {"9007199254740992", "9007199254740993",
                                         "18446744073709551615", "1e16"};
    for (size_t i = 0; i < COUNT(keys); i++)
        for (size_t j = 0; j < COUNT(values) && keys[i].holds & NUMBER; j++)
            check_refused(keys[i].place, values[j]);
}

TEST(the_largest_count_is_read_back_exactly) {
    struct mw_labels labels = made_labels(0);
    static const struct made_mask masks[] = {{.pixels = {0, MW_JSON_MAX_INTEGER - 6}},
                                             {.pixels = {6}, .ignored = 1}};
    struct mw_counts counts;
    struct mw_text text = {0};
    make_counts(&counts, &labels, masks, COUNT(masks));
    counts.skipped_files = MW_JSON_MAX_INTEGER - 2;
    counts.unknown_pixels = MW_JSON_MAX_INTEGER;
    write_document(&labels, &counts, &text);
    check_read_back(&text, &labels, &counts);
    mw_text_free(&text);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

TEST(strings_that_mean_nothing_are_named) {
    check_refused("labels.binary", "\"threshold\"");
    check_refused("labels.unknown", "\"warn\"");
    check_refused("labels.ignore_index", "[\"255\"]");
    check_refused("labels.ignore_index", "[1.5]");
    check_refused("labels.ignore_index", "[[3]]");
    check_refused("labels.ignore_index", "[[3, 4, 5]]");
    check_refused("labels.ignore_index", "[[4, 3]]");
    check_refused("labels.ignore_index", "[[3, null]]");
    check_refused("labels.background", "[{}]");
    check_refused("labels.classes", "0");
    check_refused("labels.classes", "1048577");
    check_refused("dataset.paths.digest", "\"6f0c\"");
    check_refused("dataset.paths.digest", "\"0123456789abcdef0123456789abcdeg\"");
    check_refused("dataset.paths.digest", "\"0123456789ABCDEF0123456789ABCDEF\"");
}

TEST(rules_that_mean_nothing_are_named) {
    static const char *const values[] = {
        "[[1, 2]]",
        "[[1, 2, 3, 4]]",
        "[[\"a\", 2, 3]]",
        "[[1, \"b\", 3]]",
        "[[2, 1, 3]]",
        "[[1, 2, \"x\"]]",
        "[[\"*\"]]",
        "[[\"*\", 1, 2]]",
        "[[\"+\", 1]]",
        "[[1, 2, 1.5]]",
        "[{}]",
        "[7]",
    };
    for (size_t i = 0; i < COUNT(values); i++) {
        check_refused("labels.values", values[i]);
        check_refused("labels.map", values[i]);
    }
    struct mw_error err;
    assert_fails(parse_changed("labels.map", "[[1, 5, 0], [3, 4, 1]]", &err), MW_USAGE, "3", &err);
}

TEST(numbers_that_need_more_than_32_bits_are_refused) {
    struct mw_error err;
    assert_fails(parse_changed("classes.1.id", "4294967296", &err), MW_USAGE, "\"classes\"", &err);
    assert_fails(parse_changed("failures.1.source", "4294967296", &err), MW_USAGE, "\"source\"",
                 &err);
}

/* --- What cannot be --------------------------------------------------------------------------- */

/* Each of these makes one number contradict the others:
 *
 *   class   pixels  masks  mask_pixels  mask_ignored   in empty masks
 *     0       120     3        160          12         60, 1, 60, 7
 *     1        10     1         60           5         0
 *     2        30     1         40           0         0
 *   dataset: 160 pixels, 52 ignored, 4 masks, 1 empty (60 pixels, 7 ignored), 1 ignored (40) */
static const struct {
    const char *place, *value;
} contradictions[] = {
    {"dataset.pixels", "161"},                              /* not the sum of the classes */
    {"classes.1.pixels", "11"},                             /* the same */
    {"classes.1.pixels", "0"},                              /* in a mask, and no pixel */
    {"classes.1.masks", "0"},                               /* pixels, and in no mask */
    {"classes.1.masks", "5"},                               /* more masks than there are */
    {"classes.1.masks", "11"},                              /* more masks than pixels */
    {"classes.1.mask_pixels", "9"},                         /* fewer than its own pixels */
    {"classes.1.mask_pixels", "161"},                       /* more than there are */
    {"classes.1.mask_ignored_pixels", "53"},                /* more than there are */
    {"classes.0.in_empty_masks.pixels", "121"},             /* more than in all masks */
    {"classes.0.in_empty_masks.masks", "4"},                /* the same */
    {"classes.0.in_empty_masks.mask_pixels", "161"},        /* the same */
    {"classes.0.in_empty_masks.mask_ignored_pixels", "13"}, /* the same */
    {"classes.0.in_empty_masks.pixels", "59"},              /* not what the dataset says of them */
    {"dataset.in_empty_masks.pixels", "59"},                /* the same */
    {"dataset.in_empty_masks.pixels", "161"},               /* more than there are */
    {"dataset.in_empty_masks.ignored_pixels", "13"},        /* 13 + 40 of 52 */
    {"dataset.in_ignored_masks.ignored_pixels", "46"},      /* 7 + 46 of 52 */
    {"dataset.empty_masks", "4"},                           /* 4 + 1 of 4 */
    {"dataset.empty_masks", "0"},                           /* but 60 pixels are in them */
    {"classes.0.in_empty_masks.masks", "2"},                /* more than there are empty ones */
    {"classes.0.in_empty_masks.mask_pixels", "101"},        /* leaves 59 for the other 60 */
    {"dataset.most_ignored.masks", "5"},                    /* of 4 masks */
    {"dataset.masks", "0"},                                 /* no mask at all */
    {"dataset.masks", "1"},                                 /* fewer than empty and ignored ones */
    {"dataset.files", "5"},                                 /* more files than masks */
    {"dataset.files", "3"},                                 /* paths.count says 4 */
    {"complete", "true"},                                   /* files failed */
    {"dataset.failed_files", "0"},                          /* not complete, but nothing failed */
    {"dataset.paths.count", "3"},                           /* files says 4 */
    {"classes.1.id", "0"},                                  /* twice */
    {"classes.1.id", "3"},                                  /* not a declared class */
    {"classes.1.name", "null"},                             /* the others have names */
    {"labels.classes", "4"},                                /* three are listed */
    {"labels.classes", "2"},                                /* the same */
    {"labels.background", "[3]"},                           /* no declared class */
    {"labels.values", "[[0, 2, 0], [3, 3, 9]]"},            /* 9 is no class */
    {"labels.values", "[[0, 2, 0], [\"*\", 4294967296]]"},  /* the same */
    {"labels.binary", "\"nonzero\""}, /* two classes, and three are declared */
};

TEST(numbers_that_contradict_each_other_are_refused) {
    size_t taken = 0;
    for (size_t i = 0; i < COUNT(contradictions); i++) {
        struct mw_error err = {0};
        enum mw_status status =
            parse_changed(contradictions[i].place, contradictions[i].value, &err);
        if (status == MW_USAGE && is_one_line(err.message)) continue;
        print_error("%s: %s was taken\n", contradictions[i].place, contradictions[i].value);
        taken++;
    }
    assert_int_equal(taken, 0);
}

/* --- Versions and settings to come ----------------------------------------------------------- */

TEST(a_newer_schema_is_refused_by_its_number) {
    struct mw_error err;
    assert_fails(parse_changed("schema", "2", &err), MW_USAGE, "schema 2", &err);
    assert_fails(parse_changed("schema", "0", &err), MW_USAGE, "schema 0", &err);
}

TEST(settings_that_are_not_known_are_refused) {
    struct mw_error err;
    assert_fails(parse_changed("labels.kind", "\"multi-label\"", &err), MW_USAGE, "labels", &err);
    assert_fails(parse_changed("labels.encoding", "\"colour\"", &err), MW_USAGE, "labels", &err);
    assert_fails(parse_changed("labels.map", "{\"0\": 1}", &err), MW_USAGE, "map", &err);
}

/* Weights are made again, so whatever stands there does not matter; nor does a finding that this
 * version does not know. */
TEST(weights_and_unknown_findings_are_passed_over) {
    struct mw_error err = {0};
    assert_ok(parse_changed("weights", "\"anything\"", &err), &err);
    assert_ok(parse_changed("weights", NULL, &err), &err);
    assert_ok(parse_changed("findings.0.code", "\"from-a-later-version\"", &err), &err);
    assert_ok(parse_changed("findings.0.message", "\"other words\"", &err), &err);
}

/* --- Text that is no document ---------------------------------------------------------------- */

static enum mw_status parse_text(const char *text, size_t length, struct mw_error *err) {
    struct mw_document document;
    enum mw_status status = mw_document_parse(&document, text, length, err);
    mw_document_free(&document);
    return status;
}

/* The sound document with bytes behind it. */
static enum mw_status parse_with_tail(const char *tail, size_t length, struct mw_error *err) {
    struct mw_text text = {0};
    mw_text_add(&text, whole.data, whole.length);
    mw_text_add(&text, tail, length);
    enum mw_status status = parse_text(text_of(&text), text.length, err);
    mw_text_free(&text);
    return status;
}

TEST(nothing_but_space_may_follow) {
    static const char *const tails[] = {"x", "{}", "}", ",", "\n\nnull", "//", "\xff"};
    struct mw_error err;
    for (size_t i = 0; i < COUNT(tails); i++)
        assert_fails(parse_with_tail(tails[i], strlen(tails[i]), &err), MW_USAGE, "not JSON", &err);
    assert_fails(parse_with_tail("\0", 1, &err), MW_USAGE, "NUL", &err);
    assert_ok(parse_with_tail(" \n\t\r\n", 5, &err), &err);
}

TEST(every_cut_document_is_refused) {
    struct mw_error err;
    for (size_t length = 0; length + 2 < whole.length; length++) {
        char *text = malloc(length + 1);
        assert_non_null(text);
        memcpy(text, whole.data, length);
        text[length] = '\0';
        assert_fails(parse_text(text, length, &err), MW_USAGE, NULL, &err);
        free(text);
    }
}

/* Which of two values is meant cannot be told. */
TEST(a_key_that_stands_twice_is_named) {
    static const char *const places[] = {"schema", "complete", "dataset", "findings", "failures"};
    for (size_t i = 0; i < COUNT(places); i++) {
        struct mw_error err;
        char named[64];
        cJSON *root = parse_whole();
        cJSON_AddItemToObject(root, places[i],
                              cJSON_Duplicate(cJSON_GetObjectItem(root, places[i]), true));
        snprintf(named, sizeof named, "\"%s\"", places[i]);
        assert_fails(parse_tree(root, &err), MW_USAGE, named, &err);
        cJSON_Delete(root);
    }
}

TEST(more_places_than_were_counted_are_refused) {
    struct mw_error err;
    assert_fails(parse_changed("findings.0.count", "3", &err), MW_USAGE, "\"first\"", &err);
}

TEST(other_json_is_refused) {
    static const char *const texts[] = {"{}",
                                        "[]",
                                        "3",
                                        "\"maskweight\"",
                                        "null",
                                        "[{}]",
                                        "{\"Maskweight\": \"1\"}",
                                        "{\"maskweight\": 1}"};
    struct mw_error err;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_fails(parse_text(texts[i], strlen(texts[i]), &err), MW_USAGE, NULL, &err);
}

TEST(bytes_that_are_not_utf_8_are_refused) {
    struct mw_error err;
    static const char text[] = "{\"maskweight\": \"\xfc\"}";
    assert_fails(parse_text(text, sizeof text - 1, &err), MW_USAGE, "UTF-8", &err);
}

/* Deep nesting may not use up the stack: 1,000,000 brackets. */
TEST(deep_nesting_is_refused) {
    enum { DEPTH = 1000000 };
    struct mw_error err;
    char *text = malloc(DEPTH + 1);
    assert_non_null(text);
    memset(text, '[', DEPTH);
    text[DEPTH] = '\0';
    assert_fails(parse_text(text, DEPTH, &err), MW_USAGE, "not JSON", &err);
    for (size_t i = 0; i + 5 <= DEPTH; i += 5) memcpy(text + i, "{\"a\":", 5);
    assert_fails(parse_text(text, DEPTH, &err), MW_USAGE, "not JSON", &err);
    free(text);
}

TEST(the_place_of_a_mistake_is_named) {
    struct mw_error err;
    static const char text[] = "{\"maskweight\": \"1\",\n \"schema\": ,";
    assert_fails(parse_text(text, sizeof text - 1, &err), MW_USAGE, "line 2", &err);
}

/* --- Laws ------------------------------------------------------------------------------------ */

/* Counting once and merging documents is merging counts. */
TEST(merged_documents_are_the_document_of_the_whole) {
    uint64_t seed = 8;
    for (int round = 0; round < 50; round++) {
        struct mw_labels labels = made_labels(0);
        struct mw_counts parts[2], all;
        struct mw_document documents[2];
        struct mw_error err;
        for (size_t i = 0; i < 2; i++) mw_counts_init(&parts[i]);
        mw_counts_init(&all);
        for (size_t i = 0; i < 12; i++) {
            struct made_mask mask = {.pixels = {1 + random_below(&seed, 99)}};
            mask.pixels[1 + random_below(&seed, 5)] = random_below(&seed, 50);
            mask.ignored = random_below(&seed, 9);
            add_made_mask(&parts[i ? random_below(&seed, 2) : 0], &labels, &mask);
            add_made_mask(&all, &labels, &mask);
        }
        add_made_mask(&parts[1], &labels, &dataset[0]);
        add_made_mask(&all, &labels, &dataset[0]);
        for (size_t i = 0; i < 2; i++) {
            struct mw_text text = {0};
            assert_ok(mw_counts_finish(&parts[i], &labels, &err), &err);
            write_document(&labels, &parts[i], &text);
            assert_ok(mw_document_parse(&documents[i], text_of(&text), text.length, &err), &err);
            mw_text_free(&text);
            mw_counts_free(&parts[i]);
        }
        assert_ok(mw_counts_merge(&documents[1].counts, &documents[0].counts, &err), &err);
        assert_ok(mw_counts_finish(&documents[1].counts, &labels, &err), &err);
        assert_ok(mw_counts_finish(&all, &labels, &err), &err);
        assert_counts_equal(&documents[1].counts, &all);
        for (size_t i = 0; i < 2; i++) mw_document_free(&documents[i]);
        mw_counts_free(&all);
        mw_labels_free(&labels);
    }
}

/* The keys of an object, in their order, joined by spaces. */
static void assert_keys(const cJSON *object, const char *wanted) {
    struct mw_text text = {0};
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
        mw_text_print(&text, "%s%s", text.length ? " " : "", item->string);
    assert_string_equal(text_of(&text), wanted);
    mw_text_free(&text);
}

TEST(keys_stand_in_the_order_of_the_design) {
    cJSON *root = parse_whole();
    assert_keys(root,
                "maskweight schema complete labels dataset classes weights findings failures");
    assert_keys(cJSON_GetObjectItem(root, "labels"),
                "kind encoding declared classes values map reduce_zero_label ignore_index binary "
                "background unknown nodata alpha");
    const cJSON *dataset_object = cJSON_GetObjectItem(root, "dataset");
    assert_keys(dataset_object,
                "files masks empty_masks ignored_masks pixels ignored_pixels unknown_pixels "
                "in_empty_masks in_ignored_masks skipped_files failed_files most_ignored paths");
    assert_keys(cJSON_GetObjectItem(dataset_object, "in_empty_masks"),
                "pixels ignored_pixels first");
    assert_keys(cJSON_GetObjectItem(dataset_object, "most_ignored"), "masks first");
    assert_keys(cJSON_GetObjectItem(dataset_object, "in_ignored_masks"), "ignored_pixels");
    assert_keys(cJSON_GetObjectItem(dataset_object, "paths"), "count digest");
    const cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "classes"), 0);
    assert_keys(first, "id name pixels masks mask_pixels mask_ignored_pixels in_empty_masks "
                       "fraction");
    assert_keys(cJSON_GetObjectItem(first, "in_empty_masks"),
                "pixels masks mask_pixels mask_ignored_pixels");
    assert_keys(cJSON_GetArrayItem(cJSON_GetObjectItem(root, "findings"), 0),
                "code severity message count first");
    cJSON_Delete(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_writer_wrote_is_read_back_equal),
        cmocka_unit_test(counts_without_weights_are_read_back_equal),
        cmocka_unit_test(every_label_setting_is_read_back_equal),
        cmocka_unit_test(any_path_is_read_back_byte_for_byte),
        cmocka_unit_test(a_path_that_is_not_utf_8_has_its_bytes_beside_it),
        cmocka_unit_test(path_bytes_are_base64),
        cmocka_unit_test(every_missing_key_is_named),
        cmocka_unit_test(a_document_is_known_by_its_first_key),
        cmocka_unit_test(every_wrong_type_is_named),
        cmocka_unit_test(negative_numbers_and_fractions_are_named),
        cmocka_unit_test(counts_above_2_to_the_53_minus_1_are_refused),
        cmocka_unit_test(the_largest_count_is_read_back_exactly),
        cmocka_unit_test(strings_that_mean_nothing_are_named),
        cmocka_unit_test(rules_that_mean_nothing_are_named),
        cmocka_unit_test(numbers_that_need_more_than_32_bits_are_refused),
        cmocka_unit_test(numbers_that_contradict_each_other_are_refused),
        cmocka_unit_test(a_newer_schema_is_refused_by_its_number),
        cmocka_unit_test(settings_that_are_not_known_are_refused),
        cmocka_unit_test(weights_and_unknown_findings_are_passed_over),
        cmocka_unit_test(nothing_but_space_may_follow),
        cmocka_unit_test(every_cut_document_is_refused),
        cmocka_unit_test(a_key_that_stands_twice_is_named),
        cmocka_unit_test(more_places_than_were_counted_are_refused),
        cmocka_unit_test(other_json_is_refused),
        cmocka_unit_test(bytes_that_are_not_utf_8_are_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(the_place_of_a_mistake_is_named),
        cmocka_unit_test(merged_documents_are_the_document_of_the_whole),
        cmocka_unit_test(keys_stand_in_the_order_of_the_design),
    };
    return cmocka_run_group_tests(tests, make_whole, free_whole);
}
