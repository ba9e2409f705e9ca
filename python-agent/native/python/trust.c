#define _GNU_SOURCE
#include "python/trust.h"
#include <string.h>
#ifdef __linux__
#include <link.h>

static int is_ours(const char *name) {
    return !*name || strstr(name, "/lib-dynload/") || strstr(name, "/libpython3") || strstr(name, "_heapscope_core");
}

static int on_library(struct dl_phdr_info *info, size_t size, void *arg) {
    Trust *trust = arg;
    (void)size;
    if (!info->dlpi_name || !is_ours(info->dlpi_name)) return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || trust->count == MAX_RANGES) continue;
        trust->ranges[trust->count].from = info->dlpi_addr + segment->p_vaddr;
        trust->ranges[trust->count++].to = info->dlpi_addr + segment->p_vaddr + segment->p_memsz;
    }
    return 0;
}

void trust_update(Trust *trust) {
    trust->count = 0;
    dl_iterate_phdr(on_library, trust);
}
#else
void trust_update(Trust *trust) { trust->count = 0; }
#endif

int is_trusted(const Trust *trust, const void *function) {
    for (int i = 0; i < trust->count; i++)
        if ((u64)function >= trust->ranges[i].from && (u64)function < trust->ranges[i].to) return 1;
    return 0;
}
