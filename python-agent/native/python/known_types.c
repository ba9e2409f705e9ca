#include "python/known_types.h"

void known_types_take(KnownTypes *known, PyObject *types) {
#define X(name) {"" #name, &known->name##_},
    const struct { const char *name; char **into; } all[] = {KNOWN_TYPES(X)};
#undef X
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i].into = (char *)PyDict_GetItemString(types, all[i].name);
}
