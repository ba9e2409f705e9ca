#include "python/classes.h"
#include <string.h>
#include "python/text.h"

/* Of the keys that instances of a class share. */
enum { KEYS_LOG2_INDEX = 9, KEYS_USABLE = 16, KEYS_COUNT = 24, KEYS_INDICES = 32 };

PyObject *class_dict(const Python *py, char *type, int *release) {
    PyObject *dict = (PyObject *)pointer_at(type, TP_DICT);
    *release = 0;
    if (!dict && py->functions.PyType_GetDict && (word_at(type, TP_FLAGS) & TPFLAGS_STATIC_BUILTIN)) {
        dict = py->functions.PyType_GetDict(type); /* kept per interpreter from 3.12 */
        *release = dict != NULL;
    }
    /* ctypes' types had dictionaries of a special kind. */
    return dict && (word_at(type_of((char *)dict), TP_FLAGS) & TPFLAGS_DICT_SUBCLASS) ? dict : NULL;
}

/* Searched by content: a look-up could call a key's __eq__. */
static char *dict_find(const Python *py, PyObject *dict, const char *name, u32 length) {
    Py_ssize_t pos = 0;
    PyObject *key, *value;
    while (PyDict_Next(dict, &pos, &key, &value))
        if (type_of((char *)key) == py->types.str_ && text_is(py, (char *)key, name, length)) return (char *)value;
    return NULL;
}

u32 class_module(const Python *py, char *type, char *into, u32 limit) {
    int release;
    PyObject *dict = class_dict(py, type, &release);
    char *module = dict ? dict_find(py, dict, "__module__", 10) : NULL;
    u32 length = 0;
    const char *name = pointer_at(type, TP_NAME), *dot = strrchr(name, '.');
    if (module && type_of(module) == py->types.str_) length = text_utf8(py, module, into, limit);
    else if (word_at(type, TP_FLAGS) & TPFLAGS_HEAPTYPE) into[length++] = '?';
    else if (dot) memcpy(into, name, length = dot - name < (long)limit ? (u32)(dot - name) : limit);
    else memcpy(into, "builtins", length = 8);
    if (release) Py_DecRef(dict);
    return length;
}

u32 class_name(const Python *py, char *type, char *into, u32 limit) {
    const char *name = pointer_at(type, TP_NAME), *dot;
    size_t length;
    if ((word_at(type, TP_FLAGS) & TPFLAGS_HEAPTYPE) && py->layout.type_qualname > 0) {
        char *qualname = pointer_at(type, py->layout.type_qualname);
        if (qualname && type_of(qualname) == py->types.str_) return text_utf8(py, qualname, into, limit);
    }
    dot = strrchr(name, '.');
    if (dot) name = dot + 1;
    length = strnlen(name, limit);
    memcpy(into, name, length);
    return (u32)length;
}

/* A class statement derives the C name from the Python name; a type made by C code has its own, usually with a
   module. */
int class_is_python(const Python *py, char *type) {
    const char *name = pointer_at(type, TP_NAME), *str;
    if (!(word_at(type, TP_FLAGS) & TPFLAGS_HEAPTYPE) || py->layout.type_name < 0) return 0;
    if (py->layout.subtype_dealloc > 0 && word_at(type, TP_DEALLOC) != (u64)py->layout.subtype_dealloc) return 0;
    str = pointer_at(type, py->layout.type_name);
    if (name >= str && name < str + 100 + (str ? word_at(str, STR_LENGTH) : 0)) return 1;
    return str && strchr(name, '.') == NULL && !(byte_at(str, STR_STATE) >> 6 & 1); /* ASCII is shared, above */
}

static char *shared_keys(const Python *py, char *type) {
    return py->layout.type_keys > 0 ? pointer_at(type, py->layout.type_keys) : NULL;
}

u32 class_keys_size(const char *keys) { return keys ? (u32)(word_at(keys, KEYS_USABLE) + word_at(keys, KEYS_COUNT)) : 0; }

u32 class_values_size(const Python *py, char *type) { return class_keys_size(shared_keys(py, type)); }

int class_has_value(const Python *py, char *type, u32 position) {
    char *keys = shared_keys(py, type);
    return keys && position < word_at(keys, KEYS_COUNT);
}

char *class_value_name(const Python *py, char *type, u32 position) {
    char *keys = shared_keys(py, type);
    char *name = pointer_at(keys, KEYS_INDICES + (1l << byte_at(keys, KEYS_LOG2_INDEX)) + 16l * position);
    return name && type_of(name) == py->types.str_ ? name : NULL;
}
