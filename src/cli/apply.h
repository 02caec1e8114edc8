/* apply: what each row of the table of options does. apply_labels.c has those of the group "What a sample
 * means", apply.c the others. */
#ifndef MW_CLI_APPLY_H
#define MW_CLI_APPLY_H

#include "cli/options.h"

/* Words that an argument may be, as mw_option.word. */
mw_option_word mw_alpha_word, mw_decoder_word, mw_encoding_word, mw_explain_word, mw_list_word,
    mw_nodata_word, mw_normalize_word, mw_report_word, mw_sampling_word, mw_sandbox_word,
    mw_scheme_word, mw_small_word, mw_unknown_word, mw_when_word, mw_writer_word,
    mw_zero_class_word;

/* Stores an option, as mw_option.apply. */
mw_option_apply mw_apply_files_from, mw_apply_null, mw_apply_include, mw_apply_exclude,
    mw_apply_follow, mw_apply_shard, mw_apply_sample, mw_apply_list_files, mw_apply_inspect,
    mw_apply_classes, mw_apply_class_map, mw_apply_encoding, mw_apply_divisor,
    mw_apply_small_values, mw_apply_alpha, mw_apply_nodata, mw_apply_map, mw_apply_ignore,
    mw_apply_background, mw_apply_reduce_zero, mw_apply_binary, mw_apply_threshold,
    mw_apply_unknown, mw_apply_scheme, mw_apply_normalize, mw_apply_zero_class, mw_apply_min_weight,
    mw_apply_max_weight, mw_apply_skip_empty, mw_apply_ignored_in_total, mw_apply_foreground_only,
    mw_apply_check, mw_apply_rules, mw_apply_baseline, mw_apply_images, mw_apply_image_name,
    mw_apply_explain, mw_apply_format, mw_apply_csv_safe, mw_apply_output, mw_apply_per_mask,
    mw_apply_sampling, mw_apply_sampling_files, mw_apply_report, mw_apply_jobs, mw_apply_cache,
    mw_apply_cache_verify, mw_apply_keep_going, mw_apply_max_pixels, mw_apply_max_row_bytes,
    mw_apply_max_metadata, mw_apply_max_pages, mw_apply_max_member, mw_apply_max_members,
    mw_apply_max_values, mw_apply_max_text, mw_apply_max_places, mw_apply_max_seconds,
    mw_apply_sandbox, mw_apply_decoder, mw_apply_progress, mw_apply_quiet, mw_apply_verbose,
    mw_apply_color, mw_apply_list, mw_apply_help, mw_apply_version;

#endif
