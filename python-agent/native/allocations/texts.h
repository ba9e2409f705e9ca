/* Names and files, copied out of the interpreter's strings so that code may die: equal ones get one number, counted from 0. */
#ifndef HEAPSCOPE_ALLOCATIONS_TEXTS_H
#define HEAPSCOPE_ALLOCATIONS_TEXTS_H

#include "python/python.h"

#define MOST_TEXTS 65535
#define LONGEST_TEXT 1000 /* bytes */

/* The first ones, always there. */
enum { TEXT_NONE, TEXT_CUT, TEXT_MERGED, TEXT_UNKNOWN_THREAD, TEXT_OTHER_THREADS };

typedef struct { u32 at, hash; u16 length; u16 own; } TextEntry; /* own: begins with the agent's folder */

typedef struct {
    u32 count, used;     /* used: of `bytes` */
    TextEntry *entries;
    char *bytes;
    u32 *index;          /* open addressing; number + 1 */
    char own[LONGEST_TEXT], scratch[LONGEST_TEXT];
    u32 own_length;
} TextTable;

int texts_open(TextTable *t);  /* 0: no address space */
int texts_clear(TextTable *t); /* with the first ones in it */
u32 texts_number(TextTable *t, const char *bytes, u32 length);           /* NONE where the table is full */
u32 texts_number_of(TextTable *t, const Python *py, const char *str);    /* the same, of a str */

#endif
