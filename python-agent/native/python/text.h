/* The content of str and int objects, read without creating anything. */
#ifndef HEAPSCOPE_PYTHON_TEXT_H
#define HEAPSCOPE_PYTHON_TEXT_H

#include "python/python.h"

typedef struct { const u8 *data; u64 length; u8 kind; } Text; /* kind: bytes of a character */

int text_of(const Python *py, const char *str, Text *text);        /* 0 where it cannot be read */
int text_is(const Python *py, const char *str, const char *ascii, u32 length);
u32 text_utf8(const Python *py, const char *str, char *buffer, u32 limit); /* its bytes; cut at whole characters */

long long int_of(const Python *py, const char *o, int *fits);
u32 int_text(const Python *py, const char *o, char *into);         /* at most 20 bytes; 0 where it does not fit */
u32 decimal(long long value, char *into);

#endif
