/* Each document format against bytes written by hand. */
#include "made.h"

#include <cJSON.h>

#include "audit/findings.h"
#include "write/report.h"

/* --- A report -------------------------------------------------------------------------------- */

enum { SCHEMES = 2, MOST_CLASSES = 8 };

/* Everything that a report points to. */
struct made_report {
    struct mw_labels labels;
    struct mw_counts counts;
    struct mw_findings findings;
    struct mw_weights weights[SCHEMES];
    double numbers[SCHEMES][MOST_CLASSES];
    uint64_t pixels[MOST_CLASSES];
    struct mw_report report;
};

static void name_scheme(struct mw_weights *weights, const char *scheme) {
    struct mw_error err;
    assert_ok(mw_scheme_parse(&weights->request, scheme, &err), &err);
}

/* A report on `counts` with made-up weights: the first scheme gives 1, 0.5, 2, 4 ..., the second
 * one 0.1, 0.2 ... */
static void start_report(struct made_report *made, struct mw_labels labels,
                         const struct made_mask *masks, size_t count) {
    struct mw_error err;
    *made = (struct made_report){.labels = labels};
    assert_ok(mw_labels_resolve(&made->labels, &err), &err);
    make_counts(&made->counts, &made->labels, masks, count);
    static const double powers[MOST_CLASSES] = {1, 0.5, 2, 4, 8, 16, 32, 64};
    for (size_t i = 0; i < MOST_CLASSES; i++) {
        made->numbers[0][i] = powers[i];
        made->numbers[1][i] = (double)(i + 1) / 10;
    }
    for (size_t i = 0; i < SCHEMES; i++) {
        name_scheme(&made->weights[i], "balanced");
        made->weights[i].count = made->counts.class_count;
        made->weights[i].class_weight = made->numbers[i];
        made->weights[i].weight_share = made->numbers[i];
        made->weights[i].pixels = made->pixels;
        made->weights[i].options = plain_options();
    }
    for (size_t i = 0; i < made->counts.class_count; i++) {
        made->pixels[i] = made->counts.classes[i].all.pixels;
        for (size_t j = 0; j < SCHEMES; j++) made->weights[j].present += made->pixels[i] > 0;
    }
    made->report = (struct mw_report){.labels = &made->labels,
                                      .counts = &made->counts,
                                      .weights = made->weights,
                                      .weight_count = 1,
                                      .findings = &made->findings};
}

static void stop_report(struct made_report *made) {
    mw_counts_free(&made->counts);
    mw_labels_free(&made->labels);
}

static const struct made_mask three_classes[] = {{.pixels = {60, 30, 0}}, {.pixels = {0, 0, 10}}};

static void start_three(struct made_report *made) {
    start_report(made, (struct mw_labels){0}, three_classes, COUNT(three_classes));
}

static const struct mw_writer *writer(const char *name) {
    const struct mw_writer *found;
    struct mw_error err;
    assert_ok(mw_writer_find(name, &found, &err), &err);
    return found;
}

/* --- Text formats ---------------------------------------------------------------------------- */

static void check_text(const struct made_report *made, const struct mw_writer *format,
                       const char *wanted) {
    struct mw_text text = {0};
    struct mw_error err;
    assert_ok(mw_report_write(&made->report, format, &text, &err), &err);
    assert_string_equal(text_of(&text), wanted);
    assert_int_equal(text.length, strlen(wanted));
    mw_text_free(&text);
}

TEST(list_is_a_bare_json_array) {
    struct made_report made;
    start_three(&made);
    check_text(&made, writer("list"), "[1.0, 0.5, 2.0]\n");
    made.numbers[0][0] = 1.0 / 3;
    made.numbers[0][1] = 1e-9;
    made.numbers[0][2] = 1e22;
    check_text(&made, writer("list"), "[0.3333333333333333, 1.0e-09, 1.0e+22]\n");
    stop_report(&made);
}

TEST(yaml_is_a_flow_list) {
    struct made_report made;
    start_three(&made);
    check_text(&made, writer("yaml"), "[1.0, 0.5, 2.0]\n");
    stop_report(&made);
}

TEST(keras_is_a_dictionary_by_class_id) {
    struct made_report made;
    start_three(&made);
    check_text(&made, writer("keras"), "{\"0\": 1.0, \"1\": 0.5, \"2\": 2.0}\n");
    stop_report(&made);
}

static void check_written(const struct made_report *made, const struct mw_writer *format,
                          const char *refusal) {
    struct mw_text text = {0};
    struct mw_error err;
    enum mw_status status = mw_report_write(&made->report, format, &text, &err);
    if (refusal) assert_fails(status, MW_USAGE, refusal, &err);
    else assert_ok(status, &err);
    mw_text_free(&text);
}

/* The formats that hold weights only hold nothing then; the counts can still be written. */
TEST(weights_of_nothing_are_refused_and_counts_of_nothing_are_not) {
    for (size_t i = 0; i < mw_writer_count; i++) {
        struct made_report made;
        start_report(&made, (struct mw_labels){.classes = 3}, &(struct made_mask){.ignored = 9}, 1);
        bool alone = mw_writers[i]->single;
        assert_int_equal(mw_writers[i]->needs_weights, alone);
        check_written(&made, mw_writers[i], alone ? "nothing to weigh" : NULL);
        stop_report(&made);
    }
}

/* --- CSV ------------------------------------------------------------------------------------- */

static void give_names(struct mw_labels *labels, const char *const *names, uint32_t count) {
    *labels = (struct mw_labels){.classes = count, .names = calloc(count, sizeof *labels->names)};
    assert_non_null(labels->names);
    for (uint32_t i = 0; i < count; i++) {
        labels->names[i] = strdup(names[i]);
        assert_non_null(labels->names[i]);
    }
}

/* RFC 4180: fields with commas, quotes and line ends are quoted, quotes doubled. Class 0 is in the
 * first mask of 90 pixels, class 1 too, class 2 in the second of 10, class 3 nowhere. */
TEST(csv_is_one_line_a_class_and_one_column_a_scheme) {
    static const char *const names[] = {"sky", "a,b", "say \"x\"", "m\xc3\xbcll"};
    struct made_report made;
    struct mw_labels labels;
    give_names(&labels, names, COUNT(names));
    start_report(&made, labels, three_classes, COUNT(three_classes));
    made.report.weight_count = 2;
    name_scheme(&made.weights[0], "enet:c=1.1");
    name_scheme(&made.weights[1], "effective:of=pixels,beta=0.9");
    check_text(&made, writer("csv"),
               "id,name,pixels,masks,mask_pixels,fraction,enet:c=1.1,"
               "\"effective:of=pixels,beta=0.9\"\n"
               "0,sky,60,1,90,0.6,1.0,0.1\n"
               "1,\"a,b\",30,1,90,0.3,0.5,0.2\n"
               "2,\"say \"\"x\"\"\",10,1,10,0.1,2.0,0.3\n"
               "3,m\xc3\xbcll,0,0,0,0.0,4.0,0.4\n");
    stop_report(&made);
}

TEST(csv_leaves_absent_names_empty_and_takes_any_ids) {
    static const struct made_mask masks[] = {{.pixels = {0, 3, 0, 0, 1}}};
    struct made_report made;
    start_report(&made, (struct mw_labels){0}, masks, 1);
    check_text(&made, writer("csv"),
               "id,name,pixels,masks,mask_pixels,fraction,balanced\n"
               "1,,3,1,4,0.75,1.0\n"
               "4,,1,1,4,0.25,0.5\n");
    stop_report(&made);
}

/* --- NPY ------------------------------------------------------------------------------------- */

/* NPY 1.0 (NumPy Enhancement Proposal 1): "\x93NUMPY", 1, 0, the header's length as a little-endian
 * 16-bit integer, the header: a Python dictionary of one line, padded with spaces and ended by a
 * newline so that the data begin at a multiple of 64. Returns where they begin. */
static size_t check_header(const struct mw_text *text, const char *shape) {
    const unsigned char *bytes = (const unsigned char *)text_of(text);
    char dictionary[128];
    assert_true(text->length >= 64);
    assert_memory_equal(bytes, "\x93NUMPY\x01\x00", 8);
    size_t start = 10 + bytes[8] + 256 * (size_t)bytes[9];
    assert_int_equal(start % 64, 0);
    assert_true(start <= text->length);
    snprintf(dictionary, sizeof dictionary,
             "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", shape);
    size_t length = strlen(dictionary);
    assert_memory_equal(bytes + 10, dictionary, length);
    for (size_t i = 10 + length; i < start - 1; i++) assert_int_equal(bytes[i], ' ');
    assert_int_equal(bytes[start - 1], '\n');
    return start;
}

static void check_npy(const struct made_report *made, const char *shape, const char *data,
                      size_t size) {
    struct mw_text text = {0};
    struct mw_error err;
    assert_ok(mw_report_write(&made->report, writer("npy"), &text, &err), &err);
    size_t start = check_header(&text, shape);
    assert_int_equal(text.length, start + size);
    assert_memory_equal(text.data + start, data, size);
    mw_text_free(&text);
}

/* IEEE 754: 1 is 0x3f800000, 0.5 is 0x3f000000, 2 is 0x40000000, low byte first. */
TEST(npy_is_little_endian_floats) {
    struct made_report made;
    start_three(&made);
    check_npy(&made, "(3,)", "\0\0\x80\x3f\0\0\0\x3f\0\0\0\x40", 12);
    made.numbers[0][1] = 0.1; /* 0x3dcccccd */
    made.numbers[0][2] = 0;
    check_npy(&made, "(3,)", "\0\0\x80\x3f\xcd\xcc\xcc\x3d\0\0\0\0", 12);
    stop_report(&made);
}

TEST(npy_of_pos_weight_has_the_shape_of_a_channel) {
    struct made_report made;
    start_three(&made);
    name_scheme(&made.weights[0], "pos-weight");
    check_npy(&made, "(3, 1, 1)", "\0\0\x80\x3f\0\0\0\x3f\0\0\0\x40", 12);
    stop_report(&made);
}

/* The largest float is about 3.4e38, the least above 0 about 1.4e-45. */
TEST(weights_that_no_float_holds_are_refused) {
    static const double weights[] = {1e39, 1e-46};
    static const char *const names[] = {"npy", "lut"};
    for (size_t i = 0; i < COUNT(weights); i++)
        for (size_t j = 0; j < COUNT(names); j++) {
            struct made_report made;
            struct mw_text text = {0};
            struct mw_error err;
            start_three(&made);
            made.numbers[0][1] = weights[i];
            assert_fails(mw_report_write(&made.report, writer(names[j]), &text, &err), MW_USAGE,
                         "32-bit float", &err);
            mw_text_free(&text);
            stop_report(&made);
        }
}

/* --- LUT ------------------------------------------------------------------------------------- */

static void check_lut(struct mw_labels labels, const struct made_mask *mask,
                      const double wanted[256]) {
    struct made_report made;
    struct mw_text text = {0};
    struct mw_error err;
    start_report(&made, labels, mask, 1);
    assert_ok(mw_report_write(&made.report, writer("lut"), &text, &err), &err);
    size_t start = check_header(&text, "(256,)");
    assert_int_equal(text.length, start + 1024);
    for (size_t value = 0; value < 256; value++) {
        const unsigned char *bytes = (const unsigned char *)text.data + start + 4 * value;
        uint32_t bits = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                        (uint32_t)bytes[3] << 24;
        float weight;
        memcpy(&weight, &bits, sizeof weight);
        if ((double)weight != wanted[value])
            fail_msg("value %zu has %g, not %g", value, (double)weight, wanted[value]);
    }
    mw_text_free(&text);
    stop_report(&made);
}

TEST(lut_is_the_weight_of_each_stored_value) {
    static const struct made_mask mask = {.pixels = {6, 3, 1}};
    static const double wanted[256] = {1, 0.5, 2};
    check_lut((struct mw_labels){0}, &mask, wanted);
}

/* Ids 1 and 4: the first class is 1, the second 0.5; other values carry no class. */
TEST(lut_takes_ids_with_gaps) {
    static const struct made_mask mask = {.pixels = {0, 3, 0, 0, 1}};
    static const double wanted[256] = {[1] = 1, [4] = 0.5};
    check_lut((struct mw_labels){0}, &mask, wanted);
}

TEST(lut_is_0_where_a_value_is_ignored) {
    static const struct made_mask mask = {.pixels = {6, 0, 3}};
    static const double wanted[256] = {[0] = 1, [2] = 2};
    struct mw_labels labels = {.classes = 3};
    struct mw_error err;
    assert_ok(mw_ranges_parse(&labels.ignore, "1,255", &err), &err);
    check_lut(labels, &mask, wanted);
}

/* Stored 1 is class 0, 2 is class 1, 3 is class 2; 0 and 255 are ignored. */
TEST(lut_is_by_the_value_before_reduce_zero) {
    static const struct made_mask mask = {.pixels = {6, 3, 1}};
    static const double wanted[256] = {[1] = 1, [2] = 0.5, [3] = 2};
    check_lut((struct mw_labels){.classes = 3, .reduce_zero = true}, &mask, wanted);
}

TEST(lut_of_a_binary_mask_covers_every_value) {
    static const struct made_mask mask = {.pixels = {6, 3}};
    double wanted[256];
    for (size_t value = 0; value < 256; value++) wanted[value] = value < 128 ? 1 : 0.5;
    check_lut((struct mw_labels){.binary = MW_BINARY_THRESHOLD, .threshold = 128}, &mask, wanted);
    for (size_t value = 0; value < 256; value++) wanted[value] = value == 0 ? 1 : 0.5;
    check_lut((struct mw_labels){.binary = MW_BINARY_NONZERO}, &mask, wanted);
}

TEST(lut_refuses_classes_beyond_8_bits_by_their_id) {
    struct made_report made;
    struct mw_text text = {0};
    struct mw_error err;
    start_three(&made);
    struct mw_class_counts *beyond = mw_counts_class(&made.counts, 256);
    assert_non_null(beyond);
    beyond->all.pixels = beyond->all.masks = 1;
    made.weights[0].count = made.counts.class_count;
    assert_fails(mw_report_write(&made.report, writer("lut"), &text, &err), MW_USAGE, "256", &err);
    mw_text_free(&text);
    stop_report(&made);
}

/* --- Gaps, foreground ------------------------------------------------------------------------ */

static void check_gaps(const struct made_mask *mask, const char *part, const char *other) {
    for (size_t i = 0; i < mw_writer_count; i++) {
        struct made_report made;
        struct mw_text text = {0};
        struct mw_error err;
        start_report(&made, (struct mw_labels){0}, mask, 1);
        enum mw_status status = mw_report_write(&made.report, mw_writers[i], &text, &err);
        if (mw_writers[i]->dense) {
            assert_fails(status, MW_USAGE, part, &err);
            assert_non_null(strstr(err.message, other));
            assert_non_null(strstr(err.message, mw_writers[i]->name));
        } else {
            assert_ok(status, &err);
        }
        mw_text_free(&text);
        stop_report(&made);
    }
}

TEST(dense_formats_refuse_ids_with_gaps_and_name_them) {
    check_gaps(&(struct made_mask){.pixels = {5, 0, 0, 2}}, "0, 3", "--classes 4");
    check_gaps(&(struct made_mask){.pixels = {0, 5, 2}}, "1, 2", "--classes 3");
    check_gaps(&(struct made_mask){.pixels = {0, 0, 0, 0, 0, 1}}, "5", "--map 5=0 ");
    check_gaps(&(struct made_mask){.pixels = {1, 1, 1, 0, 1, 1}}, "0, 1, 2, 4, 5", "--classes 6");
}

/* Ids 0 to `low` and 255: what the refusal proposes. */
static void check_remedy(uint32_t low, const char *ids, const char *remedy) {
    struct made_report made;
    struct mw_text text = {0};
    struct mw_error err;
    start_report(&made, (struct mw_labels){0}, &(struct made_mask){.pixels = {5}}, 1);
    for (uint32_t id = 1; id <= low; id++) assert_non_null(mw_counts_class(&made.counts, id));
    assert_non_null(mw_counts_class(&made.counts, 255));
    assert_fails(mw_report_write(&made.report, writer("list"), &text, &err), MW_USAGE, ids, &err);
    assert_non_null(strstr(err.message, remedy));
    assert_non_null(strstr(err.message, "--classes 256"));
    mw_text_free(&text);
    stop_report(&made);
}

TEST(an_id_of_255_is_told_what_to_do) {
    check_remedy(0, "0, 255", "--binary");
    check_remedy(2, "0, 1, 2, 255", "--ignore-index 255");
}

TEST(foreground_only_leaves_the_background_out_of_dense_formats) {
    struct made_report made;
    start_three(&made);
    made.report.foreground_only = true;
    check_text(&made, writer("list"), "[0.5, 2.0]\n");
    check_text(&made, writer("yaml"), "[0.5, 2.0]\n");
    check_text(&made, writer("keras"), "{\"1\": 0.5, \"2\": 2.0}\n");
    check_npy(&made, "(2,)", "\0\0\0\x3f\0\0\0\x40", 8);
    name_scheme(&made.weights[0], "pos-weight");
    check_npy(&made, "(2, 1, 1)", "\0\0\0\x3f\0\0\0\x40", 8);
    assert_true(mw_report_omits(&made.report, 0));
    assert_false(mw_report_omits(&made.report, 1));
    made.report.foreground_only = false;
    assert_false(mw_report_omits(&made.report, 0));
    stop_report(&made);
}

TEST(foreground_only_without_foreground_is_refused) {
    struct made_report made;
    start_report(&made, (struct mw_labels){0}, &(struct made_mask){.pixels = {5}}, 1);
    check_written(&made, writer("list"), NULL);
    made.report.foreground_only = true;
    check_written(&made, writer("list"), "--foreground-only");
    check_written(&made, writer("npy"), "--foreground-only");
    stop_report(&made);
}

/* --- JSON and table -------------------------------------------------------------------------- */

TEST(json_holds_each_scheme_with_its_parameters_and_options) {
    struct made_report made;
    struct mw_text text = {0};
    struct mw_error err;
    start_three(&made);
    made.report.weight_count = 2;
    name_scheme(&made.weights[0], "effective:of=pixels");
    made.weights[0].options.max_weight = 8;
    made.weights[0].options.normalize = MW_NORMALIZE_PIXEL_MEAN;
    made.weights[0].options.zero_class = MW_ZERO_CLASS_FORMULA;
    made.weights[0].options.skip_empty = true;
    assert_ok(mw_report_write(&made.report, writer("json"), &text, &err), &err);
    static const char *const parts[] = {
        "\"scheme\":\t\"effective\"",
        "\"of\":\t\"pixels\"",
        "\"beta\":\t0.999",
        "\"normalize\":\t\"pixel-mean\"",
        "\"zero_class\":\t\"formula\"",
        "\"min_weight\":\tnull",
        "\"max_weight\":\t8.0",
        "\"skip_empty\":\ttrue",
        "\"ignored_in_total\":\tfalse",
        "[1.0, 0.5, 2.0]",
        "[0.1, 0.2, 0.3]",
        "\"fraction\":\t0.6",
        "\"schema\":\t1",
        "\"complete\":\ttrue",
        "\"pixels\":\t60",
    };
    for (size_t i = 0; i < COUNT(parts); i++)
        if (!strstr(text_of(&text), parts[i])) fail_msg("%s is not in %s", parts[i], text.data);
    assert_int_equal(text.data[text.length - 1], '\n');
    mw_text_free(&text);
    stop_report(&made);
}

TEST(table_shows_names_pixels_in_groups_and_weights) {
    static const char *const names[] = {"sky", "road", "car"};
    static const struct made_mask masks[] = {{.pixels = {1234567, 30, 0}, .ignored = 4321}};
    struct made_report made;
    struct mw_labels labels;
    struct mw_text text = {0};
    struct mw_error err;
    give_names(&labels, names, COUNT(names));
    start_report(&made, labels, masks, 1);
    assert_ok(mw_report_write(&made.report, &mw_writer_table, &text, &err), &err);
    static const char *const parts[] = {"sky",      "road",   "1,234,567", "4,321 ignored",
                                        "balanced", "1 mask", "0.5"};
    for (size_t i = 0; i < COUNT(parts); i++)
        if (!strstr(text_of(&text), parts[i])) fail_msg("%s is not in %s", parts[i], text.data);
    mw_text_free(&text);
    stop_report(&made);
}

/* A table to read on a terminal is cut, a document is not. */
TEST(a_summary_is_cut_and_a_document_is_not) {
    for (int summary = 0; summary < 2; summary++) {
        struct mw_labels labels = {.classes = 300};
        struct mw_counts counts;
        struct mw_findings findings = {0};
        struct mw_weigh_options options = plain_options();
        struct mw_text text = {0};
        struct mw_error err;
        assert_ok(mw_labels_resolve(&labels, &err), &err);
        make_counts(&counts, &labels, three_classes, COUNT(three_classes));
        struct mw_weights weights = weigh("balanced", &options, &counts);
        struct mw_report report = {.labels = &labels,
                                   .counts = &counts,
                                   .weights = &weights,
                                   .weight_count = 1,
                                   .findings = &findings,
                                   .summary = summary};
        assert_ok(mw_report_write(&report, &mw_writer_table, &text, &err), &err);
        assert_int_equal(!strstr(text_of(&text), "\n  299 "), summary);
        assert_int_equal(!strstr(text_of(&text), "more classes"), !summary);
        mw_text_free(&text);
        mw_weights_free(&weights);
        mw_counts_free(&counts);
        mw_labels_free(&labels);
    }
}

/* --- The table of writers -------------------------------------------------------------------- */

TEST(every_writer_is_found_by_its_name) {
    static const struct {
        const char *name;
        bool single, dense;
    } rows[] = {{"json", false, false}, {"csv", false, false},  {"list", true, true},
                {"npy", true, true},    {"lut", true, false},   {"keras", true, true},
                {"yaml", true, true},   {"table", false, false}};
    assert_int_equal(mw_writer_count, COUNT(rows));
    assert_string_equal(mw_writers[0]->name, "json"); /* the standard one */
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct mw_writer *found = writer(rows[i].name);
        assert_string_equal(found->name, rows[i].name);
        assert_true(found->summary && *found->summary);
        assert_int_equal(found->single, rows[i].single);
        assert_int_equal(found->dense, rows[i].dense);
    }
    assert_ptr_equal(writer("table"), &mw_writer_table);
}

TEST(an_unknown_writer_is_answered_with_the_nearest) {
    const struct mw_writer *found;
    struct mw_error err;
    assert_fails(mw_writer_find("jsn", &found, &err), MW_USAGE, "'json'", &err);
    assert_fails(mw_writer_find("numpy", &found, &err), MW_USAGE, "npy", &err);
    assert_fails(mw_writer_find("yml", &found, &err), MW_USAGE, "'yaml'", &err);
    assert_fails(mw_writer_find("spreadsheet", &found, &err), MW_USAGE, "csv, list, npy", &err);
}

/* Documents are appended to, so what stands there stays. */
TEST(writers_append) {
    for (size_t i = 0; i < mw_writer_count; i++) {
        struct made_report made;
        struct mw_text text = {0};
        struct mw_error err;
        start_three(&made);
        mw_text_print(&text, "before");
        assert_ok(mw_report_write(&made.report, mw_writers[i], &text, &err), &err);
        assert_true(strncmp(text_of(&text), "before", 6) == 0 && text.length > 6);
        mw_text_free(&text);
        stop_report(&made);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_is_a_bare_json_array),
        cmocka_unit_test(yaml_is_a_flow_list),
        cmocka_unit_test(keras_is_a_dictionary_by_class_id),
        cmocka_unit_test(weights_of_nothing_are_refused_and_counts_of_nothing_are_not),
        cmocka_unit_test(csv_is_one_line_a_class_and_one_column_a_scheme),
        cmocka_unit_test(csv_leaves_absent_names_empty_and_takes_any_ids),
        cmocka_unit_test(npy_is_little_endian_floats),
        cmocka_unit_test(npy_of_pos_weight_has_the_shape_of_a_channel),
        cmocka_unit_test(weights_that_no_float_holds_are_refused),
        cmocka_unit_test(lut_is_the_weight_of_each_stored_value),
        cmocka_unit_test(lut_takes_ids_with_gaps),
        cmocka_unit_test(lut_is_0_where_a_value_is_ignored),
        cmocka_unit_test(lut_is_by_the_value_before_reduce_zero),
        cmocka_unit_test(lut_of_a_binary_mask_covers_every_value),
        cmocka_unit_test(lut_refuses_classes_beyond_8_bits_by_their_id),
        cmocka_unit_test(dense_formats_refuse_ids_with_gaps_and_name_them),
        cmocka_unit_test(an_id_of_255_is_told_what_to_do),
        cmocka_unit_test(foreground_only_leaves_the_background_out_of_dense_formats),
        cmocka_unit_test(foreground_only_without_foreground_is_refused),
        cmocka_unit_test(json_holds_each_scheme_with_its_parameters_and_options),
        cmocka_unit_test(table_shows_names_pixels_in_groups_and_weights),
        cmocka_unit_test(a_summary_is_cut_and_a_document_is_not),
        cmocka_unit_test(every_writer_is_found_by_its_name),
        cmocka_unit_test(an_unknown_writer_is_answered_with_the_nearest),
        cmocka_unit_test(writers_append),
    };
    return RUN_TESTS(tests);
}
