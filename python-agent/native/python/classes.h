/* Facts about a type, read without running its code. */
#ifndef HEAPSCOPE_PYTHON_CLASSES_H
#define HEAPSCOPE_PYTHON_CLASSES_H

#include "python/python.h"

PyObject *class_dict(const Python *py, char *type, int *release); /* borrowed, or to be released; or NULL */
u32 class_module(const Python *py, char *type, char *into, u32 limit);
u32 class_name(const Python *py, char *type, char *into, u32 limit); /* the qualified one where it has one */
int class_is_python(const Python *py, char *type);                  /* by a class statement */

/* Instances' inline values: how many a new instance gets, and the name (a str, or NULL) of the one at a position. */
u32 class_keys_size(const char *keys); /* of a dictionary with keys apart from its values: how many there is room for */
u32 class_values_size(const Python *py, char *type);
int class_has_value(const Python *py, char *type, u32 position);
char *class_value_name(const Python *py, char *type, u32 position);

#endif
