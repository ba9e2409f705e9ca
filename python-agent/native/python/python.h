/* What is known of this interpreter. */
#ifndef HEAPSCOPE_PYTHON_PYTHON_H
#define HEAPSCOPE_PYTHON_PYTHON_H

#include "python/fields.h"
#include "python/functions.h"
#include "python/known_types.h"
#include "python/layout.h"
#include "python/objects.h"
#include "python/peek.h"
#include "python/trust.h"

typedef struct {
    Layout layout;
    KnownTypes types;
    Functions functions;
    Peek peek;
    Trust trust;
    ProbedFields fields;
} Python;

/* After peek_open(). What the agent found out; 0: an exception is set. */
int python_take(Python *py, PyObject *numbers, PyObject *types, PyObject *fields, PyObject *functions);

#endif
