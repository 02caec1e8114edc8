/* meanings: what label settings make of samples. Include it behind support.h. */
#ifndef TESTS_UNIT_MEANINGS_H
#define TESTS_UNIT_MEANINGS_H

#include <inttypes.h>

#include "count/labels.h"

enum { IGNORED = -1, UNKNOWN = -2 }; /* in place of a class id */

struct meaning {
    int64_t sample, wanted;
};

/* What a sample stands for: its class id, IGNORED or UNKNOWN. */
static inline int64_t meaning_of(const struct mw_labels *labels, int64_t sample) {
    struct mw_label label = mw_labels_classify(labels, sample);
    if (label.kind == MW_LABEL_IGNORED) return IGNORED;
    return label.kind == MW_LABEL_UNKNOWN ? UNKNOWN : (int64_t)label.id;
}

static inline void check_meanings(const struct mw_labels *labels, const struct meaning *cases,
                                  size_t count, const char *file, int line) {
    for (size_t i = 0; i < count; i++) {
        int64_t found = meaning_of(labels, cases[i].sample);
        if (found == cases[i].wanted) continue;
        print_error("%s:%d: %" PRId64 " is %" PRId64 ", not %" PRId64 "\n", file, line,
                    cases[i].sample, found, cases[i].wanted);
        _fail(file, line);
    }
}

/* The settings, resolved, give these samples these meanings: pairs of both. */
#define assert_meanings(labels, ...)                                                               \
    check_meanings(labels, (const struct meaning[]){__VA_ARGS__},                                  \
                   COUNT(((const struct meaning[]){__VA_ARGS__})), __FILE__, __LINE__)

#endif
