#include "count/launcher.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "count/shard.h"

const struct mw_launcher mw_launchers[] = {
    {.name = "Slurm array",
     .index = "SLURM_ARRAY_TASK_ID",
     .first = "SLURM_ARRAY_TASK_MIN",
     .last = "SLURM_ARRAY_TASK_MAX",
     .step = "SLURM_ARRAY_TASK_STEP",
     .count = "SLURM_ARRAY_TASK_COUNT"},
    {.name = "Grid Engine array",
     .index = "SGE_TASK_ID",
     .base = 1,
     .first = "SGE_TASK_FIRST",
     .last = "SGE_TASK_LAST",
     .step = "SGE_TASK_STEPSIZE",
     .none = "undefined"},
    {.name = "PBS array", .index = "PBS_ARRAY_INDEX", .base = 1},
    {.name = "LSF array",
     .index = "LSB_JOBINDEX",
     .base = 1,
     .last = "LSB_JOBINDEX_END",
     .step = "LSB_JOBINDEX_STEP",
     .none = "0"},
    {.name = "AWS Batch array",
     .index = "AWS_BATCH_JOB_ARRAY_INDEX",
     .count = "AWS_BATCH_JOB_ARRAY_SIZE"},
    {.name = "Kubernetes indexed Job", .index = "JOB_COMPLETION_INDEX"},
    {.name = "Open MPI", .index = "OMPI_COMM_WORLD_RANK", .count = "OMPI_COMM_WORLD_SIZE"},
    {.name = "PMI", .index = "PMI_RANK", .count = "PMI_SIZE"},
    {.name = "srun", .index = "SLURM_PROCID", .count = "SLURM_NTASKS"},
};
const size_t mw_launcher_count = sizeof mw_launchers / sizeof mw_launchers[0];

/* The runs of a launcher. */
struct runs {
    int64_t index, first, step;
    int64_t last;  /* -1: not told */
    int64_t count; /* 0: not told */
};

/* Indices and counts that any launcher can have; their differences do not overflow. */
static const int64_t greatest = INT64_C(1) << 40;

static const char *value_of(mw_environment *environment, const char *variable) {
    const char *value = variable ? environment(variable) : NULL;
    return value && *value ? value : NULL;
}

/* A variable that is not set leaves `number` as it is. */
static enum mw_status read_number(mw_environment *environment, const char *variable, int64_t least,
                                  int64_t *number, struct mw_error *err) {
    const char *value = value_of(environment, variable), *end = value;
    if (!value) return MW_OK;
    if (mw_integer_parse(&end, number) && *end == '\0' && *number >= least && *number <= greatest)
        return MW_OK;
    return mw_error_set(err, MW_USAGE,
                        "--shard auto: %s is '%s', not a whole number from %" PRId64
                        ": pass --shard K/N",
                        variable, value, least);
}

static bool is_set(mw_environment *environment, const struct mw_launcher *launcher) {
    const char *index = value_of(environment, launcher->index);
    return index && !(launcher->none && strcmp(index, launcher->none) == 0);
}

static enum mw_status read_runs(mw_environment *environment, const struct mw_launcher *launcher,
                                struct runs *runs, struct mw_error *err) {
    *runs = (struct runs){.first = launcher->base, .step = 1, .last = -1};
    enum mw_status status = read_number(environment, launcher->index, 0, &runs->index, err);
    if (!status) status = read_number(environment, launcher->first, 0, &runs->first, err);
    if (!status) status = read_number(environment, launcher->last, 0, &runs->last, err);
    if (!status) status = read_number(environment, launcher->step, 1, &runs->step, err);
    if (!status) status = read_number(environment, launcher->count, 1, &runs->count, err);
    return status;
}

static enum mw_status refuse_sparse(const struct mw_launcher *launcher, const struct runs *runs,
                                    struct mw_error *err) {
    return mw_error_set(err, MW_USAGE,
                        "--shard auto: the indices of this %s (%" PRId64 ") are no row from "
                        "%" PRId64 " to %" PRId64 " in steps of %" PRId64
                        ": pass --shard K/N, or number the tasks from 1 to N",
                        launcher->name, runs->count, runs->first, runs->last, runs->step);
}

/* How many runs there are, from what is told. The last index may be the end of a range that the steps
 * do not meet. */
static enum mw_status find_count(const struct mw_launcher *launcher, struct runs *runs,
                                 uint32_t given, struct mw_error *err) {
    if (runs->last >= 0) {
        int64_t row = runs->last < runs->first ? 0 : (runs->last - runs->first) / runs->step + 1;
        if (runs->count == 0) runs->count = row;
        if (row < 1 || row != runs->count) return refuse_sparse(launcher, runs, err);
    }
    if (runs->count == 0 && given == 0)
        return mw_error_set(err, MW_USAGE,
                            "--shard auto: %s says which task this is, and not of how many: pass "
                            "--shard auto/N",
                            launcher->index);
    if (runs->count && given && runs->count != given)
        return mw_error_set(err, MW_USAGE,
                            "--shard auto/%" PRIu32 ": this %s has %" PRId64
                            " tasks; to run some of the tasks again, pass --shard K/N",
                            given, launcher->name, runs->count);
    if (runs->count == 0) runs->count = given;
    if (runs->count <= MW_MAX_SHARDS) return MW_OK;
    return mw_error_set(err, MW_USAGE, "--shard auto: there are at most %d shards", MW_MAX_SHARDS);
}

static enum mw_status find_index(const struct mw_launcher *launcher, const struct runs *runs,
                                 uint32_t *index, struct mw_error *err) {
    int64_t distance = runs->index - runs->first;
    if (distance >= 0 && distance % runs->step == 0 && distance / runs->step < runs->count) {
        *index = (uint32_t)(distance / runs->step) + 1;
        return MW_OK;
    }
    return mw_error_set(err, MW_USAGE,
                        "--shard auto: %s is %" PRId64 ", which is none of %" PRId64
                        " tasks from %" PRId64 " on: pass --shard K/N",
                        launcher->index, runs->index, runs->count, runs->first);
}

static enum mw_status refuse_none(struct mw_error *err) {
    struct mw_text names = {0};
    for (size_t i = 0; i < mw_launcher_count; i++)
        mw_text_print(&names, "%s%s (%s)", i ? ", " : "", mw_launchers[i].name,
                      mw_launchers[i].index);
    enum mw_status status = names.failed
                                ? mw_error_memory(err)
                                : mw_error_set(err, MW_USAGE,
                                               "--shard auto: this is no task of any of %s: pass "
                                               "--shard K/N",
                                               names.data);
    mw_text_free(&names);
    return status;
}

enum mw_status mw_launcher_find(mw_environment *environment, uint32_t given, uint32_t *index,
                                uint32_t *count, const struct mw_launcher **launcher,
                                struct mw_error *err) {
    const struct mw_launcher *found = mw_launchers, *end = mw_launchers + mw_launcher_count;
    struct runs runs;
    while (found < end && !is_set(environment, found)) found++;
    if (found == end) return refuse_none(err);
    enum mw_status status = read_runs(environment, found, &runs, err);
    if (!status) status = find_count(found, &runs, given, err);
    if (!status) status = find_index(found, &runs, index, err);
    if (status) return status;
    *count = (uint32_t)runs.count;
    *launcher = found;
    return MW_OK;
}
