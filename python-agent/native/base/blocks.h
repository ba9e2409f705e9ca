/* A file of blocks with checksums, as specified in DUMP.md: written front to back, nothing kept, nothing seeked. */
#ifndef HEAPSCOPE_BASE_BLOCKS_H
#define HEAPSCOPE_BASE_BLOCKS_H

#include <string.h>
#include "base/checksum.h"
#include "base/memory.h"

typedef struct {
    int fd;
    u32 crc, blocks; /* CRC over the blocks' CRCs; their number */
    u64 bytes, limit;
    const Checksum *checksum;
    Progress *progress;
} Out;

typedef struct { const void *data; size_t size; } Piece;

/* A block under construction: records are appended, and it is written when the next would not fit. */
typedef struct {
    Out *out;
    char tag[5];
    u32 count, used, size;
    u8 *data;
} Block;

void out_open(Out *out, int fd, u64 limit, const Checksum *checksum, Progress *progress);
void out_header(Out *out, u32 flags, u64 pid);
void out_block(Out *out, const char *tag, u32 count, const Piece *pieces, int pieces_count);
void out_footer(Out *out, u64 nodes, u64 edges, u32 status);
int block_open(Block *b, Memory *m, Out *out, const char *tag, u32 size);
int block_room(Block *b, u32 need); /* 0 where a record can never fit */
void block_flush(Block *b);

static inline void put(Block *b, const void *data, u32 size) { memcpy(b->data + b->used, data, size); b->used += size; }
static inline void put8(Block *b, u8 v) { b->data[b->used++] = v; }
static inline void put16(Block *b, u16 v) { put(b, &v, 2); }
static inline void put32(Block *b, u32 v) { put(b, &v, 4); }
static inline void put64(Block *b, u64 v) { put(b, &v, 8); }

/* A string of the format: its length, its bytes. */
static inline void put_text(Block *b, const void *text, u32 length) {
    put16(b, (u16)length);
    put(b, text, length);
}

#endif
