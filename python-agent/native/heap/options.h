/* The options of a capture. */
#ifndef HEAPSCOPE_HEAP_OPTIONS_H
#define HEAPSCOPE_HEAP_OPTIONS_H

#include "heap/secrets.h"
#include "python/python.h"

typedef struct {
    int previews, sites, census;
    u64 pid, max_memory, max_file, max_nodes, max_edges;
    Secrets secrets;  /* without previews nothing is looked at, and nothing is secret */
    PyObject *listed; /* a list of objects to begin with, or NULL: the collector's lists */
    PyObject *all;    /* the dictionary of options itself */
    PyObject *modules, *own, *threads, *interpreter, *garbage;
    const char *meta, *lower_bounds; /* names of types, each between two newlines */
    Py_ssize_t meta_size, lower_bounds_size;
} Options;

int options_take(Options *options, const Python *py, PyObject *dict); /* 0: an exception is set */

/* An option by its name; NULL where it is missing or None. */
PyObject *option_in(const Python *py, PyObject *dict, const char *name);

#endif
