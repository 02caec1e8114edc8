#include "write/record.h"

#include <string.h>

#include "base/json.h"
#include "write/csv.h"

/* --- What both formats say of a mask ------------------------------------------------------------ */

static void add_word(const char *word, struct mw_text *out) {
    mw_text_add(out, word, strlen(word));
}

static void add_share(const struct mw_mask *mask, struct mw_text *out) {
    char digits[MW_REAL_SIZE] = "0.0";
    if (mask->ignored_pixels) mw_real_format(mw_mask_ignored_share(mask), digits);
    add_word(digits, out);
}

static const char *empty_word(const struct mw_mask *mask, const struct mw_labels *labels) {
    return mw_mask_is_empty(mask, labels) ? "true" : "false";
}

/* The codes of what was found in a mask, and of the rules that it breaks. */
static void add_findings(const struct mw_record_style *style, const struct mw_record *record,
                         const char *quote, const char *between, struct mw_text *out) {
    const char *separator = "";
    for (size_t i = 0; i < MW_MASK_FINDINGS + style->rules->count; i++) {
        size_t number = i - MW_MASK_FINDINGS;
        const struct mw_check_rule *rule = i < MW_MASK_FINDINGS ? NULL
                                                                : &style->rules->list[number];
        bool found = rule ? rule->check->breaks &&
                                rule->check->breaks(rule->subject, record->file, record->mask,
                                                    record->file->known)
                          : record->notes >> i & 1;
        if (!found) continue;
        add_word(separator, out);
        add_word(quote, out);
        add_word(mw_finding_kinds[rule ? (size_t)rule->check->code : i].code, out);
        add_word(quote, out);
        separator = between;
    }
}

/* Whether a path is UTF-8; fills `readable` if it is not. */
static bool is_utf8(const char *path, struct mw_text *readable) {
    return mw_utf8_valid(path, strlen(path)) || mw_text_add_readable(readable, path);
}

/* --- CSV ---------------------------------------------------------------------------------------- */

/* Columns of a mask beside those of the classes. */
enum { MASK_CELLS = 10 };

static void begin_csv(const struct mw_record_style *style, struct mw_text *out) {
    if (style->several) add_word("source,", out);
    add_word("path,page,width,height,bits", out);
    for (uint32_t i = 0; i < style->labels->classes; i++)
        mw_text_print(out, ",pixels_%u", (unsigned)mw_labels_id(style->labels, i));
    add_word(",pixels,ignored_pixels,unknown_pixels,empty,ignored_share,findings,error,path_bytes",
             out);
    if (style->weighted) add_word(",sample_weight", out);
    add_word("\n", out);
}

static void add_number_cell(uint64_t value, struct mw_text *out) {
    mw_text_add(out, ",", 1);
    mw_text_add_unsigned(out, value);
}

/* One cell for each declared class: those of the mask are in order of id, too. */
static void add_class_cells(const struct mw_mask *mask, const struct mw_labels *labels,
                            struct mw_text *out) {
    size_t next = 0;
    for (uint32_t i = 0; i < labels->classes; i++) {
        bool here = next < mask->count && mask->classes[next].id == mw_labels_id(labels, i);
        if (here) add_number_cell(mask->classes[next++].pixels, out);
        else mw_text_add(out, ",0", 2); /* most are absent from most masks */
    }
}

static void add_mask_cells(const struct mw_record_style *style, const struct mw_record *record,
                           struct mw_text *out) {
    const struct mw_mask *mask = record->mask;
    const struct mw_labels *labels = style->labels;
    add_number_cell(record->page, out);
    add_number_cell(mask->layout.width, out);
    add_number_cell(mask->layout.height, out);
    add_number_cell(mask->layout.bits, out);
    add_class_cells(mask, labels, out);
    add_number_cell(mask->pixels, out);
    add_number_cell(mask->ignored_pixels, out);
    add_number_cell(mask->unknown_pixels, out);
    add_word(",", out);
    add_word(empty_word(mask, labels), out);
    add_word(",", out);
    add_share(mask, out);
    add_word(",", out);
    add_findings(style, record, "", " ", out);
}

static void add_csv(const struct mw_record_style *style, const struct mw_record *record,
                    struct mw_text *out) {
    const char *path = record->file->document_path;
    struct mw_text readable = {0};
    bool utf8 = is_utf8(path, &readable);
    if (style->several) mw_text_print(out, "%u,", (unsigned)record->file->source);
    mw_csv_add_cell(out, utf8 ? path : readable.data ? readable.data : "", style->csv_safe);
    if (record->mask) add_mask_cells(style, record, out);
    else
        for (uint32_t i = 0; i < style->labels->classes + MASK_CELLS; i++) mw_text_add(out, ",", 1);
    mw_text_add(out, ",", 1);
    mw_csv_add_cell(out, record->error ? record->error : "", style->csv_safe);
    mw_text_add(out, ",", 1);
    if (!utf8) mw_text_add_base64(out, path, strlen(path));
    out->failed = out->failed || readable.failed;
    mw_text_free(&readable);
}

static void end_csv(const struct mw_record_style *style, const char *weight, struct mw_text *out) {
    if (style->weighted) mw_text_print(out, ",%s", weight ? weight : "");
    mw_text_add(out, "\n", 1);
}

/* --- NDJSON: one object a line ------------------------------------------------------------------ */

static void begin_ndjson(const struct mw_record_style *style, struct mw_text *out) {
    (void)style;
    (void)out;
}

static void add_path(const char *path, struct mw_text *out) {
    struct mw_text readable = {0};
    bool utf8 = is_utf8(path, &readable);
    add_word("\"path\":", out);
    mw_json_print_string(out, utf8 ? path : readable.data ? readable.data : "");
    if (!utf8) {
        add_word(",\"path_bytes\":\"", out);
        mw_text_add_base64(out, path, strlen(path));
        add_word("\"", out);
    }
    out->failed = out->failed || readable.failed;
    mw_text_free(&readable);
}

static void add_number(const char *key, uint64_t value, struct mw_text *out) {
    add_word(",\"", out);
    add_word(key, out);
    add_word("\":", out);
    mw_text_add_unsigned(out, value);
}

static void add_classes(const struct mw_mask *mask, struct mw_text *out) {
    const char *separator = ",\"classes\":{\"";
    bool any = false;
    for (size_t i = 0; i < mask->count; i++) {
        if (mask->classes[i].pixels == 0) continue; /* a plane that says no */
        add_word(separator, out);
        mw_text_add_unsigned(out, mask->classes[i].id);
        mw_text_add(out, "\":", 2);
        mw_text_add_unsigned(out, mask->classes[i].pixels);
        separator = ",\"";
        any = true;
    }
    add_word(any ? "}" : ",\"classes\":{}", out);
}

static void add_ndjson(const struct mw_record_style *style, const struct mw_record *record,
                       struct mw_text *out) {
    const struct mw_mask *mask = record->mask;
    if (style->several) mw_text_print(out, "{\"source\":%u,", (unsigned)record->file->source);
    else mw_text_add(out, "{", 1);
    add_path(record->file->document_path, out);
    if (!mask) {
        add_word(",\"error\":", out);
        mw_json_print_string(out, record->error);
        return;
    }
    add_number("page", record->page, out);
    add_number("width", mask->layout.width, out);
    add_number("height", mask->layout.height, out);
    add_number("bits", mask->layout.bits, out);
    add_classes(mask, out);
    add_number("pixels", mask->pixels, out);
    add_number("ignored_pixels", mask->ignored_pixels, out);
    add_number("unknown_pixels", mask->unknown_pixels, out);
    add_word(",\"empty\":", out);
    add_word(empty_word(mask, style->labels), out);
    add_word(",\"ignored_share\":", out);
    add_share(mask, out);
    add_word(",\"findings\":[", out);
    add_findings(style, record, "\"", ",", out);
    add_word("]", out);
}

static void end_ndjson(const struct mw_record_style *style, const char *weight,
                       struct mw_text *out) {
    if (style->weighted) mw_text_print(out, ",\"sample_weight\":%s", weight ? weight : "null");
    mw_text_add(out, "}\n", 2);
}

/* --- The table ---------------------------------------------------------------------------------- */

static const struct mw_record_format formats[] = {
    {"CSV", {".csv", NULL}, true, begin_csv, add_csv, end_csv},
    {"NDJSON", {".ndjson", ".jsonl"}, false, begin_ndjson, add_ndjson, end_ndjson},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static bool ends_in(const char *path, const char *suffix) {
    size_t length = strlen(path), tail = suffix ? strlen(suffix) : 0;
    return tail && length >= tail && strcmp(path + length - tail, suffix) == 0;
}

enum mw_status mw_record_format_find(const char *path, const struct mw_record_format **format,
                                     struct mw_error *err) {
    for (size_t i = 0; i < FORMATS; i++) {
        *format = &formats[i];
        for (size_t j = 0; j < 2; j++)
            if (ends_in(path, formats[i].suffixes[j])) return MW_OK;
    }
    return mw_error_set(err, MW_USAGE,
                        "--per-mask: '%s' must end in .csv, or in .ndjson or .jsonl for one JSON "
                        "object a line",
                        path);
}

enum mw_status mw_record_format_check(const struct mw_record_format *format,
                                      const struct mw_labels *labels, struct mw_error *err) {
    if (!format->needs_classes || labels->classes) return MW_OK;
    return mw_error_set(
        err, MW_USAGE,
        "--per-mask: %s has a column for each class, and the classes are not known "
        "before the last mask: declare them with --classes or --class-map, or write "
        "%s",
        format->name, formats[1].suffixes[0]);
}
