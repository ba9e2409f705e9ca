/* CRC-32 as zlib computes it. Slicing by 16: two gigabytes a second, a tenth of what a walk takes. */
#ifndef HEAPSCOPE_BASE_CHECKSUM_H
#define HEAPSCOPE_BASE_CHECKSUM_H

#include "base/words.h"

typedef struct { u32 table[16][256]; } Checksum;

void checksum_open(Checksum *c);
u32 checksum(const Checksum *c, u32 crc, const void *data, size_t size); /* goes on from `crc`; 0 at first */

#endif
