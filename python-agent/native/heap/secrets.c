#include "heap/secrets.h"
#include <string.h>
#include "python/text.h"

void secrets_take(Secrets *secrets, const Python *py, PyObject *list) {
    Py_ssize_t count = list ? PyList_Size(list) : 0;
    secrets->count = 0;
    for (Py_ssize_t i = 0; i < count && secrets->count < MAX_SECRETS; i++) {
        char *word = secrets->words[secrets->count];
        u32 length = text_utf8(py, (char *)PyList_GetItem(list, i), word, SECRET_SIZE - 1);
        word[length] = 0;
        secrets->count += length > 0;
    }
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c; }

int is_secret(const Secrets *secrets, const char *name, u32 length) {
    for (int i = 0; i < secrets->count; i++) {
        const char *word = secrets->words[i];
        u32 n = (u32)strlen(word);
        for (u32 at = 0; n && at + n <= length; at++) {
            u32 k = 0;
            while (k < n && lower(name[at + k]) == word[k]) k++;
            if (k == n) return 1;
        }
    }
    return 0;
}
