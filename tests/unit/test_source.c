/* What a source is, which sources may stand beside each other, and lists of paths. */
#include "support.h"

#include <sys/stat.h>

#include "read/source.h"

static char directory[PATH_SIZE];

static int setup(void **state) {
    (void)state;
    make_directory(directory);
    return chdir(directory);
}

static int teardown(void **state) {
    (void)state;
    if (chdir("/")) return -1;
    remove_directory(directory);
    return 0;
}

static void make_file(const char *name, const char *text) {
    char path[PATH_SIZE];
    write_file(path, directory, name, text, strlen(text));
}

static void make_folder(const char *name) {
    assert_int_equal(mkdir(name, 0777), 0);
}

/* --- Kinds ----------------------------------------------------------------------------------- */

static void check_kind(const char *path, enum mw_source_kind kind) {
    struct mw_source *sources;
    struct mw_error err;
    assert_ok(mw_sources_resolve(&path, 1, 0, &sources, &err), &err);
    assert_int_equal(sources[0].kind, kind);
    assert_string_equal(sources[0].path, path);
    mw_sources_free(sources, 1);
}

TEST(a_source_is_known_by_what_it_is) {
    make_folder("masks");
    make_folder("folder.json");
    make_file("a.png", "\x89PNG\r\n\x1a\n");
    make_file("counts.json", "{\"maskweight\": \"1\"}");
    make_file("counts.txt", " \t\r\n {");
    make_file("list.json", "[1.0]");
    make_file("empty.json", "");
    check_kind("masks", MW_SOURCE_DIRECTORY);
    check_kind("masks/", MW_SOURCE_DIRECTORY);
    check_kind("folder.json", MW_SOURCE_DIRECTORY);
    check_kind("a.png", MW_SOURCE_FILE);
    check_kind("counts.json", MW_SOURCE_DOCUMENT);
    check_kind("counts.txt", MW_SOURCE_DOCUMENT); /* the content decides */
    check_kind("list.json", MW_SOURCE_FILE);
    check_kind("empty.json", MW_SOURCE_FILE);
}

/* Puts a file in the place of standard input. */
static void redirect_stdin(const char *name, const char *text) {
    char path[PATH_SIZE];
    write_file(path, directory, name, text, strlen(text));
    assert_non_null(freopen(path, "rb", stdin));
}

TEST(standard_input_is_known_by_its_content) {
    static const struct {
        const char *text;
        enum mw_source_kind kind;
    } cases[] = {{"\x89PNG\r\n", MW_SOURCE_STDIN},
                 {"\n {\"maskweight\"", MW_SOURCE_DOCUMENT},
                 {"", MW_SOURCE_STDIN}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_source *sources;
        struct mw_error err;
        const char *path = "-";
        redirect_stdin("input", cases[i].text);
        assert_ok(mw_sources_resolve(&path, 1, 0, &sources, &err), &err);
        assert_int_equal(sources[0].kind, cases[i].kind);
        assert_string_equal(text_of(&sources[0].content), cases[i].text);
        assert_null(sources[0].real);
        mw_sources_free(sources, 1);
    }
}

/* --- Sources beside each other --------------------------------------------------------------- */

#define PATHS(...) (const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__}))

static void check_refused(const char *part, const char *other, enum mw_status status,
                          const char *const *paths, size_t count) {
    struct mw_source *sources;
    struct mw_error err;
    assert_fails(mw_sources_resolve(paths, count, 0, &sources, &err), status, part, &err);
    assert_non_null(strstr(err.message, other));
    mw_sources_free(sources, count);
}

static void make_sources(void) {
    make_folder("train");
    make_folder("train/a");
    make_folder("train-2");
    make_folder("val");
    make_file("train/a/1.png", "x");
    make_file("val/1.png", "x");
    make_file("counts.json", "{}");
    assert_int_equal(symlink("train", "link"), 0);
}

TEST(the_same_source_twice_is_refused) {
    make_sources();
    check_refused("same", "train", MW_USAGE, PATHS("train", "train"));
    check_refused("same", "./train", MW_USAGE, PATHS("train", "./train"));
    check_refused("same", "val/../train/", MW_USAGE, PATHS("val/../train/", "train"));
    check_refused("same", "link", MW_USAGE, PATHS("link", "train"));
    check_refused("same", "val/1.png", MW_USAGE, PATHS("val/1.png", "train", "./val/1.png"));
    check_refused("same", "counts.json", MW_USAGE, PATHS("counts.json", "counts.json"));
}

TEST(a_source_inside_another_is_refused_in_any_order) {
    make_sources();
    check_refused("train/a is inside train", "twice", MW_USAGE, PATHS("train", "train/a"));
    check_refused("train/a is inside train", "twice", MW_USAGE, PATHS("train/a", "val", "train"));
    check_refused("train/a/1.png is inside train", "twice", MW_USAGE,
                  PATHS("train/a/1.png", "train"));
    check_refused("train/a/1.png is inside link", "twice", MW_USAGE,
                  PATHS("link", "train/a/1.png"));
    check_refused("is inside .", "train", MW_USAGE, PATHS("train", "."));
    check_refused("is inside /", "train", MW_USAGE, PATHS("train", "/"));
}

TEST(names_that_only_begin_alike_are_no_overlap) {
    struct mw_source *sources;
    struct mw_error err;
    static const char *const paths[] = {"train", "train-2", "val", "counts.json"};
    make_sources();
    assert_ok(mw_sources_resolve(paths, COUNT(paths), 0, &sources, &err), &err);
    for (size_t i = 0; i < COUNT(paths); i++) assert_string_equal(sources[i].path, paths[i]);
    mw_sources_free(sources, COUNT(paths));
}

/* Hard links are separate masks. */
TEST(hard_links_are_separate) {
    struct mw_source *sources;
    struct mw_error err;
    static const char *const paths[] = {"a.png", "b.png"};
    make_file("a.png", "x");
    assert_int_equal(link("a.png", "b.png"), 0);
    assert_ok(mw_sources_resolve(paths, COUNT(paths), 0, &sources, &err), &err);
    mw_sources_free(sources, COUNT(paths));
}

TEST(what_is_not_there_is_named) {
    make_sources();
    check_refused("gone", "No such file", MW_IO, PATHS("train", "gone"));
    check_refused("train/gone.png", "No such file", MW_IO, PATHS("train/gone.png"));
    check_refused("empty name", "source", MW_USAGE, PATHS(""));
}

TEST(standard_input_twice_is_refused) {
    redirect_stdin("input", "x");
    check_refused("twice", "-", MW_USAGE, PATHS("-", "-"));
}

TEST(a_pipe_is_refused_without_waiting) {
    assert_int_equal(mkfifo("pipe.png", 0666), 0);
    check_refused("pipe.png", "use -", MW_USAGE, PATHS("pipe.png"));
}

/* --- Lists ----------------------------------------------------------------------------------- */

/* The paths of a list with these bytes, each with '|' behind it, and the last status. */
static enum mw_status read_list(const char *bytes, size_t length, bool null, struct mw_text *paths,
                                struct mw_error *err) {
    struct mw_list *list;
    char name[PATH_SIZE];
    write_file(name, directory, "list", bytes, length);
    assert_ok(mw_list_open(&list, "list", null, err), err);
    for (;;) {
        const char *path;
        enum mw_status status = mw_list_next(list, &path, err);
        if (status || !path) {
            mw_list_close(list);
            return status;
        }
        mw_text_print(paths, "%s|", path);
    }
}

static void check_list(const char *bytes, size_t length, bool null, const char *wanted) {
    struct mw_text paths = {0};
    struct mw_error err;
    assert_ok(read_list(bytes, length, null, &paths, &err), &err);
    assert_string_equal(text_of(&paths), wanted);
    mw_text_free(&paths);
}

#define BYTES(text) text, sizeof(text) - 1

TEST(a_list_is_one_path_a_line) {
    check_list(BYTES("a.png\nb c.png\n"), false, "a.png|b c.png|");
    check_list(BYTES("a.png\nb.png"), false, "a.png|b.png|"); /* no final newline */
    check_list(BYTES(""), false, "");
    check_list(BYTES(" a.png \n#b\n"), false, " a.png |#b|");
    check_list(BYTES("m\xfcll.png\n"), false, "m\xfcll.png|");
}

TEST(a_list_of_nuls_may_hold_newlines) {
    check_list(BYTES("a.png\0b\nc.png\0"), true, "a.png|b\nc.png|");
    check_list(BYTES("a.png\0b.png"), true, "a.png|b.png|"); /* no final NUL */
}

static void check_bad_list(const char *bytes, size_t length, bool null, const char *before,
                           const char *part) {
    struct mw_text paths = {0};
    struct mw_error err;
    assert_fails(read_list(bytes, length, null, &paths, &err), MW_USAGE, part, &err);
    assert_non_null(strstr(err.message, "list"));
    assert_string_equal(text_of(&paths), before);
    mw_text_free(&paths);
}

TEST(mistakes_in_a_list_are_told_with_their_line) {
    check_bad_list(BYTES("a.png\n\nb.png\n"), false, "a.png|", "line 2");
    check_bad_list(BYTES("\n"), false, "", "line 1");
    check_bad_list(BYTES("a.png\nb.png\0c.png\n"), false, "a.png|", "line 2");
    check_bad_list(BYTES("a.png\0b.png\0"), false, "", "NUL");
    check_bad_list(BYTES("a.png\0\0b.png\0"), true, "a.png|", "2");
}

TEST(lists_that_cannot_be_opened_are_named) {
    struct mw_list *list;
    struct mw_error err;
    make_folder("folder");
    assert_fails(mw_list_open(&list, "gone.txt", false, &err), MW_IO, "gone.txt", &err);
    mw_list_close(list);
    assert_fails(mw_list_open(&list, "folder", false, &err), MW_USAGE, "folder", &err);
    mw_list_close(list);
}

/* A path of a list that a source holds already would count twice. */
TEST(paths_of_a_list_may_not_lie_in_a_source) {
    static const char *const paths[] = {"train", "val/1.png"};
    static const struct {
        const char *path;
        bool allowed;
    } cases[] = {{"train/a/1.png", false},   {"train-2/1.png", true},
                 {"./train/a/1.png", false}, {"link/a/1.png", false},
                 {"val/1.png", false},       {"val/2.png", true},
                 {"no/such/1.png", true},    {"val/../train/a/1.png", false}};
    struct mw_source *sources;
    struct mw_list *list;
    struct mw_error err;
    char name[PATH_SIZE];
    make_sources();
    write_file(name, directory, "list", "x", 1);
    assert_ok(mw_sources_resolve(paths, COUNT(paths), 0, &sources, &err), &err);
    assert_ok(mw_list_open(&list, "list", false, &err), &err);
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum mw_status status =
            mw_list_check_path(list, cases[i].path, sources, COUNT(paths), &err);
        if (cases[i].allowed) assert_ok(status, &err);
        else assert_fails(status, MW_USAGE, cases[i].path, &err);
        assert_ok(mw_list_check_path(list, cases[i].path, NULL, 0, &err), &err);
    }
    mw_list_close(list);
    mw_sources_free(sources, COUNT(paths));
}

TEST(a_list_may_come_on_standard_input) {
    struct mw_list *list;
    struct mw_error err;
    const char *path;
    redirect_stdin("input", "a.png\n\n");
    assert_ok(mw_list_open(&list, "-", false, &err), &err);
    assert_ok(mw_list_next(list, &path, &err), &err);
    assert_string_equal(path, "a.png");
    assert_fails(mw_list_next(list, &path, &err), MW_USAGE, "standard input", &err);
    mw_list_close(list);
}

#define SOURCE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        SOURCE_TEST(a_source_is_known_by_what_it_is),
        SOURCE_TEST(standard_input_is_known_by_its_content),
        SOURCE_TEST(the_same_source_twice_is_refused),
        SOURCE_TEST(a_source_inside_another_is_refused_in_any_order),
        SOURCE_TEST(names_that_only_begin_alike_are_no_overlap),
        SOURCE_TEST(hard_links_are_separate),
        SOURCE_TEST(what_is_not_there_is_named),
        SOURCE_TEST(standard_input_twice_is_refused),
        SOURCE_TEST(a_pipe_is_refused_without_waiting),
        SOURCE_TEST(a_list_is_one_path_a_line),
        SOURCE_TEST(a_list_of_nuls_may_hold_newlines),
        SOURCE_TEST(mistakes_in_a_list_are_told_with_their_line),
        SOURCE_TEST(lists_that_cannot_be_opened_are_named),
        SOURCE_TEST(paths_of_a_list_may_not_lie_in_a_source),
        SOURCE_TEST(a_list_may_come_on_standard_input),
    };
    return RUN_TESTS(tests);
}
