#include "heap/root_table.h"
#include "python/text.h"

int root_table_open(RootTable *table, Names *names, Found *found) {
    Graph *g = names->graph;
    *table = (RootTable){.graph = g, .names = names, .found = found};
    return block_open(&table->block, g->memory, g->out, "ROOT", 1u << 20);
}

static void write_root(RootTable *table, u32 from, u32 count) {
    const Root *root = &table->current;
    Block *b = &table->block;
    if (!block_room(b, 32 + root->name_length + root->file_length + 8 * count)) return;
    put8(b, root->kind);
    put8(b, 0);
    put16(b, 0);
    put32(b, root->parent);
    put64(b, root->ident);
    put32(b, root->line);
    put_text(b, root->name, root->name_length);
    put_text(b, root->file, root->file_length);
    put32(b, count);
    for (u32 i = from; i < from + count; i++) {
        u32 number = graph_number(table->graph, table->found->targets[i]), label = (u32)table->found->where[i];
        put32(b, label);
        put32(b, number);
        if (label_is_secret(table->names, label)) graph_secret(table->graph, number);
    }
    b->count++;
    table->count++;
}

u32 root_begin(RootTable *table, u8 kind, u32 parent, const char *name, u32 name_length) {
    Root *root = &table->current;
    root->kind = kind;
    root->parent = parent;
    root->name_length = name_length < MAX_ROOT_NAME ? name_length : MAX_ROOT_NAME;
    memcpy(root->name, name, root->name_length);
    root->ident = root->line = root->file_length = 0;
    table->found->count = 0;
    return table->count;
}

void root_place(RootTable *table, u64 ident, u32 line, char *file) {
    Root *root = &table->current;
    root->ident = ident;
    root->line = line;
    root->file_length = file ? text_utf8(table->graph->py, file, root->file, MAX_ROOT_NAME) : 0;
}

void root_ref(RootTable *table, u32 label, char *object) { found_push(table->found, object, (int32_t)label); }

void root_end(RootTable *table) {
    u32 from = 0, all = table->found->count;
    do { /* a root with very many references is written as several of the same name */
        u32 count = all - from < DUMP_LIMIT_ROOT_REFERENCES ? all - from : DUMP_LIMIT_ROOT_REFERENCES;
        if (stopped(table->graph->progress)) return;
        write_root(table, from, count);
        from += count;
    } while (from < all);
}
