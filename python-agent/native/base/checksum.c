#include "base/checksum.h"
#include <string.h>

void checksum_open(Checksum *c) {
    for (u32 n = 0; n < 256; n++) {
        u32 value = n;
        for (int bit = 0; bit < 8; bit++) value = value & 1 ? value >> 1 ^ 0xEDB88320u : value >> 1;
        c->table[0][n] = value;
    }
    for (u32 n = 0; n < 256; n++)
        for (int k = 1; k < 16; k++) c->table[k][n] = c->table[0][c->table[k - 1][n] & 255] ^ c->table[k - 1][n] >> 8;
}

u32 checksum(const Checksum *checksum, u32 crc, const void *data, size_t size) {
    const u32(*table)[256] = checksum->table;
    const u8 *at = data;
    u32 c = ~crc;
    for (; size >= 16; at += 16, size -= 16) {
        u32 w[4];
        memcpy(w, at, 16);
        w[0] ^= c;
        c = 0;
        for (int k = 0; k < 4; k++)
            c ^= table[15 - 4 * k][w[k] & 255] ^ table[14 - 4 * k][w[k] >> 8 & 255] ^
                 table[13 - 4 * k][w[k] >> 16 & 255] ^ table[12 - 4 * k][w[k] >> 24];
    }
    while (size--) c = table[0][(c ^ *at++) & 255] ^ c >> 8;
    return ~c;
}
