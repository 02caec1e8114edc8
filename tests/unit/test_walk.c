/* Walking a made tree: order, what is passed over, links. */
#include "support.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "read/walk.h"

/* --- A tree and what the walk tells of it ---------------------------------------------------- */

static char directory[PATH_SIZE];

static int make_tree(void **state) {
    (void)state;
    make_directory(directory);
    return 0;
}

static int remove_tree(void **state) {
    (void)state;
    remove_directory(directory);
    return 0;
}

/* Makes a file, or with a '/' at the end a directory, and the directories above it. */
static void make(const char *name) {
    char path[PATH_SIZE];
    join_path(path, directory, name);
    for (char *slash = path + strlen(directory) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    size_t length = strlen(path);
    if (path[length - 1] == '/') return;
    int fd = open(path, O_WRONLY | O_CREAT, 0666);
    assert_true(fd >= 0);
    close(fd);
}

static void make_all(const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) make(names[i]);
}

static void make_link(const char *target, const char *name) {
    char path[PATH_SIZE];
    join_path(path, directory, name);
    assert_int_equal(symlink(target, path), 0);
}

/* What was told, each with a newline: paths below the source. */
struct told {
    struct mw_text files, failed, loops, skipped;
    enum mw_status answer; /* of the event for a file */
};

static void note(struct mw_text *text, const char *path, size_t below) {
    mw_text_print(text, "%s\n", path + below);
}

static enum mw_status on_file(void *context, const char *path, size_t below, struct mw_error *err) {
    struct told *told = context;
    assert_int_equal(strncmp(path, directory, strlen(directory)), 0);
    assert_int_equal(path[below - 1], '/');
    note(&told->files, path, below);
    return told->answer ? mw_error_set(err, told->answer, "enough") : MW_OK;
}

static enum mw_status on_failed(void *context, const char *path, size_t below,
                                const struct mw_error *why, struct mw_error *err) {
    (void)err;
    assert_true(is_one_line(why->message));
    note(&((struct told *)context)->failed, path, below);
    return MW_OK;
}

static enum mw_status on_loop(void *context, const char *path, size_t below, struct mw_error *err) {
    (void)err;
    note(&((struct told *)context)->loops, path, below);
    return MW_OK;
}

static void on_skipped(void *context, const char *path, size_t below, const char *why) {
    assert_true(is_one_line(why));
    note(&((struct told *)context)->skipped, path, below);
}

static enum mw_status walk_as(struct told *told, const char *path,
                              const struct mw_walk_rules *rules, struct mw_error *err) {
    struct mw_walk_events events = {told, on_file, on_failed, on_loop, on_skipped};
    return mw_walk(path, rules, &events, err);
}

static struct told walk(const struct mw_walk_rules *rules) {
    struct told told = {.answer = MW_OK};
    struct mw_error err;
    assert_ok(walk_as(&told, directory, rules, &err), &err);
    return told;
}

static void told_free(struct told *told) {
    mw_text_free(&told->files);
    mw_text_free(&told->failed);
    mw_text_free(&told->loops);
    mw_text_free(&told->skipped);
}

/* The walk finds exactly these files, in this order. */
static void check_files(const struct mw_walk_rules *rules, const char *wanted) {
    struct told told = walk(rules);
    assert_string_equal(text_of(&told.files), wanted);
    told_free(&told);
}

static const struct mw_walk_rules no_rules = {0};

/* --- Order ----------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names around '/' (0x2f) in the order of bytes: ' ' '-' '.' before, '0' 'A' 'a' 0xfc after. */
static const char *const names[] = {
    "a.png",          "a/b.png",     "a-b.png",     "a b.png",    "a0.png",        "a/a/a.png",
    "a/a-.png",       "a/a.png",     "a-/z.png",    "a./z.png",   "a.png.d/x.png", "A.png",
    "b/0.png",        "b/00.png",    "b.tif",       "b/0/1.tiff", "\xfc.png",      "\xc3\xbc.png",
    "\xc3\xbc/a.png", "zz/zz/z.png", "zz/zz-z.png", "zz/zz.png",  "a!/b.png",      "a!.png",
};

/* Joined in the order of the bytes of the whole paths, which is what the walk must give. */
static void sorted_names(struct mw_text *text) {
    const char *sorted[COUNT(names)];
    memcpy(sorted, names, sizeof names);
    qsort(sorted, COUNT(sorted), sizeof sorted[0], compare);
    for (size_t i = 0; i < COUNT(sorted); i++) mw_text_print(text, "%s\n", sorted[i]);
}

TEST(the_order_of_the_walk_is_the_byte_order_of_the_paths) {
    struct mw_text wanted = {0};
    sorted_names(&wanted);
    make_all(names, COUNT(names));
    check_files(&no_rules, text_of(&wanted));
    mw_text_free(&wanted);
}

TEST(the_order_does_not_depend_on_the_order_of_creation) {
    struct mw_text wanted = {0};
    const char *shuffled[COUNT(names)] = {NULL};
    uint64_t seed = 9;
    sorted_names(&wanted);
    for (size_t i = 0; i < COUNT(names); i++) {
        size_t j = random_below(&seed, i + 1);
        shuffled[i] = shuffled[j];
        shuffled[j] = names[i];
    }
    make_all(shuffled, COUNT(shuffled));
    check_files(&no_rules, text_of(&wanted));
    mw_text_free(&wanted);
}

/* More names than one block of a directory's list holds. */
TEST(a_large_directory_is_in_order) {
    struct mw_text wanted = {0};
    for (int i = 999; i >= 0; i--) {
        char name[64];
        snprintf(name, sizeof name, "a-name-that-takes-its-room-%04d.png", i);
        make(name);
    }
    for (int i = 0; i < 1000; i++)
        mw_text_print(&wanted, "a-name-that-takes-its-room-%04d.png\n", i);
    check_files(&no_rules, text_of(&wanted));
    mw_text_free(&wanted);
}

TEST(a_slash_behind_the_source_changes_nothing) {
    struct told told = {.answer = MW_OK};
    struct mw_error err;
    char path[PATH_SIZE + 1];
    make("d/a.png");
    snprintf(path, sizeof path, "%s/", directory);
    assert_ok(walk_as(&told, path, &no_rules, &err), &err);
    assert_string_equal(text_of(&told.files), "d/a.png\n");
    told_free(&told);
}

TEST(an_empty_directory_has_no_file) {
    make("empty/");
    check_files(&no_rules, "");
}

/* --- What is passed over --------------------------------------------------------------------- */

TEST(hidden_files_and_other_suffixes_are_skipped_and_told) {
    static const char *const all[] = {".hidden.png", ".git/a.png", "a.jpg", "a.txt", "b",
                                      "c.PNG",       "d.Tiff",     "e.tif", "png",   "d/.x.png",
                                      "d/y.png",     "z.png.txt",  "z.png"};
    make_all(all, COUNT(all));
    struct told told = walk(&no_rules);
    assert_string_equal(text_of(&told.files), "c.PNG\nd.Tiff\nd/y.png\ne.tif\nz.png\n");
    static const char *const skipped[] = {".hidden.png\n", "a.jpg\n",    "a.txt\n",    "b\n",
                                          "png\n",         "d/.x.png\n", "z.png.txt\n"};
    size_t length = 0;
    for (size_t i = 0; i < COUNT(skipped); i++) {
        assert_non_null(strstr(text_of(&told.skipped), skipped[i]));
        length += strlen(skipped[i]);
    }
    assert_int_equal(told.skipped.length, length); /* and nothing else */
    told_free(&told);
}

TEST(what_is_neither_file_nor_directory_is_skipped) {
    char path[PATH_SIZE];
    join_path(path, directory, "pipe.png");
    assert_int_equal(mkfifo(path, 0666), 0);
    make("a.png");
    struct told told = walk(&no_rules);
    assert_string_equal(text_of(&told.files), "a.png\n");
    assert_string_equal(text_of(&told.skipped), "pipe.png\n");
    told_free(&told);
}

/* The document that is being written lies in the source: neither taken nor counted as skipped. */
TEST(the_output_is_no_input) {
    struct stat info;
    char path[PATH_SIZE];
    make("a.png");
    make("out.png");
    join_path(path, directory, "out.png");
    assert_int_equal(stat(path, &info), 0);
    struct mw_file_id output = {info.st_dev, info.st_ino};
    struct mw_walk_rules rules = {.output = &output, .output_count = 1};
    struct told told = walk(&rules);
    assert_string_equal(text_of(&told.files), "a.png\n");
    assert_string_equal(text_of(&told.skipped), "");
    told_free(&told);
}

/* --- Globs ----------------------------------------------------------------------------------- */

static const char *const cityscapes[] = {
    "aachen/a_labelIds.png", "aachen/a_color.png",      "bonn/b_labelIds.png",
    "bonn/b_color.png",      "bonn/old/c_labelIds.png", "top_labelIds.png",
};

static void check_globs(const char *const *include, size_t include_count,
                        const char *const *exclude, size_t exclude_count, const char *wanted) {
    struct mw_walk_rules rules = {.include = include,
                                  .include_count = include_count,
                                  .exclude = exclude,
                                  .exclude_count = exclude_count};
    check_files(&rules, wanted);
}

#define GLOBS(...) (const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__}))

TEST(globs_are_on_the_path_below_the_source) {
    make_all(cityscapes, COUNT(cityscapes));
    check_globs(GLOBS("*_labelIds.png"), NULL, 0,
                "aachen/a_labelIds.png\nbonn/b_labelIds.png\nbonn/old/c_labelIds.png\n"
                "top_labelIds.png\n");
    check_globs(GLOBS("aachen/*", "*_color.png"), NULL, 0,
                "aachen/a_color.png\naachen/a_labelIds.png\nbonn/b_color.png\n");
    check_globs(GLOBS("a_labelIds.png"), NULL, 0, "");
    check_globs(NULL, 0, GLOBS("*_color.png"),
                "aachen/a_labelIds.png\nbonn/b_labelIds.png\nbonn/old/c_labelIds.png\n"
                "top_labelIds.png\n");
    check_globs(GLOBS("*_labelIds.png"), GLOBS("bonn/*"),
                "aachen/a_labelIds.png\ntop_labelIds.png\n");
    check_globs(GLOBS("bonn/?_label*.png", "top[_-]*"), NULL, 0,
                "bonn/b_labelIds.png\ntop_labelIds.png\n");
}

/* What is in an excluded directory is not even skipped: nobody looked. */
TEST(an_excluded_directory_is_not_entered) {
    make_all(cityscapes, COUNT(cityscapes));
    static const char *const exclude[] = {"bonn"};
    struct mw_walk_rules rules = {.exclude = exclude, .exclude_count = 1};
    struct told told = walk(&rules);
    assert_string_equal(text_of(&told.files),
                        "aachen/a_color.png\naachen/a_labelIds.png\ntop_labelIds.png\n");
    assert_string_equal(text_of(&told.skipped), "");
    told_free(&told);
}

TEST(files_that_globs_leave_out_are_told) {
    make_all(cityscapes, COUNT(cityscapes));
    static const char *const include[] = {"*_labelIds.png"}, *const exclude[] = {"top*"};
    struct mw_walk_rules rules = {include, 1, exclude, 1, NULL, false, NULL, 0};
    struct told told = walk(&rules);
    static const char *const skipped[] = {"aachen/a_color.png\n", "bonn/b_color.png\n",
                                          "top_labelIds.png\n"};
    for (size_t i = 0; i < COUNT(skipped); i++)
        assert_non_null(strstr(text_of(&told.skipped), skipped[i]));
    told_free(&told);
}

/* --- Links ----------------------------------------------------------------------------------- */

static const struct mw_walk_rules follow = {.follow = true};

TEST(links_are_followed_only_when_asked) {
    make("real/a.png");
    make("b.png");
    make_link("real", "linked");
    make_link("b.png", "c.png");
    struct told told = walk(&no_rules);
    assert_string_equal(text_of(&told.files), "b.png\nreal/a.png\n");
    assert_non_null(strstr(text_of(&told.skipped), "linked\n"));
    assert_non_null(strstr(text_of(&told.skipped), "c.png\n"));
    told_free(&told);
    check_files(&follow, "b.png\nc.png\nlinked/a.png\nreal/a.png\n");
}

/* A link to a directory is ordered as a directory. */
TEST(linked_directories_are_in_order) {
    make("real/x.png");
    make("a-b.png");
    make("a0.png");
    make_link("real", "a");
    check_files(&follow, "a-b.png\na/x.png\na0.png\nreal/x.png\n");
}

TEST(loops_end_and_are_told) {
    make("d/e/a.png");
    make_link("..", "d/up");
    make_link("../..", "d/e/top");
    make_link(".", "here");
    struct told told = walk(&follow);
    assert_string_equal(text_of(&told.files), "d/e/a.png\n");
    static const char *const loops[] = {"d/e/top/\n", "d/up/\n", "here/\n"};
    for (size_t i = 0; i < COUNT(loops); i++) {
        char without_slash[32];
        snprintf(without_slash, sizeof without_slash, "%.*s\n", (int)strlen(loops[i]) - 2,
                 loops[i]);
        assert_true(strstr(text_of(&told.loops), loops[i]) ||
                    strstr(text_of(&told.loops), without_slash));
    }
    assert_string_equal(text_of(&told.failed), "");
    told_free(&told);
}

TEST(a_link_to_itself_is_told) {
    make("a.png");
    make_link("self.png", "self.png");
    struct told told = walk(&follow);
    assert_string_equal(text_of(&told.files), "a.png\n");
    assert_string_equal(text_of(&told.failed), "self.png\n");
    told_free(&told);
}

TEST(a_link_that_leads_nowhere_is_told) {
    make("a.png");
    make_link("gone.png", "b.png");
    struct told told = walk(&follow);
    assert_string_equal(text_of(&told.files), "a.png\n");
    assert_string_equal(text_of(&told.failed), "b.png\n");
    told_free(&told);
}

/* Two links to one directory are no loop: its masks are there twice. */
TEST(two_links_to_one_directory_are_no_loop) {
    make("real/a.png");
    make_link("real", "one");
    make_link("real", "two");
    struct told told = walk(&follow);
    assert_string_equal(text_of(&told.files), "one/a.png\nreal/a.png\ntwo/a.png\n");
    assert_string_equal(text_of(&told.loops), "");
    told_free(&told);
}

/* --- Failures -------------------------------------------------------------------------------- */

TEST(a_directory_that_cannot_be_read_is_told_and_the_walk_goes_on) {
    char path[PATH_SIZE];
    make("a.png");
    make("locked/b.png");
    make("z.png");
    join_path(path, directory, "locked");
    assert_int_equal(chmod(path, 0), 0);
    bool readable = access(path, R_OK) == 0;
    struct told told = walk(&no_rules);
    assert_int_equal(chmod(path, 0777), 0);
    if (!readable) {
        assert_string_equal(text_of(&told.files), "a.png\nz.png\n");
        assert_int_equal(strncmp(text_of(&told.failed), "locked", 6), 0);
    }
    told_free(&told);
    if (readable) {
        print_message("skipped: this user may read every directory\n");
        skip();
    }
}

TEST(a_source_that_is_not_there_is_told) {
    struct told told = {.answer = MW_OK};
    struct mw_error err;
    char path[PATH_SIZE];
    join_path(path, directory, "gone");
    assert_ok(walk_as(&told, path, &no_rules, &err), &err);
    assert_string_equal(text_of(&told.files), "");
    assert_string_equal(text_of(&told.failed), "\n");
    told_free(&told);
}

TEST(an_event_ends_the_walk) {
    struct told told = {.answer = MW_LIMIT};
    struct mw_error err;
    make("a.png");
    make("b.png");
    make("c/d.png");
    assert_fails(walk_as(&told, directory, &no_rules, &err), MW_LIMIT, "enough", &err);
    assert_string_equal(text_of(&told.files), "a.png\n");
    told_free(&told);
}

#define WALK_TEST(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)

int main(void) {
    const struct CMUnitTest tests[] = {
        WALK_TEST(the_order_of_the_walk_is_the_byte_order_of_the_paths),
        WALK_TEST(the_order_does_not_depend_on_the_order_of_creation),
        WALK_TEST(a_large_directory_is_in_order),
        WALK_TEST(a_slash_behind_the_source_changes_nothing),
        WALK_TEST(an_empty_directory_has_no_file),
        WALK_TEST(hidden_files_and_other_suffixes_are_skipped_and_told),
        WALK_TEST(what_is_neither_file_nor_directory_is_skipped),
        WALK_TEST(the_output_is_no_input),
        WALK_TEST(globs_are_on_the_path_below_the_source),
        WALK_TEST(an_excluded_directory_is_not_entered),
        WALK_TEST(files_that_globs_leave_out_are_told),
        WALK_TEST(links_are_followed_only_when_asked),
        WALK_TEST(linked_directories_are_in_order),
        WALK_TEST(loops_end_and_are_told),
        WALK_TEST(a_link_to_itself_is_told),
        WALK_TEST(a_link_that_leads_nowhere_is_told),
        WALK_TEST(two_links_to_one_directory_are_no_loop),
        WALK_TEST(a_directory_that_cannot_be_read_is_told_and_the_walk_goes_on),
        WALK_TEST(a_source_that_is_not_there_is_told),
        WALK_TEST(an_event_ends_the_walk),
    };
    return RUN_TESTS(tests);
}
