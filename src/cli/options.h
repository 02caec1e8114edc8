/* options: the command line. One table; the parser, --help, the manual page, the completions, the
 * suggestions and the tests read it. A new option is one new row in options.c and one
 * function in apply.h. */
#ifndef MW_CLI_OPTIONS_H
#define MW_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/checks.h"
#include "base/error.h"
#include "count/labels.h"
#include "read/format.h"
#include "weigh/sampling.h"
#include "weigh/weigh.h"
#include "write/report.h"

enum mw_sandbox { MW_SANDBOX_AUTO, MW_SANDBOX_REQUIRE, MW_SANDBOX_OFF };
enum mw_when { MW_WHEN_AUTO, MW_WHEN_ALWAYS, MW_WHEN_NEVER };

/* A growing list of words of the command line. */
struct mw_words {
    const char **list; /* [count] */
    size_t count;
};

/* A report that is asked for. */
struct mw_report_request {
    const struct mw_writer *writer; /* one of mw_findings_writers */
    const char *path;               /* NULL: standard output */
};

/* Most --report that can be given. */
enum { MW_MAX_REPORTS = 16 };

/* What the command line asks for. */
struct mw_settings {
    struct mw_words sources;
    const char *files_from; /* NULL: no list */
    bool null;              /* paths of lists end in NUL */
    struct mw_words include, exclude;
    bool follow;
    uint32_t shard, shard_count; /* from 1; 0, 0: all masks */
    const char *shard_from;      /* the variable that told the shard; NULL: the command line */
    struct mw_subset subset;     /* --sample */
    const char *sample;          /* the same as written; NULL: all masks */
    bool list_files;
    bool inspect;
    struct mw_labels labels;
    const char *class_map;             /* a file, or the name of one that came along; NULL: none */
    const char *small_values;          /* "class", "divide", or NULL: by the divisor */
    struct mw_scheme_request *schemes; /* [scheme_count] */
    size_t scheme_count;
    bool all_schemes; /* they are those of the table, as far as they have a meaning */
    struct mw_weigh_options weigh;
    bool foreground_only;
    struct mw_check_rules checks; /* those of the command line, then those of the files */
    struct mw_words rule_files;   /* --rules */
    const char *baseline;         /* NULL: none */
    const char *images;           /* the directory of the images; NULL: none */
    struct mw_words image_names;  /* --image-name */
    bool csv_safe;
    const struct mw_writer *writer;
    const char *output;   /* NULL: standard output */
    char *output_named;   /* the same, where it was made for a shard */
    const char *per_mask; /* a file of records, one a mask; NULL: none */
    struct mw_sampling sampling;
    const char *sampling_files;        /* a directory; NULL: none */
    struct mw_report_request *reports; /* [report_count], beside the document */
    size_t report_count;
    struct mw_limits limits;
    const char *cache;   /* NULL: none */
    char *cache_named;   /* the same, where it was made for a shard */
    double cache_verify; /* the share of the masks in it that are read all the same */
    unsigned jobs;       /* 0: as many as processors */
    bool keep_going;
    enum mw_sandbox sandbox;
    enum mw_when progress, color;
    unsigned quiet, verbose; /* how often given */
    bool help, version;
    const char *list;        /* "class-maps", "checks", or NULL */
    struct mw_words explain; /* names of checks */
};

enum mw_option_group {
    MW_GROUP_MASKS,
    MW_GROUP_LABELS,
    MW_GROUP_WEIGHTS,
    MW_GROUP_AUDIT,
    MW_GROUP_DOCUMENT,
    MW_GROUP_RUNNING,
    MW_GROUP_COUNT
};
extern const char *const mw_option_groups[MW_GROUP_COUNT]; /* headings */

/* The word with this number that an argument may be, NULL behind the last. */
typedef const char *mw_option_word(size_t number);

/* Stores an option; `value` is NULL for one without argument. Errors: MW_USAGE, MW_NO_MEMORY. */
typedef enum mw_status mw_option_apply(struct mw_settings *settings, const char *value,
                                       struct mw_error *err);

struct mw_option {
    const char *name;     /* long name, without dashes */
    char letter;          /* short name, or 0 */
    const char *argument; /* what its argument is called; NULL: it takes none */
    enum mw_option_group group;
    const char *help;     /* a few lines at most, without line breaks */
    mw_option_word *word; /* the argument is one of these; NULL: any text */
    const char
        *listed;   /* the argument may also be what --list LISTED prints first on a line; or NULL */
    bool optional; /* the argument may be left out; else it stands behind '=' */
    bool names_file; /* the argument is a path */
    bool repeatable; /* another one adds to the first */
    mw_option_apply *apply;
};

extern const struct mw_option mw_options[];
extern const size_t mw_option_count;

/* Reads the command line. Errors: MW_USAGE with the nearest right option, MW_NO_MEMORY. Free the
 * settings with mw_settings_free in any case. */
MW_MUST_CHECK enum mw_status mw_settings_parse(struct mw_settings *settings, int argc, char **argv,
                                               struct mw_error *err);
/* The same in steps, for those who have no command line: the standard settings; what no single option can know,
 * once all are applied; and the survey that they ask for, without its sources and events. */
void mw_settings_init(struct mw_settings *settings);
MW_MUST_CHECK enum mw_status mw_settings_finish(struct mw_settings *settings, struct mw_error *err);
void mw_settings_survey(struct mw_settings *settings, struct mw_survey *survey);

/* Chooses the schemes once the label settings are known, those of documents included: the default
 * one, and of all those that have a meaning. Errors: MW_USAGE, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_settings_choose_schemes(struct mw_settings *settings,
                                                        struct mw_error *err);

/* Whether something is printed instead of counted: --help and its like. */
bool mw_settings_print_only(const struct mw_settings *settings);

/* Whether the dataset is held against rules. */
bool mw_settings_audit(const struct mw_settings *settings);

/* Puts the shard into the names of --output and --cache. Errors: MW_USAGE, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_settings_name_shard(struct mw_settings *settings,
                                                    struct mw_error *err);
void mw_settings_free(struct mw_settings *settings);

#endif
