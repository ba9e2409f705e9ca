/* What keeps objects alive from outside the graph: modules, threads and their frames, the interpreter, Heapscope itself. */
#include "core.h"

#define REFS_PER_ROOT 20000
#define MAX_NAME 500

/* The root under construction; its refs are collected in the walk's found and where (as labels). */
static struct { u8 kind; u32 parent, line; u64 ident; char name[MAX_NAME], file[MAX_NAME]; u32 name_length, file_length; } current;

static void write_root(Walk *w, u32 from, u32 count) {
    Block *b = &w->roots;
    if (!block_room(b, 32 + current.name_length + current.file_length + 8 * count)) return;
    put8(b, current.kind);
    put8(b, 0);
    put16(b, 0);
    put32(b, current.parent);
    put64(b, current.ident);
    put32(b, current.line);
    put16(b, (u16)current.name_length);
    put(b, current.name, current.name_length);
    put16(b, (u16)current.file_length);
    put(b, current.file, current.file_length);
    put32(b, count);
    for (u32 i = from; i < from + count; i++) {
        u32 number = walk_number(w, w->found[i]), label = (u32)w->where[i];
        put32(b, label);
        put32(b, number);
        if (w->options.previews && label_is_secret(w, label)) table_set(&w->table, number, secret);
    }
    b->count++;
    w->root_count++;
}

u32 root_begin(Walk *w, u8 kind, u32 parent, u64 ident, u32 line, const char *name, u32 name_length, char *file) {
    current.kind = kind;
    current.parent = parent;
    current.ident = ident;
    current.line = line;
    current.name_length = name_length < MAX_NAME ? name_length : MAX_NAME;
    memcpy(current.name, name, current.name_length);
    current.file_length = file ? text_utf8(file, current.file, MAX_NAME) : 0;
    w->found_count = 0;
    return w->root_count;
}

void root_ref(Walk *w, u32 label, char *object) { found_push(w, object, (int32_t)label); }

void root_end(Walk *w) {
    u32 from = 0;
    do { /* a root with very many references is written as several of the same name */
        u32 count = w->found_count - from < REFS_PER_ROOT ? w->found_count - from : REFS_PER_ROOT;
        if (stopped(w)) return;
        write_root(w, from, count);
        from += count;
    } while (from < w->found_count);
}

static void simple_root(Walk *w, u8 kind, const char *name, PyObject *object) {
    if (!object) return;
    root_begin(w, kind, NONE, 0, 0, name, (u32)strlen(name), NULL);
    root_ref(w, 0, (char *)object);
    root_end(w);
}

static void interpreter_root(Walk *w) {
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    root_begin(w, 4, NONE, 0, 0, "interpreter", 11, NULL);
    while (w->options.interpreter && PyDict_Next(w->options.interpreter, &pos, &key, &value))
        if (type_of((char *)key) == known.str_) root_ref(w, label_for_str(w, KIND_FIELD, (char *)key), (char *)value);
    root_end(w);
}

static void own_root(Walk *w) {
    Py_ssize_t count = w->options.own ? PyList_Size(w->options.own) : 0;
    root_begin(w, 6, NONE, 0, 0, "agent", 5, NULL);
    root_ref(w, 0, (char *)w->options.all);
    for (Py_ssize_t i = 0; i < count; i++) root_ref(w, 0, (char *)PyList_GetItem(w->options.own, i));
    if (w->options.listed) root_ref(w, 0, (char *)w->options.listed);
    root_end(w);
}

void roots_gather(Walk *w) {
    simple_root(w, 1, "sys.modules", w->options.modules);
    interpreter_root(w);
    simple_root(w, 7, "gc.garbage", w->options.garbage);
    own_root(w);
    frames_of_threads(w);
}

void roots_static_types(Walk *w) {
    root_begin(w, 5, NONE, 0, 0, "static types", 12, NULL);
    for (u32 i = 0; i < w->type_size; i++)
        if (w->type_slots[i] && !(w->type_slots[i]->flags & TYPE_HEAP)) root_ref(w, 0, w->type_slots[i]->type);
    root_end(w);
}
