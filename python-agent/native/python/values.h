/* Numbers and bytes as repr() writes them, read without creating anything. */
#ifndef HEAPSCOPE_PYTHON_VALUES_H
#define HEAPSCOPE_PYTHON_VALUES_H

#include "python/python.h"

u32 whole_text(const Python *py, const char *o, char *into); /* of an int: at most 60 bytes; 0 where it cannot be read */
u32 float_text(const char *o, char *into);                   /* at most 32 bytes */
u32 complex_text(const char *o, char *into);                 /* at most 64 bytes */

/* What stands between the quotes, at most `limit` bytes; 0 in `*whole`: there is more. `quote` is the one that repr() takes. */
u32 bytes_text(const char *o, char *into, u32 limit, char *quote, int *whole);

#endif
