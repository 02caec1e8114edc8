/* NumPy arrays, NPY format 1.0: 32-bit little-endian floats. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "write/report.h"

/* Magic, version, header length, and a header padded so that the data begin at a multiple of 64. */
static void add_header(struct mw_text *out, const char *shape) {
    struct mw_text header = {0};
    mw_text_print(&header, "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", shape);
    size_t unpadded = 10 + header.length + 1;
    size_t padding = (64 - unpadded % 64) % 64;
    uint16_t length = (uint16_t)(header.length + padding + 1);
    unsigned char start[10] = {0x93,
                               'N',
                               'U',
                               'M',
                               'P',
                               'Y',
                               1,
                               0,
                               (unsigned char)(length & 0xff),
                               (unsigned char)(length >> 8)};
    mw_text_add(out, start, sizeof start);
    mw_text_print(out, "%s%*s\n", header.data ? header.data : "", (int)padding, "");
    out->failed = out->failed || header.failed;
    mw_text_free(&header);
}

static enum mw_status add_float(struct mw_text *out, double value, struct mw_error *err) {
    if (fabs(value) > FLT_MAX || (value != 0 && fabs(value) < FLT_TRUE_MIN))
        return mw_error_set(
            err, MW_USAGE, "a weight of %g does not fit in a 32-bit float: use --normalize", value);
    float narrow = (float)value;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    unsigned char bytes[4] = {(unsigned char)(bits & 0xff), (unsigned char)(bits >> 8 & 0xff),
                              (unsigned char)(bits >> 16 & 0xff), (unsigned char)(bits >> 24)};
    mw_text_add(out, bytes, sizeof bytes);
    return MW_OK;
}

static enum mw_status write_npy(const struct mw_report *report, struct mw_text *out,
                                struct mw_error *err) {
    const struct mw_weights *weights = &report->weights[0];
    const struct mw_class_counts *classes = report->counts->classes;
    size_t kept = 0;
    for (size_t i = 0; i < weights->count; i++) kept += !mw_report_omits(report, classes[i].id);
    char shape[48];
    snprintf(shape, sizeof shape, weights->request.scheme->is_pos_weight ? "(%zu, 1, 1)" : "(%zu,)",
             kept);
    add_header(out, shape);
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < weights->count && !status; i++)
        if (!mw_report_omits(report, classes[i].id))
            status = add_float(out, weights->class_weight[i], err);
    return status;
}

/* The weight of a class by id; the classes are in order of id. False when it is not there. */
static bool find_weight(const struct mw_report *report, uint32_t id, double *weight) {
    for (size_t i = 0; i < report->counts->class_count; i++) {
        if (report->counts->classes[i].id != id) continue;
        *weight = report->weights[0].class_weight[i];
        return true;
    }
    return false;
}

/* Classes that occur must be reached by stored values from 0 to 255. */
static enum mw_status check_lut(const struct mw_report *report, struct mw_error *err) {
    const struct mw_counts *counts = report->counts;
    for (size_t i = 0; i < counts->class_count; i++) {
        bool reached = counts->classes[i].all.pixels == 0;
        for (int value = 0; value < 256 && !reached; value++) {
            struct mw_label label = mw_labels_classify(report->labels, value);
            reached = label.kind == MW_LABEL_CLASS && label.id == counts->classes[i].id;
        }
        if (!reached)
            return mw_error_set(err, MW_USAGE,
                                "--format lut has room for the stored values 0 to 255, and class "
                                "%" PRIu32 " is beyond them: use csv, or list or npy by class",
                                counts->classes[i].id);
    }
    return MW_OK;
}

static enum mw_status write_lut(const struct mw_report *report, struct mw_text *out,
                                struct mw_error *err) {
    if (report->labels->encoding != MW_ENCODING_INDEX)
        return mw_error_set(err, MW_USAGE,
                            "--format lut is for masks that hold class ids, and these were counted "
                            "with --encoding %s: use list or npy, by class, on the masks that the "
                            "training reads",
                            mw_encodings[report->labels->encoding].name);
    enum mw_status status = check_lut(report, err);
    add_header(out, "(256,)");
    for (int value = 0; value < 256 && !status; value++) {
        struct mw_label label = mw_labels_classify(report->labels, value);
        double weight = 0;
        if (label.kind != MW_LABEL_CLASS || !find_weight(report, label.id, &weight)) weight = 0;
        status = add_float(out, weight, err);
    }
    return status;
}

const struct mw_writer mw_writer_npy = {
    .name = "npy",
    .summary = "NumPy float32, shape (K,); (K, 1, 1) for pos-weight",
    .needs_weights = true,
    .single = true,
    .binary = true,
    .dense = true,
    .write = write_npy,
};

const struct mw_writer mw_writer_lut = {
    .name = "lut",
    .summary = "NumPy float32 (256,): weight by stored value, 0 where ignored (Keras "
               "sample_weight)",
    .needs_weights = true,
    .single = true,
    .binary = true,
    .write = write_lut,
};
