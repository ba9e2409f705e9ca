#include "python/python.h"

int python_take(Python *py, PyObject *numbers, PyObject *types, PyObject *fields, PyObject *functions) {
    trust_update(&py->trust);
    known_types_take(&py->types, types);
    if (!layout_take(&py->layout, numbers) || !probed_fields_take(&py->fields, fields)) return 0;
    functions_find(&py->functions, functions);
    return !PyErr_Occurred();
}
