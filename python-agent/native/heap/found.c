#include "heap/found.h"

#define FIRST_SIZE 65536

int found_open(Found *found, Memory *memory) {
    *found = (Found){.memory = memory, .progress = memory->progress, .size = FIRST_SIZE};
    found->targets = mem_grow(memory, NULL, 0, FIRST_SIZE * sizeof(char *));
    found->where = mem_grow(memory, NULL, 0, FIRST_SIZE * sizeof(int32_t));
    return found->targets && found->where;
}

int found_grow(Found *found) {
    u32 before = found->size, size = before * 2;
    if (size < before) return 0;
    found->targets = mem_grow(found->memory, found->targets, before * sizeof(char *), size * sizeof(char *));
    found->where = mem_grow(found->memory, found->where, before * sizeof(int32_t), size * sizeof(int32_t));
    if (!found->targets || !found->where) return 0;
    found->size = size;
    return 1;
}
