/*
 * The walk: numbers every object that the collector tracks, then takes the numbers one after another and writes each
 * object's row and references; what a reference leads to gets the next number. No recursion, no visited set but the table.
 */
#include <unistd.h>
#include "core.h"

#define TEXT_BLOCK (1u << 20)
#define HASHES 65536

enum { FLAG_TRACKED = 1, FLAG_TYPE = 2, FLAG_IMMORTAL = 4, FLAG_PERMANENT = 8, FLAG_DICT = 16, FLAG_INTERNED = 32,
       FLAG_SHARED = 64, FLAG_EMBEDDED = 128 };

void stop_walk(Walk *w, u32 why) {
    if (!w->progress->stop) w->progress->stop = why;
}

u32 walk_number_slow(Walk *w, char *object) {
    Table *t = &w->table;
    u32 *slot = table_slot(t, object);
    if (!slot) return 0;
    if (*slot) return *slot - 1;
    if (t->count >= w->options.max_nodes) {
        stop_walk(w, STOP_NODES);
        return 0;
    }
    if ((t->count & (CHUNK - 1)) == 0 && !table_add_chunk(t)) return 0;
    t->chunks[t->count >> CHUNK_BITS]->address[t->count & (CHUNK - 1)] = object;
    *slot = (u32)++t->count;
    return *slot - 1;
}

void walk_flush_edges(Walk *w) {
    Piece piece = {w->edges, 4ull * w->edges_filled};
    if (!w->edges_filled) return;
    w->edge_total += w->edges_filled;
    out_block(&w->out, "EDGE", w->edges_filled, &piece, 1);
    w->edges_filled = 0;
    if (w->edge_total > w->options.max_edges) stop_walk(w, STOP_EDGES);
}

static void flush_nodes(Walk *w) {
    u32 n = w->filled;
    Piece pieces[] = {{w->c_address, 8ull * n}, {w->c_size, 4ull * n}, {w->c_type, 4ull * n}, {w->c_refs, 4ull * n},
                      {w->c_degree, 4ull * n}, {w->c_shape, 4ull * n}, {w->c_site, w->options.sites ? 4ull * n : 0},
                      {w->c_flags, n}};
    if (n) out_block(&w->out, "NODE", n, pieces, 8);
    w->filled = 0;
}

/* ---- What the collector tracks ---- */

static void number_one(Walk *w, char *o) {
    if (w->options.census) {
        census_one(w, o);
        return;
    }
    walk_number(w, o);
    if (type_of(o) == known.function_) edges_note_closure(w, o);
}

/* A list of the collector: closed, each neighbour pointing back, or it is not what we think it is. */
static void number_list(Walk *w, const char *head) {
    const char *before = head, *entry = (const char *)(word_at(head, 0) & ~(u64)GC_FLAGS);
    while (entry != head && !stopped(w)) {
        if (!entry || (const char *)(word_at(entry, 8) & ~(u64)GC_FLAGS) != before) {
            stop_walk(w, STOP_LISTS);
            return;
        }
        number_one(w, (char *)entry + 16);
        before = entry;
        entry = (const char *)(word_at(entry, 0) & ~(u64)GC_FLAGS);
        if (!(w->table.count & 1023) && w->progress->cancel) stop_walk(w, STOP_CANCEL);
    }
    w->progress->known = w->table.count;
}

static void number_tracked(Walk *w) {
    const long heads[] = {layout.generation2, layout.generation1, layout.generation0};
    if (w->options.listed) {
        Py_ssize_t count = PyList_Size(w->options.listed);
        for (Py_ssize_t i = 0; i < count && !stopped(w); i++)
            number_one(w, (char *)PyList_GetItem(w->options.listed, i));
        w->own_references = (u32)w->table.count; /* the list holds each of these once */
    } else {
        for (int i = 0; i < 3; i++)
            if (heads[i] > 0) number_list(w, (const char *)heads[i]);
        w->permanent_first = (u32)w->table.count;
        if (layout.permanent > 0) number_list(w, (const char *)layout.permanent);
        w->permanent_end = (u32)w->table.count;
    }
    w->progress->tracked = w->tracked_end = (u32)w->table.count;
}

/* ---- One object ---- */

static u32 refs_of(Walk *w, const char *o, u32 number) {
    u64 refs = layout.version >= 0x030C ? half_at(o, OB_REFCNT) : word_at(o, OB_REFCNT);
    if (layout.version >= 0x030C && refs >> 31) return NONE; /* immortal */
    if (number < w->own_references && refs) refs--;
    return refs < NONE ? (u32)refs : NONE - 1;
}

static u8 flags_of(Walk *w, const char *o, const TypeInfo *t, u32 number, u32 refs) {
    u8 flags = refs == NONE ? FLAG_IMMORTAL : 0;
    /* By the lists, not by the object's header: tuples frozen into the interpreter's image (3.11, 3.12) have none. */
    if (number < w->tracked_end) flags |= FLAG_TRACKED;
    if (t->tp_flags & TPFLAGS_TYPE_SUBCLASS) flags |= FLAG_TYPE;
    if (number >= w->permanent_first && number < w->permanent_end) flags |= FLAG_PERMANENT;
    if (t->is_str && (half_at(o, STR_STATE) & 3)) flags |= FLAG_INTERNED;
    if (t->content == CONTENT_DICT && t->type != known.frozendict_) {
        const char *values = pointer_at(o, DICT_VALUES);
        if (table_bit(&w->table, number, dict)) flags |= FLAG_DICT;
        if (values) flags |= FLAG_SHARED;
        if (values && layout.values == 3 && byte_at(values, 2)) flags |= FLAG_EMBEDDED;
    }
    return flags;
}

static void walk_one(Walk *w, u32 number) {
    char *o = table_address(&w->table, number);
    TypeInfo *t = type_info(w, type_of(o));
    u32 n = w->filled, refs;
    u64 size;
    if (!t) return;
    w->degree = 0;
    size = size_of(w, o, t);
    refs = refs_of(w, o, number);
    w->c_address[n] = (u64)o;
    w->c_type[n] = t->index;
    w->c_refs[n] = refs;
    w->c_size[n] = size < NONE ? (u32)size : NONE;
    w->c_shape[n] = edges_of(w, o, t);
    w->c_degree[n] = w->degree;
    w->c_flags[n] = flags_of(w, o, t, number, refs);
    if (w->options.sites) w->c_site[n] = site_of(w, o, t);
    if (t->is_str || t->is_bytes) text_hash(w, o, t, number);
    if (t->content == CONTENT_ARRAY) array_note(w, o, number);
    if (size >= NONE && block_room(&w->bigs, 12)) {
        put32(&w->bigs, number);
        put64(&w->bigs, size);
        w->bigs.count++;
    }
    if (++w->filled == NODES_PER_BLOCK) flush_nodes(w);
}

static void report(Walk *w, u64 done) {
    w->progress->nodes = done;
    w->progress->edges = w->edge_total + w->edges_filled;
    w->progress->known = w->table.count;
    if (w->progress->cancel) stop_walk(w, STOP_CANCEL);
}

static u64 walk_objects(Walk *w) {
    u64 number = 0;
    w->progress->phase = PHASE_OBJECTS;
    while (number < w->table.count && !stopped(w)) {
        walk_one(w, (u32)number++);
        if (!(number & 1023)) report(w, number);
    }
    report(w, number);
    return number;
}

/* ---- The whole ---- */

static int open_columns(Walk *w) {
    u32 n = NODES_PER_BLOCK;
    w->c_address = mem_take(&w->memory, 8 * n);
    w->c_size = mem_take(&w->memory, 4 * n);
    w->c_type = mem_take(&w->memory, 4 * n);
    w->c_refs = mem_take(&w->memory, 4 * n);
    w->c_degree = mem_take(&w->memory, 4 * n);
    w->c_shape = mem_take(&w->memory, 4 * n);
    w->c_site = mem_take(&w->memory, 4 * n);
    w->c_flags = mem_take(&w->memory, n);
    w->edges = mem_take(&w->memory, 4 * EDGES_PER_BLOCK);
    w->hash_refs = mem_take(&w->memory, 4 * HASHES);
    w->hash_values = mem_take(&w->memory, 8 * HASHES);
    return w->c_address && w->c_size && w->c_type && w->c_refs && w->c_degree && w->c_shape && w->c_site && w->c_flags &&
           w->edges && w->hash_refs && w->hash_values;
}

static int open_blocks(Walk *w) {
    const struct { Block *block; const char *tag; } blocks[] = {
        {&w->bigs, "BIGS"}, {&w->types, "TYPE"}, {&w->labels, "LABL"}, {&w->shapes, "SHAP"}, {&w->texts, "STRS"},
        {&w->previews, "PREV"}, {&w->files, "FILE"}, {&w->sites, "SITE"}, {&w->arrays, "ARRY"}, {&w->roots, "ROOT"}};
    for (int i = 0; i < 10; i++)
        if (!block_open(blocks[i].block, &w->memory, &w->out, blocks[i].tag, TEXT_BLOCK)) return 0;
    return 1;
}

static void flush_all(Walk *w) {
    Block *blocks[] = {&w->bigs, &w->types, &w->labels, &w->shapes, &w->texts, &w->previews, &w->files, &w->sites,
                       &w->arrays, &w->roots};
    flush_nodes(w);
    walk_flush_edges(w);
    text_hash_flush(w);
    for (int i = 0; i < 10; i++) block_flush(blocks[i]);
}

static void write_head(Walk *w) {
    Piece meta = {w->options.meta, (size_t)w->options.meta_size};
    out_header(&w->out, (w->options.previews ? 2 : 0) | (w->options.sites ? 4 : 0) | (w->options.census ? 8 : 0), w->options.pid);
    out_block(&w->out, "META", 1, &meta, 1);
}

static u64 walk_all(Walk *w) {
    u64 done;
    roots_gather(w);
    done = walk_objects(w);
    roots_static_types(w);
    if (w->options.previews) text_previews(w);
    return done;
}

int walk_run(Walk *w) {
    u64 done = 0;
    w->memory.progress = w->out.progress = w->progress;
    w->memory.limit = w->options.max_memory;
    w->out.limit = w->options.max_file;
    write_head(w);
    if (table_open(&w->table, &w->memory) && open_columns(w) && open_blocks(w) && edges_open(w) && names_open(w) &&
        types_open(w)) {
        w->progress->phase = PHASE_ROOTS;
        number_tracked(w);
        if (w->options.census) census_write(w);
        else done = walk_all(w);
    }
    w->progress->phase = PHASE_END;
    flush_all(w);
    out_footer(&w->out, done, w->edge_total, stopped(w) ? 1 : 0);
    mem_end(&w->memory);
    if (w->progress->stop == STOP_WRITE) return -1;
    return stopped(w) ? 1 : 0;
}
