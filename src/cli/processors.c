#define _GNU_SOURCE /* sched_getaffinity */
#include "cli/processors.h"

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The first line of a small file, without its newline. */
static bool read_line(const char *path, char *line, size_t size) {
    FILE *file = fopen(path, "re");
    if (!file) return false;
    bool ok = fgets(line, (int)size, file) != NULL;
    fclose(file);
    if (ok) line[strcspn(line, "\n")] = '\0';
    return ok;
}

static unsigned by_affinity(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}

static unsigned smaller_quota(double quota, double period, unsigned limit) {
    if (quota <= 0 || period <= 0) return limit;
    unsigned processors = (unsigned)((quota + period - 1) / period);
    if (processors == 0) processors = 1;
    return processors < limit ? processors : limit;
}

/* cpu.max of a group and of every group above it: "QUOTA PERIOD" or "max PERIOD". */
static unsigned by_groups(char *group, unsigned limit) {
    for (;;) {
        char path[4400], line[64];
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", group);
        if (read_line(path, line, sizeof line)) {
            char *end;
            double quota = strtod(line, &end); /* 0 for "max": no quota */
            limit = smaller_quota(quota, strtod(end, NULL), limit);
        }
        char *slash = strrchr(group, '/');
        if (!slash) return limit;
        *slash = '\0';
    }
}

static unsigned by_group_version_1(unsigned limit) {
    char quota_line[64], period_line[64];
    if (read_line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", quota_line, sizeof quota_line) &&
        read_line("/sys/fs/cgroup/cpu/cpu.cfs_period_us", period_line, sizeof period_line))
        return smaller_quota(strtod(quota_line, NULL), strtod(period_line, NULL), limit);
    return limit;
}

unsigned mw_processors(void) {
    unsigned limit = by_group_version_1(by_affinity());
    char line[4200];
    FILE *file = fopen("/proc/self/cgroup", "re");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::", 3) != 0) continue; /* version 2 */
        line[strcspn(line, "\n")] = '\0';
        limit = by_groups(line + 3, limit);
    }
    if (file) fclose(file);
    return limit;
}

unsigned mw_jobs_possible(unsigned jobs) {
    enum { OTHERS = 8 }; /* standard streams, the output, directories, what was inherited */
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= (rlim_t)jobs + OTHERS)
        return jobs;
    return limit.rlim_cur > OTHERS ? (unsigned)(limit.rlim_cur - OTHERS) : 1;
}
