/* Types that are treated specially, by their names in Python. */
#ifndef HEAPSCOPE_PYTHON_KNOWN_TYPES_H
#define HEAPSCOPE_PYTHON_KNOWN_TYPES_H

#include "python/abi.h"

#define KNOWN_TYPES(X) \
    X(object) X(type) X(str) X(bytes) X(bytearray) X(array) X(int) X(bool) X(float) X(complex) X(list) X(tuple) X(dict) X(set) X(frozenset) X(deque) \
    X(frozendict) X(code) X(function) X(cell) X(method) X(frame) X(generator) X(coroutine) X(async_generator) X(method_descriptor) \
    X(NoneType) X(None) X(ndarray) X(BytesIO) X(lock) X(RLock) X(SimpleQueue) X(CData) X(datetime) X(time) \
    X(ContextVar) X(hamt_bitmap_node) X(lru_cache_wrapper) X(Task) X(Connection) X(_sqlite3) X(greenlet)

/* NULL if the interpreter has no such type. The underscore: some names are C's. */
typedef struct {
#define X(name) char *name##_;
    KNOWN_TYPES(X)
#undef X
} KnownTypes;

void known_types_take(KnownTypes *known, PyObject *types); /* a dictionary, kept alive by who calls */

#endif
