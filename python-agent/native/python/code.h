/* Which variables a code object has, by their position in its frames. */
#ifndef HEAPSCOPE_PYTHON_CODE_H
#define HEAPSCOPE_PYTHON_CODE_H

#include "python/python.h"

u32 code_variables(const Python *py, char *code); /* how many */
/* The name, a str, or NULL. `is_free`: it is of an enclosing function. */
char *code_variable(const Python *py, char *code, u32 position, int *is_free);
u32 code_free_variables(const Python *py, char *code, char **names, u32 limit); /* those of its closure, in order */

#endif
