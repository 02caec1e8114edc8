#include "read/tiff_client.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void end_too_early(struct mw_tiff_client *client) {
    if (client->status) return;
    client->status = mw_error_set(client->err, MW_BROKEN,
                                  "damaged TIFF: the file ends too early, after %" PRIu64 " bytes",
                                  client->input->size);
}

/* Where memory runs out. libtiff 4.5 would go on reading a directory without what it wanted the memory
 * for, and crash (_TIFFMergeFields). */
static void leave(struct mw_tiff_client *client) {
    client->status = mw_error_memory(client->err);
    client->left = client->leave != NULL;
    if (client->left) longjmp(*client->leave, 1);
}

static int on_error(TIFF *tiff, void *context, const char *module, const char *format,
                    va_list list) {
    struct mw_tiff_client *client = context;
    (void)tiff;
    (void)module;
    if (client->status) return 1; /* the first one is the cause */
    if (errno == ENOMEM) leave(client);
    if (client->status) return 1;
    if (client->beyond_end) {
        end_too_early(client);
        return 1;
    }
    char text[256];
    vsnprintf(text, sizeof text, format, list);
    /* No damage: mw_tiff_page_read refuses it by name. */
    if (!client->decoding && strstr(text, "compression support is not configured")) return 1;
    if (strstr(text, "byte limit")) { /* TIFFOpenOptionsSetMaxSingleMemAlloc */
        client->status =
            mw_error_set(client->err, MW_LIMIT,
                         "the TIFF asks for more memory at once than --max-row-bytes %" PRIu64,
                         client->limits->max_row_bytes);
        return 1;
    }
    client->status = mw_error_set(client->err, MW_BROKEN, "damaged TIFF: %s", text);
    return 1;
}

/* Warnings while pixels are decoded mean that libtiff made up or dropped some of them. */
static int on_warning(TIFF *tiff, void *context, const char *module, const char *format,
                      va_list list) {
    struct mw_tiff_client *client = context;
    return client->decoding ? on_error(tiff, context, module, format, list) : 1;
}

static tmsize_t on_read(thandle_t handle, void *out, tmsize_t length) {
    struct mw_tiff_client *client = handle;
    uint64_t size = client->input->size;
    uint64_t left = client->offset < size ? size - client->offset : 0;
    client->beyond_end = length > 0 && (uint64_t)length > left;
    if (client->beyond_end) length = (tmsize_t)left;
    if (client->beyond_end && !client->decoding) end_too_early(client);
    if (client->status || length <= 0) return 0;
    if (!client->decoding) {
        client->directory_bytes += (uint64_t)length;
        if (client->directory_bytes > client->limits->max_directory) {
            client->status =
                mw_error_set(client->err, MW_LIMIT,
                             "the TIFF directories have more bytes than --max-metadata %" PRIu64,
                             client->limits->max_directory);
            return 0;
        }
    }
    enum mw_status status =
        mw_input_read(client->input, client->offset, out, (size_t)length, client->err);
    if (status) {
        client->status = status;
        return 0;
    }
    client->offset += (uint64_t)length;
    return length;
}

static tmsize_t on_write(thandle_t handle, void *bytes, tmsize_t length) {
    (void)handle;
    (void)bytes;
    (void)length;
    return 0;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
    struct mw_tiff_client *client = handle;
    if (whence == SEEK_CUR) offset += client->offset;
    if (whence == SEEK_END) offset += client->input->size;
    client->offset = offset;
    return offset;
}

static int on_close(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t on_size(thandle_t handle) {
    return ((struct mw_tiff_client *)handle)->input->size;
}

static int on_map(thandle_t handle, void **base, toff_t *size) {
    (void)handle;
    (void)base;
    (void)size;
    return 0;
}

static void on_unmap(thandle_t handle, void *base, toff_t size) {
    (void)handle;
    (void)base;
    (void)size;
}

static TIFF *open_client(struct mw_tiff_client *client, TIFFOpenOptions *options) {
    jmp_buf out;
    client->leave = &out;
    TIFF *tiff = setjmp(out)
                     ? NULL
                     : mw_tiff.ClientOpenExt("mask", "rm", client, on_read, on_write, on_seek,
                                             on_close, on_size, on_map, on_unmap, options);
    client->leave = NULL;
    return tiff;
}

TIFF *mw_tiff_open(struct mw_tiff_client *client) {
    if ((client->status = mw_tiff_load(client->err))) return NULL;
    TIFFOpenOptions *options = mw_tiff.OpenOptionsAlloc();
    if (!options) {
        client->status = mw_error_memory(client->err);
        return NULL;
    }
    errno = 0;
    mw_tiff.OpenOptionsSetErrorHandlerExtR(options, on_error, client);
    mw_tiff.OpenOptionsSetWarningHandlerExtR(options, on_warning, client);
    mw_tiff.OpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)client->limits->max_row_bytes);
    TIFF *tiff = open_client(client, options);
    mw_tiff.OpenOptionsFree(options);
    if (!tiff && !client->status && errno == ENOMEM) client->status = mw_error_memory(client->err);
    return tiff;
}

bool mw_tiff_next(struct mw_tiff_client *client, TIFF *tiff) {
    jmp_buf out;
    errno = 0;
    client->leave = &out;
    bool read = setjmp(out) == 0 && mw_tiff.ReadDirectory(tiff);
    client->leave = NULL;
    return read;
}

void mw_tiff_close(struct mw_tiff_client *client, TIFF *tiff) {
    if (!client->left) mw_tiff.Close(tiff);
}
