#include "python/layout.h"

int layout_take(Layout *layout, PyObject *numbers) {
#define X(name) {"" #name, &layout->name},
    const struct { const char *name; long *into; } all[] = {LAYOUT_NUMBERS(X)};
#undef X
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        PyObject *value = PyDict_GetItemString(numbers, all[i].name);
        *all[i].into = value ? (long)PyLong_AsSsize_t(value) : -1;
        if (PyErr_Occurred()) return 0;
    }
    return 1;
}
