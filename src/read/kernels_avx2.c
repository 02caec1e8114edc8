/* AVX2: as SSE2, 32 bytes at once; and with it come popcnt and tzcnt, one instruction each, for the
 * list of positions. Only these functions use it, and only where the processor says that it has it. */
#include "read/kernels.h"

#if defined __x86_64__
#include <immintrin.h>

#define MW_TARGET __attribute__((target("avx2,bmi,popcnt")))

MW_TARGET static inline uint64_t equal_32(__m256i a, __m256i b) {
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, b));
}

MW_TARGET static inline __m256i load_32(const unsigned char *bytes) {
    return _mm256_loadu_si256((const __m256i *)bytes);
}

MW_TARGET static inline uint64_t nonzero_64(const unsigned char *bytes) {
    const __m256i zero = _mm256_setzero_si256();
    return ~(equal_32(load_32(bytes), zero) | equal_32(load_32(bytes + 32), zero) << 32);
}

MW_TARGET static inline uint64_t differ_64(const unsigned char *a, const unsigned char *b) {
    return ~(equal_32(load_32(a), load_32(b)) | equal_32(load_32(a + 32), load_32(b + 32)) << 32);
}

#include "read/kernels_scan.h"

static bool works(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt");
}

const struct mw_kernels mw_kernels_avx2 = {
    .name = "avx2",
    .works = works,
    .nonzero = scan_nonzero,
    .differ = scan_differ,
    .either = scan_either,
};
#endif
