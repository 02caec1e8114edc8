/* SSE2, which every x86-64 processor has: 16 bytes are compared at once, and pmovmskb collects the
 * sixteen answers in sixteen bits. Comparing says what is equal, so the bits are turned around. */
#include "read/kernels.h"

#if defined __x86_64__
#include <emmintrin.h>

static inline uint64_t equal_16(__m128i a, __m128i b) {
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(a, b));
}

static inline __m128i load_16(const unsigned char *bytes) {
    return _mm_loadu_si128((const __m128i *)bytes);
}

static inline uint64_t nonzero_64(const unsigned char *bytes) {
    const __m128i zero = _mm_setzero_si128();
    return ~(equal_16(load_16(bytes), zero) | equal_16(load_16(bytes + 16), zero) << 16 |
             equal_16(load_16(bytes + 32), zero) << 32 | equal_16(load_16(bytes + 48), zero) << 48);
}

static inline uint64_t differ_64(const unsigned char *a, const unsigned char *b) {
    return ~(equal_16(load_16(a), load_16(b)) | equal_16(load_16(a + 16), load_16(b + 16)) << 16 |
             equal_16(load_16(a + 32), load_16(b + 32)) << 32 |
             equal_16(load_16(a + 48), load_16(b + 48)) << 48);
}

#define MW_TARGET
#include "read/kernels_scan.h"

static bool works(void) {
    return true;
}

const struct mw_kernels mw_kernels_sse2 = {
    .name = "sse2",
    .works = works,
    .nonzero = scan_nonzero,
    .differ = scan_differ,
    .either = scan_either,
};
#endif
