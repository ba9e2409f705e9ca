/* Integers by their size, and functions that read them at an address. */
#ifndef HEAPSCOPE_BASE_WORDS_H
#define HEAPSCOPE_BASE_WORDS_H

#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define NONE 0xFFFFFFFFu
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

static inline u64 word_at(const void *at, long offset) { return *(const u64 *)((const char *)at + offset); }
static inline u32 half_at(const void *at, long offset) { return *(const u32 *)((const char *)at + offset); }
static inline u8 byte_at(const void *at, long offset) { return *(const u8 *)((const char *)at + offset); }
static inline char *pointer_at(const void *at, long offset) { return *(char *const *)((const char *)at + offset); }

#endif
