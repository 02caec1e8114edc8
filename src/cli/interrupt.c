#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

/* Read by the handler; changed only while the signals are held back. */
static const char *volatile temporary_files[MW_INTERRUPT_FILES];
static volatile sig_atomic_t show_progress;

static bool broken_pipe_ends; /* SIGPIPE had its default action */

static void on_signal(int number) {
    static const char clear_line[] = "\r\x1b[K";
    for (int i = 0; i < MW_INTERRUPT_FILES; i++)
        if (temporary_files[i]) unlink(temporary_files[i]);
    if (show_progress && write(STDERR_FILENO, clear_line, sizeof clear_line - 1) < 0)
        show_progress = 0;
    raise(number); /* the action was reset to the default; it is taken when this returns */
}

void mw_interrupt_install(bool progress) {
    show_progress = progress;
    broken_pipe_ends = signal(SIGPIPE, SIG_IGN) == SIG_DFL;
    for (int i = 0; i < SIGNALS; i++) {
        struct sigaction old, action;
        if (sigaction(signals[i], NULL, &old) != 0 || old.sa_handler == SIG_IGN) continue;
        memset(&action, 0, sizeof action);
        action.sa_handler = on_signal;
        action.sa_flags = (int)SA_RESETHAND;
        sigfillset(&action.sa_mask);
        sigaction(signals[i], &action, NULL);
    }
}

static void change_mask(int how) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < SIGNALS; i++) sigaddset(&set, signals[i]);
    pthread_sigmask(how, &set, NULL);
}

void mw_interrupt_hold(void) {
    change_mask(SIG_BLOCK);
}

/* Puts `made` in the place of `gone`, or either alone. */
static void change_file(const char *gone, const char *made) {
    int place = 0;
    while (place < MW_INTERRUPT_FILES && temporary_files[place] != gone) place++;
    if (place < MW_INTERRUPT_FILES) temporary_files[place] = made;
}

void mw_interrupt_release(const char *gone, const char *made) {
    if (gone || made) change_file(gone, made);
    change_mask(SIG_UNBLOCK);
}

void mw_interrupt_broken_pipe(void) {
    if (!broken_pipe_ends) return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}
