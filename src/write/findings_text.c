/* The report for people and editors: one line a place, as compilers write them, and one before them for a rule
 * whose places say what is wrong with each. */
#include <inttypes.h>

#include "write/findings_writer.h"

static void add_line(struct mw_text *out, const struct mw_shown *shown, const char *message) {
    mw_text_print(out, ": %s: ", shown->code);
    mw_text_add_printable(out, message);
    mw_text_add(out, "\n", 1);
}

static void add_shown(const struct mw_report *report, const struct mw_shown *shown,
                      struct mw_text *out) {
    const struct mw_place_list *first = shown->first;
    uint64_t more = mw_shown_more(shown);
    if (first->kept == 0 || mw_shown_has_head(shown)) {
        mw_text_print(out, "maskweight: %s: ", shown->code);
        mw_shown_add(shown, mw_text_add_printable, out);
        mw_text_add(out, "\n", 1);
    }
    for (size_t i = 0; i < first->kept; i++) {
        mw_findings_add_path(report, &first->places[i], out);
        add_line(out, shown, mw_shown_message(shown, &first->places[i]));
    }
    if (more) mw_text_print(out, "maskweight: %s: and %" PRIu64 " more\n", shown->code, more);
}

static enum mw_status write_text(const struct mw_report *report, struct mw_text *out,
                                 struct mw_error *err) {
    struct mw_shown shown;
    (void)err;
    for (size_t i = 0; mw_findings_shown(report, i, &shown); i++) add_shown(report, &shown, out);
    return MW_OK;
}

const struct mw_writer mw_writer_text = {
    .name = "text",
    .summary = "one line a mask, as compilers write them: path: code: message",
    .write = write_text,
};
