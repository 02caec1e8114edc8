/* NEON, which every 64-bit ARM processor has. It lacks pmovmskb: of each byte that differs the bit of
 * its place within eight is kept, and three pairwise additions bring 64 bytes down to eight, in which
 * no two bits meet. */
#include "read/kernels.h"

#if defined __aarch64__
#include <arm_neon.h>

static inline uint64_t bits_64(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
    static const uint8_t places[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t place = vld1q_u8(places);
    uint8x16_t low = vpaddq_u8(vandq_u8(a, place), vandq_u8(b, place));
    uint8x16_t high = vpaddq_u8(vandq_u8(c, place), vandq_u8(d, place));
    uint8x16_t all = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
}

static inline uint8x16_t set_16(const unsigned char *bytes) {
    uint8x16_t v = vld1q_u8(bytes);
    return vtstq_u8(v, v);
}

static inline uint8x16_t unlike_16(const unsigned char *a, const unsigned char *b) {
    return vmvnq_u8(vceqq_u8(vld1q_u8(a), vld1q_u8(b)));
}

static inline uint64_t nonzero_64(const unsigned char *bytes) {
    return bits_64(set_16(bytes), set_16(bytes + 16), set_16(bytes + 32), set_16(bytes + 48));
}

static inline uint64_t differ_64(const unsigned char *a, const unsigned char *b) {
    return bits_64(unlike_16(a, b), unlike_16(a + 16, b + 16), unlike_16(a + 32, b + 32),
                   unlike_16(a + 48, b + 48));
}

#define MW_TARGET
#include "read/kernels_scan.h"

static bool works(void) {
    return true;
}

const struct mw_kernels mw_kernels_neon = {
    .name = "neon",
    .works = works,
    .nonzero = scan_nonzero,
    .differ = scan_differ,
    .either = scan_either,
};
#endif
