/*
 * Frames of running functions. From 3.11 these have no frame object unless it was requested, and requesting it would
 * create it: so the interpreter's own structures are read. Other threads may be at any point; their memory is read
 * through peek(), and every pointer is checked before it is used.
 */
#ifndef HEAPSCOPE_PYTHON_FRAMES_H
#define HEAPSCOPE_PYTHON_FRAMES_H

#include "python/python.h"

#define FRAME_SIZE 512

/* A copy of a frame's fixed part, and where it is. */
typedef struct { char *at, *code; char copy[FRAME_SIZE]; } Frame;

char *frame_innermost(const Python *py, char *tstate);      /* of a thread; NULL where it has none */
int frame_read(const Python *py, Frame *f, char *at);
int frame_is_python(const Python *py, const Frame *f);
u32 frame_line(const Python *py, const Frame *f);           /* 0: unknown */
u32 frame_line_at(const Python *py, char *at, char *code);  /* the same, of a frame that cannot go away meanwhile */
int frame_values(const Python *py, const Frame *f, u32 from, u32 count, u64 *into); /* of variables, as they lie there */
int looks_like_object(const Python *py, char *o);

/* What a field of the fixed part refers to; NULL where the field is not known. */
static inline char *frame_field(const Frame *f, long offset) {
    return offset < 0 ? NULL : (char *)(word_at(f->copy, offset) & ~7ull);
}

/* The object that such a value refers to; NULL for a tagged small integer (from 3.15). */
static inline char *frame_object(u64 value) { return (value & 3) == 3 ? NULL : (char *)(value & ~7ull); }

#endif
