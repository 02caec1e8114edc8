/* Rows that are given by their edges. Of a row without a filter the edges are where its runs end, and
 * that is all there is to count. Of the others they say where bytes are that are not 0: those are written
 * to a row of zeros, which is then counted like any other and wiped again. */
#include "read/png_change.h"
#include "read/png_changes.h"

struct edge_row {
    const mw_edge *behind; /* the first edge behind the byte that names the filter */
    uint32_t start, end;   /* positions of the row, without that byte */
    unsigned char filter;
};

/* Returns false where a filter does not exist. */
static bool find_rows(const struct mw_edges *edges, uint32_t start, size_t size,
                      struct edge_row *found, size_t rows) {
    unsigned char highest = 0;
    for (size_t y = 0; y < rows; y++, start += (uint32_t)size + 1) {
        const mw_edge *behind = edges->list + mw_edges_behind(edges, start);
        unsigned char filter = mw_edge_byte(behind[-1]);
        found[y] = (struct edge_row){behind, start + 1, start + 1 + (uint32_t)size, filter};
        if (filter > highest) highest = filter;
    }
    return highest < MW_PNG_FILTERS;
}

/* A run of a row: the bytes from `at` to `next`, relative to its start. */
struct run {
    const mw_edge *edge;
    uint32_t at, next;
    unsigned char byte;
};

MW_INLINE struct run first_run(const struct edge_row *given) {
    uint32_t next = mw_edge_position(*given->behind);
    if (next > given->end) next = given->end;
    return (struct run){given->behind, 0, next - given->start, given->filter};
}

/* Returns false behind the last one. */
MW_INLINE bool next_run(const struct edge_row *given, struct run *run) {
    if (run->next == given->end - given->start) return false;
    uint32_t next = mw_edge_position(run->edge[1]);
    if (next > given->end) next = given->end;
    *run = (struct run){run->edge + 1, run->next, next - given->start, mw_edge_byte(*run->edge)};
    return true;
}

/* --- Rows that begin a group ------------------------------------------------------------------ */

/* As count_none. `keep`: the row is written to row->own. */
MW_INLINE void count_none_runs(const struct row *row, const struct edge_row *given, uint64_t rows,
                               bool keep) {
    struct run run = first_run(given);
    struct mw_adler sums = *row->adler;
    mw_adler_add_run(&sums, given->filter, 1);
    do {
        add(row, 1, run.byte, (run.next - run.at) * rows);
        mw_adler_add_run(&sums, run.byte, run.next - run.at);
        if (keep) fill(1, row->own + run.at, run.byte, run.next - run.at);
    } while (next_run(given, &run));
    *row->adler = sums;
}

/* As count_sub, for values of one byte. */
MW_INLINE void count_sub_runs(const struct row *row, const struct edge_row *given, uint64_t rows,
                              bool keep) {
    struct run run = first_run(given);
    struct mw_adler sums = *row->adler;
    uint32_t start = 0;
    unsigned char value = 0;
    mw_adler_add_run(&sums, given->filter, 1);
    do {
        mw_adler_add_run(&sums, run.byte, run.next - run.at);
        if (run.byte == 0) continue;
        for (uint32_t x = run.at; x < run.next; x++) {
            add(row, 1, value, (x - start) * rows);
            if (keep) fill(1, row->own + start, value, x - start);
            value = (unsigned char)(value + run.byte);
            start = x;
        }
    } while (next_run(given, &run));
    add(row, 1, value, (row->size - start) * rows);
    if (keep) fill(1, row->own + start, value, row->size - start);
    *row->adler = sums;
}

/* Values of several bytes are edges everywhere: the row is written and looked at again. */
MW_INLINE void count_none_written(const struct row *row, size_t step, const struct edge_row *given,
                                  uint64_t rows) {
    struct run run = first_run(given);
    do fill(1, row->own + run.at, run.byte, run.next - run.at);
    while (next_run(given, &run));
    row->own[-1] = given->filter;
    mw_adler_add_bytes(row->adler, row->own - 1, row->size + 1);
    count_none(row, step, row->own, rows);
}

/* --- Rows of differences ---------------------------------------------------------------------- */

/* Writes the bytes that are not 0 to the row of zeros, and lists their positions. */
MW_INLINE size_t spread(const struct row *row, const struct edge_row *given) {
    struct run run = first_run(given);
    uint32_t *out = row->positions;
    do {
        if (run.byte == 0) continue;
        for (uint32_t i = run.at; i < run.next; i++) {
            row->zeros[i] = run.byte;
            *out++ = i;
        }
    } while (next_run(given, &run));
    row->zeros[-1] = given->filter;
    return (size_t)(out - row->positions);
}

MW_INLINE void wipe(const struct row *row, size_t count) {
    for (size_t i = 0; i < count; i++) row->zeros[row->positions[i]] = 0;
}

MW_INLINE void count_group(const struct row *row, size_t step, const struct edge_row *given,
                           uint64_t rows, bool keep) {
    if (step == 1 && given->filter == MW_PNG_SUB) {
        count_sub_runs(row, given, rows, keep);
    } else if (step == 1) {
        count_none_runs(row, given, rows, keep);
    } else if (given->filter == MW_PNG_SUB) {
        size_t count = spread(row, given);
        count_sub(row, step, row->zeros, count, rows, keep);
        wipe(row, count);
    } else {
        count_none_written(row, step, given, rows);
    }
}

MW_INLINE void count_change(const struct row *row, size_t step, const struct edge_row *given,
                            uint64_t rows) {
    size_t count = spread(row, given);
    change(row, given->filter, step, row->zeros, count, rows);
    if (given->filter != MW_PNG_AVERAGE) wipe(row, count);
    else memset(row->zeros, 0, row->size); /* which lists positions of its own */
}

/* --- All rows --------------------------------------------------------------------------------- */

MW_INLINE void count_rows(const struct row *row, size_t step, const struct edge_row *given,
                          size_t rows) {
    for (size_t y = 0, below; y < rows; y += below) {
        bool group = begins_group(given[y].filter);
        below = rows_that_change(&given->filter, sizeof *given, y + group, rows);
        if (group) count_group(row, step, given + y, below + 1, below || y + 1 == rows);
        else count_none(row, step, row->above, below);
        for (size_t i = 0; i < below; i++)
            count_change(row, step, given + y + group + i, below - i);
        below += group;
    }
}

bool mw_changes_count_edges(struct mw_changes *changes, size_t step, size_t size,
                            unsigned char *above, unsigned char *zeros,
                            const struct mw_edges *edges, uint32_t start, size_t rows) {
    struct edge_row given[MW_CHANGES_EDGE_ROWS];
    struct row row = row_begin(changes, size, above);
    row.zeros = zeros;
    if (!find_rows(edges, start, size, given, rows)) return false;
    if (step == 1) count_rows(&row, 1, given, rows);
    else if (step == 2) count_rows(&row, 2, given, rows);
    else count_rows(&row, 3, given, rows);
    mw_adler_reduce(&changes->adler);
    return true;
}
