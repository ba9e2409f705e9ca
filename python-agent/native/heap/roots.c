#include "heap/roots.h"
#include "heap/exits.h"
#include "heap/threads.h"

static void begin(RootTable *table, u8 kind, const char *name) {
    root_begin(table, kind, NONE, name, (u32)strlen(name));
}

static void simple_root(RootTable *table, u8 kind, const char *name, PyObject *object) {
    if (!object) return;
    begin(table, kind, name);
    root_ref(table, 0, (char *)object);
    root_end(table);
}

static void interpreter_root(RootTable *table, PyObject *held) {
    const Python *py = table->graph->py;
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    begin(table, DUMP_ROOT_INTERPRETER, "interpreter");
    while (held && PyDict_Next(held, &pos, &key, &value))
        if (type_of((char *)key) == py->types.str_)
            root_ref(table, label_for_str(table->names, LABEL_FIELD, (char *)key), (char *)value);
    exits_refs(table);
    root_end(table);
}

static void own_root(RootTable *table, const Options *options) {
    Py_ssize_t count = options->own ? PyList_Size(options->own) : 0;
    char *exit = exits_own(table->graph->py);
    begin(table, DUMP_ROOT_AGENT, "agent");
    if (exit) root_ref(table, 0, exit);
    root_ref(table, 0, (char *)options->all);
    for (Py_ssize_t i = 0; i < count; i++) root_ref(table, 0, (char *)PyList_GetItem(options->own, i));
    if (options->listed) root_ref(table, 0, (char *)options->listed);
    root_end(table);
}

void roots_write(RootTable *table) {
    const Options *options = table->graph->options;
    simple_root(table, DUMP_ROOT_MODULES, "sys.modules", options->modules);
    interpreter_root(table, options->interpreter);
    simple_root(table, DUMP_ROOT_GARBAGE_LIST, "gc.garbage", options->garbage);
    own_root(table, options);
    threads_write(table);
}

void roots_of_static_types(RootTable *table, const Types *types) {
    begin(table, DUMP_ROOT_STATIC_TYPES, "static types");
    for (u32 i = 0; i < types->size; i++)
        if (types->slots[i] && !(types->slots[i]->flags & TYPE_FLAG_HEAP)) root_ref(table, 0, types->slots[i]->type);
    root_end(table);
}
