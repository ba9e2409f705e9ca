/* What is known of a type: determined when its first instance is found. */
#ifndef HEAPSCOPE_HEAP_TYPE_INFO_H
#define HEAPSCOPE_HEAP_TYPE_INFO_H

#include "base/words.h"
#include "python/abi.h"

enum { CONTENT_NONE, CONTENT_LIST, CONTENT_TUPLE, CONTENT_DICT, CONTENT_SET, CONTENT_DEQUE, CONTENT_FRAME, CONTENT_TYPE,
       CONTENT_ARRAY, CONTENT_VARIABLES, CONTENT_CACHE, CONTENT_CONNECTION };
enum { SIZE_GENERIC, SIZE_STR, SIZE_INT, SIZE_LIST, SIZE_DICT, SIZE_ARRAY, SIZE_TYPE, SIZE_ALLOCATED, SIZE_CALL };

/* Types whose instances are not as their type says: of ctypes; times that may have no tzinfo; greenlets. */
enum { FAMILY_NONE, FAMILY_CDATA, FAMILY_AWARE, FAMILY_GREENLET };

/* What has a length besides its references: such a type and those derived from it. */
enum { MEASURED_NOT, MEASURED_STR, MEASURED_BYTES, MEASURED_ARRAY };

/* The base of a field's offset: the object; its inline values, or its interpreter frame; its end. */
enum { BASE_OBJECT, BASE_INNER, BASE_END, BASES };

typedef struct { u32 label; int32_t offset; u8 explicit_, weak; } Field;

#define MAX_CACHED 48
#define NOWHERE INT32_MIN

typedef struct TypeInfo {
    char *type;
    u32 index, node, base, flags;
    u8 content, exact, sizing, family, inline_values, is_str, is_bytes, is_int, has_explicit, is_function, python, placed, measured,
        unsure; /* its own __sizeof__ is not to be called */
    u32 pre;  /* bytes before the object that sys.getsizeof counts */
    u32 more; /* bytes elsewhere that it leaves out, alike for all instances */
    long basicsize, itemsize, dictoffset;
    u64 tp_flags;
    traverseproc traverse, base_traverse;
    inquiry is_gc;
    PyCFunction size_of;
    u64 counted, counted_bytes; /* by a census */
    Field *fields;
    u32 field_count;
    u32 *value_labels; /* by position in the values array; NONE: not looked up yet */
    u32 value_count;
    /* Edges of the previous instance: the next one is usually similar. */
    u32 last_shape, last_count, last_visited, last_reach;
    const char *last_code;
    u32 last_labels[MAX_CACHED];
    int32_t last_where[MAX_CACHED]; /* offset * 4 + base; NOWHERE */
} TypeInfo;

#endif
