#include "heap/threads.h"
#include "python/code.h"
#include "python/frames.h"
#include "python/text.h"

#define VALUES_AT_ONCE 4096
#define MAX_DEPTH 10000000u
#define MAX_THREADS 1000000
#define MAX_OWN_DEPTH 1000

/* State of the inspection of a thread. */
typedef struct {
    RootTable *table;
    Names *names;
    const Python *py;
    const Options *options;
    u64 *values; /* of the variables of a frame */
} Look;

/* A frame of Heapscope's, recognised by its globals. */
static int is_own(const Look *l, const Frame *f) {
    char *globals = frame_field(f, l->py->layout.frame_globals);
    Py_ssize_t count = l->options->own ? PyList_Size(l->options->own) : 0;
    for (Py_ssize_t i = 0; i < count; i++)
        if ((char *)PyList_GetItem(l->options->own, i) == globals) return 1;
    return 0;
}

static void ref_if_object(const Look *l, u32 label, char *o) {
    if (looks_like_object(l->py, o)) root_ref(l->table, label, o);
}

static void refs_of_variables(const Look *l, const Frame *f) {
    u32 count = code_variables(l->py, f->code);
    for (u32 from = 0; from < count; from += VALUES_AT_ONCE) {
        u32 n = count - from < VALUES_AT_ONCE ? count - from : VALUES_AT_ONCE;
        if (!frame_values(l->py, f, from, n, l->values)) return;
        for (u32 i = 0; i < n; i++) {
            char *o = frame_object(l->values[i]);
            if (o) ref_if_object(l, label_for_variable(l->names, f->code, from + i), o);
        }
    }
}

static void frame_root(const Look *l, const Frame *f, u32 thread, u64 depth) {
    const Layout *layout = &l->py->layout;
    char name[MAX_ROOT_NAME];
    u32 length = text_utf8(l->py, pointer_at(f->code, layout->code_name), name, sizeof name);
    root_begin(l->table, is_own(l, f) ? DUMP_ROOT_AGENT : DUMP_ROOT_FRAME, thread, name, length);
    root_place(l->table, depth, frame_line(l->py, f), pointer_at(f->code, layout->code_filename));
    refs_of_variables(l, f);
    ref_if_object(l, l->names->code, f->code);
    ref_if_object(l, l->names->globals, frame_field(f, layout->frame_globals));
    ref_if_object(l, l->names->func, frame_field(f, layout->frame_func));
    ref_if_object(l, l->names->locals, frame_field(f, layout->frame_namespace));
    if (layout->frames == 1) ref_if_object(l, label_for(l->names, LABEL_FIELD, "frame", 5), f->at);
    root_end(l->table);
}

/* A thread all of whose frames are ours: the agent's. */
static int is_own_thread(const Look *l, char *tstate) {
    const Layout *layout = &l->py->layout;
    Frame f;
    int own = 0;
    u32 depth = 0;
    for (char *at = frame_innermost(l->py, tstate); at && depth++ < MAX_OWN_DEPTH && frame_read(l->py, &f, at);
         at = frame_field(&f, layout->frame_previous)) {
        if (!frame_is_python(l->py, &f)) continue;
        if (!is_own(l, &f)) return 0;
        own = 1;
    }
    return own;
}

static u32 thread_name(const Look *l, u64 ident, char *into, u32 limit) {
    const KnownTypes *types = &l->py->types;
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    int fits;
    while (l->options->threads && PyDict_Next(l->options->threads, &pos, &key, &value)) {
        if (type_of((char *)key) != types->int_ || type_of((char *)value) != types->str_) continue;
        if ((u64)int_of(l->py, (char *)key, &fits) == ident && fits) return text_utf8(l->py, (char *)value, into, limit);
    }
    return 0;
}

static u32 thread_root(const Look *l, char *tstate) {
    const Python *py = l->py;
    char name[MAX_ROOT_NAME];
    u64 ident = 0;
    u32 length, root;
    const struct { long offset; const char *name; } fields[] = {
        {py->layout.thread_dict, "thread-local storage"}, {py->layout.thread_context, "context"},
        {py->layout.thread_exception, "exception"}};
    if (py->layout.thread_id > 0) peek(&py->peek, tstate + py->layout.thread_id, &ident, 8);
    length = thread_name(l, ident, name, sizeof name);
    root = root_begin(l->table, is_own_thread(l, tstate) ? DUMP_ROOT_AGENT : DUMP_ROOT_THREAD, NONE, name, length);
    root_place(l->table, ident, 0, NULL);
    for (int i = 0; i < 3; i++) {
        char *o = NULL;
        if (fields[i].offset < 0 || !peek(&py->peek, tstate + fields[i].offset, &o, 8) || o == py->types.None_) continue;
        ref_if_object(l, label_for(l->names, LABEL_FIELD, fields[i].name, (u32)strlen(fields[i].name)), o);
    }
    root_end(l->table);
    return root;
}

static void write_thread(const Look *l, char *tstate) {
    const Layout *layout = &l->py->layout;
    u32 thread = thread_root(l, tstate), depth = 0;
    Frame f;
    if (layout->frames < 1) return;
    for (char *at = frame_innermost(l->py, tstate);
         at && depth < MAX_DEPTH && !stopped(l->table->graph->progress) && frame_read(l->py, &f, at);
         at = frame_field(&f, layout->frame_previous))
        if (frame_is_python(l->py, &f)) frame_root(l, &f, thread, depth++);
}

void threads_write(RootTable *table) {
    Graph *g = table->graph;
    const Functions *functions = &g->py->functions;
    Look look = {table, table->names, g->py, g->options, mem_grow(g->memory, NULL, 0, VALUES_AT_ONCE * sizeof(u64))};
    u32 threads = 0;
    char *tstate;
    if (!look.values || !functions->PyInterpreterState_Get || !functions->PyInterpreterState_ThreadHead) return;
    if (!functions->PyThreadState_Next) return;
    tstate = functions->PyInterpreterState_ThreadHead(functions->PyInterpreterState_Get());
    for (; tstate && threads++ < MAX_THREADS && !stopped(g->progress); tstate = functions->PyThreadState_Next(tstate))
        write_thread(&look, tstate);
}
