/* A hash of bytes, for tables in this process; never 0. */
#ifndef HEAPSCOPE_BASE_HASH_H
#define HEAPSCOPE_BASE_HASH_H

#include <string.h>
#include "base/words.h"

static inline u64 hash_bytes(const void *data, u32 length) {
    const u8 *at = data;
    u64 h = 0x9E3779B97F4A7C15ull ^ length;
    for (; length >= 8; at += 8, length -= 8) {
        u64 v;
        memcpy(&v, at, 8);
        h = (h ^ v) * 0xFF51AFD7ED558CCDull;
        h ^= h >> 32;
    }
    while (length--) h = (h ^ *at++) * 0x100000001B3ull;
    h ^= h >> 29;
    return h ? h : 1;
}

#endif
