/* What the module needs of setup.c. */
#ifndef HEAPSCOPE_SETUP_H
#define HEAPSCOPE_SETUP_H

#include "core.h"

int setup_take(PyObject *numbers, PyObject *types, PyObject *fields, PyObject *functions); /* 0: an exception is set */
void *setup_symbol(const char *name);

#endif
