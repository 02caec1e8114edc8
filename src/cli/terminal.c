#include "cli/terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/bytes.h"

static const char program[] = "maskweight: ";
static const char clear_line[] = "\r\x1b[K";

static bool environment_set(const char *name) {
    const char *value = getenv(name);
    return value && value[0] != '\0';
}

static bool is_terminal(void) {
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
}

static bool decide_color(enum mw_when when) {
    if (when != MW_WHEN_AUTO) return when == MW_WHEN_ALWAYS;
    if (environment_set("NO_COLOR")) return false;
    const char *force = getenv("CLICOLOR_FORCE");
    if (force && force[0] && strcmp(force, "0") != 0) return true;
    return is_terminal();
}

void mw_terminal_init(struct mw_terminal *terminal, const struct mw_settings *settings) {
    bool quiet = settings->quiet > 0;
    bool shown = is_terminal() && !environment_set("CI");
    if (settings->progress != MW_WHEN_AUTO) shown = settings->progress == MW_WHEN_ALWAYS;
    bool table_on_terminal = settings->writer == &mw_writer_table && !settings->output &&
                             isatty(STDOUT_FILENO);
    *terminal = (struct mw_terminal){
        .progress = shown && !quiet,
        .color = decide_color(settings->color),
        .summary = isatty(STDERR_FILENO) && !quiet && !table_on_terminal,
        .warnings = settings->quiet <= 1,
        .verbose = settings->verbose != 0 && !quiet,
    };
    clock_gettime(CLOCK_MONOTONIC, &terminal->start);
}

/* One write, so that lines of several threads do not mix. Names of classes and rules are no commands
 * either. */
static void send_text(struct mw_text *text) {
    struct mw_error ignored; /* nobody is left to tell */
    for (size_t i = 0; !text->failed && i < text->length; i++)
        if (mw_text_is_command(text->data + i)) text->data[i] = '?';
    if (!text->failed && mw_bytes_write(STDERR_FILENO, text->data, text->length, &ignored))
        text->failed = true;
    mw_text_free(text);
}

static void begin_line(const struct mw_terminal *terminal, struct mw_text *text) {
    mw_text_print(text, "%s%s", terminal->progress ? clear_line : "", program);
}

static void add_word(const struct mw_terminal *terminal, struct mw_text *text, const char *color,
                     const char *word) {
    if (terminal->color) mw_text_print(text, "\x1b[%sm%s\x1b[0m", color, word);
    else mw_text_print(text, "%s", word);
}

/* Needs no memory, so that its lack can be told. */
void mw_terminal_error(const struct mw_terminal *terminal, const char *message) {
    char line[sizeof(struct mw_error) + 64];
    struct mw_error ignored; /* nobody is left to tell */
    int length = snprintf(line, sizeof line, "%s%s%s %s\n", terminal->progress ? clear_line : "",
                          program, terminal->color ? "\x1b[1;31merror:\x1b[0m" : "error:", message);
    if (length > 0 && (size_t)length < sizeof line &&
        mw_bytes_write(STDERR_FILENO, line, (size_t)length, &ignored))
        return;
}

void mw_terminal_failure(const struct mw_terminal *terminal, const char *path,
                         const char *message) {
    struct mw_text text = {0};
    begin_line(terminal, &text);
    mw_text_add_path(&text, path);
    mw_text_print(&text, ": ");
    add_word(terminal, &text, "1;31", "error:");
    mw_text_print(&text, " %s\n", message);
    send_text(&text);
}

void mw_terminal_more_failures(const struct mw_terminal *terminal, uint64_t count) {
    struct mw_text text = {0};
    begin_line(terminal, &text);
    mw_text_print(&text, "... and %" PRIu64 " more: -v names them all\n", count);
    send_text(&text);
}

void mw_terminal_note(const struct mw_terminal *terminal, const char *message) {
    struct mw_text text = {0};
    begin_line(terminal, &text);
    mw_text_print(&text, "%s\n", message);
    send_text(&text);
}

void mw_terminal_skipped(const struct mw_terminal *terminal, const char *path, const char *why) {
    if (!terminal->verbose) return;
    struct mw_text text = {0};
    begin_line(terminal, &text);
    mw_text_add_path(&text, path);
    mw_text_print(&text, ": skipped: %s\n", why);
    send_text(&text);
}

static size_t screen_columns(void) {
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
    return 80;
}

static double seconds_since(const struct timespec *start) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

void mw_terminal_progress(const struct mw_terminal *terminal, const struct mw_progress *progress) {
    if (!terminal->progress) return;
    double seconds = seconds_since(&terminal->start);
    struct mw_text text = {0};
    mw_text_print(&text, "%" PRIu64 " masks, %.0f files/s, %.1f MB", progress->masks,
                  seconds > 0 ? (double)progress->files / seconds : 0,
                  (double)progress->bytes / 1e6);
    if (progress->failures) mw_text_print(&text, ", %" PRIu64 " failed", progress->failures);
    mw_text_print(&text, "  ");
    mw_text_add_path(&text, progress->directory[0] ? progress->directory : ".");
    size_t length = text.length, columns = screen_columns() - 1;
    while (length > 0 && !text.failed) { /* cut at the end of a character */
        bool boundary = length == text.length || ((unsigned char)text.data[length] & 0xc0) != 0x80;
        if (length <= columns && boundary) break;
        length--;
    }
    struct mw_text line = {0};
    if (!text.failed) mw_text_print(&line, "%s%.*s", clear_line, (int)length, text.data);
    mw_text_free(&text);
    if (line.data) send_text(&line);
}

void mw_terminal_clear(const struct mw_terminal *terminal) {
    struct mw_text text = {0};
    if (!terminal->progress) return;
    mw_text_print(&text, "%s", clear_line);
    send_text(&text);
}

static void add_reached(struct mw_text *text, const struct mw_place *place,
                        const struct mw_survey *survey) {
    struct mw_text path = {0};
    mw_survey_add_reached(survey, place, &path);
    if (path.failed) text->failed = true;
    else mw_text_add_path(text, path.data);
    mw_text_free(&path);
}

static void add_places(struct mw_text *text, const struct mw_finding *finding,
                       const struct mw_survey *survey) {
    if (!finding->first || finding->first->kept == 0) return;
    mw_text_print(text, ": ");
    const struct mw_place *place = &finding->first->places[0];
    add_reached(text, place, survey);
    if (place->message && finding->code != MW_UNREADABLE) /* that is told */
        mw_text_print(text, " (%s)", place->message);
    if (finding->count > 1) mw_text_print(text, " and %" PRIu64 " more", finding->count - 1);
}

static bool shows(const struct mw_terminal *terminal, enum mw_severity severity) {
    if (severity == MW_SEVERITY_ERROR) return true;
    return severity == MW_WARNING ? terminal->warnings : terminal->verbose;
}

void mw_terminal_findings(const struct mw_terminal *terminal, const struct mw_findings *findings,
                          const struct mw_survey *survey) {
    for (size_t i = 0; i < findings->count; i++) {
        const struct mw_finding *finding = &findings->list[i];
        const struct mw_finding_kind *kind = &mw_finding_kinds[finding->code];
        if (!shows(terminal, finding->severity) || mw_findings_repeat(findings, finding)) continue;
        struct mw_text text = {0};
        begin_line(terminal, &text);
        if (finding->severity == MW_SEVERITY_ERROR) add_word(terminal, &text, "1;31", "broken:");
        else if (finding->severity == MW_WARNING) add_word(terminal, &text, "1;33", "warning:");
        else mw_text_print(&text, "info:");
        mw_text_print(&text, " %s", finding->message);
        add_places(&text, finding, survey);
        mw_text_print(&text, " [%s]\n", kind->code);
        send_text(&text);
    }
}

void mw_terminal_summary(const struct mw_terminal *terminal, const struct mw_report *report) {
    struct mw_text text = {0};
    struct mw_error ignored;
    if (!terminal->summary) return;
    struct mw_report summary = *report;
    summary.summary = true;
    summary.foreground_only = false;
    if (mw_report_write(&summary, &mw_writer_table, &text, &ignored)) text.failed = true;
    send_text(&text);
}
