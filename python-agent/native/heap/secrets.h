/* Names of values that must not be shown: a name that contains one of these words, case-insensitively. */
#ifndef HEAPSCOPE_HEAP_SECRETS_H
#define HEAPSCOPE_HEAP_SECRETS_H

#include "python/python.h"

#define MAX_SECRETS 64
#define SECRET_SIZE 64

typedef struct {
    int count;
    char words[MAX_SECRETS][SECRET_SIZE];
} Secrets;

void secrets_take(Secrets *secrets, const Python *py, PyObject *list); /* of lower-case str; NULL: none */
int is_secret(const Secrets *secrets, const char *name, u32 length);

#endif
