#include "read/png_transparency.h"

enum { COMPONENT = 2, COLOUR = 6 }; /* bytes, whatever the depth */

static uint32_t component_at(const unsigned char *data, size_t number, uint32_t bits) {
    uint32_t component = (uint32_t)data[COMPONENT * number] << 8 | data[COMPONENT * number + 1];
    return component & ((UINT32_C(1) << bits) - 1);
}

static void take_colour(struct mw_layout *layout, const unsigned char *data) {
    layout->has_clear = true;
    layout->clear = 0;
    for (size_t i = 0; i < 3; i++) {
        uint32_t component = component_at(data, i, layout->bits);
        bool exact = layout->bits == 8 || component % 257 == 0;
        layout->has_clear = layout->has_clear && exact;
        layout->clear = layout->clear << 8 | (component & 0xff);
    }
}

void mw_png_transparency(struct mw_layout *layout, const unsigned char *data, size_t length) {
    if (layout->has_alpha) return;
    if (layout->palette) {
        layout->palette_alpha = data;
        layout->palette_alphas = length <= layout->palette_entries ? (uint32_t)length : 0;
    } else if (layout->is_colour) {
        if (length == COLOUR) take_colour(layout, data);
    } else if (length == COMPONENT) {
        layout->has_clear = true;
        layout->clear = component_at(data, 0, layout->bits);
    }
}
