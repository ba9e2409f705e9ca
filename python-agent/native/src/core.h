/*
 * What the files of the core share: where CPython keeps things, the state of one walk, and each file's face.
 *
 * All of it runs in one of two places: in a forked child that has no other thread and no Python code, or in the calling
 * process with the GIL held throughout ("in place"). Nothing here allocates from malloc, takes a lock, or writes to an
 * object of the program: in the child, each page that is written is copied, and malloc's lock may be held for ever by a
 * thread that exists in the parent only.
 */
#ifndef HEAPSCOPE_CORE_H
#define HEAPSCOPE_CORE_H

#include <string.h>
#include "py.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define NONE 0xFFFFFFFFu
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* ---- Memory as CPython lays it out: checked against living samples by native_probe.py before anything is walked ---- */

static inline u64 word_at(const void *at, long offset) { return *(const u64 *)((const char *)at + offset); }
static inline u32 half_at(const void *at, long offset) { return *(const u32 *)((const char *)at + offset); }
static inline u8 byte_at(const void *at, long offset) { return *(const u8 *)((const char *)at + offset); }
static inline char *pointer_at(const void *at, long offset) { return *(char *const *)((const char *)at + offset); }

enum {
    OB_REFCNT = 0, OB_TYPE = 8, OB_SIZE = 16,
    TP_NAME = 24, TP_BASICSIZE = 32, TP_ITEMSIZE = 40, TP_DEALLOC = 48, TP_FLAGS = 168, TP_TRAVERSE = 184,
    TP_WEAKLIST = 208, TP_MEMBERS = 240, TP_BASE = 256, TP_DICT = 264, TP_DICTOFFSET = 288, TP_IS_GC = 328,
    TP_BASES = 336, TP_MRO = 344, TP_SUBCLASSES = 360, TP_FINALIZE = 392,
    GC_NEXT = -16, GC_PREV = -8, GC_FLAGS = 3, /* two bits: the runtime itself may lie at an odd multiple of 4 */
    LIST_ITEMS = 24, LIST_ALLOCATED = 32,
    STR_LENGTH = 16, STR_HASH = 24, STR_STATE = 32,
    BYTES_HASH = 24, BYTES_DATA = 32,
    DICT_VALUES = 40,
    DESCRIPTOR_METHOD = 40,
};

#define TPFLAGS_STATIC_BUILTIN (1ul << 1) /* from 3.12 */
#define TPFLAGS_MANAGED_DICT (1ul << 4)   /* from 3.11 */
#define TPFLAGS_HEAPTYPE (1ul << 9)
#define TPFLAGS_HAVE_GC (1ul << 14)
#define TPFLAGS_DICT_SUBCLASS (1ul << 29)
#define TPFLAGS_TYPE_SUBCLASS (1ul << 31)

static inline char *type_of(const char *o) { return pointer_at(o, OB_TYPE); }

/* ---- What setup() was told. Offsets are -1 where a probe failed: then the edges are there, without names ---- */

#define LAYOUT_NUMBERS(X) \
    X(version)          /* 0x0309 … */ \
    X(pre_flags)        /* bits of tp_flags that mean 16 more bytes before the object */ \
    X(static_pre)       /* bytes that sys.getsizeof adds for a static type object */ \
    X(str_ascii)        /* data of a compact ASCII string */ \
    X(str_wide)         /* data of any other compact string */ \
    X(str_ready)        /* bit of the state that says "ready", up to 3.11 */ \
    X(tuple_items) \
    X(int_tagged)       /* 1: size and sign share a tag, from 3.12 */ \
    X(int_bits)         /* bits per digit */ \
    X(generation0) X(generation1) X(generation2) X(permanent) /* addresses of the collector's list heads */ \
    X(type_name) X(type_qualname) X(type_slots) X(type_keys) \
    X(subtype_dealloc) X(slot_finalize) /* what Python classes have there */ \
    X(values)           /* where instances keep attributes: 1 behind a pointer, 2 behind a tagged one, 3 embedded */ \
    X(values_offset) \
    X(values_flag)      /* bit of tp_flags that says so */ \
    X(values_sized)     /* 1: sys.getsizeof counts them */ \
    X(managed_dict)     /* pointer to the __dict__ that such instances may have besides */ \
    X(frames)           /* 1: frame objects (3.9, 3.10), 2: interpreter frames */ \
    X(frame_data)       /* in a frame object: pointer to its interpreter frame */ \
    X(frame_code) X(frame_previous) X(frame_locals) X(frame_globals) X(frame_func) X(frame_namespace) X(frame_instr) \
    X(generator_frame)  /* in a generator: its interpreter frame */ \
    X(code_filename) X(code_name) X(code_names) X(code_kinds) X(code_varnames) X(code_cellvars) X(code_freevars) \
    X(code_bytes) \
    X(thread_frame) X(thread_frame_via) X(thread_id) X(thread_dict) X(thread_context) X(thread_exception) \
    X(function_code) X(function_closure) \
    X(array_data) X(array_nd) X(array_shape) X(array_strides) X(array_base) X(array_descr) X(array_flags) \
    X(descr_kind) X(descr_size) X(descr_narrow)

typedef struct {
#define X(name) long name;
    LAYOUT_NUMBERS(X)
#undef X
} Layout;

/* Types that the walk treats in a way of its own, by the names that setup() is given. */
#define KNOWN_TYPES(X) \
    X(object) X(type) X(str) X(bytes) X(int) X(bool) X(float) X(list) X(tuple) X(dict) X(set) X(frozenset) X(deque) \
    X(frozendict) X(code) X(function) X(cell) X(frame) X(generator) X(coroutine) X(async_generator) X(method_descriptor) \
    X(NoneType) X(None) X(ndarray)

typedef struct {
#define X(name) char *name##_;
    KNOWN_TYPES(X)
#undef X
} Known;

/* Functions of CPython outside the limited API of 3.9, found by name; any may be NULL. */
typedef struct {
    void *(*PyInterpreterState_Get)(void);
    void *(*PyInterpreterState_ThreadHead)(void *interp);
    void *(*PyThreadState_Next)(void *tstate);
    void *(*PyThreadState_Get)(void);
    int (*PyCode_Addr2Line)(void *code, int offset);
    int (*PyUnstable_InterpreterFrame_GetLine)(void *frame);
    int (*PyFrame_GetLineNumber)(void *frame);
    Py_ssize_t (*PyDict_SizeOf)(void *dict);
    Py_ssize_t (*HashBuffer)(const void *data, Py_ssize_t size);
    PyObject *(*PyType_GetDict)(void *type);
    PyObject *(*TraceMalloc_GetTraceback)(unsigned int domain, uintptr_t address);
    PyCFunction gc_disable, gc_enable, gc_isenabled;
    PyObject *reserve; /* freed in a forked child, so that the integers it makes find room without malloc */
} Api;

extern Layout layout;
extern Known known;
extern Api api;

/* A field of a type's C structure that holds a reference, by the name Python shows. */
typedef struct {
    char *type;
    u32 label;
    int32_t offset;
    u8 kind;
    u8 explicit_; /* the type's tp_traverse does not visit it */
    u16 length;
    char name[64];
} ProbedField;

#define MAX_PROBED 256
extern ProbedField probed[MAX_PROBED];
extern int probed_count;

/* ---- Progress: one shared page, written by whoever walks, read by poll() ---- */

enum { PHASE_START, PHASE_ROOTS, PHASE_OBJECTS, PHASE_PREVIEWS, PHASE_END, PHASE_DONE };
enum { STOP_NO, STOP_CANCEL, STOP_MEMORY, STOP_FILE, STOP_NODES, STOP_EDGES, STOP_WRITE, STOP_LISTS };

typedef struct {
    volatile u32 phase, stop, error;
    volatile u32 cancel;
    volatile u64 nodes, edges, bytes, memory, tracked, known;
} Progress;

/* ---- mem.c: memory from mmap alone, counted against the limit ---- */

typedef struct {
    u64 used, limit;
    char *chunk;
    size_t left;
    Progress *progress;
} Memory;

void *mem_take(Memory *m, size_t size); /* zeroed, 16-byte aligned; NULL at the limit, and progress->stop is set */
void *mem_grow(Memory *m, void *old, size_t old_size, size_t new_size); /* whole pages; for arrays that double */
void mem_end(Memory *m); /* gives everything back */

/* ---- dump.c: blocks with checksums ---- */

typedef struct {
    int fd;
    u32 crc, blocks; /* CRC over the blocks' CRCs; their number */
    u64 bytes, limit;
    Progress *progress;
} Out;

typedef struct { const void *data; size_t size; } Piece;

/* A block under construction: records are appended, and it is written when the next would not fit. */
typedef struct {
    Out *out;
    char tag[5];
    u32 count, used, size;
    u8 *data;
} Block;

void crc_setup(void);
u32 crc_of(u32 crc, const void *data, size_t size);
void out_header(Out *out, u32 flags, u64 pid);
void out_block(Out *out, const char *tag, u32 count, const Piece *pieces, int pieces_count);
void out_footer(Out *out, u64 nodes, u64 edges, u32 status);
int block_open(Block *b, Memory *m, Out *out, const char *tag, u32 size);
int block_room(Block *b, u32 need); /* 0 where a record can never fit */
void block_flush(Block *b);

static inline void put(Block *b, const void *data, u32 size) { memcpy(b->data + b->used, data, size); b->used += size; }
static inline void put8(Block *b, u8 v) { b->data[b->used++] = v; }
static inline void put16(Block *b, u16 v) { put(b, &v, 2); }
static inline void put32(Block *b, u32 v) { put(b, &v, 4); }
static inline void put64(Block *b, u64 v) { put(b, &v, 8); }

/* ---- names.c: labels and shapes, each written once ---- */

enum { KIND_NONE = 0, KIND_ATTRIBUTE = 1, KIND_FIELD = 2, KIND_LOCAL = 3, KIND_CLOSURE = 4, KIND_WEAK = 64 };
enum { REST_UNNAMED, REST_PAIRS, REST_ITEMS, REST_MEMBERS };

typedef struct { u64 hash; u32 id; u32 length; const void *content; } Entry; /* of an intern table */
typedef struct { Entry *entries; u32 size, count; } Intern;

/* ---- types.c: what is known of a type, found out when its first instance is met ---- */

enum { CONTENT_NONE, CONTENT_LIST, CONTENT_TUPLE, CONTENT_DICT, CONTENT_SET, CONTENT_DEQUE, CONTENT_FRAME, CONTENT_TYPE,
       CONTENT_ARRAY };
enum { SIZE_GENERIC, SIZE_STR, SIZE_INT, SIZE_LIST, SIZE_DICT, SIZE_ARRAY, SIZE_CALL };
enum { TYPE_PYTHON = 1, TYPE_HEAP = 2, TYPE_DEL = 4, TYPE_WEAKLIST = 8, TYPE_META = 16, TYPE_SLOTS = 32 };

typedef struct { u32 label; int32_t offset; u8 explicit_, weak; } Field;

#define MAX_CACHED 48
/* What a field's offset counts from: the object; its inline values, or its interpreter frame; its end. */
enum { BASE_OBJECT, BASE_INNER, BASE_END, BASES };

typedef struct TypeInfo {
    char *type;
    u32 index, node, base, flags;
    u8 content, exact, sizing, inline_values, is_str, is_bytes, is_int, has_explicit, is_function, python;
    u32 pre; /* bytes before the object that sys.getsizeof counts */
    long basicsize, itemsize, dictoffset;
    u64 tp_flags;
    traverseproc traverse, base_traverse;
    inquiry is_gc;
    PyCFunction size_of;
    u64 counted, counted_bytes; /* by a census */
    Field *fields;
    u32 field_count;
    u32 *value_labels; /* by position in the values array; NONE: not looked up yet */
    u32 value_count;
    /* Edges of the instance before this one: the next usually looks alike. */
    u32 last_shape, last_count, last_visited, last_reach;
    const char *last_code;
    u32 last_labels[MAX_CACHED];
    int32_t last_where[MAX_CACHED]; /* offset * 4 + base; NOWHERE */
} TypeInfo;

#define NOWHERE INT32_MIN

/* ---- table.h: address -> node number ---- */
#include "table.h"

/* ---- One walk ---- */

typedef struct {
    int previews, sites, census;
    u64 pid, max_memory, max_file, max_nodes, max_edges;
    PyObject *listed;  /* a list of objects to begin with, or NULL: the collector's lists */
    PyObject *all;     /* the dictionary of options itself */
    PyObject *modules, *own, *threads, *interpreter, *garbage, *redact;
    const char *meta;
    Py_ssize_t meta_size;
} Options;

#define NODES_PER_BLOCK 65536
#define EDGES_PER_BLOCK (1 << 18)
#define MAX_EDGES (0xFFFFFFFEull - EDGES_PER_BLOCK) /* what is being filled comes on top */

typedef struct Walk {
    Options options;
    Progress *progress;
    Memory memory;
    Out out;
    Table table;
    u64 edge_total, counted;
    u32 tracked_end, permanent_first, permanent_end, own_references;

    /* The NODE block that is being filled. */
    u32 filled;
    u64 *c_address;
    u32 *c_size, *c_type, *c_refs, *c_degree, *c_shape, *c_site;
    u8 *c_flags;

    /* The EDGE block. */
    u32 *edges, edges_filled;
    u32 degree; /* of the node that is being walked */

    /* References of the object that is being walked, and where each lies in it. */
    char **found;
    int32_t *where;
    u32 found_count, found_size;

    Block bigs, types, labels, shapes, texts, previews, files, sites, arrays, roots;
    u32 *hash_refs, hash_filled;
    u64 *hash_values;
    u32 root_count;

    u32 shape_rest[4]; /* of exact containers */
    u8 *used;          /* fields of one object that have their edge */

    Intern label_table, shape_table, file_table, site_table;
    u8 *shape_buffer;
    Entry *name_cache; /* str object -> label, by address: attribute names are interned */
    u32 label_dict, label_class, label_code, label_func, label_globals, label_locals, label_base;

    TypeInfo **type_slots; /* open addressing by address */
    u32 type_size, type_count;
    TypeInfo **type_list;
    TypeInfo *last_type;

    char **closures; /* pairs: closure tuple, code; open addressing */
    u32 closure_size, closure_count;

    char redact[64][64];
    int redact_count;
    u8 *secret_labels; /* a bit per label */
    u32 secret_size;
} Walk;

static inline int stopped(const Walk *w) { return w->progress->stop != STOP_NO; }
void stop_walk(Walk *w, u32 why);

/* walk.c */
int walk_run(Walk *w);                          /* 0 whole, 1 stopped, -1 could not be written */
u32 walk_number_slow(Walk *w, char *object);
void walk_flush_edges(Walk *w);

/* The number of an object's node, new or known; 0 when the walk has just stopped. */
static inline u32 walk_number(Walk *w, char *object) {
    u32 *slot = table_slot(&w->table, object);
    return likely(slot && *slot) ? *slot - 1 : walk_number_slow(w, object);
}

/* One more edge of the node that is being walked; the target's number. */
static inline u32 walk_edge(Walk *w, char *target) {
    u32 number = walk_number(w, target);
    w->edges[w->edges_filled++] = number;
    w->degree++;
    if (unlikely(w->edges_filled == EDGES_PER_BLOCK)) walk_flush_edges(w);
    return number;
}

/* edges.c */
int edges_open(Walk *w);
void found_push(Walk *w, char *target, int32_t where);
u32 edges_of(Walk *w, char *o, TypeInfo *t);    /* emits them; returns the shape */
void edges_note_closure(Walk *w, char *function);
void edges_secret(Walk *w);                     /* what a redacted container holds is redacted too */

/* labels.c */
int names_open(Walk *w);
u32 label_for(Walk *w, u8 kind, const char *name, u32 length);
u32 label_for_str(Walk *w, u8 kind, char *str); /* attribute names, cached by address */
u32 shape_for(Walk *w, u8 rest, const u32 *labels, u32 count);
u32 file_for(Walk *w, char *str);
u32 intern_find(Walk *w, Intern *table, const void *content, u32 length, int *is_new);
u64 hash_bytes(const void *data, u32 length);
int label_is_secret(Walk *w, u32 label);

/* types.c */
int types_open(Walk *w);
TypeInfo *type_info_slow(Walk *w, char *type);
static inline TypeInfo *type_info(Walk *w, char *type) {
    return likely(w->last_type && w->last_type->type == type) ? w->last_type : type_info_slow(w, type);
}
u32 type_label_of_value(Walk *w, TypeInfo *t, u32 position);
PyObject *type_dict(char *type, int *release);  /* borrowed, or to be released */
u32 type_values_size(TypeInfo *t);              /* slots that a new instance gets */
/* census.c: instead of a walk */
void census_one(Walk *w, char *o);
void census_write(Walk *w);

/* sizes.c */
u64 size_of(Walk *w, char *o, TypeInfo *t);
void sizing_for(Walk *w, TypeInfo *t);
void trust_setup(void);

/* texts.c */
typedef struct { const u8 *data; u64 length; u8 kind; } Text;
int text_of(char *str, Text *text);             /* 0 where it cannot be read */
int text_is(char *str, const char *ascii, u32 length);
u32 text_utf8(char *str, char *buffer, u32 limit); /* cut at whole characters */
void text_key(Walk *w, char *o, u32 number);    /* STRS, once */
void text_hash(Walk *w, char *o, TypeInfo *t, u32 number);
void text_hash_flush(Walk *w);
void text_previews(Walk *w);
int text_matches_secret(Walk *w, const char *text, u32 length);
long long int_of(char *o, int *fits);

/* roots.c, frames.c */
void roots_gather(Walk *w);
void roots_static_types(Walk *w);
u32 root_begin(Walk *w, u8 kind, u32 parent, u64 ident, u32 line, const char *name, u32 name_length, char *file);
void root_ref(Walk *w, u32 label, char *object);
void root_end(Walk *w);
void frames_of_threads(Walk *w);
u32 code_label(Walk *w, char *code, u32 position, u32 *count); /* of a local variable, by position */
u32 code_free_labels(Walk *w, char *code, u32 *labels, u32 limit);
int looks_like_object(char *o);

/* arrays.c, sites.c */
u8 array_items(Walk *w, char *o);               /* elements that are objects, emitted; the rest of the shape */
u64 array_size(char *o, TypeInfo *t);
void array_note(Walk *w, char *o, u32 number);
u32 site_of(Walk *w, char *o, const TypeInfo *t);
/* peek.c: reads memory that may not be there */
int peek(const void *at, void *into, size_t size);
#endif
