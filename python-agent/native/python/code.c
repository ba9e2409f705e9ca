#include "python/code.h"

#define KIND_IS_FREE 0x80

static u64 tuple_size(const Python *py, const char *tuple) {
    return tuple && type_of(tuple) == py->types.tuple_ ? word_at(tuple, OB_SIZE) : 0;
}

static char *str_in(const Python *py, char *tuple, u32 at) {
    char *name = pointer_at(tuple, py->layout.tuple_items + 8 * (long)at);
    return name && type_of(name) == py->types.str_ ? name : NULL;
}

static char *tuple_at(char *code, long offset) { return offset > 0 ? pointer_at(code, offset) : NULL; }

/* ---- Up to 3.10: three tuples one after another ---- */

static u32 old_variables(const Python *py, char *code) {
    return (u32)(tuple_size(py, tuple_at(code, py->layout.code_varnames)) +
                 tuple_size(py, tuple_at(code, py->layout.code_cellvars)) +
                 tuple_size(py, tuple_at(code, py->layout.code_freevars)));
}

static char *old_variable(const Python *py, char *code, u32 position, int *is_free) {
    const long offsets[] = {py->layout.code_varnames, py->layout.code_cellvars, py->layout.code_freevars};
    for (int i = 0; i < 3; i++) {
        char *names = tuple_at(code, offsets[i]);
        u32 n = (u32)tuple_size(py, names);
        *is_free = i == 2;
        if (position < n) return str_in(py, names, position);
        position -= n;
    }
    return NULL;
}

/* ---- From 3.11: one tuple, and a byte for each ---- */

static char *kinds_of(const Python *py, char *code) {
    char *kinds = tuple_at(code, py->layout.code_kinds);
    return kinds && type_of(kinds) == py->types.bytes_ ? kinds : NULL;
}

u32 code_variables(const Python *py, char *code) {
    if (py->layout.frames == 1) return old_variables(py, code);
    return kinds_of(py, code) ? (u32)tuple_size(py, tuple_at(code, py->layout.code_names)) : 0;
}

char *code_variable(const Python *py, char *code, u32 position, int *is_free) {
    char *kinds;
    *is_free = 0;
    if (py->layout.frames == 1) return old_variable(py, code, position, is_free);
    kinds = kinds_of(py, code);
    if (!kinds || position >= code_variables(py, code) || position >= word_at(kinds, OB_SIZE)) return NULL;
    *is_free = (byte_at(kinds, BYTES_DATA + (long)position) & KIND_IS_FREE) != 0;
    return str_in(py, tuple_at(code, py->layout.code_names), position);
}

u32 code_free_variables(const Python *py, char *code, char **names, u32 limit) {
    u32 count = code_variables(py, code), found = 0;
    if (py->layout.code_freevars > 0) {
        char *tuple = pointer_at(code, py->layout.code_freevars);
        for (u32 i = 0; i < tuple_size(py, tuple) && found < limit; i++) names[found++] = str_in(py, tuple, i);
        return found;
    }
    for (u32 i = 0; i < count && found < limit; i++) {
        int is_free;
        char *name = code_variable(py, code, i, &is_free);
        if (is_free) names[found++] = name;
    }
    return found;
}
