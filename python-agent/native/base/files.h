/*
 * Files of ours in a process whose descriptors are the program's. What can be done at once is done apart, with descriptors that
 * the program never meets. A file that stays open has a high number: it has the lowest that is free for an instant, within one
 * call that keeps the GIL, so that no Python code of the program sees it, nor closes it and opens its own there in between.
 */
#ifndef HEAPSCOPE_BASE_FILES_H
#define HEAPSCOPE_BASE_FILES_H

#include "base/words.h"

int file_create(const char *path, u64 identity[2]);       /* apart: a new file, empty and closed; 0, or -errno */
int file_open(const char *path, const u64 identity[2]);   /* to write that file; the descriptor, or -errno; -EBADF: another */
int file_is(int fd, const u64 identity[2]);
int file_close(int fd, const u64 identity[2]);            /* where it still is that file: 0, or -errno; -EBADF: it is not */
int file_lift(int low);                                   /* a high number instead, where there is one to be had */
char *file_read(const char *path, size_t *size);          /* apart: to be freed; NULL where it cannot be read */

#endif
