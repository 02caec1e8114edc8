/* The small text formats: a bare list for JSON readers and for YAML, and Keras's dictionary. */
#include <inttypes.h>

#include "write/report.h"

static enum mw_status write_list(const struct mw_report *report, struct mw_text *out,
                                 struct mw_error *err) {
    (void)err;
    mw_report_add_list(report, out);
    mw_text_add(out, "\n", 1);
    return MW_OK;
}

static enum mw_status write_keras(const struct mw_report *report, struct mw_text *out,
                                  struct mw_error *err) {
    char digits[MW_REAL_SIZE];
    const char *separator = "";
    (void)err;
    mw_text_add(out, "{", 1);
    for (size_t i = 0; i < report->counts->class_count; i++) {
        uint32_t id = report->counts->classes[i].id;
        if (mw_report_omits(report, id)) continue;
        mw_text_print(out, "%s\"%" PRIu32 "\": %s", separator, id,
                      mw_real_format(report->weights[0].class_weight[i], digits));
        separator = ", ";
    }
    mw_text_print(out, "}\n");
    return MW_OK;
}

const struct mw_writer mw_writer_list = {
    .name = "list",
    .summary = "a bare JSON array (MMSegmentation, PyTorch)",
    .needs_weights = true,
    .single = true,
    .dense = true,
    .write = write_list,
};

const struct mw_writer mw_writer_yaml = {
    .name = "yaml",
    .summary = "a YAML flow list (PaddleSeg)",
    .needs_weights = true,
    .single = true,
    .dense = true,
    .write = write_list, /* a JSON array of numbers with a decimal point is also YAML */
};

const struct mw_writer mw_writer_keras = {
    .name = "keras",
    .summary = "{\"0\": 1.0, ...} for class_weight",
    .needs_weights = true,
    .single = true,
    .dense = true,
    .write = write_keras,
};
