/* Fields of types' C structures that hold references, by the names that Python shows: found by the agent. */
#ifndef HEAPSCOPE_PYTHON_FIELDS_H
#define HEAPSCOPE_PYTHON_FIELDS_H

#include "base/words.h"
#include "python/abi.h"

#define MAX_PROBED 256

typedef struct {
    char *type;
    int32_t offset;
    u8 kind;      /* as LABEL_… of the dump */
    u8 explicit_; /* the type's tp_traverse does not visit it */
    u16 length;
    char name[64];
} ProbedField;

typedef struct {
    int count;
    ProbedField items[MAX_PROBED];
} ProbedFields;

/* A list of (type, kind, name, offset, explicit); 0: an exception is set. */
int probed_fields_take(ProbedFields *fields, PyObject *list);

#endif
