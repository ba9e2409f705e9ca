/*
 * Files of ours in a process whose descriptors are the program's. A new descriptor is always the lowest that is free, where
 * the program's next file would go; so it is moved high at once. Here that is done within one call that keeps the GIL: no
 * Python code of the program sees the low number, nor closes it and opens its own there in between.
 */
#ifndef HEAPSCOPE_BASE_FILES_H
#define HEAPSCOPE_BASE_FILES_H

#include "base/words.h"

int file_create(const char *path, u64 identity[2]); /* the descriptor, or -errno */
int file_is(int fd, const u64 identity[2]);
int file_close(int fd, const u64 identity[2]);      /* where it still is that file: 0, or -errno; -EBADF: it is not */
int file_lift(int low);                             /* a high number instead, where there is one to be had */
char *file_read(const char *path, size_t *size);    /* to be freed; NULL where it cannot be read */

#endif
