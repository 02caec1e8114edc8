/* A second, small program on the library: balanced weights of the masks that are named.
 *
 *     example MASK...
 *
 * It proves that the library works without the command line: nothing here prints but this file. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "count/reader.h"
#include "weigh/weigh.h"

/* Adds every mask of the files to `counts`. */
static enum mw_status count_files(char **paths, const struct mw_labels *labels,
                                  struct mw_counts *counts, struct mw_error *err) {
    struct mw_reader reader;
    enum mw_status status = mw_reader_init(&reader, labels, &mw_limits_default, err);
    for (; *paths && !status; paths++) {
        struct mw_file file = {.path = *paths, .document_path = *paths};
        uint64_t bytes;
        status = mw_reader_count(&reader, &file, counts, &bytes, err);
        if (status) mw_error_prefix(err, "%s", *paths);
    }
    mw_reader_free(&reader);
    return status ? status : mw_counts_finish(counts, labels, err);
}

static enum mw_status print_weights(const struct mw_counts *counts, struct mw_error *err) {
    struct mw_weigh_options options = {.min_weight = (double)NAN, .max_weight = (double)NAN};
    struct mw_scheme_request request;
    struct mw_weights weights = {0};
    enum mw_status status = mw_scheme_parse(&request, "balanced", err);
    if (!status) status = mw_weigh(&weights, &request, &options, counts, err);
    for (size_t i = 0; i < counts->class_count && !status; i++)
        printf("%" PRIu32 "\t%" PRIu64 "\t%.6g\n", counts->classes[i].id,
               counts->classes[i].all.pixels, weights.class_weight[i]);
    mw_weights_free(&weights);
    return status;
}

int main(int count, char **arguments) {
    struct mw_labels labels = {0};
    struct mw_counts counts;
    struct mw_error err;
    mw_counts_init(&counts);
    enum mw_status status = count > 0 ? mw_labels_resolve(&labels, &err) : MW_USAGE;
    if (!status) status = count_files(arguments + 1, &labels, &counts, &err);
    if (!status) status = print_weights(&counts, &err);
    if (status) fprintf(stderr, "example: %s\n", err.message);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
    return status ? 1 : 0;
}
