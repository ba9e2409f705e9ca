#include "heap/walk.h"
#include "heap/lengths.h"
#include "heap/previews.h"
#include "heap/redact.h"
#include "heap/sizes.h"

/* ---- What the collector tracks ---- */

static int stops(const Walk *w) { return stopped(w->graph.progress); }

static void number_one(Walk *w, char *o) {
    if (w->options.census) {
        census_one(&w->census, o);
        return;
    }
    graph_number(&w->graph, o);
    if (type_of(o) == w->py->types.function_) closure_note(&w->closures, o);
}

/* A list of the collector: it must be closed, with each neighbour pointing back; otherwise it is not what we think
   it is. */
static void number_list(Walk *w, const char *head) {
    Progress *progress = w->graph.progress;
    const char *before = head, *entry = (const char *)(word_at(head, 0) & ~(u64)GC_FLAGS);
    while (entry != head && !stops(w)) {
        if (!entry || (const char *)(word_at(entry, 8) & ~(u64)GC_FLAGS) != before) {
            stop_for(progress, STOP_LISTS);
            return;
        }
        number_one(w, (char *)entry + 16);
        before = entry;
        entry = (const char *)(word_at(entry, 0) & ~(u64)GC_FLAGS);
        if (!(w->graph.table.count & 1023) && progress->cancel) stop_for(progress, STOP_CANCEL);
    }
    progress->known = w->graph.table.count;
}

static void number_tracked(Walk *w) {
    const Layout *layout = &w->py->layout;
    const long heads[] = {layout->generation2, layout->generation1, layout->generation0};
    const u64 *count = &w->graph.table.count;
    if (w->options.listed) {
        Py_ssize_t size = PyList_Size(w->options.listed);
        for (Py_ssize_t i = 0; i < size && !stops(w); i++) number_one(w, (char *)PyList_GetItem(w->options.listed, i));
        w->own_references = (u32)*count; /* the list holds each of these once */
    } else {
        for (int i = 0; i < 3; i++)
            if (heads[i] > 0) number_list(w, (const char *)heads[i]);
        w->permanent_first = (u32)*count;
        if (layout->permanent > 0) number_list(w, (const char *)layout->permanent);
        w->permanent_end = (u32)*count;
    }
    w->graph.progress->tracked = w->tracked_end = (u32)*count;
}

int walk_lists_are_closed(const Python *py) {
    const Layout *layout = &py->layout;
    const long heads[] = {layout->generation0, layout->generation1, layout->generation2, layout->permanent};
    for (int i = 0; i < 4; i++) {
        u64 head[2], next[2];
        if (heads[i] <= 0) continue;
        if (!peek(&py->peek, (void *)heads[i], head, 16)) return 0;
        if (!peek(&py->peek, (void *)(head[0] & ~(u64)GC_FLAGS), next, 16)) return 0;
        if ((next[1] & ~(u64)GC_FLAGS) != (u64)heads[i]) return 0;
    }
    return 1;
}

/* ---- One object ---- */

static u32 refs_of(const Walk *w, const char *o, u32 number) {
    const long version = w->py->layout.version;
    u64 refs = version >= 0x030C ? half_at(o, OB_REFCNT) : word_at(o, OB_REFCNT);
    if (version >= 0x030C && refs >> 31) return NONE; /* immortal */
    if (number < w->own_references && refs) refs--;
    return refs < NONE ? (u32)refs : NONE - 1;
}

static u8 flags_of(const Walk *w, const char *o, const TypeInfo *t, u32 number, u32 refs) {
    u8 flags = refs == NONE ? NODE_FLAG_IMMORTAL : 0;
    /* By the lists, not by the object's header: tuples frozen into the interpreter's image (3.11, 3.12) have none. */
    if (number < w->tracked_end) flags |= NODE_FLAG_TRACKED;
    if (t->tp_flags & TPFLAGS_TYPE_SUBCLASS) flags |= NODE_FLAG_TYPE;
    if (number >= w->permanent_first && number < w->permanent_end) flags |= NODE_FLAG_PERMANENT;
    if (t->is_str && (half_at(o, STR_STATE) & 3)) flags |= NODE_FLAG_INTERNED;
    if (t->content == CONTENT_DICT && t->type != w->py->types.frozendict_) {
        const char *values = pointer_at(o, DICT_VALUES);
        if (table_bit(&w->graph.table, number, dict)) flags |= NODE_FLAG_INSTANCE_DICT;
        if (values) flags |= NODE_FLAG_SHARED_KEYS;
        if (values && w->py->layout.values == 3 && byte_at(values, 2)) flags |= NODE_FLAG_EMBEDDED;
    }
    return flags;
}

static void note_big(Walk *w, u32 number, u64 size) {
    if (!block_room(&w->bigs, 12)) return;
    put32(&w->bigs, number);
    put64(&w->bigs, size);
    w->bigs.count++;
}

static void walk_one(Walk *w, u32 number) {
    char *o = table_address(&w->graph.table, number);
    TypeInfo *t = type_info(&w->types, type_of(o));
    Columns *c = &w->columns;
    u32 n = c->filled, refs;
    u64 size;
    if (!t) return;
    w->graph.degree = 0;
    size = size_of(w->py, o, t);
    refs = refs_of(w, o, number);
    c->address[n] = (u64)o;
    c->type[n] = t->index;
    c->refs[n] = refs;
    c->size[n] = size < NONE ? (u32)size : NONE;
    c->shape[n] = edges_of(&w->edges, o, t);
    c->degree[n] = w->graph.degree;
    c->flags[n] = flags_of(w, o, t, number, refs);
    if (c->site) c->site[n] = site_of(&w->sites, o, t);
    if (t->is_str || t->is_bytes) text_hash(&w->texts, o, t->is_str, number);
    if (t->content == CONTENT_ARRAY) array_note(&w->arrays, o, number);
    if (t->tp_flags & TPFLAGS_TYPE_SUBCLASS) type_info(&w->types, o); /* it has a name even where it has no instance */
    if (t->measured) length_note(&w->arrays, o, t, size, number);
    if (t->placed) place_note(&w->places, o, t, number);
    if (size >= NONE) note_big(w, number, size);
    if (++c->filled == DUMP_LIMIT_NODES) columns_flush(c);
}

static void report(Walk *w, u64 done) {
    Progress *progress = w->graph.progress;
    progress->nodes = done;
    progress->edges = w->graph.edge_total + w->graph.edges_filled;
    progress->known = w->graph.table.count;
    if (progress->cancel) stop_for(progress, STOP_CANCEL);
}

static u64 walk_objects(Walk *w) {
    u64 number = 0;
    w->graph.progress->phase = PHASE_OBJECTS;
    while (number < w->graph.table.count && !stops(w)) {
        walk_one(w, (u32)number++);
        if (!(number & 1023)) report(w, number);
    }
    report(w, number);
    return number;
}

/* ---- The whole ---- */

static int open_parts(Walk *w, Progress *progress) {
    Memory *memory = &w->memory;
    Out *out = &w->out;
    Graph *g = &w->graph;
    closures_open(&w->closures, &w->names);
    w->census = (Census){&w->types, 0};
    w->tracked_end = w->permanent_first = w->permanent_end = w->own_references = 0;
    w->bigs = (Block){0};
    return graph_open(g, w->py, &w->options, progress, memory, out) && names_open(&w->names, g) &&
           types_open(&w->types, &w->names) && texts_open(&w->texts, g) && found_open(&w->found, memory) &&
           edges_open(&w->edges, &w->types, &w->texts, &w->closures, &w->found) && sites_open(&w->sites, &w->names, w->in_place) &&
           arrays_open(&w->arrays, g) && places_open(&w->places, g) && columns_open(&w->columns, memory, out, w->options.sites) &&
           block_open(&w->bigs, memory, out, "BIGS", 1u << 20) && root_table_open(&w->roots, &w->names, &w->found);
}

static void flush_parts(Walk *w) {
    columns_flush(&w->columns);
    graph_flush(&w->graph);
    texts_flush(&w->texts);
    names_flush(&w->names);
    block_flush(&w->types.block);
    block_flush(&w->sites.block);
    block_flush(&w->arrays.block);
    block_flush(&w->places.block);
    block_flush(&w->bigs);
    block_flush(&w->roots.block);
}

static void write_head(Walk *w) {
    const Options *options = &w->options;
    Piece meta = {options->meta, (size_t)options->meta_size};
    u32 flags = (options->previews ? DUMP_FLAG_PREVIEWS : 0) | (options->sites ? DUMP_FLAG_SITES : 0) |
                (options->census ? DUMP_FLAG_CENSUS : 0);
    out_header(&w->out, flags, options->pid);
    out_block(&w->out, "META", 1, &meta, 1);
}

static u64 walk_all(Walk *w) {
    u64 done;
    roots_write(&w->roots);
    done = walk_objects(w);
    roots_of_static_types(&w->roots, &w->types);
    if (!w->options.previews) return done;
    w->graph.progress->phase = PHASE_PREVIEWS;
    redact_spread(&w->types, &w->found);
    previews_write(&w->graph);
    return done;
}

int walk_run(Walk *w, int fd, Progress *progress) {
    u64 done = 0;
    int opened;
    mem_open(&w->memory, w->options.max_memory, progress);
    out_open(&w->out, fd, w->options.max_file, w->checksum, progress);
    write_head(w);
    opened = open_parts(w, progress);
    if (opened) {
        progress->phase = PHASE_ROOTS;
        number_tracked(w);
        if (w->options.census) census_write(&w->census);
        else done = walk_all(w);
    }
    progress->phase = PHASE_END;
    if (opened) flush_parts(w);
    out_footer(&w->out, done, w->graph.edge_total, stopped(progress) ? DUMP_STATUS_STOPPED : DUMP_STATUS_WHOLE);
    mem_end(&w->memory);
    if (progress->stop == STOP_WRITE) return -1;
    return stopped(progress) ? 1 : 0;
}
