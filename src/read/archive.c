/* Two stages, each of which asks the one before it for bytes:
 *
 *     unpack: a file or standard input, unpacked where it is packed  ->  libarchive: its members
 *
 * A zip is packed member by member. Its directory is read, which stands at the end: the heads of its members
 * have no checksums, and one that is damaged would be passed over. Tars one after the other are read as one, as
 * `cat` makes them. */
#include "read/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "read/archive_library.h"
#include "read/unpack.h"

enum { BLOCK = 512 }; /* bytes of a tar's header, and what its files are filled up to */

enum kind { TAR, ZIP, EMPTY_ZIP };

static const struct {
    size_t offset;
    const char *magic;
    size_t length;
    enum kind kind;
    enum mw_packing packing;
} magics[] = {
    {257, "ustar", 5, TAR, MW_UNPACKED},
    {0, "PK\003\004", 4, ZIP, MW_UNPACKED},
    {0, "PK\005\006", 4, EMPTY_ZIP, MW_UNPACKED},
    {0, "\x1f\x8b", 2, TAR, MW_GZIP},
    {0, "\x28\xb5\x2f\xfd", 4, TAR, MW_FILTERED},         /* zstd */
    {0, "\xfd\x37\x7a\x58\x5a\x00", 6, TAR, MW_FILTERED}, /* xz */
    {0, "BZh", 3, TAR, MW_FILTERED},
};
enum { MAGICS = sizeof magics / sizeof magics[0] };

struct mw_archive {
    struct mw_unpacker unpacker;
    bool entered; /* mw_archives_enter was called */
    enum kind kind;
    struct archive *members;
    struct archive_entry *entry; /* of the member at hand */
    uint64_t members_seen;       /* directories too */
};

static size_t find_magic(const void *head, size_t length) {
    size_t i = 0;
    while (i < MAGICS &&
           (length < magics[i].offset + magics[i].length ||
            memcmp((const char *)head + magics[i].offset, magics[i].magic, magics[i].length) != 0))
        i++;
    return i;
}

bool mw_archive_matches(const void *head, size_t length) {
    return find_magic(head, length) < MAGICS;
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

/* --- Opening ---------------------------------------------------------------------------------- */

/* Says why libarchive refused something, unless the stage before did. */
static enum mw_status refuse(const struct mw_archive *archive, struct mw_error *err) {
    if (!archive->unpacker.failure.status) return mw_archives_refuse(archive->members, err);
    *err = archive->unpacker.failure;
    return err->status;
}

static la_ssize_t give_unpacked(struct archive *unused, void *context, const void **bytes) {
    (void)unused;
    ssize_t n = mw_unpack_some(&((struct mw_archive *)context)->unpacker, bytes);
    return n < 0 ? ARCHIVE_FATAL : n;
}

/* For the directory of a zip. */
static la_int64_t seek_file(struct archive *unused, void *context, la_int64_t offset, int whence) {
    struct mw_unpacker *unpacker = &((struct mw_archive *)context)->unpacker;
    (void)unused;
    uint64_t from = whence == SEEK_SET   ? 0
                    : whence == SEEK_CUR ? unpacker->at
                                         : unpacker->input.size;
    uint64_t at = from + (uint64_t)offset;
    return mw_unpack_seek(unpacker, at) ? (la_int64_t)at : ARCHIVE_FATAL;
}

static int support_tar(struct archive *members) {
    int result = mw_archives.read_support_format_tar(members);
    if (result) return result;
    return mw_archives.read_set_format_option(members, "tar", "read_concatenated_archives", "1");
}

static int support_zip(struct archive *members) {
    int result = mw_archives.read_support_format_zip_seekable(members);
    return result ? result : mw_archives.read_set_seek_callback(members, seek_file);
}

static enum mw_status begin_members(struct mw_archive *archive, struct mw_error *err) {
    struct archive *members = archive->members = mw_archives.read_new();
    if (!members) return mw_error_memory(err);
    int supported = archive->kind == TAR ? support_tar(members) : support_zip(members);
    bool opened = supported == ARCHIVE_OK &&
                  mw_archives.read_set_read_callback(members, give_unpacked) == ARCHIVE_OK &&
                  mw_archives.read_set_callback_data(members, archive) == ARCHIVE_OK &&
                  mw_archives.read_open1(members) == ARCHIVE_OK;
    return opened ? MW_OK : refuse(archive, err);
}

/* What has no magic may be a tar of before 1988: libarchive knows them by their checksums. */
static enum mw_status begin(struct mw_archive *archive, const void *head, size_t length,
                            struct mw_error *err) {
    size_t magic = find_magic(head, length);
    archive->kind = magic < MAGICS ? magics[magic].kind : TAR;
    if (archive->kind != TAR && archive->unpacker.standard)
        return mw_error_set(
            err, MW_REFUSED,
            "a zip on standard input: which files it holds stands at its end; give the "
            "file itself, or a tar");
    if (archive->kind == EMPTY_ZIP) return MW_OK;
    enum mw_status status = mw_archive_load(err);
    if (status) return status;
    archive->entered = true;
    mw_archives_enter();
    status = mw_unpack_begin(&archive->unpacker,
                             magic < MAGICS ? magics[magic].packing : MW_UNPACKED, err);
    return status ? status : begin_members(archive, err);
}

enum mw_status mw_archive_open(struct mw_archive **archive, const char *path,
                               struct mw_error *err) {
    unsigned char head[MW_ARCHIVE_HEAD];
    struct mw_archive *opened = *archive = calloc(1, sizeof *opened);
    if (!opened) return mw_error_memory(err);
    enum mw_status status = mw_input_open(&opened->unpacker.input, path, err);
    if (status) return status;
    size_t length = opened->unpacker.input.size < sizeof head ? (size_t)opened->unpacker.input.size
                                                              : sizeof head;
    status = mw_input_read(&opened->unpacker.input, 0, head, length, err);
    return status ? status : begin(opened, head, length, err);
}

enum mw_status mw_archive_open_stdin(struct mw_archive **archive, const struct mw_text *head,
                                     struct mw_error *err) {
    struct mw_archive *opened = *archive = calloc(1, sizeof *opened);
    if (!opened) return mw_error_memory(err);
    opened->unpacker.standard = true;
    opened->unpacker.head = *head;
    return begin(opened, head->data, head->length, err);
}

void mw_archive_close(struct mw_archive *archive) {
    if (!archive) return;
    if (archive->members) mw_archives.read_free(archive->members);
    mw_unpack_end(&archive->unpacker);
    if (archive->entered) mw_archives_leave();
    free(archive);
}

/* --- Members ---------------------------------------------------------------------------------- */

/* Reads what follows the last member, for its checksums and the mark of the end: a block of zeros. A zip
 * has its own. */
static enum mw_status finish(struct mw_archive *archive, struct mw_error *err) {
    struct mw_unpacker *unpacker = &archive->unpacker;
    const void *bytes;
    ssize_t n = archive->kind == TAR ? 1 : 0;
    while (n > 0) n = mw_unpack_some(unpacker, &bytes);
    if (n < 0) return refuse(archive, err);
    uint64_t end = (uint64_t)mw_archives.read_header_position(archive->members);
    if (archive->kind == TAR && unpacker->given < end + BLOCK)
        return mw_error_set(err, MW_BROKEN,
                            "the archive has no end: it was cut off, or is still being written");
    return mw_unpack_check(unpacker, err);
}

/* A name that the locale cannot hold is asked for in UTF-8. */
static const char *name_of(struct archive_entry *entry) {
    const char *name = mw_archives.entry_pathname(entry);
    if (!name) name = mw_archives.entry_pathname_utf8(entry);
    while (name && name[0] == '.' && name[1] == '/') name += 2;
    return name && name[0] ? name : NULL;
}

static enum mw_status refuse_name(const struct mw_archive *archive, struct mw_error *err) {
    if (archive->kind == ZIP && !mw_archives_locale)
        return mw_error_set(err, MW_REFUSED,
                            "a name that is not ASCII, and this system has no locale C.UTF-8");
    return mw_error_set(err, MW_BROKEN, "damaged archive: a file has no name");
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

/* The next file or directory; NULL at the end. */
static enum mw_status next_entry(struct mw_archive *archive, uint64_t limit, struct mw_error *err) {
    int result = mw_archives.read_next_header(archive->members, &archive->entry);
    if (result == ARCHIVE_EOF) archive->entry = NULL;
    if (result == ARCHIVE_EOF) return finish(archive, err);
    if (!has_header(result)) return refuse(archive, err);
    if (archive->members_seen++ < limit) return MW_OK;
    return mw_error_set(err, MW_LIMIT, "more files and directories than --max-members %llu",
                        (unsigned long long)limit);
}

enum mw_status mw_archive_next(struct mw_archive *archive, uint64_t limit, struct mw_member *member,
                               struct mw_error *err) {
    enum mw_status status;
    *member = (struct mw_member){0};
    if (archive->kind == EMPTY_ZIP) return MW_OK;
    locale_t before = uselocale(archive->kind == ZIP ? mw_archives_locale : (locale_t)0);
    do status = next_entry(archive, limit, err);
    while (!status && archive->entry && mw_archives.entry_filetype(archive->entry) == AE_IFDIR);
    uselocale(before);
    if (status || !archive->entry) return status;
    struct archive_entry *entry = archive->entry;
    member->name = name_of(entry);
    if (!member->name) return refuse_name(archive, err);
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
    char *step = malloc(MW_UNPACK_STEP);
    if (!step) return mw_error_memory(err);
    while (!status && (n = mw_archives.read_data(archive->members, step, MW_UNPACK_STEP)) != 0) {
        if (n < 0) status = refuse(archive, err);
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
