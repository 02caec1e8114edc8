/* maskweight: exact pixel counts of label masks, and class weights from them.
 *
 * The map of the house. A folder is a stage; an include may only point to the left:
 *
 *     base <- read <- count <- weigh <- audit <- write <- cli <- main.c
 *
 * base/   library    a shared library that is loaded when it is needed
 *         error      a status and one line of text
 *         text       growing strings, exact numbers, safe names, the nearest word
 *         bytes      files, read at any offset or whole
 *         queue      a bounded queue between threads; order: what they find, told in order
 *         finding    what a user should know, and where it was seen
 *         json       what cJSON lacks; json_places: where its items stand
 * read/   format     the interface between files of masks and whoever counts them; the table
 *         png, tiff, npy, netpbm    one file a format; tiff_library: libtiff, when it is needed,
 *                    tiff_client: it on top of bytes, tiff_page: what a TIFF directory says
 *         png_chunks -> inflate -> png_rows    how png decodes; png_reference: libpng instead
 *         png_changes    rows -> counts, by what changes; png_change: one row; tally: the counts;
 *                    adler: their checksum
 *         edges      zlib stream -> where its bytes change, for flat images; huffman: its tables;
 *                    png_edges -> png_edge_rows: how png counts by them
 *         png_transparency   what --alpha sees of the tRNS chunk
 *         png_unfilter   rows -> pixels, where changes cannot be counted
 *         tiff_grid      strips and tiles; tiff_spans: read several at once; tiff_reference: libtiff
 *         tiff_fast      which pages need no libtiff; tiff_share: their blocks, among threads
 *         tiff_blocks    blocks -> runs -> counts, through lzw, packbits, tiff_deflate;
 *                        tiff_repeats: those that come again
 *         kernels    where bytes change, as the processor does best; kernels_scan: what they share
 *         archive    the files in a tar or zip; unpack: what packs the whole; archive_library: libarchive,
 *                    when it is needed
 *         walk       the masks below a directory, in order
 *         image      the size of an image, out of its header
 *         source     what the user named: directories, files, lists, documents
 * count/  labels     from stored value to class; ranges, rules: its parts
 *         class_map  the classes that a file declares; _text, _json: its forms
 *         settings   label settings of this run and of documents meet
 *         histogram  how often each stored value occurs in one mask
 *         planes     one page of a multi-label mask, a histogram for each plane
 *         mask       one mask, labelled; locate: where its unknown values stand
 *         values     stored values, their pixels and masks; inspection: all that masks hold
 *         digest     a set of paths, short; the bytes of a file; shard: the paths that one of N runs counts
 *         subset     the masks that --sample takes, and their groups
 *         launcher   what starts many runs, and how each knows which one it is
 *         counts     what is known of a dataset: integers that merge by addition
 *         document   the JSON form of counts, written; _read, _check: read strictly; _shard: parts; _subset: samples
 *         cache      what earlier runs counted, in SQLite; _find: entries in the order of a walk, _keep:
 *                    written many at a time, _entry: what is kept of one file; cache_library: SQLite, when
 *                    it is needed; cache_database: what these share
 *         reader     one file -> counts, whole or not at all; _places: the masks that rules name
 *         record     what is told of a single mask
 *         survey     all sources -> counts, with threads; _walk: the one that walks, _archive:
 *                    through archives, _cache: what the cache knows, _unknown: where a value stands, _parts: documents that are shards of one dataset
 * weigh/  scheme     the interface of the formulas; schemes: the table
 *         weigh      counts -> weights; estimate: how far those of a sample may be off
 *         sampling   counts -> how often to draw a mask; the table
 *         advice     what weights mean for training, in figures
 * audit/  findings   what the counts and the weights tell a user to look at; _estimates: of a sample
 *         checks     rules of an audit; the table. check_rules: as they are written; check_explain:
 *                    in words; check_judge: held against counts; divergence: two datasets compared
 *         watch      rules that look at masks while these are counted; sight: what one of them saw,
 *                    and sizes and names; sight_encoding, _duplicates, _images: the other rows;
 *                    path_store: many paths in little memory; pairing: the image of a mask,
 *                    _guess: what it may be called; image_name: by a pattern
 *         guess      what masks probably hold; the table. guess_values, _tones, _ids,
 *                    _instances, _planes, _colours: its rows
 * write/  report     all that a document can show; the table of formats
 *         json, csv, lists, npy, table    one file a format or a family
 *         inspection what masks hold, as text
 *         record     one line a mask; the table of formats. records: all lines, to their file;
 *                    spool: what is known of each mask, on disk; sampling_files: made from it
 *         findings_writer    the table of reports; findings_text, _junit, _sarif, _github,
 *                    _markdown, _advice: its rows
 *         advice     what weights mean for training, in words; the table. snippets: as Python
 *         output     standard output, or a file that is replaced as a whole
 * cli/    options    the table of options; apply, _labels: what each does; parse: getopt_long
 *                    from the table; values: their arguments
 *         audit      --check, --rules, --baseline, --images
 *         shard      --shard, its number in the name of the output, and shards that are missing
 *         help       --help and --version from the tables
 *         class_maps the class maps that come with the program
 *         terminal   progress, warnings, the summary
 *         inspect    --inspect, and what is said behind unknown values
 *         processors how many threads are worth while
 *         sandbox    rights are given up before anything is read
 *         outputs    every file that a run writes
 *         interrupt  a signal leaves nothing half-written
 *         run        from settings to a published document; _count: the sources read, _document: what
 *                    was counted weighed, judged and written; run_job: what one run holds
 * maskweight.h       the library for other programs; maskweight.c: its functions, on the options of cli/
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "read/archive_library.h"

/* A file opened later must not become standard input, output or error: a closed one of these is
 * taken by /dev/null, opened so that using it fails as using a closed one would. */
static void guard_standard_descriptors(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            return;
}

/* A status of libarchive's own must not be taken for one of ours. */
static void end_as_error(void) {
    if (mw_archives_inside()) _exit(MW_EXIT_ERROR);
}

static enum mw_exit refuse(const struct mw_settings *settings, const struct mw_error *err) {
    struct mw_terminal terminal;
    mw_terminal_init(&terminal, settings);
    terminal.progress = false; /* there was none to clear away */
    mw_terminal_error(&terminal, err->message);
    return MW_EXIT_ERROR;
}

int main(int argc, char **argv) {
    struct mw_settings settings;
    struct mw_error err;
    guard_standard_descriptors();
    (void)atexit(end_as_error);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit becomes a write error */
    enum mw_status status = mw_settings_parse(&settings, argc, argv, &err);
    enum mw_exit result = status ? refuse(&settings, &err) : mw_run(&settings);
    mw_settings_free(&settings);
    return (int)result;
}
