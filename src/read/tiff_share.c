/* A page is handed out in batches of blocks that lie one behind the other, in order, to whoever asks
 * next: each thread decodes and counts its own, and the sums are added at the end.
 *
 * - The thread that reads the file asks before each of its batches whether another has become idle, and
 *   starts one more in its place. So the last large file of a dataset gets all threads, and many files
 *   at once get one each.
 * - libtiff serves one thread at a time, and so does the sink: both are used under the lock alone. With
 *   libtiff goes the input that it reads; every thread has a view of the file of its own.
 * - Batches are handed out in order, and each is counted up to its first error. So when a block is known
 *   to fail, all blocks before it are or were being counted, and the first of all that fail is the one
 *   that a single thread would have met. */
#include "read/tiff_share.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "read/tiff_reference.h"

enum {
    SHARED_PIXELS = 1 << 24,  /* a page of no more is left to one thread */
    BATCH_PIXELS = 1 << 24,   /* of a batch, unless a block has more */
    BATCH_BYTES = 128 * 1024, /* of a batch in the file, unless a block has more */
    GAP = 64,                 /* bytes that may lie between a block and the next */
    HELPERS = 63,             /* threads that help at most */
};

/* A thread that helps. */
struct helper {
    struct page *page;
    pthread_t thread;
    struct mw_input view;
    struct mw_tiff_counter counter;
};

/* The page at hand. */
struct page {
    struct mw_tiff_reader *reader;
    const struct mw_tiff_code *code;
    struct mw_input view; /* of the thread that reads the file, once others help it */
    struct helper *helpers[HELPERS];
    unsigned helper_count;
    bool alone; /* no thread helps, or no more of them */

    pthread_mutex_t lock; /* guards all below, libtiff and the sink */
    uint32_t next;        /* the block that is handed out next */
    uint32_t row;         /* of its rows, the first one that is not handed out yet */
    uint64_t filled;      /* pixels that a sparse file leaves out */
    uint32_t failed;      /* the first block that failed, with `err`, if that has a status */
    struct mw_error err;
};

/* --- Errors ---------------------------------------------------------------------------------- */

/* Under the lock. */
static void fail_locked(struct page *page, uint32_t index, const struct mw_error *err) {
    if (page->err.status && page->failed <= index) return;
    page->failed = index;
    page->err = *err;
}

static void fail(struct page *page, uint32_t index, const struct mw_error *err) {
    pthread_mutex_lock(&page->lock);
    fail_locked(page, index, err);
    pthread_mutex_unlock(&page->lock);
}

/* What libtiff says next goes to `err`, whatever it said of other blocks. */
static void tell(struct mw_tiff_reader *reader, struct mw_error *err) {
    reader->err = reader->client.err = err;
    reader->client.status = MW_OK;
}

/* --- Handing out ----------------------------------------------------------------------------- */

/* Whether block `index` is in the file, and no odder than libtiff takes it: that refuses one that is
 * more than ten times longer than its pixels. */
static bool find_block(const struct page *page, uint32_t index, struct mw_tiff_block *block) {
    const struct mw_tiff_reader *reader = page->reader;
    struct mw_tiff_region region = mw_tiff_grid_region(reader, index);
    *block = (struct mw_tiff_block){
        .index = index,
        .width = region.width,
        .height = region.height,
        .offset = mw_tiff.GetStrileOffset(reader->tiff, index),
        .size = (size_t)mw_tiff_grid_bytes(&reader->grid, &region),
    };
    uint64_t length = mw_tiff.GetStrileByteCount(reader->tiff, index),
             size = reader->client.input->size;
    if (block->offset > size || length > size - block->offset || length == 0) return false;
    block->length = (size_t)length;
    if (page->code->compression == COMPRESSION_NONE) return length >= block->size;
    return length <= 10 * (uint64_t)block->size + 4096 &&
           length <= reader->client.limits->max_whole;
}

/* Uncompressed blocks are handed out in parts: cuts this one down to its next rows. Returns whether
 * others remain. */
static bool cut_rows(struct page *page, struct mw_tiff_block *block) {
    size_t row = page->code->row_bytes, most = row < BATCH_BYTES ? BATCH_BYTES / row : 1;
    uint32_t left = block->height - page->row, rows = left < most ? left : (uint32_t)most;
    block->offset += page->row * row;
    block->height = rows;
    block->length = block->size = rows * row;
    page->row = rows < left ? page->row + rows : 0;
    return page->row > 0;
}

/* Fills in the next block, one of length 0 if libtiff has to read it; of a sparse one the width is 0. */
static enum mw_status next_block(struct page *page, struct mw_tiff_block *block,
                                 struct mw_error *err) {
    struct mw_tiff_reader *reader = page->reader;
    bool sparse;
    *block = (struct mw_tiff_block){.index = page->next};
    tell(reader, err);
    enum mw_status status = mw_tiff_grid_sparse(reader, page->next, &sparse);
    bool found = find_block(page, page->next, block), more = false;
    if (!status) status = reader->client.status;
    if (status) return status;
    if (sparse) page->filled += (uint64_t)block->width * block->height;
    if (sparse) block->width = 0;
    else if (!found) block->length = 0;
    else if (page->code->compression == COMPRESSION_NONE) more = cut_rows(page, block);
    page->next += !more;
    return MW_OK;
}

/* Takes the next blocks. Returns how many; 0 when there are no more, or one has failed. */
static size_t take(struct page *page, struct mw_tiff_block batch[MW_TIFF_BATCH]) {
    uint64_t bytes = 0, pixels = 0;
    size_t count = 0;
    pthread_mutex_lock(&page->lock);
    while (!page->err.status && page->next < page->reader->grid.count && count < MW_TIFF_BATCH &&
           bytes < BATCH_BYTES && pixels < BATCH_PIXELS) {
        struct mw_error err;
        struct mw_tiff_block *block = &batch[count];
        if (next_block(page, block, &err)) fail_locked(page, block->index, &err);
        else if (block->width > 0) count++;
        bytes += block->length;
        pixels += (uint64_t)block->width * block->height;
    }
    pthread_mutex_unlock(&page->lock);
    return count;
}

/* --- Counting -------------------------------------------------------------------------------- */

/* The first block behind those that lie one behind the other from this one on; *place is where they end
 * in the file. */
static const struct mw_tiff_block *end_of_run(const struct mw_tiff_block *block,
                                              const struct mw_tiff_block *end, uint64_t *place) {
    *place = block->offset + block->length;
    while (++block < end && block->offset >= *place && block->offset - *place <= GAP)
        *place = block->offset + block->length;
    return block;
}

static enum mw_status ask_libtiff(struct page *page, uint32_t index, struct mw_error *err) {
    struct mw_tiff_reader *reader = page->reader;
    pthread_mutex_lock(&page->lock);
    tell(reader, err);
    enum mw_status status = mw_tiff_reference_block(reader, index);
    if (!status) status = reader->client.status;
    pthread_mutex_unlock(&page->lock);
    return status;
}

static enum mw_status count_block(struct page *page, struct mw_tiff_counter *counter,
                                  const struct mw_tiff_block *block, uint64_t ahead,
                                  struct mw_error *err) {
    bool plain = false;
    enum mw_status status = MW_OK;
    if (block->length) status = mw_tiff_counter_add(counter, block, ahead, &plain, err);
    return status || plain ? status : ask_libtiff(page, block->index, err);
}

/* Counts up to the first error. */
static void count_batch(struct page *page, struct mw_tiff_counter *counter, size_t count) {
    const struct mw_tiff_block *block = counter->batch, *end = block + count, *run = block;
    enum mw_status status = MW_OK;
    uint64_t ahead = 0;
    for (; block < end && !status; block++) {
        struct mw_error err;
        if (block == run) run = end_of_run(block, end, &ahead);
        status = count_block(page, counter, block, ahead, &err);
        if (status) fail(page, block->index, &err);
    }
}

static void end_counter(struct page *page, struct mw_tiff_counter *counter) {
    struct mw_error err;
    if (mw_tiff_counter_end(counter, &err)) fail(page, page->reader->grid.count, &err);
}

/* --- Help ------------------------------------------------------------------------------------ */

static void *help(void *context) {
    struct helper *helper = context;
    size_t count;
    while ((count = take(helper->page, helper->counter.batch)))
        count_batch(helper->page, &helper->counter, count);
    end_counter(helper->page, &helper->counter);
    return NULL;
}

static void helper_free(struct helper *helper) {
    mw_tiff_counter_free(&helper->counter);
    mw_input_free(&helper->view);
    free(helper);
}

/* The thread that reads the file leaves its input to libtiff. */
static enum mw_status change_to_view(struct page *page, struct mw_tiff_counter *counter,
                                     struct mw_error *err) {
    if (counter->input == &page->view) return MW_OK;
    enum mw_status status = mw_input_view(&page->view, counter->input, err);
    if (!status) counter->input = &page->view;
    return status;
}

/* Starts a thread that helps; false where the system has no more. */
static bool start(struct page *page, struct mw_tiff_counter *counter) {
    struct helper *helper = calloc(1, sizeof *helper);
    struct mw_error none;
    if (!helper) return false;
    helper->page = page;
    enum mw_status status = change_to_view(page, counter, &none);
    if (!status) status = mw_input_view(&helper->view, counter->input, &none);
    if (!status) status = mw_tiff_counter_begin(&helper->counter, page->code, &helper->view, &none);
    if (!status && pthread_create(&helper->thread, NULL, help, helper) == 0) {
        page->helpers[page->helper_count++] = helper;
        return true;
    }
    helper_free(helper);
    return false;
}

/* Takes the place of an idle thread. */
static bool take_idle(atomic_int *idle) {
    int threads = atomic_load(idle);
    while (threads > 0)
        if (atomic_compare_exchange_weak(idle, &threads, threads - 1)) return true;
    return false;
}

static void call_idle(struct page *page, struct mw_tiff_counter *counter) {
    atomic_int *idle = page->reader->client.limits->idle;
    while (!page->alone && page->helper_count < HELPERS && take_idle(idle)) {
        page->alone = !start(page, counter);
        if (page->alone) atomic_fetch_add(idle, 1);
    }
}

/* Waits for those that help, and adds their sums. */
static void end_help(struct page *page, struct mw_tiff_counter *counter) {
    for (unsigned i = 0; i < page->helper_count; i++) {
        struct helper *helper = page->helpers[i];
        pthread_join(helper->thread, NULL);
        mw_tiff_counter_merge(counter, &helper->counter);
        helper_free(helper);
        atomic_fetch_add(page->reader->client.limits->idle, 1);
    }
    mw_input_free(&page->view);
}

/* --- The page -------------------------------------------------------------------------------- */

static void count_page(struct page *page, struct mw_tiff_counter *counter) {
    size_t count;
    pthread_mutex_init(&page->lock, NULL);
    do {
        call_idle(page, counter);
        count = take(page, counter->batch);
        count_batch(page, counter, count);
    } while (count);
    end_counter(page, counter);
    end_help(page, counter);
    pthread_mutex_destroy(&page->lock);
}

static enum mw_status send(const struct page *page, const struct mw_tiff_counter *counter,
                           struct mw_error *err) {
    const struct mw_sink *sink = page->reader->sink;
    enum mw_status status = mw_tiff_counter_send(counter, sink, err);
    if (!status && page->filled)
        sink->run(sink->context, mw_tiff_grid_fill(&page->reader->page.layout), page->filled);
    return status;
}

static void scratch_free(void *scratch) {
    mw_tiff_counter_free(scratch);
    free(scratch);
}

enum mw_status mw_tiff_share(struct mw_tiff_reader *reader, const struct mw_tiff_code *code) {
    const struct mw_layout *layout = &reader->page.layout;
    struct mw_input *input = reader->client.input;
    struct mw_error *err = reader->err;
    struct page page = {.reader = reader, .code = code};
    struct mw_tiff_counter *counter = mw_input_scratch(input, sizeof *counter, scratch_free);
    if (!counter) return mw_error_memory(err);
    page.alone = !reader->client.limits->idle ||
                 (uint64_t)layout->width * layout->height <= SHARED_PIXELS;
    enum mw_status status = mw_tiff_counter_begin(counter, code, input, err);
    if (status) return status;
    count_page(&page, counter);
    tell(reader, err);
    if (page.err.status) *err = page.err;
    return page.err.status ? page.err.status : send(&page, counter, err);
}
