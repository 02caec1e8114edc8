/* Messages that are one safe line, and lists that keep the least places. */
#include "support.h"

#include <errno.h>

#include "base/finding.h"

/* --- Errors ---------------------------------------------------------------------------------- */

TEST(an_error_is_its_status_and_its_message) {
    struct mw_error err;
    assert_int_equal(mw_error_set(&err, MW_LIMIT, "%d of %s", 3, "four"), MW_LIMIT);
    assert_int_equal(err.status, MW_LIMIT);
    assert_string_equal(err.message, "3 of four");
    assert_int_equal(mw_error_memory(&err), MW_NO_MEMORY);
    assert_int_equal(err.status, MW_NO_MEMORY);
    assert_string_equal(err.message, "out of memory");
}

TEST(a_failed_system_call_is_told_with_its_reason) {
    struct mw_error err;
    assert_int_equal(mw_error_system(&err, ENOENT, "%s", "a.png"), MW_IO);
    assert_string_equal(err.message, "a.png: No such file or directory");
    assert_int_equal(mw_error_system(&err, ENOMEM, "a.png"), MW_NO_MEMORY);
    assert_int_equal(err.status, MW_NO_MEMORY);
    assert_int_equal(mw_error_system(&err, 99999, "a.png"), MW_IO);
    assert_non_null(strstr(err.message, "99999"));
}

TEST(control_bytes_are_replaced) {
    struct mw_error err;
    mw_error_set(&err, MW_BROKEN, "%s", "a\nb\x1b[31m\tc\x7f\r m\xc3\xbcll");
    assert_string_equal(err.message, "a?b?[31m?c?? m\xc3\xbcll");
    mw_error_system(&err, ENOENT, "%s", "a\nb");
    assert_string_equal(err.message, "a?b: No such file or directory");
    mw_error_set(&err, MW_BROKEN, "broken");
    mw_error_prefix(&err, "%s", "a\nb");
    assert_string_equal(err.message, "a?b: broken");
}

TEST(a_prefix_stands_before_the_message) {
    struct mw_error err;
    mw_error_set(&err, MW_BROKEN, "broken");
    mw_error_prefix(&err, "page %d", 2);
    mw_error_prefix(&err, "%s", "a.tif");
    assert_string_equal(err.message, "a.tif: page 2: broken");
    assert_int_equal(err.status, MW_BROKEN);
}

TEST(a_message_that_is_too_long_is_cut) {
    struct mw_error err;
    char text[2 * sizeof err.message];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    mw_error_set(&err, MW_BROKEN, "%s", text);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    mw_error_system(&err, ENOENT, "%s", text);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

/* Prefixes and messages of every length around the size: one line, that begins with the prefix where
 * it fits, and never a byte beyond the end. */
TEST(a_prefix_cuts_the_message_and_not_itself) {
    enum { SIZE = sizeof((struct mw_error *)0)->message };
    char letters[SIZE + 8];
    memset(letters, 'p', sizeof letters);
    for (int prefix = 0; prefix < SIZE + 4; prefix += prefix < 8 || prefix > SIZE - 12 ? 1 : 97)
        for (int length = 1; length < SIZE + 4;
             length += length < 4 || length > SIZE - 12 ? 1 : 97) {
            struct {
                struct mw_error err;
                char guard;
            } guarded = {.guard = 'g'};
            char text[SIZE + 8];
            memset(text, 'm', sizeof text);
            mw_error_set(&guarded.err, MW_BROKEN, "%.*s", length, text);
            mw_error_prefix(&guarded.err, "%.*s", prefix, letters);
            const char *message = guarded.err.message;
            assert_int_equal(guarded.guard, 'g');
            assert_true(strlen(message) < SIZE);
            if (prefix + 3 > SIZE) continue;
            assert_int_equal(strspn(message, "p"), prefix);
            assert_int_equal(strncmp(message + prefix, ": ", 2), 0);
            int room = SIZE - 1 - prefix - 2;
            int whole = length < SIZE - 1 ? length : SIZE - 1;
            assert_int_equal(strlen(message + prefix + 2), whole < room ? whole : room);
        }
}

/* --- Kinds of findings ----------------------------------------------------------------------- */

TEST(every_finding_has_a_name_of_its_own) {
    for (size_t i = 0; i < MW_FINDING_CODES; i++) {
        const struct mw_finding_kind *kind = &mw_finding_kinds[i];
        assert_true(kind->code && *kind->code);
        assert_int_equal(strspn(kind->code, "abcdefghijklmnopqrstuvwxyz-"), strlen(kind->code));
        assert_true(kind->meaning && is_one_line(kind->meaning));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(kind->code, mw_finding_kinds[j].code);
    }
    assert_string_equal(mw_severity_name(MW_INFO), "info");
    assert_string_equal(mw_severity_name(MW_WARNING), "warning");
    assert_string_equal(mw_severity_name(MW_SEVERITY_ERROR), "error");
}

/* --- Places ---------------------------------------------------------------------------------- */

enum { LIMIT = 5, PLACES = 40, PARTS = 4 };

/* Place number i of a made-up dataset; some paths are equal in different sources, some wholly. */
static void add_place(struct mw_place_list *list, size_t number) {
    static const char *const paths[] = {"b", "a/b", "a-b", "a", "m\xfcll", "c", "a/b/c"};
    struct mw_error err;
    char path[32];
    snprintf(path, sizeof path, "%s%zu", paths[number % COUNT(paths)], number % 4);
    assert_ok(mw_places_add(list, (uint32_t)(number % 3), path, number % 5 ? "broken" : NULL, &err),
              &err);
}

static void assert_lists_equal(struct mw_place_list *a, struct mw_place_list *b) {
    mw_places_sort(a);
    mw_places_sort(b);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->kept, b->kept);
    for (size_t i = 0; i < a->kept; i++) {
        assert_string_equal(a->places[i].path, b->places[i].path);
        assert_int_equal(a->places[i].source, b->places[i].source);
        assert_int_equal(!a->places[i].message, !b->places[i].message);
    }
}

/* Whether the places of `list` are the first ones of `whole`, of which it has `kept`. */
static void assert_begins(struct mw_place_list *list, struct mw_place_list *whole, size_t kept) {
    mw_places_sort(whole);
    struct mw_place_list cut = *whole;
    cut.kept = cut.sorted = kept;
    assert_lists_equal(list, &cut);
}

TEST(the_least_paths_are_kept_and_all_are_counted) {
    static const char *const paths[] = {"g", "c", "a", "f", "b", "e", "d"};
    struct mw_place_list list = {.limit = 3};
    struct mw_error err;
    for (size_t i = 0; i < COUNT(paths); i++)
        assert_ok(mw_places_add(&list, 0, paths[i], "broken", &err), &err);
    assert_true(list.kept <= 6); /* two times the limit */
    mw_places_sort(&list);
    assert_int_equal(list.count, 7);
    assert_int_equal(list.kept, 3);
    assert_string_equal(list.places[0].path, "a");
    assert_string_equal(list.places[1].path, "b");
    assert_string_equal(list.places[2].path, "c");
    assert_string_equal(list.places[0].message, "broken");
    mw_places_clear(&list);
    assert_int_equal(list.kept, 0);
    assert_int_equal(list.limit, 3);
}

/* Bytes, not letters: '-' is before '/', and 'Z' before 'a'; "a" is before "a/". */
TEST(places_are_in_byte_order_then_by_source) {
    struct mw_place_list list = {.limit = 8};
    struct mw_error err;
    static const struct {
        const char *path;
        uint32_t source;
    } in[] = {{"a/b", 1}, {"\xfc", 0}, {"a", 2}, {"a-b", 0}, {"a", 1}, {"Z", 0}},
      out[] = {{"Z", 0}, {"a", 1}, {"a", 2}, {"a-b", 0}, {"a/b", 1}, {"\xfc", 0}};
    for (size_t i = 0; i < COUNT(in); i++)
        assert_ok(mw_places_add(&list, in[i].source, in[i].path, NULL, &err), &err);
    mw_places_sort(&list);
    for (size_t i = 0; i < COUNT(out); i++) {
        assert_string_equal(list.places[i].path, out[i].path);
        assert_int_equal(list.places[i].source, out[i].source);
    }
    mw_places_clear(&list);
}

/* A path that is there twice was seen twice. */
TEST(equal_paths_are_kept) {
    struct mw_place_list list = {.limit = 3};
    struct mw_error err;
    for (int i = 0; i < 5; i++) assert_ok(mw_places_add(&list, 1, "same", NULL, &err), &err);
    assert_ok(mw_places_add(&list, 1, "before", NULL, &err), &err);
    mw_places_sort(&list);
    assert_int_equal(list.count, 6);
    assert_int_equal(list.kept, 3);
    assert_string_equal(list.places[0].path, "before");
    assert_string_equal(list.places[1].path, "same");
    assert_string_equal(list.places[2].path, "same");
    mw_places_clear(&list);
}

/* Equal paths around the limit: the lesser source must be kept, whenever it comes. */
TEST(the_least_source_of_equal_paths_is_kept) {
    for (uint32_t first = 1; first <= 3; first++) {
        struct mw_place_list list = {.limit = 1};
        struct mw_error err;
        for (uint32_t i = 0; i < 3; i++)
            assert_ok(mw_places_add(&list, (first + i) % 3 + 1, "same", NULL, &err), &err);
        mw_places_sort(&list);
        assert_int_equal(list.places[0].source, 1);
        mw_places_clear(&list);
    }
}

TEST(any_split_merged_in_any_order_equals_the_whole) {
    uint64_t seed = 7;
    for (int round = 0; round < 500; round++) {
        struct mw_place_list whole = {.limit = LIMIT}, parts[PARTS];
        struct mw_error err;
        for (size_t i = 0; i < PARTS; i++) parts[i] = (struct mw_place_list){.limit = LIMIT};
        size_t start = random_below(&seed, PLACES);
        for (size_t i = 0; i < PLACES; i++) {
            add_place(&whole, i);
            add_place(&parts[random_below(&seed, PARTS)], (i * 7 + start) % PLACES);
        }
        for (size_t left = PARTS; left > 1; left--) {
            size_t into = random_below(&seed, left), from = (into + 1) % left;
            assert_ok(mw_places_merge(&parts[into], &parts[from], &err), &err);
            assert_int_equal(parts[from].kept, 0);
            assert_int_equal(parts[from].count, 0);
            if (from != left - 1) parts[from] = parts[left - 1];
        }
        assert_lists_equal(&parts[0], &whole);
        assert_int_equal(whole.count, PLACES);
        mw_places_clear(&whole);
        mw_places_clear(&parts[0]);
    }
}

TEST(merging_is_commutative) {
    for (size_t split = 0; split <= PLACES; split++) {
        struct mw_place_list lists[2][2];
        struct mw_error err;
        for (size_t i = 0; i < 2; i++)
            for (size_t j = 0; j < 2; j++) lists[i][j] = (struct mw_place_list){.limit = LIMIT};
        for (size_t i = 0; i < 2; i++)
            for (size_t number = 0; number < PLACES; number++)
                add_place(&lists[i][number >= split], number);
        assert_ok(mw_places_merge(&lists[0][0], &lists[0][1], &err), &err);
        assert_ok(mw_places_merge(&lists[1][1], &lists[1][0], &err), &err);
        assert_lists_equal(&lists[0][0], &lists[1][1]);
        mw_places_clear(&lists[0][0]);
        mw_places_clear(&lists[1][1]);
    }
}

/* As parts that were counted with limits of their own, and were read back from documents: each knows how many it
 * kept of how many. The merged list is as long as all of them know. */
TEST(lists_of_different_lengths_merge_to_what_all_of_them_know) {
    uint64_t seed = 11;
    for (int round = 0; round < 500; round++) {
        struct mw_place_list whole = {.limit = PLACES}, parts[PARTS];
        struct mw_error err;
        size_t known = PLACES;
        for (size_t i = 0; i < PARTS; i++)
            parts[i] = (struct mw_place_list){.limit = 1 + random_below(&seed, PLACES)};
        for (size_t i = 0; i < PLACES; i++) {
            add_place(&whole, i);
            add_place(&parts[random_below(&seed, PARTS)], i);
        }
        for (size_t i = 0; i < PARTS; i++) {
            mw_places_sort(&parts[i]);
            parts[i].limit = parts[i].kept < parts[i].count ? parts[i].kept : SIZE_MAX;
            if (parts[i].limit < known) known = parts[i].limit;
        }
        for (size_t left = PARTS; left > 1; left--) {
            size_t into = random_below(&seed, left), from = (into + 1) % left;
            assert_ok(mw_places_merge(&parts[into], &parts[from], &err), &err);
            if (from != left - 1) parts[from] = parts[left - 1];
        }
        assert_begins(&parts[0], &whole, known);
        mw_places_clear(&whole);
        mw_places_clear(&parts[0]);
    }
}

/* What comes in any order, of which some must be sorted again and again. */
TEST(what_is_kept_is_held_and_no_more_is_wanted) {
    uint64_t seed = 5;
    struct mw_place_list list = {.limit = 1000};
    struct mw_error err;
    char path[32];
    for (size_t i = 0; i < 5000; i++) {
        snprintf(path, sizeof path, "%06u", (unsigned)(i * 7919 % 5000));
        bool wanted = mw_places_want(&list, 0, path);
        assert_true(wanted || i * 7919 % 5000 >= 1000);
        assert_ok(mw_places_add(&list, 1, path, "broken", &err), &err);
        if (wanted && random_below(&seed, 8) == 0) assert_true(mw_places_hold(&list, 1, path));
        assert_true(list.kept <= 2000);
    }
    mw_places_sort(&list);
    assert_int_equal(list.count, 5000);
    assert_int_equal(list.kept, 1000);
    for (size_t i = 0; i < 1000; i++) assert_int_equal(strtoul(list.places[i].path, NULL, 10), i);
    assert_true(mw_places_hold(&list, 1, "000999") && !mw_places_hold(&list, 1, "001000"));
    assert_true(!mw_places_hold(&list, 2, "000999"));
    assert_true(mw_places_want(&list, 0, "000999") && !mw_places_want(&list, 0, "001000"));
    mw_places_clear(&list);
    list.limit = 0; /* a document may keep none */
    assert_true(!mw_places_want(&list, 0, "a"));
    assert_ok(mw_places_add(&list, 1, "a", NULL, &err), &err);
    assert_true(list.count == 1 && list.kept == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_its_status_and_its_message),
        cmocka_unit_test(a_failed_system_call_is_told_with_its_reason),
        cmocka_unit_test(control_bytes_are_replaced),
        cmocka_unit_test(a_prefix_stands_before_the_message),
        cmocka_unit_test(a_message_that_is_too_long_is_cut),
        cmocka_unit_test(a_prefix_cuts_the_message_and_not_itself),
        cmocka_unit_test(every_finding_has_a_name_of_its_own),
        cmocka_unit_test(the_least_paths_are_kept_and_all_are_counted),
        cmocka_unit_test(places_are_in_byte_order_then_by_source),
        cmocka_unit_test(equal_paths_are_kept),
        cmocka_unit_test(the_least_source_of_equal_paths_is_kept),
        cmocka_unit_test(any_split_merged_in_any_order_equals_the_whole),
        cmocka_unit_test(merging_is_commutative),
        cmocka_unit_test(lists_of_different_lengths_merge_to_what_all_of_them_know),
        cmocka_unit_test(what_is_kept_is_held_and_no_more_is_wanted),
    };
    return RUN_TESTS(tests);
}
