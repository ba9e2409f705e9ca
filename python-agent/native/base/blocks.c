#include "base/blocks.h"
#include <errno.h>
#include <unistd.h>
#include "base/dump_format.h"

#define HEADER 16

/* After the first error nothing more is written, and the file has no footer. */
static void write_all(Out *out, const void *data, size_t size) {
    const char *at = data;
    if (out->progress->stop == STOP_WRITE) return;
    while (size) {
        ssize_t n = write(out->fd, at, size < (1u << 30) ? size : 1u << 30);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            stop_writing(out->progress, n < 0 ? errno : EIO);
            return;
        }
        at += n;
        size -= (size_t)n;
        out->bytes += (u64)n;
    }
    out->progress->bytes = out->bytes;
}

void out_open(Out *out, int fd, u64 limit, const Checksum *checksum, Progress *progress) {
    *out = (Out){fd, 0, 0, 0, limit, checksum, progress};
}

void out_header(Out *out, u32 flags, u64 pid) {
    u8 h[32] = {0x89, 'H', 'S', 'D', '\r', '\n', 0x1A, '\n', 1, 0, 8, 0};
    u32 crc;
    memcpy(h + 12, &flags, 4);
    memcpy(h + 16, &pid, 8);
    crc = checksum(out->checksum, 0, h, 28);
    memcpy(h + 28, &crc, 4);
    write_all(out, h, 32);
}

void out_block(Out *out, const char *tag, u32 count, const Piece *pieces, int pieces_count) {
    u8 h[HEADER];
    u32 size = 0, crc;
    for (int i = 0; i < pieces_count; i++) size += (u32)pieces[i].size;
    memcpy(h, tag, 4);
    memcpy(h + 4, &count, 4);
    memcpy(h + 8, &size, 4);
    crc = checksum(out->checksum, 0, h, 12);
    for (int i = 0; i < pieces_count; i++) crc = checksum(out->checksum, crc, pieces[i].data, pieces[i].size);
    memcpy(h + 12, &crc, 4);
    write_all(out, h, HEADER);
    for (int i = 0; i < pieces_count; i++) write_all(out, pieces[i].data, pieces[i].size);
    if (memcmp(tag, "END!", 4) != 0) {
        out->crc = checksum(out->checksum, out->crc, &crc, 4);
        out->blocks++;
        if (out->limit && out->bytes > out->limit && !out->progress->stop) out->progress->stop = STOP_FILE;
    }
}

void out_footer(Out *out, u64 nodes, u64 edges, u32 status) {
    u8 body[32] = {0};
    Piece piece = {body, sizeof body};
    memcpy(body, &nodes, 8);
    memcpy(body + 8, &edges, 8);
    memcpy(body + 16, &out->blocks, 4);
    memcpy(body + 20, &status, 4);
    memcpy(body + 24, &out->crc, 4);
    out_block(out, "END!", 0, &piece, 1);
}

int block_open(Block *b, Memory *m, Out *out, const char *tag, u32 size) {
    b->out = out;
    memcpy(b->tag, tag, 5);
    b->size = size <= DUMP_LIMIT_BODY ? size : DUMP_LIMIT_BODY;
    b->data = mem_take(m, b->size);
    return b->data != NULL;
}

int block_room(Block *b, u32 need) {
    if (b->used + need > b->size) block_flush(b);
    return need <= b->size;
}

void block_flush(Block *b) {
    Piece piece = {b->data, b->used};
    if (b->count) out_block(b->out, b->tag, b->count, &piece, 1);
    b->count = b->used = 0;
}
