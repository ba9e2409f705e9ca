/* What is equal in all supported interpreters: fields of objects and types; verified on living samples nevertheless. */
#ifndef HEAPSCOPE_PYTHON_OBJECTS_H
#define HEAPSCOPE_PYTHON_OBJECTS_H

#include "base/words.h"

enum {
    OB_REFCNT = 0, OB_TYPE = 8, OB_SIZE = 16,
    TP_NAME = 24, TP_BASICSIZE = 32, TP_ITEMSIZE = 40, TP_DEALLOC = 48, TP_FLAGS = 168, TP_TRAVERSE = 184,
    TP_WEAKLIST = 208, TP_MEMBERS = 240, TP_BASE = 256, TP_DICT = 264, TP_DICTOFFSET = 288, TP_IS_GC = 328,
    TP_BASES = 336, TP_MRO = 344, TP_SUBCLASSES = 360, TP_FINALIZE = 392,
    GC_NEXT = -16, GC_PREV = -8, GC_FLAGS = 3, /* two bits: the runtime itself may lie at an odd multiple of 4 */
    LIST_ITEMS = 24, LIST_ALLOCATED = 32,
    STR_LENGTH = 16, STR_HASH = 24, STR_STATE = 32,
    BYTES_HASH = 24, BYTES_DATA = 32,
    DICT_KEYS = 32, DICT_VALUES = 40,
    DESCRIPTOR_METHOD = 40,
};

#define TPFLAGS_STATIC_BUILTIN (1ul << 1) /* from 3.12 */
#define TPFLAGS_MANAGED_DICT (1ul << 4)   /* from 3.11 */
#define TPFLAGS_HEAPTYPE (1ul << 9)
#define TPFLAGS_HAVE_GC (1ul << 14)
#define TPFLAGS_LONG_SUBCLASS (1ul << 24)
#define TPFLAGS_TUPLE_SUBCLASS (1ul << 26)
#define TPFLAGS_BYTES_SUBCLASS (1ul << 27)
#define TPFLAGS_UNICODE_SUBCLASS (1ul << 28)
#define TPFLAGS_DICT_SUBCLASS (1ul << 29)
#define TPFLAGS_TYPE_SUBCLASS (1ul << 31)

static inline char *type_of(const char *o) { return pointer_at(o, OB_TYPE); }

#endif
