#include "cli/options.h"

#include "cli/apply.h"

const char *const mw_option_groups[MW_GROUP_COUNT] = {
    "Which masks", "What a sample means", "Weights", "Audit", "Document", "Running",
};

const struct mw_option mw_options[] = {
    {.name = "files-from",
     .argument = "FILE",
     .group = MW_GROUP_MASKS,
     .help = "Count the masks whose paths stand in FILE, one a line (- is standard input). A "
             "carriage return at the end of a line is no part of the path, unless a file has that "
             "name.",
     .names_file = true,
     .apply = mw_apply_files_from},
    {.name = "null",
     .letter = '0',
     .group = MW_GROUP_MASKS,
     .help = "Paths end in a NUL byte, in the list that --files-from reads and in what "
             "--list-files prints.",
     .apply = mw_apply_null},
    {.name = "include",
     .argument = "GLOB",
     .group = MW_GROUP_MASKS,
     .help = "In directories, count only masks whose path below the source matches GLOB; '*' "
             "also matches '/'. Repeatable: one match is enough.",
     .repeatable = true,
     .apply = mw_apply_include},
    {.name = "exclude",
     .argument = "GLOB",
     .group = MW_GROUP_MASKS,
     .help = "In directories, leave out what matches GLOB; a directory that matches is not "
             "entered. Repeatable.",
     .repeatable = true,
     .apply = mw_apply_exclude},
    {.name = "follow",
     .letter = 'L',
     .group = MW_GROUP_MASKS,
     .help = "Follow symbolic links met in directories.",
     .apply = mw_apply_follow},
    {.name = "shard",
     .argument = "K/N",
     .group = MW_GROUP_MASKS,
     .help =
         "Count only the masks of shard K of N, chosen by a hash of their paths. The documents of "
         "all N, named as sources, merge to that of one run. With auto or auto/N, the "
         "environment says which: Slurm, MPI, Kubernetes and others (see the manual page).",
     .apply = mw_apply_shard},
    {.name = "sample",
     .argument = "SHARE",
     .group = MW_GROUP_MASKS,
     .help =
         "Count only a sample of the masks, chosen by a hash of their paths: a share below 1, as in 0.01 or "
         "1%, or a number of masks. Every fraction and weight is then an estimate for all masks, with "
         "an interval of 95 % confidence.",
     .apply = mw_apply_sample},
    {.name = "list-files",
     .group = MW_GROUP_MASKS,
     .help = "Print the paths of the masks that would be counted, and count nothing.",
     .apply = mw_apply_list_files},
    {.name = "inspect",
     .group = MW_GROUP_MASKS,
     .help =
         "Print what the masks hold and what that probably means, with the command line that "
         "would count them, and count nothing. What other options say about samples, "
         "weights and the document has no effect. Run this first on masks that somebody handed over.",
     .apply = mw_apply_inspect},

    {.name = "classes",
     .letter = 'n',
     .argument = "N",
     .group = MW_GROUP_LABELS,
     .help = "The classes are 0 to N-1; any other value is unknown. Without it the classes "
             "are the values that occur.",
     .apply = mw_apply_classes},
    {.name = "class-map",
     .letter = 'c',
     .argument = "FILE",
     .group = MW_GROUP_LABELS,
     .help = "Read the classes from FILE: names, colours, ids, and the values that stand for them. "
             "Many forms are understood (see the manual page); the simplest is one name a line. "
             "Or the name of a map that came with the program (--list class-maps).",
     .listed = "class-maps",
     .names_file = true,
     .apply = mw_apply_class_map},
    {.name = "encoding",
     .argument = "NAME",
     .group = MW_GROUP_LABELS,
     .help =
         "What a pixel says: 'index', the class id; 'rgb', the colour of the class in the class "
         "map; 'ade20k', R / 10 * 256 + G; 'instance', class * divisor + instance; 'planes', each "
         "channel or page says yes or no to one class. Standard: index.",
     .word = mw_encoding_word,
     .apply = mw_apply_encoding},
    {.name = "divisor",
     .argument = "N",
     .group = MW_GROUP_LABELS,
     .help =
         "Of --encoding instance: 1000, as in Cityscapes, unless N is given; 256 is KITTI's and "
         "Mapillary's.",
     .apply = mw_apply_divisor},
    {.name = "small-values",
     .argument = "WHAT",
     .group = MW_GROUP_LABELS,
     .help = "Of --encoding instance: values below the divisor are a 'class' themselves, or are "
             "divided like the others: 'divide'. Standard: class for 1000, else divide.",
     .word = mw_small_word,
     .apply = mw_apply_small_values},
    {.name = "alpha",
     .argument = "WHAT",
     .group = MW_GROUP_LABELS,
     .help =
         "Of masks with an alpha channel or, in PNG, transparent palette entries or one transparent "
         "colour: 'ignore' that, or 'use' it: transparent pixels are left out. Standard: ignore.",
     .word = mw_alpha_word,
     .apply = mw_apply_alpha},
    {.name = "nodata",
     .argument = "WHAT",
     .group = MW_GROUP_LABELS,
     .help =
         "The value that a GeoTIFF names as nodata: 'use' it, which leaves it out, or 'count' it "
         "like any other. Standard: 'auto', which is use, and an error where the value is also "
         "the background or a declared class.",
     .word = mw_nodata_word,
     .apply = mw_apply_nodata},
    {.name = "map",
     .argument = "LIST",
     .group = MW_GROUP_LABELS,
     .help = "Change values before all that follows, as in 0=255,11-33=1,*=ignore; with --encoding "
             "rgb also colours, as in #FF0000=#000000. Repeatable.",
     .repeatable = true,
     .apply = mw_apply_map},
    {.name = "ignore-index",
     .argument = "LIST",
     .group = MW_GROUP_LABELS,
     .help = "Leave these values out of everything: integers and ranges, as in 255 or "
             "0,250-255; with --encoding rgb also colours, as in #FF0000. Repeatable.",
     .repeatable = true,
     .apply = mw_apply_ignore},
    {.name = "background",
     .argument = "LIST",
     .group = MW_GROUP_LABELS,
     .help = "These classes are background, or 'none' is. A mask with no other class is an "
             "empty mask. Repeatable. Standard: 0; none with --reduce-zero-label.",
     .repeatable = true,
     .apply = mw_apply_background},
    {.name = "reduce-zero-label",
     .group = MW_GROUP_LABELS,
     .help = "0 and 255 become ignored and every other value is lowered by one, as in "
             "MMSegmentation; before --ignore-index.",
     .apply = mw_apply_reduce_zero},
    {.name = "binary",
     .group = MW_GROUP_LABELS,
     .help = "0 is class 0 and every other value that is not ignored is class 1.",
     .apply = mw_apply_binary},
    {.name = "threshold",
     .argument = "T",
     .group = MW_GROUP_LABELS,
     .help = "T and every value above it is class 1, the others are class 0.",
     .apply = mw_apply_threshold},
    {.name = "unknown",
     .argument = "WHAT",
     .group = MW_GROUP_LABELS,
     .help = "A value that is no class is an 'error', which makes its mask fail, or is left "
             "out: 'ignore'. Standard: error.",
     .word = mw_unknown_word,
     .apply = mw_apply_unknown},

    {.name = "scheme",
     .letter = 's',
     .argument = "NAME",
     .group = MW_GROUP_WEIGHTS,
     .help = "Weigh by this scheme, one of those under Schemes below; parameters follow as in "
             "enet:c=1.1,power=2. Repeatable; 'all' is every one. Standard: balanced.",
     .word = mw_scheme_word,
     .repeatable = true,
     .apply = mw_apply_scheme},
    {.name = "normalize",
     .argument = "MODE",
     .group = MW_GROUP_WEIGHTS,
     .help = "Scale the weights of the classes that occur: their sum, mean, min or max is 1, "
             "or 'pixel-mean', the mean over all pixels. Never pos-weight. Standard: none.",
     .word = mw_normalize_word,
     .apply = mw_apply_normalize},
    {.name = "zero-class",
     .argument = "POLICY",
     .group = MW_GROUP_WEIGHTS,
     .help = "The weight of a class without pixels: zero, one, the max of the others, the "
             "scheme's 'formula' where that is finite, or an error. Standard: zero.",
     .word = mw_zero_class_word,
     .apply = mw_apply_zero_class},
    {.name = "min-weight",
     .argument = "X",
     .group = MW_GROUP_WEIGHTS,
     .help = "Raise smaller weights to X, before --normalize.",
     .apply = mw_apply_min_weight},
    {.name = "max-weight",
     .argument = "X",
     .group = MW_GROUP_WEIGHTS,
     .help = "Lower larger weights to X, before --normalize.",
     .apply = mw_apply_max_weight},
    {.name = "skip-empty",
     .group = MW_GROUP_WEIGHTS,
     .help = "Weigh without the masks that have no foreground pixel. The counts still hold "
             "them.",
     .apply = mw_apply_skip_empty},
    {.name = "ignored-in-total",
     .group = MW_GROUP_WEIGHTS,
     .help = "Count ignored pixels in the totals of the formulas, as some published weights "
             "do. Never for pos-weight.",
     .apply = mw_apply_ignored_in_total},
    {.name = "foreground-only",
     .group = MW_GROUP_WEIGHTS,
     .help = "Leave background classes out of list, npy, yaml and keras.",
     .apply = mw_apply_foreground_only},

    {.name = "check",
     .argument = "RULE",
     .group = MW_GROUP_AUDIT,
     .help = "Hold the dataset against a rule, NAME[:CLASS][=LIMIT], as in min-masks:car=50 or "
             "max-empty=20%; the names stand under Checks below. A broken rule is a finding, and "
             "the exit status is 1. Implies --keep-going: what cannot be counted breaks the rule "
             "'unreadable', and unknown values the rule 'unknown-labels'. Repeatable.",
     .listed = "checks",
     .repeatable = true,
     .apply = mw_apply_check},
    {.name = "rules",
     .argument = "FILE",
     .group = MW_GROUP_AUDIT,
     .help = "Read rules from FILE, a JSON array of such texts, or of objects with \"check\", "
             "\"class\", \"limit\" and \"severity\" (error, warning or info). Repeatable.",
     .names_file = true,
     .repeatable = true,
     .apply = mw_apply_rules},
    {.name = "baseline",
     .argument = "FILE",
     .group = MW_GROUP_AUDIT,
     .help = "Compare with FILE, a JSON document that maskweight wrote earlier or of another "
             "split, by rules such as lost-classes and max-drift=0.05.",
     .names_file = true,
     .apply = mw_apply_baseline},
    {.name = "images",
     .argument = "DIR",
     .group = MW_GROUP_AUDIT,
     .help =
         "Look for the image of each mask in DIR, by its name below the source and a suffix of "
         "images, and for images without a mask; sizes must agree. Rules such as missing-images and "
         "image-size say what breaks. Of images only the header is read, also through links: PNG, "
         "JPEG, TIFF.",
     .names_file = true,
     .apply = mw_apply_images},
    {.name = "image-name",
     .argument = "PATTERN",
     .group = MW_GROUP_AUDIT,
     .help =
         "With --images: PATTERN is FROM=TO, and a mask named FROM has the image TO; each * stands for "
         "the same in both, as in '*_L.png=*.png' or '*/masks/*.png=*/images/*.jpg', or {1} in TO for the first *, as in "
         "'*/masks/*.png={1}/image.png'. Without a suffix in TO any is tried. The directory stays, unless FROM has a '/': then both are paths. Repeatable: the first that matches counts.",
     .repeatable = true,
     .apply = mw_apply_image_name},
    {.name = "explain",
     .argument = "CHECK",
     .group = MW_GROUP_AUDIT,
     .help = "Say what a check measures, how it is written and what to do when it is broken; "
             "several with commas between them, or 'all'. Repeatable.",
     .word = mw_explain_word,
     .repeatable = true,
     .apply = mw_apply_explain},

    {.name = "format",
     .letter = 'f',
     .argument = "NAME",
     .group = MW_GROUP_DOCUMENT,
     .help = "Write the document as NAME, one of those under Formats below. Standard: json.",
     .word = mw_writer_word,
     .apply = mw_apply_format},
    {.name = "csv-safe",
     .group = MW_GROUP_DOCUMENT,
     .help =
         "In csv and --per-mask, put an apostrophe before names that a spreadsheet would take for a "
         "formula: those that begin with = + - @ or a control character.",
     .apply = mw_apply_csv_safe},
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .group = MW_GROUP_DOCUMENT,
     .help = "Write to FILE (- is standard output). It is replaced as a whole when all is "
             "done. With --shard, %k in FILE is the shard's number and %n how many there are.",
     .names_file = true,
     .apply = mw_apply_output},
    {.name = "per-mask",
     .argument = "FILE",
     .group = MW_GROUP_DOCUMENT,
     .help = "Also write what each mask holds to FILE, one line a mask: as CSV where FILE ends in "
             ".csv, as JSON objects where it ends in .ndjson or .jsonl.",
     .names_file = true,
     .apply = mw_apply_per_mask},
    {.name = "sampling",
     .argument = "NAME",
     .group = MW_GROUP_DOCUMENT,
     .help =
         "In --per-mask, also how often to draw the mask in training: 'inverse', 1 / the share of "
         "the pixels that its rarest class has, or 'repeat-factor', that of LVIS; its "
         "threshold follows as in repeat-factor:t=0.01 (standard: 0.001).",
     .word = mw_sampling_word,
     .apply = mw_apply_sampling},
    {.name = "sampling-files",
     .argument = "DIR",
     .group = MW_GROUP_DOCUMENT,
     .help =
         "Also write the two files that rare class sampling reads (DAFormer, HRDA, MIC) to DIR: "
         "sample_class_stats.json and samples_with_class.json.",
     .names_file = true,
     .apply = mw_apply_sampling_files},
    {.name = "report",
     .argument = "NAME[=FILE]",
     .group = MW_GROUP_DOCUMENT,
     .help =
         "Beside the document, write the findings and the files that failed, or advice, as NAME, one of "
         "those under Reports below, to FILE, or to standard output where the document goes to "
         "a file. Written also when masks fail. Repeatable.",
     .word = mw_report_word,
     .repeatable = true,
     .apply = mw_apply_report},

    {.name = "jobs",
     .letter = 'j',
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Count with N threads. Standard: the processors this process may use. The "
             "document is the same for any N.",
     .apply = mw_apply_jobs},
    {.name = "cache",
     .argument = "FILE",
     .group = MW_GROUP_RUNNING,
     .help =
         "Keep in FILE, a SQLite database that is made if need be, what each mask holds, and "
         "open only those masks that are new, or changed since (size, times, inode). The document is "
         "the same as without. What FILE holds can be asked for with sqlite3. With --shard, %k in FILE "
         "is the shard's number, as in --output.",
     .names_file = true,
     .apply = mw_apply_cache},
    {.name = "cache-verify",
     .argument = "SHARE",
     .optional = true,
     .group = MW_GROUP_RUNNING,
     .help =
         "With --cache: read a share of the masks in it all the same, from 0 to 1 and the same in "
         "each run, and stop where the cache holds something else. Standard: 0.01.",
     .apply = mw_apply_cache_verify},
    {.name = "keep-going",
     .group = MW_GROUP_RUNNING,
     .help = "Write a document, marked incomplete, even if some masks cannot be counted, or "
             "some shards are missing; exit status 3.",
     .apply = mw_apply_keep_going},
    {.name = "max-pixels",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse masks of more than N pixels. Standard: 17179869184 (2^34).",
     .apply = mw_apply_max_pixels},
    {.name = "max-row-bytes",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse masks with a row, strip or tile of more than N bytes, decoded. Standard: "
             "268435456 (256 MiB).",
     .apply = mw_apply_max_row_bytes},
    {.name = "max-metadata",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse TIFF files whose directories have more than N bytes. Standard: 33554432 "
             "(32 MiB).",
     .apply = mw_apply_max_metadata},
    {.name = "max-pages",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse files of more than N pages or images. Standard: 65536.",
     .apply = mw_apply_max_pages},
    {.name = "max-member",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse masks of more than N bytes in an archive, which are held in memory. Standard: "
             "1073741824 (1 GiB).",
     .apply = mw_apply_max_member},
    {.name = "max-members",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse archives of more than N files and directories. Standard: 134217728 (2^27).",
     .apply = mw_apply_max_members},
    {.name = "max-values",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse masks of more than N distinct values or colours. Standard: 1048576 (2^20).",
     .apply = mw_apply_max_values},
    {.name = "max-text",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help =
         "Refuse documents, class maps, rules and standard input of more than N bytes. Standard: "
         "1073741824 (1 GiB); 16777216 (16 MiB) for class maps and rules.",
     .apply = mw_apply_max_text},
    {.name = "max-places",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help =
         "Name at most N masks for each finding, in the document and in reports; the count "
         "beside them is of all. Memory grows with N. Standard: 8; of failed files not less than "
         "1000.",
     .apply = mw_apply_max_places},
    {.name = "max-seconds",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help =
         "Refuse files that take longer than N seconds. Standard: any time, since with a limit it "
         "depends on the machine what is counted.",
     .apply = mw_apply_max_seconds},
    {.name = "sandbox",
     .argument = "WHEN",
     .group = MW_GROUP_RUNNING,
     .help =
         "Give up all rights that the run does not need, such as writing files, before anything "
         "is read: auto (as far as the kernel can), require (or stop) or off.",
     .word = mw_sandbox_word,
     .apply = mw_apply_sandbox},
    {.name = "decoder",
     .argument = "WHICH",
     .group = MW_GROUP_RUNNING,
     .help = "Decode PNG and TIFF the fast way, or by libpng and libtiff alone, the reference that "
             "it is tested against: slower, same counts.",
     .word = mw_decoder_word,
     .apply = mw_apply_decoder},
    {.name = "progress",
     .argument = "WHEN",
     .group = MW_GROUP_RUNNING,
     .help = "Show progress on standard error: auto (on a terminal), always or never.",
     .word = mw_when_word,
     .apply = mw_apply_progress},
    {.name = "quiet",
     .letter = 'q',
     .group = MW_GROUP_RUNNING,
     .help = "No progress and no summary; given twice, no warnings either.",
     .repeatable = true,
     .apply = mw_apply_quiet},
    {.name = "verbose",
     .letter = 'v',
     .group = MW_GROUP_RUNNING,
     .help = "Name every file that fails, not only the first ten; also say which files are skipped "
             "and why, what --cache was good for, and findings that are no warnings.",
     .repeatable = true,
     .apply = mw_apply_verbose},
    {.name = "color",
     .argument = "WHEN",
     .group = MW_GROUP_RUNNING,
     .help = "Colour messages: auto (on a terminal, unless NO_COLOR is set), always or "
             "never.",
     .word = mw_when_word,
     .apply = mw_apply_color},
    {.name = "list",
     .argument = "WHAT",
     .group = MW_GROUP_RUNNING,
     .help =
         "List the 'class-maps' that came with the program, or the 'checks' of --check: their unit, the limit where none is given, and what they measure.",
     .word = mw_list_word,
     .apply = mw_apply_list},
    {.name = "help",
     .letter = 'h',
     .group = MW_GROUP_RUNNING,
     .help = "Show this help.",
     .apply = mw_apply_help},
    {.name = "version",
     .letter = 'V',
     .group = MW_GROUP_RUNNING,
     .help = "Show the versions of the program and its libraries.",
     .apply = mw_apply_version},
};
const size_t mw_option_count = sizeof mw_options / sizeof mw_options[0];
