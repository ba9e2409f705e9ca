/*
 * Lengths that are no number of references: of texts, bytes, and arrays of numbers. Where an object's size says its length, nothing is
 * written: of most str, of all bytes.
 */
#ifndef HEAPSCOPE_HEAP_LENGTHS_H
#define HEAPSCOPE_HEAP_LENGTHS_H

#include "heap/arrays.h"
#include "heap/type_info.h"

u8 measured_of(const Python *py, const char *type, const TypeInfo *base);
void length_note(Arrays *arrays, const char *o, const TypeInfo *t, u64 size, u32 number);

#endif
