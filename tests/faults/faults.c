/* faults: a library to preload that makes calls of the program fail, each at will.
 *
 *     MW_FAULT=CALL:N:ERRNO:HOW   what happens at call number N, from 1, counted from main on
 *     MW_FAULT_RECORD=FILE        of struct record: how often each call came, and how often one failed
 *     MW_FAULT_COMMAND=TEXT       of HOW run, for sh; of HOW escape, a directory
 *     MW_FAULT_ALARMS=N           SIGALRM every N microseconds, whose handler lets no call go on by itself
 *
 * CALL is one of the names in enum call. HOW: `once`, call N fails with ERRNO; `from`, N and every
 * later one; `interrupt`, every other one fails with EINTR; `short`, each moves one byte at most;
 * `shuffle`, directories are read in an order that depends on N; `unknown`, without the types of their
 * entries; `run`, the command runs first; `escape`, the thread of the call tries what a sandbox forbids.
 *
 * What the C library calls within itself is not seen, but for malloc. The dynamic loader's memory does not
 * fail: glibc ends a process in whose dlopen it does ("out of memory", status 127). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

enum call {
    MEMORY, /* malloc, calloc, realloc, and what calls them: strdup, realpath */
    OPEN,   /* open, open64, openat, fopen */
    OPENDIR,
    READDIR,
    STAT, /* stat, lstat, fstat, their 64s, fstatat */
    REALPATH,
    READ,    /* read, pread, pread64, preadv2 */
    WRITE,   /* to anything but standard error: write, pwrite64, ftruncate64 */
    MESSAGE, /* write to standard error */
    FSYNC,   /* fsync, fdatasync */
    FCHMOD,
    RENAME, /* rename, renameat */
    CLOSE,  /* close, fclose */
    THREAD, /* pthread_create */
    CALLS
};

static const char *const names[CALLS] = {
    "memory", "open",    "opendir", "readdir", "stat",   "realpath", "read",
    "write",  "message", "fsync",   "fchmod",  "rename", "close",    "thread",
};

/* Shared with whoever started the program. */
struct record {
    atomic_uint count[CALLS];
    atomic_uint injected;
    int escaped
        [5]; /* errno of making, unlinking, connecting, reading, writing; 0: it was possible */
};

static struct record own, *record = &own;
static int fault_call = -1, fault_errno;
static unsigned fault_number;
static char fault_how[16];
static bool armed;                /* main runs */
static _Thread_local bool inside; /* what this library calls itself */

#define REAL(name) (__extension__(__typeof__(&(name))) real(#name))

static void *real(const char *name) {
    bool before = inside;
    inside = true;
    void *function = dlsym(RTLD_NEXT, name);
    inside = before;
    if (!function) abort();
    return function;
}

static bool how(const char *word) {
    return strcmp(fault_how, word) == 0;
}

/* "CALL:N:ERRNO:HOW" */
static void read_fault(const char *fault) {
    char *end;
    size_t length = strcspn(fault, ":");
    for (int i = 0; i < CALLS; i++)
        if (strlen(names[i]) == length && strncmp(names[i], fault, length) == 0) fault_call = i;
    if (fault_call < 0 || fault[length] != ':') abort();
    fault_number = (unsigned)strtoul(fault + length + 1, &end, 10);
    if (*end != ':') abort();
    fault_errno = (int)strtol(end + 1, &end, 10);
    if (*end != ':' || strlen(end + 1) >= sizeof fault_how) abort();
    snprintf(fault_how, sizeof fault_how, "%s", end + 1);
}

static void read_environment(void) {
    const char *fault = getenv("MW_FAULT"), *path = getenv("MW_FAULT_RECORD");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *shared = fd < 0 ? MAP_FAILED
                          : mmap(NULL, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0) close(fd);
    if (shared != MAP_FAILED) record = shared;
    if (!fault) return;
    read_fault(fault);
}

static int ask_helper[2], helper_answer[2]; /* pipes */

/* A child that runs the command when asked to: it began before the program gave up its rights. */
static void start_helper(void) {
    char byte;
    if (pipe2(ask_helper, O_CLOEXEC) || pipe2(helper_answer, O_CLOEXEC)) abort();
    pid_t child = fork();
    if (child < 0) abort();
    if (child > 0) return;
    unsetenv("LD_PRELOAD");
    close(ask_helper[1]);
    if (REAL(read)(ask_helper[0], &byte, 1) != 1) _exit(0);
    // NOLINTNEXTLINE(cert-env33-c): the test's own command
    if (system(getenv("MW_FAULT_COMMAND")) != 0) _exit(1);
    _exit(REAL(write)(helper_answer[1], "x", 1) != 1);
}

static void run_command(void) {
    char byte;
    REAL(close)(helper_answer[1]);
    if (REAL(write)(ask_helper[1], "x", 1) != 1 || REAL(read)(helper_answer[0], &byte, 1) != 1)
        abort();
}

static int (*program_main)(int, char **, char **);

static void on_alarm(int number) {
    (void)number;
    atomic_fetch_add(&record->injected, 1);
}

/* Interrupts whichever thread the system chooses, in whatever it waits for. */
static void start_alarms(const char *microseconds) {
    if (!microseconds) return;
    struct sigaction action = {.sa_handler = on_alarm}; /* without SA_RESTART */
    suseconds_t every = strtol(microseconds, NULL, 10);
    struct itimerval timer = {{0, every}, {0, every}};
    if (sigaction(SIGALRM, &action, NULL) || setitimer(ITIMER_REAL, &timer, NULL)) abort();
}

static int counted_main(int argc, char **argv, char **environment) {
    read_environment();
    if (how("run")) start_helper();
    start_alarms(getenv("MW_FAULT_ALARMS"));
    armed = true;
    int status = program_main(argc, argv, environment);
    armed = false;
    return status;
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end);
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end) {
    program_main = main;
    return REAL(__libc_start_main)(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}

static int result_of(int result) {
    return result < 0 ? errno : 0;
}

static void escape(void) {
    const char *directory = getenv("MW_FAULT_COMMAND");
    char path[4096];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
    snprintf(path, sizeof path, "%s/new", directory);
    record->escaped[0] = result_of(REAL(open)(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    snprintf(path, sizeof path, "%s/victim", directory);
    record->escaped[1] = result_of(unlink(path));
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    record->escaped[2] = result_of(connect(fd, (struct sockaddr *)&address, sizeof address));
    snprintf(path, sizeof path, "%s/secret", directory);
    record->escaped[3] = result_of(REAL(open)(path, O_RDONLY | O_CLOEXEC));
    record->escaped[4] = result_of(REAL(open)(path, O_WRONLY | O_CLOEXEC));
}

static void act(void) {
    atomic_fetch_add(&record->injected, 1);
    if (how("run")) run_command();
    if (how("escape")) escape();
    if (!getenv("MW_FAULT_TRACE")) return;
    void *frames[32];
    backtrace_symbols_fd(frames, backtrace(frames, 32), STDERR_FILENO);
}

/* Counts a call; whether it is to fail, with errno. */
static bool fails(enum call call) {
    if (!armed || inside) return false;
    unsigned number = atomic_fetch_add(&record->count[call], 1) + 1;
    if ((int)call != fault_call) return false;
    if (how("interrupt") && number % 2 == 1) {
        atomic_fetch_add(&record->injected, 1);
        errno = EINTR;
        return true;
    }
    bool now = number == fault_number || (number > fault_number && how("from"));
    if (!now || how("interrupt") || how("short") || how("shuffle") || how("unknown")) return false;
    inside = true;
    act();
    inside = false;
    if (!how("once") && !how("from")) return false;
    errno = fault_errno;
    return true;
}

/* How many bytes of `length` may move. */
static size_t shortened(enum call call, size_t length) {
    if (!armed || (int)call != fault_call || !how("short") || length <= 1) return length;
    atomic_fetch_add(&record->injected, 1);
    return 1;
}

void *malloc(size_t size) {
    static void *(*next)(size_t);
    if (!next) next = REAL(malloc);
    return fails(MEMORY) ? NULL : next(size);
}

void *calloc(size_t count, size_t size) {
    static void *(*next)(size_t, size_t);
    if (!next && inside) return NULL; /* dlsym can do without */
    if (!next) next = REAL(calloc);
    return fails(MEMORY) ? NULL : next(count, size);
}

void *realloc(void *old, size_t size) {
    static void *(*next)(void *, size_t);
    if (!next) next = REAL(realloc);
    return fails(MEMORY) ? NULL : next(old, size);
}

void *dlopen(const char *name, int flags) {
    bool before = inside;
    inside = true;
    void *library = REAL(dlopen)(name, flags);
    inside = before;
    return library;
}

/* The mode, of calls that make a file. */
static mode_t mode_of(int flags, va_list list) {
    return flags & O_CREAT ? va_arg(list, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = mode_of(flags, list);
    va_end(list);
    return fails(OPEN) ? -1 : REAL(open)(path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = mode_of(flags, list);
    va_end(list);
    return fails(OPEN) ? -1 : REAL(openat)(directory, path, flags, mode);
}

int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags) {
    return open(path, flags);
}

/* SQLite's names for the same. */
int open64(const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = mode_of(flags, list);
    va_end(list);
    return open(path, flags, mode);
}

FILE *fopen(const char *path, const char *mode) {
    return fails(OPEN) ? NULL : REAL(fopen)(path, mode);
}

DIR *opendir(const char *path) {
    return fails(OPENDIR) ? NULL : REAL(opendir)(path);
}

DIR *fdopendir(int fd) {
    return fails(OPENDIR) ? NULL : REAL(fdopendir)(fd);
}

/* Entries of the one directory that is being read: it is read whole first, then handed out. */
static struct {
    DIR *stream;
    struct dirent *list; /* [count] */
    size_t count, next;
} shuffled;

static void shuffle(DIR *stream) {
    const struct dirent *entry;
    shuffled.stream = stream;
    shuffled.count = shuffled.next = 0;
    while ((entry = REAL(readdir)(stream))) {
        struct dirent *list = REAL(realloc)(shuffled.list, (shuffled.count + 1) * sizeof *list);
        if (!list) abort();
        shuffled.list = list;
        memcpy(&list[shuffled.count++], entry, entry->d_reclen);
    }
    unsigned state = fault_number;
    for (size_t left = shuffled.count; left > 1; left--) {
        state = state * 1103515245U + 12345U;
        struct dirent *last = &shuffled.list[left - 1], *other = &shuffled.list[state / 8 % left];
        struct dirent kept = *last;
        *last = *other;
        *other = kept;
    }
    atomic_fetch_add(&record->injected, 1);
}

struct dirent *readdir(DIR *stream) {
    if (fails(READDIR)) return NULL;
    if (!armed || fault_call != READDIR || how("once") || how("from") || how("run"))
        return REAL(readdir)(stream);
    if (how("unknown")) {
        struct dirent *entry = REAL(readdir)(stream);
        if (entry) entry->d_type = DT_UNKNOWN;
        atomic_fetch_add(&record->injected, 1);
        return entry;
    }
    if (stream != shuffled.stream) shuffle(stream);
    return shuffled.next < shuffled.count ? &shuffled.list[shuffled.next++] : NULL;
}

int closedir(DIR *stream) {
    if (stream == shuffled.stream) shuffled.stream = NULL;
    return REAL(closedir)(stream);
}

int stat(const char *restrict path, struct stat *restrict info) {
    return fails(STAT) ? -1 : REAL(stat)(path, info);
}

int lstat(const char *restrict path, struct stat *restrict info) {
    return fails(STAT) ? -1 : REAL(lstat)(path, info);
}

int fstat(int fd, struct stat *info) {
    return fails(STAT) ? -1 : REAL(fstat)(fd, info);
}

int fstatat(int directory, const char *restrict path, struct stat *restrict info, int flags) {
    return fails(STAT) ? -1 : REAL(fstatat)(directory, path, info, flags);
}

int stat64(const char *restrict path, struct stat64 *restrict info) {
    return fails(STAT) ? -1 : REAL(stat64)(path, info);
}

int lstat64(const char *restrict path, struct stat64 *restrict info) {
    return fails(STAT) ? -1 : REAL(lstat64)(path, info);
}

int fstat64(int fd, struct stat64 *info) {
    return fails(STAT) ? -1 : REAL(fstat64)(fd, info);
}

char *realpath(const char *restrict path, char *restrict resolved) {
    return fails(REALPATH) ? NULL : REAL(realpath)(path, resolved);
}

ssize_t read(int fd, void *out, size_t length) {
    return fails(READ) ? -1 : REAL(read)(fd, out, shortened(READ, length));
}

ssize_t pread(int fd, void *out, size_t length, off_t offset) {
    return fails(READ) ? -1 : REAL(pread)(fd, out, shortened(READ, length), offset);
}

ssize_t pread64(int fd, void *out, size_t length, off64_t offset) {
    return fails(READ) ? -1 : REAL(pread64)(fd, out, shortened(READ, length), offset);
}

/* What fails is asked for again with pread. */
ssize_t preadv2(int fd, const struct iovec *pieces, int count, off_t offset, int flags) {
    struct iovec piece = {pieces->iov_base, shortened(READ, pieces->iov_len)};
    if (fails(READ)) return -1;
    return REAL(preadv2)(fd, count == 1 ? &piece : pieces, count, offset, flags);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    enum call call = fd == STDERR_FILENO ? MESSAGE : WRITE;
    return fails(call) ? -1 : REAL(write)(fd, bytes, shortened(call, length));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    return fails(WRITE) ? -1 : REAL(pwrite64)(fd, bytes, shortened(WRITE, length), offset);
}

int ftruncate64(int fd, off64_t length) {
    return fails(WRITE) ? -1 : REAL(ftruncate64)(fd, length);
}

int fdatasync(int fd) {
    return fails(FSYNC) ? -1 : REAL(fdatasync)(fd);
}

int fsync(int fd) {
    return fails(FSYNC) ? -1 : REAL(fsync)(fd);
}

int fchmod(int fd, mode_t mode) {
    return fails(FCHMOD) ? -1 : REAL(fchmod)(fd, mode);
}

int rename(const char *from, const char *to) {
    return fails(RENAME) ? -1 : REAL(rename)(from, to);
}

int renameat(int from_directory, const char *from, int to_directory, const char *to) {
    return fails(RENAME) ? -1 : REAL(renameat)(from_directory, from, to_directory, to);
}

/* Closes all the same, as Linux does. */
int close(int fd) {
    bool failing = fails(CLOSE);
    int reason = errno, result = REAL(close)(fd);
    if (!failing) return result;
    errno = reason;
    return -1;
}

int fclose(FILE *stream) {
    bool failing = fails(CLOSE);
    int reason = errno, result = REAL(fclose)(stream);
    if (!failing) return result;
    errno = reason;
    return EOF;
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                   void *(*body)(void *), void *restrict context) {
    return fails(THREAD) ? fault_errno : REAL(pthread_create)(thread, attributes, body, context);
}
