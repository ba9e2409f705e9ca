/* The ROOT records: one at a time, from `root_begin` over its references to `root_end`. */
#ifndef HEAPSCOPE_HEAP_ROOT_TABLE_H
#define HEAPSCOPE_HEAP_ROOT_TABLE_H

#include "heap/found.h"
#include "heap/names.h"

#define MAX_ROOT_NAME 500

/* What is under construction; its references are collected in `found`, their labels in its `where`. */
typedef struct {
    u8 kind;
    u32 parent, line, name_length, file_length;
    u64 ident;
    char name[MAX_ROOT_NAME], file[MAX_ROOT_NAME];
} Root;

typedef struct {
    Graph *graph;
    Names *names;
    Found *found;
    Block block;
    u32 count;
    Root current;
} RootTable;

int root_table_open(RootTable *table, Names *names, Found *found);
u32 root_begin(RootTable *table, u8 kind, u32 parent, const char *name, u32 name_length); /* its number */
void root_place(RootTable *table, u64 ident, u32 line, char *file);   /* of a thread or frame; `file`: a str, or NULL */
void root_ref(RootTable *table, u32 label, char *object);
void root_end(RootTable *table);

#endif
