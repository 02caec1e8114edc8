/* What the environments of job arrays and ranks say: one shard for each task, or a refusal. */
#include "support.h"

#include "count/launcher.h"
#include "count/shard.h"

/* --- An environment -------------------------------------------------------------------------- */

/* "NAME=VALUE" words; mw_environment takes no context. */
static char variables[512];

static char *look_up(const char *name) {
    size_t length = strlen(name);
    static char value[64];
    for (const char *word = variables; *word; word += strcspn(word, " ")) {
        word += strspn(word, " ");
        if (strncmp(word, name, length) != 0 || word[length] != '=') continue;
        snprintf(value, sizeof value, "%.*s", (int)strcspn(word + length + 1, " "),
                 word + length + 1);
        return value;
    }
    return NULL;
}

static enum mw_status find(const char *environment, uint32_t given, uint32_t *index,
                           uint32_t *count, const struct mw_launcher **launcher,
                           struct mw_error *err) {
    snprintf(variables, sizeof variables, "%s", environment);
    return mw_launcher_find(look_up, given, index, count, launcher, err);
}

/* --- Every launcher -------------------------------------------------------------------------- */

/* As the manuals of these say: Slurm's sbatch and srun, qsub of Grid Engine and of PBS Professional,
 * bsub of LSF, AWS Batch array jobs, Kubernetes indexed Jobs, mpirun of Open MPI and of MPICH. */
static const struct {
    const char *environment;
    uint32_t given; /* N of auto/N */
    uint32_t index, count;
    const char *launcher;
} tasks[] = {
    {"SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=3 "
     "SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=4",
     0, 1, 4, "Slurm array"},
    {"SLURM_ARRAY_TASK_ID=12 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=12 "
     "SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=12 SLURM_PROCID=0 SLURM_NTASKS=1",
     0, 12, 12, "Slurm array"},
    {"SLURM_ARRAY_TASK_ID=20 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=30 "
     "SLURM_ARRAY_TASK_STEP=10 SLURM_ARRAY_TASK_COUNT=4",
     4, 3, 4, "Slurm array"},
    {"SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=7 SLURM_ARRAY_TASK_MAX=7 "
     "SLURM_ARRAY_TASK_COUNT=1",
     0, 1, 1, "Slurm array"},
    {"SGE_TASK_ID=5 SGE_TASK_FIRST=1 SGE_TASK_LAST=9 SGE_TASK_STEPSIZE=2", 0, 3, 5,
     "Grid Engine array"},
    {"PBS_ARRAY_INDEX=3", 8, 3, 8, "PBS array"},
    {"LSB_JOBINDEX=4 LSB_JOBINDEX_END=10 LSB_JOBINDEX_STEP=1", 0, 4, 10, "LSF array"},
    {"LSB_JOBINDEX=3 LSB_JOBINDEX_END=9 LSB_JOBINDEX_STEP=2", 0, 2, 5, "LSF array"},
    {"LSB_JOBINDEX=9 LSB_JOBINDEX_END=10 LSB_JOBINDEX_STEP=2", 0, 5, 5, "LSF array"},
    {"AWS_BATCH_JOB_ARRAY_INDEX=0 AWS_BATCH_JOB_ARRAY_SIZE=10", 0, 1, 10, "AWS Batch array"},
    {"AWS_BATCH_JOB_ARRAY_INDEX=9", 10, 10, 10, "AWS Batch array"},
    {"JOB_COMPLETION_INDEX=0", 5, 1, 5, "Kubernetes indexed Job"},
    {"JOB_COMPLETION_INDEX=4", 5, 5, 5, "Kubernetes indexed Job"},
    {"OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=3", 0, 3, 3, "Open MPI"},
    {"OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=3 PMI_RANK=0 PMI_SIZE=1 SLURM_PROCID=0 "
     "SLURM_NTASKS=3",
     0, 2, 3, "Open MPI"},
    {"PMI_RANK=0 PMI_SIZE=2", 0, 1, 2, "PMI"},
    {"SLURM_PROCID=3 SLURM_NTASKS=4", 0, 4, 4, "srun"},
    {"SLURM_PROCID=3 SLURM_NTASKS=4", 4, 4, 4, "srun"},
    /* outside of an array these are set all the same */
    {"SGE_TASK_ID=undefined SGE_TASK_FIRST=undefined SGE_TASK_LAST=undefined "
     "OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=2",
     0, 1, 2, "Open MPI"},
    {"LSB_JOBINDEX=0 PMI_RANK=1 PMI_SIZE=2", 0, 2, 2, "PMI"},
    {"SLURM_ARRAY_TASK_ID= SLURM_PROCID=0 SLURM_NTASKS=1", 0, 1, 1, "srun"},
};

TEST(every_launcher_tells_which_task_this_is_and_of_how_many) {
    bool seen[32] = {false};
    for (size_t i = 0; i < COUNT(tasks); i++) {
        const struct mw_launcher *launcher = NULL;
        struct mw_error err;
        uint32_t index, count;
        assert_ok(find(tasks[i].environment, tasks[i].given, &index, &count, &launcher, &err),
                  &err);
        assert_string_equal(launcher->name, tasks[i].launcher);
        assert_int_equal(index, tasks[i].index);
        assert_int_equal(count, tasks[i].count);
        seen[launcher - mw_launchers] = true;
    }
    for (size_t i = 0; i < mw_launcher_count; i++) assert_true(seen[i]);
}

/* --- Refusals -------------------------------------------------------------------------------- */

static const struct {
    const char *environment;
    uint32_t given;
    const char *told;
} refusals[] = {
    {"PATH=/bin", 0, "SLURM_ARRAY_TASK_ID"},
    {"PATH=/bin", 4, "pass --shard K/N"},
    {"SGE_TASK_ID=undefined LSB_JOBINDEX=0", 0, "this is no task of any of"},
    /* --array=1,3,7 */
    {"SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 "
     "SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=3",
     0, "pass --shard K/N, or number the tasks from 1 to N"},
    {"SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 "
     "SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=3",
     3, "no row from 1 to 7"},
    /* indices that are more than steps lead to */
    {"SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=7 "
     "SLURM_ARRAY_TASK_STEP=4 SLURM_ARRAY_TASK_COUNT=3",
     0, "no row"},
    {"LSB_JOBINDEX=4 LSB_JOBINDEX_END=0", 0, "no row"},
    {"SGE_TASK_ID=4 SGE_TASK_FIRST=1 SGE_TASK_LAST=9 SGE_TASK_STEPSIZE=2", 0, "SGE_TASK_ID is 4"},
    /* tasks 3 and 4 of an array of 12, submitted again */
    {"SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=4 "
     "SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=2",
     12, "this Slurm array has 2 tasks"},
    {"PBS_ARRAY_INDEX=3", 0, "PBS_ARRAY_INDEX says which task this is, and not of how many"},
    {"PBS_ARRAY_INDEX=0", 4, "PBS_ARRAY_INDEX is 0"},
    {"PBS_ARRAY_INDEX=5", 4, "PBS_ARRAY_INDEX is 5, which is none of 4 tasks from 1 on"},
    {"JOB_COMPLETION_INDEX=0", 0, "--shard auto/N"},
    {"JOB_COMPLETION_INDEX=4", 4, "JOB_COMPLETION_INDEX is 4"},
    {"AWS_BATCH_JOB_ARRAY_INDEX=10 AWS_BATCH_JOB_ARRAY_SIZE=10", 0, "INDEX is 10"},
    {"OMPI_COMM_WORLD_RANK=2", 0, "auto/N"},
    {"OMPI_COMM_WORLD_RANK=-1 OMPI_COMM_WORLD_SIZE=2", 0, "OMPI_COMM_WORLD_RANK is '-1'"},
    {"PMI_RANK=x PMI_SIZE=2", 0, "PMI_RANK is 'x'"},
    {"PMI_RANK=0 PMI_SIZE=0", 0, "PMI_SIZE is '0'"},
    {"PMI_RANK=0 PMI_SIZE=1.5", 0, "PMI_SIZE is '1.5'"},
    {"PMI_RANK=0 PMI_SIZE=1000001", 0, "at most 1000000"},
    {"PMI_RANK=0 PMI_SIZE=99999999999999999999", 0, "PMI_SIZE"},
    {"SGE_TASK_ID=1 SGE_TASK_FIRST=1 SGE_TASK_LAST=3 SGE_TASK_STEPSIZE=0", 0, "STEPSIZE is '0'"},
    {"SLURM_PROCID=0 SLURM_NTASKS=4", 5, "this srun has 4 tasks"},
};

TEST(what_cannot_be_known_is_refused_with_what_to_pass) {
    for (size_t i = 0; i < COUNT(refusals); i++) {
        const struct mw_launcher *launcher;
        struct mw_error err;
        uint32_t index, count;
        assert_fails(
            find(refusals[i].environment, refusals[i].given, &index, &count, &launcher, &err),
            MW_USAGE, refusals[i].told, &err);
        assert_true(strncmp(err.message, "--shard auto", 12) == 0);
    }
}

TEST(without_a_launcher_all_are_listed) {
    const struct mw_launcher *launcher;
    struct mw_error err;
    uint32_t index, count;
    assert_fails(find("", 0, &index, &count, &launcher, &err), MW_USAGE, NULL, &err);
    for (size_t i = 0; i < mw_launcher_count; i++) {
        assert_non_null(strstr(err.message, mw_launchers[i].name));
        assert_non_null(strstr(err.message, mw_launchers[i].index));
    }
}

/* Every task of an array gets a shard of its own. */
TEST(the_tasks_of_an_array_have_the_shards_from_1_to_n) {
    for (int first = 0; first < 3; first++)
        for (int step = 1; step < 4; step++)
            for (int k = 0; k < 5; k++) {
                const struct mw_launcher *launcher;
                struct mw_error err;
                char environment[256];
                uint32_t index, count;
                snprintf(environment, sizeof environment,
                         "SLURM_ARRAY_TASK_ID=%d SLURM_ARRAY_TASK_MIN=%d "
                         "SLURM_ARRAY_TASK_MAX=%d SLURM_ARRAY_TASK_STEP=%d "
                         "SLURM_ARRAY_TASK_COUNT=5",
                         first + k * step, first, first + 4 * step, step);
                assert_ok(find(environment, 0, &index, &count, &launcher, &err), &err);
                assert_int_equal(index, k + 1);
                assert_int_equal(count, 5);
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_launcher_tells_which_task_this_is_and_of_how_many),
        cmocka_unit_test(what_cannot_be_known_is_refused_with_what_to_pass),
        cmocka_unit_test(without_a_launcher_all_are_listed),
        cmocka_unit_test(the_tasks_of_an_array_have_the_shards_from_1_to_n),
    };
    return RUN_TESTS(tests);
}
