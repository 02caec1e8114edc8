#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

/* Read by the handler; changed only while the signals are held back. */
static const struct mw_output *volatile watched; /* [watched_count] */
static volatile size_t watched_count;
static volatile sig_atomic_t show_progress;

static bool broken_pipe_ends; /* SIGPIPE had its default action */

static void on_signal(int number) {
    static const char clear_line[] = "\r\x1b[K";
    for (size_t i = 0; i < watched_count; i++)
        if (watched[i].made) unlink(watched[i].temporary);
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

void mw_interrupt_release(void) {
    change_mask(SIG_UNBLOCK);
}

void mw_interrupt_watch(const struct mw_output *outputs, size_t count) {
    mw_interrupt_hold();
    watched = outputs;
    watched_count = count;
    mw_interrupt_release();
}

void mw_interrupt_broken_pipe(void) {
    if (!broken_pipe_ends) return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}
