/*
 * What a suspended greenlet keeps: its innermost frame and, from 3.11, the variables of its functions, which no frame object owns.
 * Its private part points back to it, and has the only pointer to a frame object; before that, where its part of the C stack is.
 */
#ifndef HEAPSCOPE_HEAP_GREENLETS_H
#define HEAPSCOPE_HEAP_GREENLETS_H

#include "heap/found.h"
#include "heap/names.h"

/* Appends to what was found; the label of each is in ``where``. */
void greenlet_push(const Python *py, Names *names, Found *found, const char *o);

#endif
