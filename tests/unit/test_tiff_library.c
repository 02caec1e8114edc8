/* libtiff as it is loaded: the one that a program which links it gets. */
#include "support.h"

#include "read/tiff_library.h"

#define LINKED(name) {"TIFF" #name, (void (*)(void))TIFF##name},
static const struct {
    const char *name;
    void (*function)(void);
} linked[] = {MW_TIFF_FUNCTIONS(LINKED)};

/* A build on a system whose libtiff has another name would make a program that cannot find it. */
static void is_the_linked_one(void **state) {
    void (*loaded[sizeof linked / sizeof linked[0]])(void);
    struct mw_error err;
    (void)state;
    assert_int_equal(mw_tiff_load(&err), MW_OK);
    assert_int_equal(sizeof mw_tiff, sizeof loaded);
    memcpy(loaded, &mw_tiff, sizeof loaded);
    for (size_t i = 0; i < sizeof linked / sizeof linked[0]; i++)
        if (loaded[i] != linked[i].function) fail_msg("%s is another one", linked[i].name);
}

static void loads_once(void **state) {
    struct mw_error err;
    (void)state;
    assert_int_equal(mw_tiff_load(&err), MW_OK);
    struct mw_tiff_library first = mw_tiff;
    assert_int_equal(mw_tiff_load(&err), MW_OK);
    assert_memory_equal(&mw_tiff, &first, sizeof first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_linked_one),
        cmocka_unit_test(loads_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
