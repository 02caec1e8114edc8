/* Where an unknown value stands first, asked once all masks are counted. */
#include <string.h>

#include "count/mask.h"
#include "count/survey.h"

/* What came on standard input, or NULL. */
static const struct mw_text *content_of(const struct mw_survey *survey, const char *path) {
    for (size_t i = 0; i < survey->source_count; i++)
        if (survey->sources[i].kind == MW_SOURCE_STDIN &&
            strcmp(survey->sources[i].path, path) == 0)
            return &survey->sources[i].content;
    return NULL;
}

bool mw_survey_locate_unknown(const struct mw_survey *survey, size_t place, uint32_t *x,
                              uint32_t *y) {
    const struct mw_value *value = &survey->inspection.unknown.list[place];
    struct mw_mask mask = {.unknown = {{.value = value->value}}, .unknown_values = 1};
    struct mw_input input = {0};
    const struct mw_format *format = NULL;
    struct mw_error ignored; /* the mask's failure is told already */
    const struct mw_text *content = content_of(survey, value->first->path);
    enum mw_status status = MW_OK;
    if (content) mw_input_memory(&input, content->data, content->length);
    else status = mw_input_open(&input, value->first->path, &ignored);
    if (!status) status = mw_format_detect(&input, &format, &ignored);
    if (!status)
        mw_mask_locate_unknown(&mask, &input, format, &survey->limits, survey->labels,
                               value->first->page, 0);
    mw_input_free(&input);
    *x = mask.unknown[0].x;
    *y = mask.unknown[0].y;
    return mask.unknown[0].found;
}
