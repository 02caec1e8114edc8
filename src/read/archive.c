/* Three stages, each of which asks the one before it for bytes:
 *
 *     file or standard input  ->  unpacked, where it is packed  ->  members
 *
 * libarchive does the last, and the second but for gzip, whose checksum it does not look at (as of
 * 3.6): that is left to zlib. A zip is packed member by member; of a file its directory is read,
 * which stands at the end. Tars one after the other are read as one, as `cat` makes them. */
#define ZLIB_CONST /* zlib says that it does not write to its input */
#include "read/archive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <zlib.h>

#include "base/bytes.h"
#include "read/archive_library.h"

enum {
    STEP = 64 * 1024,
    BLOCK = 512 /* bytes of a tar's header, and what its files are filled up to */
};

enum packing { TAR, ZIP, EMPTY_ZIP, GZIP, OTHER };

static const struct {
    size_t offset;
    const char *magic;
    size_t length;
    enum packing packing;
} kinds[] = {
    {257, "ustar", 5, TAR},
    {0, "PK\003\004", 4, ZIP},
    {0, "PK\005\006", 4, EMPTY_ZIP},
    {0, "\x1f\x8b", 2, GZIP},
    {0, "\x28\xb5\x2f\xfd", 4, OTHER}, /* zstd */
    {0,
     "\xfd"
     "7zXZ\0",
     6, OTHER},
    {0, "BZh", 3, OTHER},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

struct mw_archive {
    struct mw_input input; /* the file */
    bool entered;          /* mw_archives_enter was called */
    bool standard;         /* standard input instead */
    struct mw_text head;   /* of it, not handed on yet; a view, never freed */
    uint64_t at;           /* bytes of the file that were handed on */
    unsigned char in[STEP], out[STEP];
    enum packing packing;
    z_stream gzip;
    bool between;             /* two streams of gzip, or before the first */
    struct archive *unpacked; /* OTHER */
    struct archive *members;
    struct archive_entry *entry; /* of the member at hand */
    uint64_t unpacked_bytes;     /* that `members` has asked for */
    struct mw_error failure;     /* of a stage before; a status other than MW_OK */
};

static size_t kind_of(const void *head, size_t length) {
    size_t i = 0;
    while (i < KINDS &&
           (length < kinds[i].offset + kinds[i].length ||
            memcmp((const char *)head + kinds[i].offset, kinds[i].magic, kinds[i].length) != 0))
        i++;
    return i;
}

bool mw_archive_matches(const void *head, size_t length) {
    return kind_of(head, length) < KINDS;
}

bool mw_archive_by_suffix(const char *name) {
    static const char *const suffixes[] = {".tar",  ".tar.gz", ".tgz", ".tar.zst",
                                           ".tzst", ".tar.xz", ".txz", ".tar.bz2",
                                           ".tbz2", ".zip",    ".npz"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        size_t suffix = strlen(suffixes[i]);
        if (length > suffix && strcasecmp(name + length - suffix, suffixes[i]) == 0) return true;
    }
    return false;
}

/* --- From the file ---------------------------------------------------------------------------- */

static ssize_t read_standard(struct mw_archive *archive, const void **bytes) {
    ssize_t n;
    *bytes = archive->head.data;
    n = (ssize_t)archive->head.length;
    archive->head.length = 0;
    if (n > 0) return n;
    *bytes = archive->in;
    do n = read(STDIN_FILENO, archive->in, STEP);
    while (n < 0 && errno == EINTR);
    if (n < 0) mw_error_system(&archive->failure, errno, "cannot read");
    return n;
}

/* Gives some bytes of the file. Returns how many, 0 at the end, -1 with a failure. */
static ssize_t read_file(struct mw_archive *archive, const void **bytes) {
    if (archive->standard) return read_standard(archive, bytes);
    uint64_t left = archive->input.size - archive->at;
    size_t length = left < STEP ? (size_t)left : STEP;
    *bytes = archive->in;
    if (mw_input_read(&archive->input, archive->at, archive->in, length, &archive->failure))
        return -1;
    archive->at += length;
    return (ssize_t)length;
}

static la_ssize_t give_file(struct archive *unused, void *context, const void **bytes) {
    (void)unused;
    ssize_t n = read_file(context, bytes);
    return n < 0 ? ARCHIVE_FATAL : n;
}

/* For the directory of a zip. */
static la_int64_t seek_file(struct archive *unused, void *context, la_int64_t offset, int whence) {
    struct mw_archive *archive = context;
    (void)unused;
    uint64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? archive->at : archive->input.size;
    uint64_t at = from + (uint64_t)offset;
    if (at > archive->input.size) return ARCHIVE_FATAL;
    archive->at = at;
    return (la_int64_t)at;
}

/* --- Unpacking -------------------------------------------------------------------------------- */

/* What follows the last stream may be zeros that fill up a block of a tape. */
static void skip_zeros(z_stream *gzip) {
    while (gzip->avail_in > 0 && *gzip->next_in == 0) {
        gzip->next_in++;
        gzip->avail_in--;
    }
}

static ssize_t gzip_failed(struct mw_archive *archive, const char *what) {
    mw_error_set(&archive->failure, MW_BROKEN, "damaged gzip data: %s", what);
    return -1;
}

static ssize_t inflate_some(struct mw_archive *archive) {
    z_stream *gzip = &archive->gzip;
    gzip->next_out = archive->out;
    gzip->avail_out = STEP;
    while (gzip->avail_out == STEP) {
        if (gzip->avail_in == 0) {
            const void *bytes;
            ssize_t n = read_file(archive, &bytes);
            if (n < 0) return n;
            if (n == 0 && archive->between) return 0;
            if (n == 0) return gzip_failed(archive, "it ends too early");
            gzip->next_in = bytes;
            gzip->avail_in = (unsigned)n;
        }
        if (archive->between) skip_zeros(gzip);
        if (gzip->avail_in == 0) continue;
        archive->between = false;
        int result = inflate(gzip, Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            archive->between = true;
            inflateReset(gzip);
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            return gzip_failed(archive, gzip->msg ? gzip->msg : "zlib refuses it");
        }
    }
    return STEP - (ssize_t)gzip->avail_out;
}

/* Says why libarchive refused something, unless a stage before did. */
static enum mw_status refuse(struct mw_archive *archive, struct archive *by, struct mw_error *err) {
    const char *why = mw_archives.error_string(by);
    if (archive->failure.status) *err = archive->failure;
    else if (!why || strstr(why, "memory") || strstr(why, "allocate")) mw_error_memory(err);
    else if (strstr(why, "Unrecognized archive format"))
        mw_error_set(err, MW_REFUSED, "no tar or zip archive, packed or not");
    else mw_error_set(err, MW_BROKEN, "damaged archive: %s", why);
    return err->status;
}

static ssize_t unpack_some(struct mw_archive *archive) {
    la_ssize_t n = mw_archives.read_data(archive->unpacked, archive->out, STEP);
    if (n < 0) refuse(archive, archive->unpacked, &archive->failure);
    return n < 0 ? -1 : (ssize_t)n;
}

static ssize_t unpack(struct mw_archive *archive, const void **bytes) {
    *bytes = archive->out;
    if (archive->packing == GZIP) return inflate_some(archive);
    if (archive->packing == OTHER) return unpack_some(archive);
    return read_file(archive, bytes);
}

static la_ssize_t give_unpacked(struct archive *unused, void *context, const void **bytes) {
    struct mw_archive *archive = context;
    (void)unused;
    ssize_t n = unpack(archive, bytes);
    if (n > 0) archive->unpacked_bytes += (uint64_t)n;
    return n < 0 ? ARCHIVE_FATAL : n;
}

/* --- Opening ---------------------------------------------------------------------------------- */

static enum mw_status begin_gzip(struct mw_archive *archive, struct mw_error *err) {
    enum { ONLY_GZIP = 16 + MAX_WBITS };
    archive->between = true;
    return inflateInit2(&archive->gzip, ONLY_GZIP) == Z_OK ? MW_OK : mw_error_memory(err);
}

/* A file of libarchive's format "raw" is what its filters make of the bytes. */
static enum mw_status begin_other(struct mw_archive *archive, struct mw_error *err) {
    struct archive *unpacked = archive->unpacked = mw_archives.read_new();
    struct archive_entry *entry;
    if (!unpacked) return mw_error_memory(err);
    bool opened = mw_archives.read_support_filter_bzip2(unpacked) == ARCHIVE_OK &&
                  mw_archives.read_support_filter_xz(unpacked) == ARCHIVE_OK &&
                  mw_archives.read_support_filter_zstd(unpacked) == ARCHIVE_OK &&
                  mw_archives.read_support_format_raw(unpacked) == ARCHIVE_OK &&
                  mw_archives.read_set_read_callback(unpacked, give_file) == ARCHIVE_OK &&
                  mw_archives.read_set_callback_data(unpacked, archive) == ARCHIVE_OK &&
                  mw_archives.read_open1(unpacked) == ARCHIVE_OK &&
                  mw_archives.read_next_header(unpacked, &entry) == ARCHIVE_OK;
    return opened ? MW_OK : refuse(archive, unpacked, err);
}

static int support_format(const struct mw_archive *archive) {
    if (archive->packing != ZIP) {
        int result = mw_archives.read_support_format_tar(archive->members);
        return result ? result
                      : mw_archives.read_set_format_option(archive->members, "tar",
                                                           "read_concatenated_archives", "1");
    }
    if (archive->standard) return mw_archives.read_support_format_zip_streamable(archive->members);
    int result = mw_archives.read_support_format_zip_seekable(archive->members);
    return result ? result : mw_archives.read_set_seek_callback(archive->members, seek_file);
}

static enum mw_status begin_members(struct mw_archive *archive, struct mw_error *err) {
    struct archive *members = archive->members = mw_archives.read_new();
    if (!members) return mw_error_memory(err);
    bool opened = support_format(archive) == ARCHIVE_OK &&
                  mw_archives.read_set_read_callback(members, give_unpacked) == ARCHIVE_OK &&
                  mw_archives.read_set_callback_data(members, archive) == ARCHIVE_OK &&
                  mw_archives.read_open1(members) == ARCHIVE_OK;
    return opened ? MW_OK : refuse(archive, members, err);
}

static enum mw_status begin(struct mw_archive *archive, const void *head, size_t length,
                            struct mw_error *err) {
    size_t kind = kind_of(head, length);
    archive->packing = kind < KINDS ? kinds[kind].packing
                                    : TAR; /* of before 1988, without a magic */
    enum mw_status status = mw_archive_load(err);
    if (status) return status;
    archive->entered = true;
    mw_archives_enter();
    if (archive->packing == GZIP) status = begin_gzip(archive, err);
    if (!status && archive->packing == OTHER) status = begin_other(archive, err);
    if (archive->packing == EMPTY_ZIP) return MW_OK;
    return status ? status : begin_members(archive, err);
}

enum mw_status mw_archive_open(struct mw_archive **archive, const char *path,
                               struct mw_error *err) {
    unsigned char head[MW_ARCHIVE_HEAD];
    struct mw_archive *opened = *archive = calloc(1, sizeof *opened);
    if (!opened) return mw_error_memory(err);
    enum mw_status status = mw_input_open(&opened->input, path, err);
    if (status) return status;
    size_t length = opened->input.size < sizeof head ? (size_t)opened->input.size : sizeof head;
    status = mw_input_read(&opened->input, 0, head, length, err);
    return status ? status : begin(opened, head, length, err);
}

enum mw_status mw_archive_open_stdin(struct mw_archive **archive, const struct mw_text *head,
                                     struct mw_error *err) {
    struct mw_archive *opened = *archive = calloc(1, sizeof *opened);
    if (!opened) return mw_error_memory(err);
    opened->standard = true;
    opened->head = *head;
    return begin(opened, head->data, head->length, err);
}

void mw_archive_close(struct mw_archive *archive) {
    if (!archive) return;
    if (archive->members) mw_archives.read_free(archive->members);
    if (archive->unpacked) mw_archives.read_free(archive->unpacked);
    if (archive->entered) mw_archives_leave();
    if (archive->packing == GZIP) inflateEnd(&archive->gzip);
    mw_input_free(&archive->input);
    free(archive);
}

/* --- Members ---------------------------------------------------------------------------------- */

/* Reads what follows the last member, for its checksums and the mark of the end: a block of zeros. A zip
 * has its own. */
static enum mw_status finish(struct mw_archive *archive, struct mw_error *err) {
    const void *bytes;
    la_ssize_t n = 1;
    if (archive->packing == ZIP)
        return archive->standard ? MW_OK : mw_input_check(&archive->input, err);
    while (n > 0) n = give_unpacked(NULL, archive, &bytes);
    if (n < 0) return refuse(archive, archive->members, err);
    uint64_t end = (uint64_t)mw_archives.read_header_position(archive->members);
    if (archive->unpacked_bytes < end + BLOCK)
        return mw_error_set(err, MW_BROKEN,
                            "the archive has no end: it was cut off, or is still being written");
    return archive->standard ? MW_OK : mw_input_check(&archive->input, err);
}

/* A name that the locale cannot hold is asked for in UTF-8. */
static const char *name_of(struct archive_entry *entry) {
    const char *name = mw_archives.entry_pathname(entry);
    if (!name) name = mw_archives.entry_pathname_utf8(entry);
    while (name && name[0] == '.' && name[1] == '/') name += 2;
    return name && name[0] ? name : NULL;
}

/* Why a member has no bytes of its own, or NULL. */
static const char *reason_to_skip(struct archive_entry *entry) {
    if (mw_archives.entry_hardlink(entry)) return NULL; /* mw_archive_read says why not */
    if (mw_archives.entry_filetype(entry) == AE_IFLNK) return "a symbolic link";
    return mw_archives.entry_filetype(entry) == AE_IFREG ? NULL : "not a regular file";
}

/* A warning is about what is not asked for, such as a time. ARCHIVE_RETRY is no header: libarchive would
 * pass over it, and with it the file. */
static bool has_header(int result) {
    return result == ARCHIVE_OK || result == ARCHIVE_WARN;
}

enum mw_status mw_archive_next(struct mw_archive *archive, struct mw_member *member,
                               struct mw_error *err) {
    struct archive_entry *entry;
    int result;
    *member = (struct mw_member){0};
    if (archive->packing == EMPTY_ZIP) return MW_OK;
    do result = mw_archives.read_next_header(archive->members, &entry);
    while (has_header(result) && mw_archives.entry_filetype(entry) == AE_IFDIR);
    if (result == ARCHIVE_EOF) return finish(archive, err);
    if (!has_header(result)) return refuse(archive, archive->members, err);
    archive->entry = entry;
    member->name = name_of(entry);
    if (!member->name) return mw_error_set(err, MW_BROKEN, "damaged archive: a file has no name");
    member->why = reason_to_skip(entry);
    return MW_OK;
}

/* Whether the bytes of the member at hand are there to be read. */
static enum mw_status check_bytes(const struct mw_archive *archive, struct mw_error *err) {
    const char *link = mw_archives.entry_hardlink(archive->entry);
    if (link && mw_archives.entry_size(archive->entry) == 0)
        return mw_error_set(err, MW_REFUSED,
                            "a hard link to %s, where its bytes stand: make the archive with tar "
                            "--hard-dereference",
                            link);
    if (mw_archives.entry_is_data_encrypted(archive->entry) > 0)
        return mw_error_set(err, MW_REFUSED, "it is encrypted");
    return MW_OK;
}

enum mw_status mw_archive_read(struct mw_archive *archive, uint64_t limit, struct mw_text *bytes,
                               struct mw_error *err) {
    la_ssize_t n;
    size_t first = bytes->length;
    enum mw_status status = check_bytes(archive, err);
    if (status) return status;
    char *step = malloc(STEP);
    if (!step) return mw_error_memory(err);
    while (!status && (n = mw_archives.read_data(archive->members, step, STEP)) != 0) {
        if (n < 0) status = refuse(archive, archive->members, err);
        else if ((uint64_t)n > limit - (bytes->length - first))
            status = mw_error_set(err, MW_LIMIT, "more than --max-member %llu bytes in an archive",
                                  (unsigned long long)limit);
        else mw_text_add(bytes, step, (size_t)n);
        if (bytes->failed) status = mw_error_memory(err);
    }
    free(step);
    return status;
}

void mw_archive_library(char *out, size_t size) {
    struct mw_error err;
    bool loaded = mw_archive_load(&err) == MW_OK;
    snprintf(out, size, "%s", loaded ? mw_archives.version_string() : "no libarchive");
}
