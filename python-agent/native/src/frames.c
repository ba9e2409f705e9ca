/*
 * The stacks of all threads: which function, which line, which locals. From 3.11 a running function has no frame object
 * unless somebody asked for one, and asking would make it: so the interpreter's own structures are read. Other threads
 * may be anywhere; what they own is read through peek(), and every pointer is looked at before it is believed.
 */
#include "core.h"

#define MAX_LOCALS 4096
#define MAX_DEPTH 10000000u
#define FRAME_SIZE 512
#define LOCAL_FREE 0x80

static u64 tuple_size(const char *tuple) { return tuple && type_of(tuple) == known.tuple_ ? word_at(tuple, OB_SIZE) : 0; }
static char *tuple_item(char *tuple, u64 at) { return pointer_at(tuple, layout.tuple_items + 8 * (long)at); }

static u32 label_in(Walk *w, u8 kind, char *tuple, u32 at) {
    char *name = tuple_item(tuple, at);
    return name && type_of(name) == known.str_ ? label_for_str(w, kind, name) : 0;
}

/* Up to 3.10: three tuples one after another. */
static u32 old_label(Walk *w, char *code, u32 position, u32 *count) {
    const long offsets[] = {layout.code_varnames, layout.code_cellvars, layout.code_freevars};
    u32 label = 0, first = 0;
    for (int i = 0; i < 3; i++) {
        char *names = offsets[i] > 0 ? pointer_at(code, offsets[i]) : NULL;
        u32 n = (u32)tuple_size(names);
        if (position >= first && position < first + n)
            label = label_in(w, i == 2 ? KIND_CLOSURE : KIND_LOCAL, names, position - first);
        first += n;
    }
    *count = first;
    return label;
}

u32 code_label(Walk *w, char *code, u32 position, u32 *count) {
    char *names, *kinds;
    if (layout.frames == 1) return old_label(w, code, position, count);
    names = layout.code_names > 0 ? pointer_at(code, layout.code_names) : NULL;
    kinds = layout.code_kinds > 0 ? pointer_at(code, layout.code_kinds) : NULL;
    *count = kinds && type_of(kinds) == known.bytes_ ? (u32)tuple_size(names) : 0;
    if (position >= *count || position >= word_at(kinds, OB_SIZE)) return 0;
    return label_in(w, byte_at(kinds, BYTES_DATA + (long)position) & LOCAL_FREE ? KIND_CLOSURE : KIND_LOCAL, names, position);
}

u32 code_free_labels(Walk *w, char *code, u32 *labels, u32 limit) {
    u32 count, found = 0;
    code_label(w, code, NONE, &count);
    if (layout.code_freevars > 0) {
        char *names = pointer_at(code, layout.code_freevars);
        for (u32 i = 0; i < tuple_size(names) && found < limit; i++) labels[found++] = label_in(w, KIND_CLOSURE, names, i);
        return found;
    }
    for (u32 i = 0; i < count && found < limit; i++)
        if (byte_at(pointer_at(code, layout.code_kinds), BYTES_DATA + (long)i) & LOCAL_FREE)
            labels[found++] = label_in(w, KIND_CLOSURE, pointer_at(code, layout.code_names), i);
    return found;
}

int looks_like_object(char *o) {
    char head[16], *type, *meta;
    u64 flags;
    if (!o || ((u64)o & 7) || !peek(o, head, 16) || !half_at(head, 0)) return 0;
    type = pointer_at(head, OB_TYPE);
    if (type == known.str_ || type == known.int_ || type == known.dict_ || type == known.cell_) return 1;
    if (((u64)type & 7) || !peek(type + OB_TYPE, &meta, 8) || ((u64)meta & 7)) return 0;
    return peek(meta + TP_FLAGS, &flags, 8) && (flags & TPFLAGS_TYPE_SUBCLASS);
}

/* ---- One frame: a copy of its fixed part, and where it is ---- */

typedef struct { char *at, *code; char copy[FRAME_SIZE]; } Frame;

static char *field_of(const Frame *f, long offset) {
    return offset < 0 ? NULL : (char *)(word_at(f->copy, offset) & ~7ull);
}

static int read_frame(Frame *f, char *at) {
    size_t size = (size_t)layout.frame_locals;
    f->at = at;
    f->code = NULL;
    if (!at || size > FRAME_SIZE || !peek(at, f->copy, size)) return 0;
    f->code = field_of(f, layout.frame_code);
    return 1;
}

/*
 * Not one of the interpreter's own, which stand where C code called Python code, and from 3.12 around an __init__: those
 * have None for a function, and what lay on the stack before for globals.
 */
static int is_python_frame(const Frame *f) {
    char *name, *function = field_of(f, layout.frame_func);
    if (!f->code || !looks_like_object(f->code) || type_of(f->code) != known.code_) return 0;
    if (layout.frame_func > 0 && (!looks_like_object(function) || type_of(function) != known.function_)) return 0;
    name = pointer_at(f->code, layout.code_name);
    return !text_is(name, "<interpreter trampoline>", 24);
}

static int is_own(Walk *w, const Frame *f) {
    char *globals = field_of(f, layout.frame_globals);
    Py_ssize_t count = w->options.own ? PyList_Size(w->options.own) : 0;
    for (Py_ssize_t i = 0; i < count; i++)
        if ((char *)PyList_GetItem(w->options.own, i) == globals) return 1;
    return 0;
}

static u32 line_of(const Frame *f) {
    int line = 0;
    if (layout.frames == 1) line = api.PyFrame_GetLineNumber ? api.PyFrame_GetLineNumber(f->at) : 0;
    else if (api.PyUnstable_InterpreterFrame_GetLine) line = api.PyUnstable_InterpreterFrame_GetLine(f->at);
    else if (api.PyCode_Addr2Line && layout.frame_instr > 0)
        line = api.PyCode_Addr2Line(f->code, (int)(word_at(f->copy, layout.frame_instr) - (u64)f->code - (u64)layout.code_bytes));
    return line > 0 ? (u32)line : 0;
}

static void ref_if_object(Walk *w, u32 label, char *o) {
    if (looks_like_object(o)) root_ref(w, label, o);
}

static void refs_of_locals(Walk *w, const Frame *f) {
    static u64 values[MAX_LOCALS];
    u32 count;
    code_label(w, f->code, 0, &count);
    for (u32 from = 0; from < count; from += MAX_LOCALS) {
        u32 n = count - from < MAX_LOCALS ? count - from : MAX_LOCALS, unused;
        if (!peek(f->at + layout.frame_locals + 8l * from, values, 8ull * n)) return;
        for (u32 i = 0; i < n; i++)
            if ((values[i] & 3) != 3) /* from 3.15 small numbers of the interpreter's own look so */
                ref_if_object(w, code_label(w, f->code, from + i, &unused), (char *)(values[i] & ~7ull));
    }
}

static void frame_root(Walk *w, const Frame *f, u32 thread, u64 depth) {
    char name[500], *named = pointer_at(f->code, layout.code_name);
    u32 length = text_utf8(named, name, sizeof name);
    root_begin(w, is_own(w, f) ? 6 : 3, thread, depth, line_of(f), name, length, pointer_at(f->code, layout.code_filename));
    refs_of_locals(w, f);
    ref_if_object(w, w->label_code, f->code);
    ref_if_object(w, w->label_globals, field_of(f, layout.frame_globals));
    ref_if_object(w, w->label_func, field_of(f, layout.frame_func));
    ref_if_object(w, w->label_locals, field_of(f, layout.frame_namespace));
    if (layout.frames == 1) ref_if_object(w, label_for(w, KIND_FIELD, "frame", 5), f->at);
    root_end(w);
}

/* ---- Threads ---- */

static char *innermost(char *tstate) {
    u64 word = 0;
    if (layout.thread_frame < 0 || !peek(tstate + layout.thread_frame, &word, 8)) return NULL;
    if (layout.thread_frame_via >= 0 && !peek((char *)word + layout.thread_frame_via, &word, 8)) return NULL;
    return (char *)(word & ~7ull);
}

/* A thread of whose frames all are ours: the agent's. */
static int is_own_thread(Walk *w, char *tstate) {
    Frame f;
    int own = 0;
    u32 depth = 0;
    for (char *at = innermost(tstate); at && depth++ < 1000 && read_frame(&f, at); at = field_of(&f, layout.frame_previous)) {
        if (!is_python_frame(&f)) continue;
        if (!is_own(w, &f)) return 0;
        own = 1;
    }
    return own;
}

static u32 thread_name(Walk *w, u64 ident, char *into, u32 limit) {
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    int fits;
    while (w->options.threads && PyDict_Next(w->options.threads, &pos, &key, &value)) {
        if (type_of((char *)key) != known.int_ || type_of((char *)value) != known.str_) continue;
        if ((u64)int_of((char *)key, &fits) == ident && fits) return text_utf8((char *)value, into, limit);
    }
    return 0;
}

static u32 thread_root(Walk *w, char *tstate) {
    char name[500];
    u64 ident = 0;
    u32 length, root;
    const struct { long offset; const char *name; } fields[] = {
        {layout.thread_dict, "thread-local storage"}, {layout.thread_context, "context"},
        {layout.thread_exception, "exception"}};
    if (layout.thread_id > 0) peek(tstate + layout.thread_id, &ident, 8);
    length = thread_name(w, ident, name, sizeof name);
    root = root_begin(w, is_own_thread(w, tstate) ? 6 : 2, NONE, ident, 0, name, length, NULL);
    for (int i = 0; i < 3; i++) {
        char *o = NULL;
        if (fields[i].offset < 0 || !peek(tstate + fields[i].offset, &o, 8)) continue;
        if (o != known.None_) ref_if_object(w, label_for(w, KIND_FIELD, fields[i].name, (u32)strlen(fields[i].name)), o);
    }
    root_end(w);
    return root;
}

void frames_of_threads(Walk *w) {
    char *tstate;
    u32 threads = 0;
    if (!api.PyInterpreterState_Get || !api.PyInterpreterState_ThreadHead || !api.PyThreadState_Next) return;
    tstate = api.PyInterpreterState_ThreadHead(api.PyInterpreterState_Get());
    for (; tstate && threads++ < 1000000 && !stopped(w); tstate = api.PyThreadState_Next(tstate)) {
        u32 thread = thread_root(w, tstate), depth = 0;
        Frame f;
        if (layout.frames < 1) continue;
        for (char *at = innermost(tstate); at && depth < MAX_DEPTH && !stopped(w) && read_frame(&f, at);
             at = field_of(&f, layout.frame_previous))
            if (is_python_frame(&f)) frame_root(w, &f, thread, depth++);
    }
}
