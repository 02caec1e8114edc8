/* libarchive unpacks all but gzip, whose checksum it does not look at (as of 3.6): that is left to zlib. */
#define ZLIB_CONST /* zlib says that it does not write to its input */
#include "read/unpack.h"

#include <errno.h>
#include <unistd.h>

#include "read/archive_library.h"

/* --- From the file ---------------------------------------------------------------------------- */

static ssize_t read_standard(struct mw_unpacker *unpacker, const void **bytes) {
    ssize_t n;
    *bytes = unpacker->head.data;
    n = (ssize_t)unpacker->head.length;
    unpacker->head.length = 0;
    if (n > 0) return n;
    *bytes = unpacker->in;
    do n = read(STDIN_FILENO, unpacker->in, MW_UNPACK_STEP);
    while (n < 0 && errno == EINTR);
    if (n < 0) mw_error_system(&unpacker->failure, errno, "cannot read");
    return n;
}

/* Gives some bytes of the file. Returns how many, 0 at the end, -1 with a failure. */
static ssize_t read_file(struct mw_unpacker *unpacker, const void **bytes) {
    if (unpacker->standard) return read_standard(unpacker, bytes);
    uint64_t left = unpacker->input.size - unpacker->at;
    size_t length = left < MW_UNPACK_STEP ? (size_t)left : MW_UNPACK_STEP;
    *bytes = unpacker->in;
    if (mw_input_read(&unpacker->input, unpacker->at, unpacker->in, length, &unpacker->failure))
        return -1;
    unpacker->at += length;
    return (ssize_t)length;
}

static la_ssize_t give_file(struct archive *unused, void *context, const void **bytes) {
    (void)unused;
    ssize_t n = read_file(context, bytes);
    return n < 0 ? ARCHIVE_FATAL : n;
}

bool mw_unpack_seek(struct mw_unpacker *unpacker, uint64_t at) {
    if (unpacker->standard || unpacker->packing != MW_UNPACKED || at > unpacker->input.size)
        return false;
    unpacker->at = at;
    return true;
}

/* --- Unpacking -------------------------------------------------------------------------------- */

/* What follows the last stream may be zeros that fill up a block of a tape. */
static void skip_zeros(z_stream *gzip) {
    while (gzip->avail_in > 0 && *gzip->next_in == 0) {
        gzip->next_in++;
        gzip->avail_in--;
    }
}

static ssize_t gzip_failed(struct mw_unpacker *unpacker, const char *what) {
    mw_error_set(&unpacker->failure, MW_BROKEN, "damaged gzip data: %s", what);
    return -1;
}

static ssize_t inflate_some(struct mw_unpacker *unpacker) {
    z_stream *gzip = &unpacker->gzip;
    gzip->next_out = unpacker->out;
    gzip->avail_out = MW_UNPACK_STEP;
    while (gzip->avail_out == MW_UNPACK_STEP) {
        if (gzip->avail_in == 0) {
            const void *bytes;
            ssize_t n = read_file(unpacker, &bytes);
            if (n < 0) return n;
            if (n == 0 && unpacker->between) return 0;
            if (n == 0) return gzip_failed(unpacker, "it ends too early");
            gzip->next_in = bytes;
            gzip->avail_in = (unsigned)n;
        }
        if (unpacker->between) skip_zeros(gzip);
        if (gzip->avail_in == 0) continue;
        unpacker->between = false;
        int result = inflate(gzip, Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            unpacker->between = true;
            inflateReset(gzip);
        } else if (result == Z_MEM_ERROR) {
            mw_error_memory(&unpacker->failure);
            return -1;
        } else if (result != Z_OK) {
            return gzip_failed(unpacker, gzip->msg ? gzip->msg : "zlib refuses it");
        }
    }
    return MW_UNPACK_STEP - (ssize_t)gzip->avail_out;
}

static ssize_t filter_some(struct mw_unpacker *unpacker) {
    la_ssize_t n = mw_archives.read_data(unpacker->filter, unpacker->out, MW_UNPACK_STEP);
    if (n < 0 && !unpacker->failure.status)
        mw_archives_refuse(unpacker->filter, &unpacker->failure);
    return n < 0 ? -1 : (ssize_t)n;
}

static ssize_t give(struct mw_unpacker *unpacker, const void **bytes) {
    *bytes = unpacker->out;
    if (unpacker->packing == MW_GZIP) return inflate_some(unpacker);
    if (unpacker->packing == MW_FILTERED) return filter_some(unpacker);
    return read_file(unpacker, bytes);
}

ssize_t mw_unpack_some(struct mw_unpacker *unpacker, const void **bytes) {
    ssize_t n = give(unpacker, bytes);
    if (n > 0) unpacker->given += (uint64_t)n;
    return n;
}

/* --- Beginning and end ------------------------------------------------------------------------ */

static enum mw_status begin_gzip(struct mw_unpacker *unpacker, struct mw_error *err) {
    enum { ONLY_GZIP = 16 + MAX_WBITS };
    unpacker->between = true;
    return inflateInit2(&unpacker->gzip, ONLY_GZIP) == Z_OK ? MW_OK : mw_error_memory(err);
}

/* A file of libarchive's format "raw" is what its filters make of the bytes. */
static enum mw_status begin_filter(struct mw_unpacker *unpacker, struct mw_error *err) {
    struct archive *filter = unpacker->filter = mw_archives.read_new();
    struct archive_entry *entry;
    if (!filter) return mw_error_memory(err);
    bool opened = mw_archives.read_support_filter_bzip2(filter) == ARCHIVE_OK &&
                  mw_archives.read_support_filter_xz(filter) == ARCHIVE_OK &&
                  mw_archives.read_support_filter_zstd(filter) == ARCHIVE_OK &&
                  mw_archives.read_support_format_raw(filter) == ARCHIVE_OK &&
                  mw_archives.read_set_read_callback(filter, give_file) == ARCHIVE_OK &&
                  mw_archives.read_set_callback_data(filter, unpacker) == ARCHIVE_OK &&
                  mw_archives.read_open1(filter) == ARCHIVE_OK &&
                  mw_archives.read_next_header(filter, &entry) == ARCHIVE_OK;
    if (opened) return MW_OK;
    if (!unpacker->failure.status) return mw_archives_refuse(filter, err);
    *err = unpacker->failure;
    return err->status;
}

enum mw_status mw_unpack_begin(struct mw_unpacker *unpacker, enum mw_packing packing,
                               struct mw_error *err) {
    unpacker->packing = packing;
    if (packing == MW_GZIP) return begin_gzip(unpacker, err);
    return packing == MW_FILTERED ? begin_filter(unpacker, err) : MW_OK;
}

enum mw_status mw_unpack_check(const struct mw_unpacker *unpacker, struct mw_error *err) {
    return unpacker->standard ? MW_OK : mw_input_check(&unpacker->input, err);
}

void mw_unpack_end(struct mw_unpacker *unpacker) {
    if (unpacker->filter) mw_archives.read_free(unpacker->filter);
    if (unpacker->packing == MW_GZIP) inflateEnd(&unpacker->gzip);
    mw_input_free(&unpacker->input);
}
