/* The table of kernels, and the kernels in plain C. */
#include "read/kernels.h"

#include "base/bytes.h"

/* Which of eight bytes are not 0, as eight bits. Adding 0x7f to the low seven bits of a byte carries
 * into its high bit unless they are all 0, and never further; or-ing the byte itself adds what its own
 * high bit says. Then bit 8 i is moved to bit 56 + i by a factor of 2^(56 - 7 i); all eight factors in
 * one multiplication, of which no two products meet. */
static uint64_t nonzero_8(uint64_t word) {
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t high = ((word & low) + low) | word;
    return (high >> 7 & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56;
}

static uint64_t nonzero_64(const unsigned char *bytes) {
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 8) bits |= nonzero_8(mw_little_endian_64(bytes + i)) << i;
    return bits;
}

static uint64_t differ_64(const unsigned char *a, const unsigned char *b) {
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 8)
        bits |= nonzero_8(mw_little_endian_64(a + i) ^ mw_little_endian_64(b + i)) << i;
    return bits;
}

#define MW_TARGET
#include "read/kernels_scan.h"

static bool always(void) {
    return true;
}

static const struct mw_kernels scalar = {
    .name = "scalar",
    .works = always,
    .nonzero = scan_nonzero,
    .differ = scan_differ,
    .either = scan_either,
};

#if defined __x86_64__
extern const struct mw_kernels mw_kernels_avx2, mw_kernels_sse2;
#elif defined __aarch64__
extern const struct mw_kernels mw_kernels_neon;
#endif

const struct mw_kernels *const mw_kernels[] = {
#if defined __x86_64__
    &mw_kernels_avx2,
    &mw_kernels_sse2,
#elif defined __aarch64__
    &mw_kernels_neon,
#endif
    &scalar,
};
const size_t mw_kernels_count = sizeof mw_kernels / sizeof mw_kernels[0];

const struct mw_kernels *mw_kernels_best(void) {
    for (size_t i = 0; i < mw_kernels_count; i++)
        if (mw_kernels[i]->works()) return mw_kernels[i];
    return &scalar;
}

const struct mw_kernels *mw_kernels_find(const char *name) {
    for (size_t i = 0; i < mw_kernels_count; i++)
        if (strcmp(mw_kernels[i]->name, name) == 0 && mw_kernels[i]->works()) return mw_kernels[i];
    return NULL;
}
